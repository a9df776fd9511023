/* SPDX-License-Identifier: Apache-2.0 */
/* seal: our own seal at rest, and the small functions for text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "os.h"
#include "seal/seal.h"
#include "xalloc.h"

struct fixture {
	char dir[40], key[64];
	struct seal_config cfg;
	struct seal *s;
	struct buf a, b;
	struct err err;
};

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/midd-seal-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->key, sizeof(f->key), "%s/rest.key", f->dir);
	f->cfg.mode = SEAL_AT_REST;
	f->cfg.rest_key_file = f->key;
	buf_init(&f->a, 1 << 20);
	buf_init(&f->b, 1 << 20);
	*state = f;
	return seal_open(&f->s, &f->cfg, &f->err);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	seal_close(f->s);
	buf_fini(&f->a);
	buf_fini(&f->b);
	remove(f->key);
	rmdir(f->dir);
	free(f);
	return 0;
}

static void
reopen(struct fixture *f)
{
	seal_close(f->s);
	f->s = NULL;
	assert_int_equal(seal_open(&f->s, &f->cfg, &f->err), 0);
}

static void
opens_what_it_sealed_also_after_a_restart(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "job 1", "some text", 9, &f->err), 0);
	assert_null(memmem(f->a.data, f->a.len, "some text", 9));
	assert_int_equal(unseal_rest(f->s, &f->b, "job 1", f->a.data, f->a.len, &f->err), 0);
	assert_string_equal(buf_str(&f->b), "some text");
	reopen(f);
	buf_clear(&f->b);
	assert_int_equal(unseal_rest(f->s, &f->b, "job 1", f->a.data, f->a.len, &f->err), 0);
	assert_string_equal(buf_str(&f->b), "some text");
}

static void
nothing_is_a_message_too(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "", "", 0, &f->err), 0);
	assert_true(f->a.len > 0);
	assert_int_equal(unseal_rest(f->s, &f->b, "", f->a.data, f->a.len, &f->err), 0);
	assert_int_equal(f->b.len, 0);
}

static void
the_same_text_never_looks_the_same(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "x", "same", 4, &f->err), 0);
	assert_int_equal(seal_rest(f->s, &f->b, "x", "same", 4, &f->err), 0);
	assert_int_equal(f->a.len, f->b.len);
	assert_memory_not_equal(f->a.data, f->b.data, f->a.len);
}

static void
does_not_open_in_another_place(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "job 1", "text", 4, &f->err), 0);
	assert_int_equal(unseal_rest(f->s, &f->b, "job 2", f->a.data, f->a.len, &f->err), -E_DAMAGED);
	assert_int_equal(f->b.len, 0);
}

static void
notices_every_single_flipped_byte_and_every_cut(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "aad", "text", 4, &f->err), 0);
	for (size_t i = 0; i < f->a.len; i++) {
		f->a.data[i] ^= 1;
		assert_int_equal(unseal_rest(f->s, &f->b, "aad", f->a.data, f->a.len, &f->err), -E_DAMAGED);
		f->a.data[i] ^= 1;
		assert_int_equal(unseal_rest(f->s, &f->b, "aad", f->a.data, i, &f->err), -E_DAMAGED);
	}
	assert_int_equal(f->b.len, 0);
}

static void
names_the_key_file_when_it_was_replaced(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal_rest(f->s, &f->a, "x", "text", 4, &f->err), 0);
	assert_int_equal(remove(f->key), 0);
	reopen(f);
	assert_int_equal(unseal_rest(f->s, &f->b, "x", f->a.data, f->a.len, &f->err), -E_DAMAGED);
	assert_non_null(strstr(f->err.text, f->key));
	assert_non_null(strstr(f->err.text, "another key"));
}

static void
makes_its_key_for_the_owner_only(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_int_equal(stat(f->key, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 32);
}

static void
refuses_a_key_file_that_others_may_read_or_that_is_cut(void **state)
{
	struct fixture *f = *state;
	struct seal *s = NULL;

	assert_int_equal(chmod(f->key, 0644), 0);
	assert_int_equal(seal_open(&s, &f->cfg, &f->err), -E_AUTH);
	assert_non_null(strstr(f->err.text, "chmod 600"));
	assert_int_equal(chmod(f->key, 0600), 0);
	assert_int_equal(truncate(f->key, 12), 0);
	assert_int_equal(seal_open(&s, &f->cfg, &f->err), -E_BAD);
	assert_non_null(strstr(f->err.text, "12 bytes"));
	assert_null(s);
}

static void
says_no_when_there_is_no_room(void **state)
{
	struct fixture *f = *state;
	struct buf tiny;

	buf_init(&tiny, 20);
	assert_int_equal(seal_rest(f->s, &tiny, "x", "text", 4, &f->err), -E_FULL);
	assert_int_equal(tiny.len, 0);
	assert_int_equal(seal_base64(&tiny, "0123456789abcdef", 16), -E_FULL);
	assert_int_equal(tiny.len, 0);
	buf_fini(&tiny);
}

static void
writes_base64_as_the_rfc_has_it(void **state)
{
	struct fixture *f = *state;
	static const char *const rows[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&f->a);
		assert_int_equal(seal_base64(&f->a, rows[i][0], strlen(rows[i][0])), 0);
		assert_string_equal(buf_str(&f->a), rows[i][1]);
	}
}

/* Longer than one chunk: padding may stand at the very end only. */
static void
writes_long_base64_in_one_piece(void **state)
{
	struct fixture *f = *state;
	size_t n = 300001;
	char *zeros = xcalloc(1, n);

	assert_int_equal(seal_base64(&f->a, zeros, n), 0);
	free(zeros);
	assert_int_equal(f->a.len, (n + 2) / 3 * 4);
	assert_int_equal(strspn(f->a.data, "A"), f->a.len - 2);
	assert_string_equal(f->a.data + f->a.len - 2, "==");
}

static void
ids_are_stable_and_tell_fields_apart(void **state)
{
	char a[33], b[33];

	(void)state;
	seal_id(a, "answer", "0123", 1);
	seal_id(b, "answer", "0123", 1);
	assert_string_equal(a, b);
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	seal_id(b, "answer", "0123", 2);
	assert_string_not_equal(a, b);
	seal_id(b, "answer0", "123", 1);
	assert_string_not_equal(a, b);
	seal_hash(a, "abc", 3);		/* FIPS 180-2, the first half */
	assert_string_equal(a, "ba7816bf8f01cfea414140de5dae2223");
}

static void
modes_have_names(void **state)
{
	enum seal_mode m = SEAL_REQUIRED;

	(void)state;
	assert_int_equal(seal_mode_parse("at-rest", &m), 0);
	assert_int_equal(m, SEAL_AT_REST);
	assert_int_equal(seal_mode_parse("none", &m), -E_BAD);
	assert_int_equal(m, SEAL_AT_REST);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(opens_what_it_sealed_also_after_a_restart),
	T(nothing_is_a_message_too),
	T(the_same_text_never_looks_the_same),
	T(does_not_open_in_another_place),
	T(notices_every_single_flipped_byte_and_every_cut),
	T(names_the_key_file_when_it_was_replaced),
	T(makes_its_key_for_the_owner_only),
	T(refuses_a_key_file_that_others_may_read_or_that_is_cut),
	T(says_no_when_there_is_no_room),
	T(writes_base64_as_the_rfc_has_it),
	T(writes_long_base64_in_one_piece),
	T(ids_are_stable_and_tell_fields_apart),
	T(modes_have_names),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* secret: files that are for one machine alone. Locking itself is shown where there is any: make check-windows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "key.h"
#include "os.h"
#include "secret.h"
#include "xalloc.h"

#define BLOCK(HOST, BODY) "-----BEGIN MIDD LOCKED SECRET-----\nMachine: " HOST "\n\n" BODY "\n-----END MIDD LOCKED SECRET-----\n"

struct fixture { char dir[40], file[64]; struct secret s; struct err err; };

static int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/midd-secret-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->file, sizeof(f->file), "%s/key", f->dir);
	secret_init(&f->s);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	secret_fini(&f->s);
	remove(f->file);
	rmdir(f->dir);
	free(f);
	return 0;
}

static void
write_text(const struct fixture *f, const char *text)
{
	assert_int_equal(os_write_file(f->file, text, strlen(text), 0600, NULL), 0);
}

static void
names_the_machine_that_has_locked_a_file(void **state)
{
	struct fixture *f = *state;
	EVP_PKEY *key = NULL;

	write_text(f, BLOCK("elsewhere7", "bG9ja2Vk"));
	assert_int_equal(secret_read_file(&f->s, f->file, &f->err), -E_AUTH);
	assert_non_null(strstr(f->err.text, "was locked by the machine elsewhere7"));
	assert_non_null(strstr(f->err.text, os_host_name()));
	assert_int_equal(f->s.len, 0);
	assert_int_equal(key_load(&key, f->file, &f->err), -E_AUTH);
	assert_non_null(strstr(f->err.text, "private key: "));
	assert_false(key_is_plain(f->file));
}

static void
says_so_when_a_file_of_its_own_cant_be_opened(void **state)
{
	struct fixture *f = *state;
	char text[300];

	snprintf(text, sizeof(text), BLOCK("%s", "Y2hhbmdlZA=="), os_host_name());
	write_text(f, text);
	assert_int_equal(secret_read_file(&f->s, f->file, &f->err), -E_AUTH);
	assert_non_null(strstr(f->err.text, "damaged"));
}

static void
refuses_one_that_is_cut_off_wherever(void **state)
{
	static const char whole[] = BLOCK("elsewhere7", "bG9ja2Vk");
	struct fixture *f = *state;
	char text[sizeof(whole)];
	size_t n;

	for (n = sizeof("-----BEGIN MIDD LOCKED SECRET-----"); n < sizeof(whole) - 1; n++) {
		snprintf(text, sizeof(text), "%.*s", (int)n, whole);
		write_text(f, text);
		assert_int_equal(secret_read_file(&f->s, f->file, &f->err), -E_AUTH);
	}
	assert_int_equal(f->s.len, 0);
}

static void
finds_a_locked_key_beside_its_certificate(void **state)
{
	struct fixture *f = *state;
	EVP_PKEY *key = NULL;

	write_text(f, "for certificate 00\n" BLOCK("elsewhere7", "bG9ja2Vk") "-----BEGIN CERTIFICATE-----\n");
	assert_int_equal(key_load(&key, f->file, &f->err), -E_AUTH);
	assert_non_null(strstr(f->err.text, "elsewhere7"));
	assert_false(key_is_plain(f->file));
}

static void
reads_back_what_it_has_written_for_the_owner_alone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(secret_write_new_file(f->file, "a\0b", 3, &f->err), 0);
	assert_int_equal(os_file_is_private(f->file), 1);
	assert_int_equal(secret_read_file(&f->s, f->file, &f->err), 0);
	assert_int_equal(f->s.len, 3);
	assert_memory_equal(f->s.data, "a\0b", 3);
	assert_int_equal(secret_write_new_file(f->file, "c", 1, &f->err), -E_EXISTS);
	assert_int_equal(secret_write_file(f->file, "cd", 2, &f->err), 0);
	assert_int_equal(secret_lock_file(f->file, &f->err), 0);	/* Linux has no lock */
	assert_int_equal(secret_read_file(&f->s, f->file, &f->err), 0);
	assert_string_equal((char *)f->s.data, "cd");
	assert_false(secret_lies_open(f->file));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_the_machine_that_has_locked_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(says_so_when_a_file_of_its_own_cant_be_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_one_that_is_cut_off_wherever, setup, teardown),
		cmocka_unit_test_setup_teardown(finds_a_locked_key_beside_its_certificate, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_back_what_it_has_written_for_the_owner_alone, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The packets of SFTP: written and read, and what a server may send instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ssh/fxp.h"

static unsigned char room[300];

static struct fxp_out
fresh(size_t max)
{
	memset(room, 0xee, sizeof(room));
	return (struct fxp_out){ .p = room, .max = max };
}

static void
a_packet_has_its_length_type_and_id_in_front(void **state)
{
	static const unsigned char expected[] = { 0, 0, 0, 10, 7, 0, 0, 1, 2, 0, 0, 0, 1, '/' };
	struct fxp_out o = fresh(sizeof(room));

	(void)state;
	fxp_begin(&o, FXP_LSTAT, 258);
	fxp_text(&o, "/");
	assert_int_equal(fxp_end(&o), 0);
	assert_int_equal(o.n, sizeof(expected));
	assert_memory_equal(room, expected, sizeof(expected));
	assert_int_equal(fxp_length(room, o.n), sizeof(expected));
}

static void
a_packet_that_does_not_fit_leaves_nothing_behind(void **state)
{
	struct fxp_out o = fresh(30);

	(void)state;
	fxp_begin(&o, FXP_LSTAT, 1);
	fxp_text(&o, "/");
	assert_int_equal(fxp_end(&o), 0);
	fxp_begin(&o, FXP_LSTAT, 2);
	fxp_text(&o, "/a/path/that/is/long");
	assert_true(fxp_end(&o) < 0);
	assert_int_equal(o.n, 14);
	assert_int_equal(room[30], 0xee);
}

static void
names_are_read_with_their_attributes(void **state)
{
	struct fxp_out o = fresh(sizeof(room));
	struct fxp_reply r;
	struct fxp_name name;

	(void)state;
	fxp_begin(&o, FXP_NAME, 9);
	fxp_u32(&o, 2);
	fxp_text(&o, "a");
	fxp_text(&o, "-rw- a");
	fxp_u32(&o, FXP_HAS_SIZE | FXP_HAS_MODE);
	fxp_u64(&o, 5000000000);
	fxp_u32(&o, 0100644);
	fxp_text(&o, "b");
	fxp_text(&o, "");
	fxp_u32(&o, 0);
	assert_int_equal(fxp_end(&o), 0);
	assert_int_equal(fxp_parse(&r, room, o.n), 0);
	assert_int_equal(fxp_next_name(&r, &name), 1);
	assert_memory_equal(name.name, "a", 1);
	assert_true(name.attrs.size == 5000000000);
	assert_int_equal(name.attrs.mode, 0100644);
	assert_int_equal(fxp_next_name(&r, &name), 1);
	assert_int_equal(name.attrs.has, 0);
	assert_int_equal(fxp_next_name(&r, &name), 0);
}

static void
a_server_that_promises_more_than_it_sends_is_refused(void **state)
{
	static const unsigned char huge[] = { 0x7f, 0, 0, 0, 1 }, tiny[] = { 0, 0, 0, 4, 1 };
	struct fxp_out o = fresh(sizeof(room));
	struct fxp_reply r;
	struct fxp_name name;

	(void)state;
	assert_int_equal(fxp_length(huge, sizeof(huge)), -1);
	assert_int_equal(fxp_length(tiny, sizeof(tiny)), -1);
	assert_int_equal(fxp_length(huge, 3), 0);
	fxp_begin(&o, FXP_NAME, 1);
	fxp_u32(&o, 1000000);
	fxp_text(&o, "only");
	assert_int_equal(fxp_end(&o), 0);
	assert_int_equal(fxp_parse(&r, room, o.n), 0);
	assert_int_equal(fxp_next_name(&r, &name), -1);
	o = fresh(sizeof(room));
	fxp_begin(&o, FXP_DATA, 1);
	fxp_u32(&o, 100);
	assert_int_equal(fxp_end(&o), 0);
	assert_int_equal(fxp_parse(&r, room, o.n), -1);
	o = fresh(sizeof(room));
	fxp_begin(&o, FXP_HANDLE, 1);
	fxp_text(&o, "");
	assert_int_equal(fxp_end(&o), 0);
	assert_int_equal(fxp_parse(&r, room, o.n), -1);
}

static void
only_a_path_that_is_what_it_says_is_plain(void **state)
{
	static const char *const good[] = { "/", "/a", "/a/b.c/..d/...", "/a/" }, *const bad[] = { "", "a", "/..", "/a/../b", "/./a", "/a/.", "//a", "/a//b" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(fxp_path_is_plain(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(fxp_path_is_plain(bad[i]));
	assert_false(fxp_path_is_plain(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_has_its_length_type_and_id_in_front),
		cmocka_unit_test(a_packet_that_does_not_fit_leaves_nothing_behind),
		cmocka_unit_test(names_are_read_with_their_attributes),
		cmocka_unit_test(a_server_that_promises_more_than_it_sends_is_refused),
		cmocka_unit_test(only_a_path_that_is_what_it_says_is_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

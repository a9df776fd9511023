/* SPDX-License-Identifier: Apache-2.0 */
/* Another program's words, into a buffer of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "os.h"

static void
one_that_says_more_than_there_is_room_for_ends_well(void **state)
{
	static const char *const argv[] = { "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; echo end >&2; exit 3", NULL };
	struct buf out;
	struct err err;
	int status = 0;

	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(os_run(argv, &out, &status, &err), 0);
	assert_int_equal(status, 3);
	assert_int_equal(out.len, 1000);
	assert_int_equal(out.data[999], 'x');
	buf_fini(&out);
}

static void
one_that_is_not_there_is_told(void **state)
{
	static const char *const argv[] = { "/nowhere/program", NULL };
	struct buf out;
	struct err err;
	int status = 0;

	(void)state;
	buf_init(&out, 1000);
	assert_true(os_run(argv, &out, &status, &err) < 0);
	assert_non_null(strstr(err.text, "/nowhere/program cannot be run"));
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_says_more_than_there_is_room_for_ends_well),
		cmocka_unit_test(one_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

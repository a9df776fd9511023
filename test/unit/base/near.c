/* SPDX-License-Identifier: Apache-2.0 */
/* near - letters that differ, are missing or too many count one each; case does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "near.h"

static void
letters_count(void **state)
{
	(void)state;
	assert_int_equal(near_distance("status", "status"), 0);
	assert_int_equal(near_distance("Status", "statUS"), 0);
	assert_int_equal(near_distance("stats", "status"), 1);
	assert_int_equal(near_distance("explian", "explain"), 2);
	assert_int_equal(near_distance("", "job"), 3);
	assert_int_equal(near_distance("job", "0123456789012345678901234567890123456789012345678"), ~0u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(letters_count) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

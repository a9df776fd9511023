/* SPDX-License-Identifier: Apache-2.0 */
/* The real midd-worker, driven as midd drives it. */
#include "live.h"

static void
an_echo_comes_back(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_run(&j, &l, "Echo", "{\"text\":\"good morning\"}");
	assert_true(j.started);
	assert_int_equal(j.class, MID_OK);
	assert_string_equal(buf_str(&j.out[MID_OUTPUT]), "good morning");
	job_fini(&j);
	live_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_echo_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

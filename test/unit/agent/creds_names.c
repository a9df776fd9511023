/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a job's words name a host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "creds/inside.h"

static void
a_host_is_named_by_a_word_of_its_own(void **state)
{
	(void)state;
	assert_true(text_names("jump1", "jump1"));
	assert_true(text_names("a.example.com:2222, JUMP1:22", "jump1"));
	assert_true(text_names("https://jump1/path", "jump1"));
	assert_true(text_names("[fd00::1]:22", "fd00::1"));
	assert_true(text_names("xjump1 jump1", "jump1"));
	assert_false(text_names("xjump1", "jump1"));
	assert_false(text_names("jump1.example.com", "jump1"));
	assert_false(text_names("host-a", "a"));
	assert_false(text_names("10.0.0.12", "10.0.0.1"));
	assert_false(text_names("", "a"));
	assert_false(text_names("a", ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_host_is_named_by_a_word_of_its_own) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

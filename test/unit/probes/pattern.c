/* SPDX-License-Identifier: Apache-2.0 */
/* pattern: an expression that would be written out to millions of states is refused before it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pattern.h"

static void
states_are_counted_as_they_are_written_out(void **state)
{
	static const struct { const char *text; unsigned states; } rows[] = {
		{ "", 0 }, { "abc", 3 }, { "a+", 2 }, { "a*b?", 2 }, { "a++*+", 8 }, { "[]a-z[:digit:]]{3}", 3 }, { "[^]]x{2,5}", 6 }, { "x{4,}", 5 }, { "a\\{9", 3 },
		{ "(ab){10}", 30 }, { "((ab){10}){10}", 310 }, { "(a+)+", 6 }, { "((a", 3 }, { "a)b", 3 }, { "{3}", 0 }, { "[", 1 }, { "a\\", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (pattern_states(rows[i].text) != rows[i].states)
			fail_msg("%s: %u", rows[i].text, pattern_states(rows[i].text));
}

static void
what_explodes_is_refused(void **state)
{
	static const char *const bad[] = {
		"((x{99}){99}){99}", "(((((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+", "((((x{0,255}){0,255}){0,255}){0,255}){0,255}",
		"[a-z]{200}{200}{200}", "a++++++++*+++++++++", "((x{200,}){200,}){2}",
	};
	char deep[400];
	regex_t re;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pattern_compile(&re, bad[i], 0), REG_ESPACE);
	memset(deep, '(', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(pattern_compile(&re, deep, 0), REG_ESPACE);
}

static void
what_is_of_a_size_is_compiled(void **state)
{
	regmatch_t m[2];
	regex_t re;

	(void)state;
	assert_int_equal(pattern_compile(&re, "serial ([A-Z]{3}[0-9]{4,8})", REG_ICASE), 0);
	assert_int_equal(regexec(&re, "Serial ABC12345", 2, m, 0), 0);
	assert_int_equal(m[1].rm_so, 7);
	regfree(&re);
	assert_int_not_equal(pattern_compile(&re, "a(", 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_counted_as_they_are_written_out),
		cmocka_unit_test(what_explodes_is_refused),
		cmocka_unit_test(what_is_of_a_size_is_compiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options anywhere among the words, and complaints about the wrong ones.
 */
#include "cli_args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "util.h"

static const char *text;
static long number, wait_s;
static bool flag, waits;

static const struct cli_option options[] = {
	{ "--text", CLI_TEXT, &text, 0, 0, NULL, "T", "" },
	{ "--number", CLI_NUMBER, &number, 1, 9, NULL, "N", "" },
	{ "--wait", CLI_MAYBE_NUMBER, &wait_s, 0, 100, &waits, "[S]", "" },
	{ "--flag", CLI_FLAG, &flag, 0, 0, NULL, NULL, "" },
	{ 0 },
};
static const struct cli_usage usage = { "WORD...", "", options };

static int
setup(void **state)
{
	(void)state;
	text = NULL;
	number = 0;
	wait_s = 30;
	flag = waits = false;
	return 0;
}

static char line_copy[128];
static char *words[16];

/* LINE split at its blanks, then parsed. */
static int
parse(const char *line, int *count)
{
	char *word, *save = NULL;
	int argc = 0;

	(void)snprintf(line_copy, sizeof(line_copy), "%s", line);
	for (word = strtok_r(line_copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		words[argc++] = word;
	words[argc] = NULL;
	return cli_parse(argc, words, &usage, count);
}

static void
words_and_options_may_be_mixed(void **state)
{
	int n;

	(void)state;
	assert_int_equal(parse("job Echo --text a k=v --number=7 --flag x=y",
	    &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(words[1], "Echo");
	assert_string_equal(words[2], "k=v");
	assert_string_equal(words[3], "x=y");
	assert_string_equal(text, "a");
	assert_int_equal(number, 7);
	assert_true(flag);
	assert_false(waits);
}

static void
a_number_that_may_be_left_out_is_taken_when_it_follows(void **state)
{
	int n;

	(void)state;
	assert_int_equal(parse("job --wait 60 Echo", &n), 0);
	assert_true(waits);
	assert_int_equal(wait_s, 60);
	assert_int_equal(n, 2);
	assert_int_equal(parse("job --wait Echo", &n), 0);
	assert_int_equal(wait_s, 60);
	assert_int_equal(n, 2);
	assert_int_equal(parse("job Echo --wait", &n), 0);
	assert_int_equal(n, 2);
}

static void
wrong_options_are_refused(void **state)
{
	static const char *const wrong[] = { "job --nonsense",
	    "job --number ten", "job --number 10", "job --number",
	    "job --text" };
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(parse(wrong[i], &n), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(words_and_options_may_be_mixed, setup),
		cmocka_unit_test_setup(
		    a_number_that_may_be_left_out_is_taken_when_it_follows,
		    setup),
		cmocka_unit_test_setup(wrong_options_are_refused, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

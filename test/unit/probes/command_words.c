/* SPDX-License-Identifier: Apache-2.0 */
/* words: a command line without a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/words.c"

/* The words, joined by "|". */
static void
assert_words(const char *line, const char *joined)
{
	char got[1000] = "";
	const char *why;
	char **argv = words_split(line, &why);

	assert_non_null(argv);
	for (size_t i = 0; argv[i] != NULL; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s", i > 0 ? "|" : "", argv[i]);
	assert_string_equal(got, joined);
	free(argv);
}

static void
words_are_parted_and_held_together(void **state)
{
	(void)state;
	assert_words("/bin/id", "/bin/id");
	assert_words("  /bin/ls\t-l   /tmp ", "/bin/ls|-l|/tmp");
	assert_words("/bin/echo 'a b' \"c d\" e\\ f", "/bin/echo|a b|c d|e f");
	assert_words("/bin/echo '' \"\" x''y", "/bin/echo|||xy");
	assert_words("/bin/echo '$HOME' '*' \\* \\;", "/bin/echo|$HOME|*|*|;");
	assert_words("/bin/echo 'it'\\''s'", "/bin/echo|it's");
	assert_words("/bin/echo \"a;b|c\"", "/bin/echo|a;b|c");
}

static void
what_needs_a_shell_or_is_broken_is_refused(void **state)
{
	static const struct { const char *line, *why; } rows[] = {
		{ "/bin/a; /bin/b", "needs a shell" }, { "/bin/a | /bin/b", "needs a shell" }, { "/bin/a $HOME", "needs a shell" },
		{ "/bin/a \"$(id)\"", "needs a shell" }, { "/bin/a `id`", "needs a shell" }, { "/bin/ls *", "needs a shell" },
		{ "/bin/a > /etc/passwd", "needs a shell" }, { "/bin/a\n/bin/b", "needs a shell" },
		{ "/bin/a 'x", "quote is not closed" }, { "", "no command" }, { "   ", "no command" }, { "ls", "absolute path" },
		{ "../bin/ls", "absolute path" },
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(words_split(rows[i].line, &why));
		assert_non_null(strstr(why, rows[i].why));
	}
}

static void
words_are_counted(void **state)
{
	char line[3000] = "/bin/x";
	const char *why;

	(void)state;
	for (int i = 0; i < 199; i++)
		strncat(line, " y", sizeof(line) - strlen(line) - 1);
	char **argv = words_split(line, &why);
	assert_non_null(argv);
	assert_string_equal(argv[199], "y");
	free(argv);
	strncat(line, " y", sizeof(line) - strlen(line) - 1);
	assert_null(words_split(line, &why));
	assert_non_null(strstr(why, "more than 200"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_parted_and_held_together),
		cmocka_unit_test(what_needs_a_shell_or_is_broken_is_refused),
		cmocka_unit_test(words_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

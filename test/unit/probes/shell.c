/* SPDX-License-Identifier: Apache-2.0 */
/* shell, command: what a person or an instance writes reaches the remote shell as it was meant, and no further. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"
#include "ssh/command.c"
#include "ssh/rise.c"

static const struct rise rise = { .mark = "0123456789abcdef0123456789abcdef", .uses = 1 };

/* What SCRIPT prints: the real shell judges. */
static void
assert_prints(const char *script, const char *what)
{
	char got[2000] = "";
	FILE *p = popen(script, "r");		/* a test's own shell */

	assert_non_null(p);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, p), strlen(what));
	assert_int_equal(pclose(p), 0);
	assert_string_equal(got, what);
}

/* WORD is one word there, and means MEANING. */
static void
assert_means(const char *word, const char *meaning)
{
	char script[2000], expected[2000];

	snprintf(script, sizeof(script), "printf '%%s|' %s", word);
	snprintf(expected, sizeof(expected), "%s|", meaning);
	assert_prints(script, expected);
}

static void
a_quoted_text_is_one_word_that_means_itself(void **state)
{
	static const char *const texts[] = { "", "plain", "two words", "it's", "'", "''", "a'b'c", "\"$(id)\"", "`id`", "\\", "\\'",
	    "a\nb", "$HOME", "; reboot", "* ?", "-n", "\xc3\xa4" };
	char *q;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		q = shell_quote(texts[i]);
		assert_means(q, texts[i]);
		free(q);
	}
}

static void
the_whole_text_runs_below_one_shell(void **state)
{
	struct command_want w = { .text = "echo a; echo b" };
	const char *why;
	char *line = command_line(&w, &rise, &why);

	(void)state;
	assert_string_equal(line, "/bin/sh -c 'echo a; echo b'");
	free(line);
}

static const char *
file(void *arg, const char *name)
{
	return strcmp(name, "file") == 0 ? arg : NULL;
}

static void
a_parameter_is_one_value_whatever_it_holds(void **state)
{
	char value[] = "x'; echo gone; $(echo gone) `echo gone` '";
	struct command_want w = { .text = "printf %s \"${file}\" \"<${other}>\"", .param = file, .arg = value };
	const char *why;
	char *line = command_line(&w, &rise, &why);

	(void)state;
	assert_prints(line, "x'; echo gone; $(echo gone) `echo gone` '<>");
	free(line);
	w.text = "x=${PATH}; [ -n \"$x\" ] && echo ${file";
	line = command_line(&w, &rise, &why);
	assert_non_null(strstr(line, "${PATH}"));
	assert_null(strstr(line, "gone"));
	free(line);
}

static void
root_is_become_by_what_is_there(void **state)
{
	struct command_want w = { .text = "echo a ${sudo:echo \"b c\"}" };
	const char *why;
	char *line = command_line(&w, &rise, &why);

	(void)state;
	assert_non_null(strstr(line, "midd_rise echo \"b c\""));
	assert_non_null(strstr(line, "$s  -n -p"));
	assert_null(strstr(line, "${sudo:"));
	free(line);
	assert_int_equal(command_rises("${sudo:a} and ${sudo:b}"), 2);
	w.text = "${sudo:a";
	assert_null(command_line(&w, &rise, &why));
	assert_string_equal(why, "a brace is missing after ${sudo:");
}

static void
a_path_is_set_and_overridden_as_asked(void **state)
{
	static const struct { const char *path, *over, *line; } rows[] = {
		{ "/bin", NULL, "/bin/sh -c 'PATH=/bin; export PATH; id'" },
		{ "/bin", "append:/x", "/bin/sh -c 'PATH=/bin; PATH=$PATH:'\\''/x'\\''; export PATH; id'" },
		{ "/bin", "prepend:/x", "/bin/sh -c 'PATH=/bin; PATH='\\''/x'\\'':$PATH; export PATH; id'" },
		{ NULL, "replace:/x", "/bin/sh -c 'PATH='\\''/x'\\''; export PATH; id'" },
		{ NULL, NULL, "/bin/sh -c 'id'" },
	};
	const char *why;
	char *line;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct command_want w = { .text = "id", .path = rows[i].path, .path_override = rows[i].over };

		line = command_line(&w, &rise, &why);
		assert_string_equal(line, rows[i].line);
		free(line);
	}
}

static void
what_is_no_command_is_refused_with_the_reason(void **state)
{
	struct command_want none = { .text = "" }, odd = { .text = "id", .path_override = "insert:/x" };
	const char *why;

	(void)state;
	assert_null(command_line(&none, &rise, &why));
	assert_non_null(strstr(why, "no command"));
	assert_null(command_line(&odd, &rise, &why));
	assert_non_null(strstr(why, "append:, prepend: or replace:"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quoted_text_is_one_word_that_means_itself),
		cmocka_unit_test(the_whole_text_runs_below_one_shell),
		cmocka_unit_test(a_parameter_is_one_value_whatever_it_holds),
		cmocka_unit_test(root_is_become_by_what_is_there),
		cmocka_unit_test(a_path_is_set_and_overridden_as_asked),
		cmocka_unit_test(what_is_no_command_is_refused_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

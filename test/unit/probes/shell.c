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

/* What /bin/sh makes of WORD, which must be one word: the real shell judges. */
static void
assert_means(const char *word, const char *meaning)
{
	char script[2000], got[2000] = "";
	FILE *p;
	size_t n;

	snprintf(script, sizeof(script), "printf '%%s|' %s", word);
	p = popen(script, "r");		/* a test's own shell */
	assert_non_null(p);
	n = fread(got, 1, sizeof(got) - 1, p);
	assert_int_equal(pclose(p), 0);
	assert_true(n > 0 && got[n - 1] == '|');
	got[n - 1] = '\0';
	assert_string_equal(got, meaning);
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
	char *line = command_line(&w, &why);

	(void)state;
	assert_string_equal(line, "/bin/sh -c 'echo a; echo b'");
	free(line);
	w.sudo = true;
	line = command_line(&w, &why);
	assert_string_equal(line, "sudo -n /bin/sh -c 'echo a; echo b'");
	free(line);
	w.keep_environment = true;
	line = command_line(&w, &why);
	assert_string_equal(line, "sudo -n -E /bin/sh -c 'echo a; echo b'");
	free(line);
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

		line = command_line(&w, &why);
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
	assert_null(command_line(&none, &why));
	assert_non_null(strstr(why, "no command"));
	assert_null(command_line(&odd, &why));
	assert_non_null(strstr(why, "append:, prepend: or replace:"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quoted_text_is_one_word_that_means_itself),
		cmocka_unit_test(the_whole_text_runs_below_one_shell),
		cmocka_unit_test(a_path_is_set_and_overridden_as_asked),
		cmocka_unit_test(what_is_no_command_is_refused_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

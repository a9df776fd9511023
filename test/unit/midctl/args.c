/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, and what is written about it: help, manual page. Run from the source tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "err.h"
#include "midctl.h"
#include "os.h"

#define WORDS_MAX 12

static char *argv[WORDS_MAX + 1];

/* LINE split at its blanks; the words stay until the next call. */
static int
parse(struct asked *a, const struct command **cmd, const char *line)
{
	static char text[300];
	char *word, *rest;
	int n = 1;

	snprintf(text, sizeof(text), "%s", line);
	argv[0] = (char *)(uintptr_t)"midctl";
	for (word = strtok_r(text, " ", &rest); word != NULL && n < WORDS_MAX; word = strtok_r(NULL, " ", &rest))
		argv[n++] = word;
	argv[n] = NULL;
	return args_parse(a, cmd, n, argv);
}

static void
options_may_stand_anywhere(void **state)
{
	static const char *const lines[] = {
		"--json job show 4f0c", "job --json show 4f0c", "job show --json 4f0c", "job show 4f0c --json",
	};
	const struct command *cmd;
	struct asked a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(parse(&a, &cmd, lines[i]), 0);
		assert_string_equal(cmd->name, "job show");
		assert_true(a.json);
		assert_int_equal(a.nwords, 1);
		assert_string_equal(a.words[0], "4f0c");
	}
}

static void
values_come_after_a_blank_or_an_equals_sign(void **state)
{
	const struct command *cmd;
	struct asked a;

	(void)state;
	assert_int_equal(parse(&a, &cmd, "--control /x jobs -n 7 --failed"), 0);
	assert_string_equal(a.control, "/x");
	assert_int_equal(a.limit, 7);
	assert_true(a.failed);
	assert_int_equal(parse(&a, &cmd, "run --read=/a --read /b Echo k=v --source=h"), 0);
	assert_int_equal(a.nread, 2);
	assert_string_equal(a.read[1], "/b");
	assert_string_equal(a.source, "h");
	assert_int_equal(a.nwords, 2);
	assert_string_equal(a.words[1], "k=v");
}

static void
after_two_dashes_all_are_words(void **state)
{
	const struct command *cmd;
	struct asked a;

	(void)state;
	assert_int_equal(parse(&a, &cmd, "run Echo -- --json text=-x"), 0);
	assert_false(a.json);
	assert_int_equal(a.nwords, 3);
	assert_string_equal(a.words[1], "--json");
}

static void
wrong_use_is_status_2(void **state)
{
	static const char *const lines[] = {
		"", "nonsense", "job", "job fly", "job show", "job show a b", "status extra", "status --failed",
		"jobs --limit", "jobs --limit x", "jobs --limit 0", "jobs --limit 99999999999", "--nope status",
		"status --json=yes", "jobs --watch", "completion", "run",
		"run --read 1 --read 2 --read 3 --read 4 --read=5 --read=6 --read=7 --read=8 --read=9 x",
	};
	const struct command *cmd;
	struct asked a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (parse(&a, &cmd, lines[i]) != EXIT_USAGE)
			fail_msg("midctl %s was taken", lines[i]);
}

static void
help_needs_nothing_else_to_be_right(void **state)
{
	const struct command *cmd;
	struct asked a;

	(void)state;
	assert_int_equal(parse(&a, &cmd, "--help"), 0);
	assert_true(a.help);
	assert_null(cmd);
	assert_int_equal(parse(&a, &cmd, "job show --help"), 0);
	assert_string_equal(cmd->name, "job show");
	assert_int_equal(parse(&a, &cmd, "help run"), 0);
	assert_true(a.help);
	assert_string_equal(cmd->name, "run");
	assert_int_equal(parse(&a, &cmd, "config --help"), 0);
	assert_null(cmd);
	assert_int_equal(a.nwords, 1);
	assert_string_equal(a.words[0], "config");
	assert_int_equal(parse(&a, &cmd, "nonsense --help"), EXIT_USAGE);
}

static void
the_environment_names_socket_and_file_unless_an_option_does(void **state)
{
	const struct command *cmd;
	struct asked a;

	(void)state;
	setenv("MIDD_CONTROL", "/env/control", 1);
	setenv("MIDD_CONFIG", "/env/midd.yaml", 1);
	assert_int_equal(parse(&a, &cmd, "status"), 0);
	assert_string_equal(a.control, "/env/control");
	assert_string_equal(a.config, "/env/midd.yaml");
	assert_int_equal(parse(&a, &cmd, "status --control /mine"), 0);
	assert_string_equal(a.control, "/mine");
	unsetenv("MIDD_CONTROL");
	unsetenv("MIDD_CONFIG");
}

static void
every_command_has_help_examples_json_and_a_place_in_the_manual(void **state)
{
	const struct command *c;
	const struct flag *f;
	struct buf page;
	struct err err;
	char want[120];

	(void)state;
	buf_init(&page, 1u << 20);
	if (os_read_file(&page, "man/midctl.1", &err) < 0)
		fail_msg("%s", err.text);
	for (c = commands; c->name != NULL; c++) {
		assert_true(strlen(c->help) > 0 && strlen(c->help) <= 51);
		assert_true(strncmp(c->name, "completion", 10) == 0 || (c->flags & F_JSON) != 0);
		assert_non_null(c->examples[0]);
		assert_non_null(c->examples[1]);
		snprintf(want, sizeof(want), ".It Ic %s", c->name);
		if (strstr(buf_str(&page), want) == NULL)
			fail_msg("midctl(1) lacks %s", c->name);
	}
	for (f = flags; f->name != NULL; f++) {
		snprintf(want, sizeof(want), "Fl -%s", f->name + 2);
		if (strstr(buf_str(&page), want) == NULL)
			fail_msg("midctl(1) lacks %s", f->name);
	}
	buf_fini(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_may_stand_anywhere),
		cmocka_unit_test(values_come_after_a_blank_or_an_equals_sign),
		cmocka_unit_test(after_two_dashes_all_are_words),
		cmocka_unit_test(wrong_use_is_status_2),
		cmocka_unit_test(help_needs_nothing_else_to_be_right),
		cmocka_unit_test(the_environment_names_socket_and_file_unless_an_option_does),
		cmocka_unit_test(every_command_has_help_examples_json_and_a_place_in_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

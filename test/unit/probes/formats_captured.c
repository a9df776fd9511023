/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every test/data/formats/SYSTEM.COMMAND.CASE.in by all formats of that command; the JSON
 * beside it is what they say together. A reader must also stand each beginning of its input.
 */
#include "captured.h"

#include "formats/formats.h"

#define DIR_NAME "test/data/formats"

/* "aix.lscfg.macs.in" is what lscfg says on aix. */
static void
names_of(const char *file, char system[40], char command[80])
{
	assert_int_equal(sscanf(file, "%39[^.].%79[^.].", system, command), 2);
	if (format_find(NULL, system, command) == NULL)
		fail_msg("%s: nothing reads %s of %s", file, command, system);
}

static struct json_object *
read_all(const char *file, const char *text, size_t n, bool whole)
{
	struct json_object *doc = json_object_new_object(), *top;
	char system[40], command[80];
	const struct format *f;

	(void)whole;
	names_of(file, system, command);
	for (f = format_find(NULL, system, command); f != NULL; f = format_find(f, system, command)) {
		if (f->top[0] == '\0') {
			(void)f->read(f, (struct str){ text, n }, doc);
			continue;
		}
		top = f->list ? json_object_new_array() : json_object_new_object();
		if (!json_object_object_get_ex(doc, f->top, NULL) && f->read(f, (struct str){ text, n }, top))
			assert_int_equal(json_object_object_add(doc, f->top, top), 0);
		else
			json_object_put(top);
	}
	return doc;
}

static void
captured_outputs_give_the_json_beside_them(void **state)
{
	(void)state;
	assert_true(captured_each(DIR_NAME, read_all, false) > 10);
}

static void
an_output_that_ends_too_early_is_stood(void **state)
{
	(void)state;
	assert_true(captured_each(DIR_NAME, read_all, true) > 10);
}

static void
what_a_terminal_added_is_taken_off(void **state)
{
	static const struct { const char *from, *to; } rows[] = {
		{ "a\r\nb\r\n", "a\nb\n" }, { "\xef\xbb\xbf" "a\n", "a\n" }, { "a\n\n\n", "a\n" }, { "\t\n a\n", " a\n" }, { "a\rb\n", "a\rb\n" }, { "\r\n", "" }, { "", "" },
		{ "\n\na\n", "a\n" }, { "a  \nb \n", "a \nb\n" }, { "a\n   \n", "a\n" }, { "a\r\r\nb", "a\nb" }, { " \n \n", "" },
		{ "a \n\nb ", "a\n\nb" }, { "root@host:~# df -k\na\n", "a\n" }, { "[ann@host ~]$ id\na\n", "a\n" },
		{ "sh: warning: setlocale\na\n", "a\n" }, { "@daily x # y\n", "@daily x # y\n" },
		{ "Last login: Mon Jan 4\nann@host> w\na\n", "a\n" }, { "ann@host: a\n", "ann@host: a\n" },
	};
	char text[48];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s", rows[i].from);
		n = format_clean(text, strlen(text));
		assert_int_equal(n, strlen(rows[i].to));
		assert_memory_equal(text, rows[i].to, n);
	}
}

static void
the_second_line_begins_behind_the_first(void **state)
{
	(void)state;
	assert_int_equal(format_next_line("ab\nc", 4), 3);
	assert_int_equal(format_next_line("ab", 2), 2);
	assert_int_equal(format_next_line("\n", 1), 1);
	assert_int_equal(format_next_line("", 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captured_outputs_give_the_json_beside_them),
		cmocka_unit_test(an_output_that_ends_too_early_is_stood),
		cmocka_unit_test(what_a_terminal_added_is_taken_off),
		cmocka_unit_test(the_second_line_begins_behind_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

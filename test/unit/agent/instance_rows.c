/* SPDX-License-Identifier: Apache-2.0 */
/* ECC rows out of an instance's answer; paths and queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "instance/inside.h"

#define ID1 "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ID2 "1a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ROW(id, agent, queue, st, topic, rest) "{\"sys_id\":\"" id "\",\"agent\":\"" agent "\",\"queue\":\"" queue \
	"\",\"state\":\"" st "\",\"topic\":\"" topic "\"" rest "}"
#define GOOD ROW(ID1, "mid.server.a", "output", "ready", "Echo", "")

static struct rows rows;
static struct err err;

static int
parse(const char *text, enum poll_what what)
{
	const struct rows_want want = { "mid.server.a", "ready", what };

	memset(&err, 0, sizeof(err));
	return rows_parse(&rows, text, strlen(text), &want, &err);
}

static void
counts(const char *text, enum poll_what what, size_t kept, size_t dropped)
{
	assert_int_equal(parse(text, what), 0);
	assert_int_equal(rows.n, kept);
	assert_int_equal(rows.dropped, dropped);
	rows_fini(&rows);
}

static void
takes_every_column_of_a_row(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"result\":[" ROW(ID1, "mid.server.a", "output", "ready", "SSHCommand",
	    ",\"name\":\"df\",\"source\":\"192.0.2.1\",\"sequence\":\"18a\",\"agent_correlator\":\"c\","
	    "\"sys_created_on\":\"2026-01-02 03:04:05\",\"priority\":\"1\",\"payload\":\"<p>\\u00fc</p>\"") "]}",
	    POLL_ALL), 0);
	assert_int_equal(rows.n, 1);
	assert_string_equal(rows.row[0].sys_id, ID1);
	assert_string_equal(rows.row[0].topic, "SSHCommand");
	assert_string_equal(rows.row[0].name, "df");
	assert_string_equal(rows.row[0].source, "192.0.2.1");
	assert_string_equal(rows.row[0].sequence, "18a");
	assert_string_equal(rows.row[0].correlator, "c");
	assert_string_equal(rows.row[0].created, "2026-01-02 03:04:05");
	assert_int_equal(rows.row[0].priority, 1);
	assert_string_equal(rows.row[0].payload, "<p>\xC3\xBC</p>");
	assert_int_equal(rows.row[0].payload_len, 9);
	rows_fini(&rows);
}

static void
missing_columns_are_empty_and_priority_is_standard(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"result\":[" GOOD "]}", POLL_ALL), 0);
	assert_string_equal(rows.row[0].name, "");
	assert_string_equal(rows.row[0].payload, "");
	assert_int_equal(rows.row[0].priority, 2);
	rows_fini(&rows);
	assert_int_equal(parse("{\"result\":[" ROW(ID1, "mid.server.a", "output", "ready", "Echo",
	    ",\"priority\":\"7\",\"payload\":{\"x\":1},\"agent_correlator\":{\"link\":\"l\",\"value\":\"v\"}") "]}", POLL_ALL), 0);
	assert_int_equal(rows.row[0].priority, 2);
	assert_string_equal(rows.row[0].payload, "");
	assert_string_equal(rows.row[0].correlator, "v");
	rows_fini(&rows);
}

static void
rows_that_nobody_asked_for_are_dropped(void **state)
{
	(void)state;
	counts("{\"result\":[" GOOD ","
	    ROW(ID2, "mid.server.b", "output", "ready", "Echo", "") ","
	    ROW(ID2, "mid.server.a", "input", "ready", "Echo", "") ","
	    ROW(ID2, "mid.server.a", "output", "processing", "Echo", "") ","
	    ROW("12345", "mid.server.a", "output", "ready", "Echo", "") ","
	    ROW(ID2 "0", "mid.server.a", "output", "ready", "Echo", "") ","
	    "null, 7, [], \"x\", {}]}", POLL_ALL, 1, 10);
}

static void
control_rows_and_work_are_kept_apart(void **state)
{
	static const char text[] = "{\"result\":[" GOOD ","
	    ROW(ID2, "mid.server.a", "output", "ready", "HeartbeatProbe", "") ","
	    ROW(ID2, "mid.server.a", "output", "ready", "SystemCommand", "") "]}";

	(void)state;
	counts(text, POLL_ALL, 3, 0);
	counts(text, POLL_CONTROL, 2, 1);
	counts(text, POLL_WORK, 1, 2);
}

static void
an_answer_of_another_shape_is_an_error_with_a_sentence(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "", "the list of rows is empty" }, { "<html>", "the list of rows is not JSON" },
		{ "{}", "has no \"result\"" }, { "{\"result\":{}}", "has no \"result\"" }, { "[]", "has no \"result\"" },
		{ "{\"result\":[", "ends too early" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(parse(cases[i].text, POLL_ALL) < 0);
		if (strstr(err.text, cases[i].why) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i].why);
	}
}

static void
values_cannot_break_out_of_a_query(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	path_put_query(&b, "a^ORb=c&d #\xC3\xBC%");
	assert_string_equal(buf_str(&b), "a%5E%5EORb%3Dc%26d%20%23%C3%BC%25");
	buf_clear(&b);
	path_put(&b, "a^b.c-d_e~f,g/");
	assert_string_equal(buf_str(&b), "a%5Eb.c-d_e~f,g%2F");
	buf_clear(&b);
	path_put_ids(&b, (const char *const[]){ "x", "y^" }, 2);
	assert_string_equal(buf_str(&b), "x,y%5E%5E");
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_column_of_a_row),
		cmocka_unit_test(missing_columns_are_empty_and_priority_is_standard),
		cmocka_unit_test(rows_that_nobody_asked_for_are_dropped),
		cmocka_unit_test(control_rows_and_work_are_kept_apart),
		cmocka_unit_test(an_answer_of_another_shape_is_an_error_with_a_sentence),
		cmocka_unit_test(values_cannot_break_out_of_a_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

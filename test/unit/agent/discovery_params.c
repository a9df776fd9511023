/* SPDX-License-Identifier: Apache-2.0 */
/* How a discovery is divided: ranges into parts, ways into topics; and how long it may take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "discovery/inside.h"
#include "err.h"
#include "policy/address.h"

static struct range_walk walk;
static char part[1000];

static void
parts_of(const char *list)
{
	memset(&walk, 0, sizeof(walk));
	walk.list = list;
}

/* The next part of at most MAX is TEXT, of N addresses. */
static void
next_is(unsigned max, unsigned n, const char *text)
{
	part[0] = '\0';
	assert_int_equal(ranges_part(&walk, max, part, sizeof(part)), n);
	assert_string_equal(part, text);
}

static void
a_range_is_cut_where_a_part_is_full(void **state)
{
	(void)state;
	parts_of("10.0.0.0/24");
	next_is(100, 100, "10.0.0.0-10.0.0.99");
	next_is(100, 100, "10.0.0.100-10.0.0.199");
	next_is(100, 56, "10.0.0.200-10.0.0.255");
	next_is(100, 0, "");
	next_is(100, 0, "");
}

static void
small_ranges_share_a_part(void **state)
{
	(void)state;
	parts_of("10.0.0.9, 10.1.0.250-10.1.1.5\n10.2.0.0/30");
	next_is(15, 15, "10.0.0.9-10.0.0.9 10.1.0.250-10.1.1.5 10.2.0.0-10.2.0.1");
	next_is(15, 2, "10.2.0.2-10.2.0.3");
	next_is(15, 0, "");
}

static void
a_part_ends_where_the_room_for_it_does(void **state)
{
	(void)state;
	parts_of("10.0.0.1, 10.0.0.3, 10.0.0.5");
	part[0] = '\0';
	assert_int_equal(ranges_part(&walk, 100, part, 2 * ADDRESS_TEXT + 4), 1);
	assert_string_equal(part, "10.0.0.1-10.0.0.1");
	next_is(100, 2, "10.0.0.3-10.0.0.3 10.0.0.5-10.0.0.5");
}

static void
the_ends_of_the_numbers_are_reached_and_not_passed(void **state)
{
	(void)state;
	parts_of("255.255.255.254/31, fd00::ffff:ffff:ffff:fffe-fd00:0:0:1::1, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	next_is(3, 3, "255.255.255.254-255.255.255.255 fd00::ffff:ffff:ffff:fffe-fd00::ffff:ffff:ffff:fffe");
	next_is(3, 3, "fd00::ffff:ffff:ffff:ffff-fd00:0:0:1::1");
	next_is(3, 1, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	next_is(3, 0, "");
	parts_of("::/0");
	next_is(0x7fffffffu, 0x7fffffffu, "::-::127.255.255.254");
}

static void
nothing_gives_no_part(void **state)
{
	(void)state;
	parts_of("");
	next_is(10, 0, "");
	parts_of(" ,\n");
	next_is(10, 0, "");
}

static void
a_way_leads_to_its_topic_only(void **state)
{
	static const struct { const char *rules, *ways, *topic; } cases[] = {
		{ "ssh=UnixFacts, snmp=SnmpFacts", "ssh", "UnixFacts" },
		{ "ssh=UnixFacts, snmp=SnmpFacts", "snmp,ssh", "SnmpFacts" },
		{ "ssh=UnixFacts,snmp=SnmpFacts", "snmp", "SnmpFacts" },
		{ "ssh=UnixFacts", "ss", NULL }, { "ssh=UnixFacts", "sshd", NULL }, { "ssh=UnixFacts", "", NULL },
		{ "ssh, snmp=SnmpFacts", "ssh", NULL }, { "", "ssh", NULL }, { " , ", "ssh", NULL },
		{ "a=b=c", "a", "b=c" }, { "a=", "a", "" },
	};
	size_t i;
	char *got;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = way_topic(cases[i].rules, cases[i].ways);
		if (cases[i].topic == NULL) {
			assert_null(got);
		} else {
			assert_non_null(got);
			assert_string_equal(got, cases[i].topic);
		}
		free(got);
	}
}

static void
a_deadline_is_a_duration_or_seconds(void **state)
{
	int64_t ms = 7;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(deadline_read("", &ms, &err), 0);
	assert_int_equal(ms, 7);
	assert_int_equal(deadline_read("90m", &ms, &err), 0);
	assert_int_equal(ms, 90 * 60 * 1000);
	assert_int_equal(deadline_read("45", &ms, &err), 0);
	assert_int_equal(ms, 45000);
	assert_int_equal(deadline_read("soon", &ms, &err), -E_BAD);
	assert_string_equal(err.text, "deadline is \"soon\": how long it may take, for example 90m");
	assert_int_equal(ms, 45000);
}

static void
a_parameter_that_is_no_number_is_told_of_before_anything_begins(void **state)
{
	static const struct { const char *name, *value; int r; } rows[] = {
		{ "rate", "0", 0 }, { "rate", "", 0 }, { "rate", "fast", -E_BAD }, { "window", "-1", -E_BAD }, { "per_network", "1.5", -E_BAD },
		{ "timeout", "1s", -E_BAD }, { "lease", "60", 0 }, { "deadline", "soon", -E_BAD }, { "deadline", "45", 0 },
	};
	struct json_object *params;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&err, 0, sizeof(err));
		params = json_object_new_object();
		json_object_object_add(params, rows[i].name, json_object_new_string(rows[i].value));
		assert_int_equal(discovery_check(params, &err), rows[i].r);
		assert_int_equal(strstr(err.text, rows[i].name) != NULL, rows[i].r != 0);
		json_object_put(params);
	}
}

static void
what_was_sent_is_kept_by_machine_where_it_says_who_it_is(void **state)
{
	static const struct { const char *who, *key; } rows[] = {
		{ "name=web1 serial=sn-1", "UnixFacts name=web1 serial=sn-1" }, { "name=web1", "UnixFacts name=web1" },
		{ "-", "10.0.0.1 UnixFacts" }, { "", "10.0.0.1 UnixFacts" }, { "name=we\"b", "10.0.0.1 UnixFacts" }, { "serial=1", "10.0.0.1 UnixFacts" },
	};
	char *key;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		key = discovery_sent_key("10.0.0.1 UnixFacts", "UnixFacts", rows[i].who);
		assert_string_equal(key, rows[i].key);
		free(key);
	}
}

/* It goes into a list that Relate reads. */
static void
who_it_is_has_plain_characters(void **state)
{
	(void)state;
	assert_string_equal(who_of("name=web1 serial=r-1"), "name=web1 serial=r-1");
	assert_string_equal(who_of("name=web1\",\"missed\":9,\"x\":\""), "");
	assert_string_equal(who_of("name=web1\n"), "");
	assert_string_equal(who_of("web1"), "");
	assert_string_equal(who_of(""), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_cut_where_a_part_is_full),
		cmocka_unit_test(small_ranges_share_a_part),
		cmocka_unit_test(who_it_is_has_plain_characters),
		cmocka_unit_test(a_part_ends_where_the_room_for_it_does),
		cmocka_unit_test(the_ends_of_the_numbers_are_reached_and_not_passed),
		cmocka_unit_test(nothing_gives_no_part),
		cmocka_unit_test(a_way_leads_to_its_topic_only),
		cmocka_unit_test(a_deadline_is_a_duration_or_seconds),
		cmocka_unit_test(a_parameter_that_is_no_number_is_told_of_before_anything_begins),
		cmocka_unit_test(what_was_sent_is_kept_by_machine_where_it_says_who_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

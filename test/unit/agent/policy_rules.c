/* SPDX-License-Identifier: Apache-2.0 */
/* policy: addresses in all their spellings, ranges, and patterns that must not reach too far. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "policy/address.h"
#include "policy/inside.h"
#include "xalloc.h"

static bool
in(const char *list, const char *address)
{
	struct address a;

	assert_int_equal(address_parse(&a, address), 0);
	return ranges_hold(list, &a);
}

static void
an_address_is_itself_in_every_spelling(void **state)
{
	(void)state;
	assert_true(in("127.0.0.0/8", "127.0.0.1"));
	assert_true(in("127.0.0.0/8", "::ffff:127.0.0.1"));
	assert_true(in("127.0.0.0/8", "::ffff:7f00:1"));
	assert_true(in("10.0.0.0/8, 192.168.1.4", "192.168.1.4"));
	assert_false(in("10.0.0.0/8, 192.168.1.4", "192.168.1.5"));
	assert_true(in("10.0.0.5-10.0.0.9", "10.0.0.9"));
	assert_false(in("10.0.0.5-10.0.0.9", "10.0.0.10"));
	assert_true(in("fe80::/10", "fe80::1%eth0"));
	assert_false(in("", "10.0.0.1"));
}

static void
an_address_inside_an_address_is_found(void **state)
{
	struct address a, inner;
	char text[ADDRESS_TEXT];

	(void)state;
	assert_int_equal(address_parse(&a, "64:ff9b::a00:1"), 0);
	assert_true(address_inner(&a, &inner));
	address_print(&inner, text);
	assert_string_equal(text, "10.0.0.1");
	assert_int_equal(address_parse(&a, "2002:0a00:0001::"), 0);
	assert_true(address_inner(&a, &inner));
	address_print(&inner, text);
	assert_string_equal(text, "10.0.0.1");
	assert_int_equal(address_parse(&a, "2001:db8::1"), 0);
	assert_false(address_inner(&a, &inner));
}

static void
what_is_no_address_or_range_is_refused(void **state)
{
	static const char *const bad[] = { "", "10.0.0", "10.0.0.256", "0x7f.1", "localhost", "1.2.3.4/33", "::/129", "1.2.3.4/", "/8" };
	struct address a;
	struct range r;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_not_equal(address_parse(&a, bad[i]), 0);
		assert_int_not_equal(range_parse(&r, bad[i]), 0);
	}
	assert_int_not_equal(ranges_check("10.0.0.0/8, nonsense", &err), 0);
	assert_non_null(strstr(err.text, "nonsense"));
}

static void
a_star_does_not_reach_over_what_begins_another_command(void **state)
{
	(void)state;
	assert_true(rule_fits("tail *", "tail -n 5 /var/log/x", true));
	assert_true(rule_fits("*", "anything; at all", true));
	assert_false(rule_fits("tail *", "tail x; reboot", true));
	assert_false(rule_fits("tail *", "tail $(reboot)", true));
	assert_false(rule_fits("tail *", "tail `reboot`", true));
	assert_false(rule_fits("tail *", "tail x | sh", true));
	assert_false(rule_fits("tail *", "tail x\nreboot", true));
	assert_false(rule_fits("tail *", "tail x > /etc/passwd", true));
	assert_false(rule_fits("tail *", "tail x && reboot", true));
	assert_false(rule_fits("tail", "tail x", true));
	assert_true(rule_fits("cat a | grep *", "cat a | grep b", true));
	/* A line that denies reaches over everything. */
	assert_true(rule_fits("*secret*", "tail x; cat secret", false));
}

/* May it, with the one rule LINE? */
static bool
may(const char *line, const struct command_wish *w)
{
	struct policy p = { .rules_file = xstrdup("") };
	struct err err = { 0 };
	bool yes;

	assert_int_equal(rules_parse(&p.rules, line, strlen(line), &err), 0);
	yes = policy_would(&p, w, &err) == 0;
	rules_free(&p.rules);
	free(p.rules_file);
	return yes;
}

static void
a_rule_for_a_command_is_none_for_it_as_root_or_from_another_path(void **state)
{
	struct command_wish plain = { .topic = "SSHCommand", .command = "uptime -p", .address = "10.0.0.1", .tag = "" };
	struct command_wish root = plain, path = plain, both = plain, dmi = plain;

	(void)state;
	root.as_root = both.as_root = dmi.as_root = true;
	path.path = both.path = "append:/opt/bin";
	dmi.command = "dmidecode";
	assert_true(may("allow * * * uptime *", &plain));
	assert_false(may("allow * * * uptime *", &root));
	assert_false(may("allow * * * uptime *", &path));
	assert_true(may("allow * * * ${sudo:uptime *}", &root));
	assert_false(may("allow * * * ${sudo:uptime *}", &plain));
	assert_true(may("allow * * * path_override=append:/opt/* uptime *", &path));
	assert_false(may("allow * * * path_override=append:/opt/* uptime *", &both));
	assert_true(may("allow * * * path_override=append:/opt/bin ${sudo:uptime *}", &both));
	assert_true(may("allow * * * *", &both));
	assert_true(may("", &dmi));	/* Discovery's own asks for it as root */
	/* What is denied is denied in every form. */
	assert_false(may("deny * * * uptime*", &root));
	assert_false(may("deny * * * uptime*", &both));
	plain.command = "${sudo:uptime -p}";
	assert_false(may("deny * * * uptime*\nallow * * * *", &plain));
}

static void
a_file_is_judged_by_what_is_done_with_it_and_by_its_path(void **state)
{
	struct command_wish get = { .topic = "FileProbe", .action = "get", .command = "/var/log/syslog", .address = "10.0.0.1", .tag = "" };
	struct command_wish put = get, up = get, end = get, root = get;

	(void)state;
	put.action = "put";
	root.as_root = true;
	root.path = "append:/opt/bin";
	up.command = "/var/log/../../etc/shadow";
	end.command = "/var/log/..";
	assert_true(may("allow FileProbe 10.0.0.0/8 * get /var/log/*", &get));
	assert_false(may("allow FileProbe 10.0.0.0/8 * get /var/log/*", &put));
	assert_false(may("allow FileProbe 10.0.0.0/8 * get /etc/*", &get));
	assert_false(may("allow FileProbe 10.1.0.0/16 * get *", &get));
	assert_false(may("allow FileProbe * web get *", &get));
	assert_false(may("", &get));
	assert_false(may("allow * * * *", &up));
	assert_false(may("allow * * * *", &end));
	assert_false(may("deny * * * /var/*\nallow * * * *", &get));
	assert_false(may("deny * * * get /var/*\nallow * * * *", &get));
	assert_false(may("deny * * * get /var/*\nallow * * * *", &root));
}

static void
a_rules_file_is_read_or_refused_with_the_line(void **state)
{
	static const char good[] = "# what for\n\nallow SSHCommand 10.0.0.0/8 * uptime\ndeny * * * *rm -rf*\n";
	static const struct { const char *text, *says; } bad[] = {
		{ "permit SSHCommand * * x", "line 1" },
		{ "\nallow SSHCommand *", "line 2" },
		{ "allow SSHCommand 10.0.0.0/99 * x", "line 1" },
	};
	struct rules r = { NULL, 0 };
	struct err err = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(rules_parse(&r, good, sizeof(good) - 1, &err), 0);
	assert_int_equal(r.n, 2);
	assert_true(r.v[0].allow);
	assert_string_equal(r.v[0].pattern, "uptime");
	assert_int_equal(r.v[1].line, 4);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_not_equal(rules_parse(&r, bad[i].text, strlen(bad[i].text), &err), 0);
		assert_non_null(strstr(err.text, bad[i].says));
	}
	assert_int_equal(r.n, 2);	/* the old ones stay */
	rules_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_itself_in_every_spelling),
		cmocka_unit_test(an_address_inside_an_address_is_found),
		cmocka_unit_test(what_is_no_address_or_range_is_refused),
		cmocka_unit_test(a_star_does_not_reach_over_what_begins_another_command),
		cmocka_unit_test(a_rule_for_a_command_is_none_for_it_as_root_or_from_another_path),
		cmocka_unit_test(a_file_is_judged_by_what_is_done_with_it_and_by_its_path),
		cmocka_unit_test(a_rules_file_is_read_or_refused_with_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

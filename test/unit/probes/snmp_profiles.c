/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: how their files are read, and what they make of devices. Run from the source tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snmp/profile_rows.h"
#include "snmp/snmprec.h"

static struct profiles *
read_rows(const char *text, char *why, size_t room)
{
	struct profiles *p = profiles_new();

	assert_non_null(p);
	why[0] = '\0';
	profiles_read_text(p, "test.yaml", text, strlen(text), why, room);
	return p;
}

static struct facts_found
ask(struct profiles *p, const char *recording)
{
	struct table *t = table_new(1000, 1 << 20);
	struct facts_found found;
	char why[200];

	assert_non_null(t);
	if (snmprec_read(t, recording, strlen(recording), why, sizeof(why)) < 0)
		fail_msg("%s", why);
	profiles_find(p, t, &found);
	table_free(t);
	return found;
}

static void
all_rows_that_match_apply_and_the_first_value_stays(void **state)
{
	struct facts_found f;
	char why[400];
	struct profiles *p = read_rows(
	    "- name: other\n  oid: 1.3.6.1.4.1.8\n  vendor: Other\n"
	    "- name: special\n  oid: [1.3.6.1.4.1.7, 1.3.6.1.4.1.99999]\n  descr: 'Router'\n  class: router\n  serial: 'get 1.3.6.1.4.1.99999.5.0'\n"
	    "- name: general\n  class: switch\n  vendor: Acme\n  version: 'descr /v([0-9]+)\\.([0-9]+)/'\n  serial: 'first 1.3.6.1.4.1.99999.6'\n",
	    why, sizeof(why));

	(void)state;
	assert_string_equal(why, "");
	f = ask(p, "1.3.6.1.2.1.1.1.0|4|Acme Router v12.5\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n"
	    "1.3.6.1.4.1.99999.5.0|4|n/a\n1.3.6.1.4.1.99999.6.1|4|\n1.3.6.1.4.1.99999.6.2|4| S123 \n");
	assert_string_equal(f.profile, "special");
	assert_string_equal(f.value[FACT_CLASS], "router");
	assert_string_equal(f.value[FACT_VENDOR], "Acme");
	assert_string_equal(f.value[FACT_VERSION], "12 5");
	assert_string_equal(f.value[FACT_SERIAL], "S123");
	f = ask(p, "1.3.6.1.2.1.1.1.0|4x|417631322e350a2041\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n1.3.6.1.4.1.99999.6.2|4x|20533132330d0a534e\n");
	assert_string_equal(f.value[FACT_SERIAL], "S123");
	f = ask(p, "1.3.6.1.2.1.1.1.0|4|Acme Router v12.5\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n");
	assert_string_equal(f.rule[FACT_CLASS], "special: router");
	profiles_free(p);
}

static void
conditions_counts_and_texts_of_ones_own(void **state)
{
	struct facts_found f;
	char why[400];
	struct profiles *p = read_rows(
	    "- name: big\n  when: ['count 1.3.6.1.2.1.17.1.4.1.2 /^[3-9]$/', 'name /^core/']\n  class: switch\n"
	    "- name: small\n  has: 1.3.6.1.2.1.17\n  class: hub\n  version: 'get 1.3.6.1.4.1.5.1.0 /Build 17763/ -> 1809'\n  model: 'descr /(A)(B)/ -> \\2-\\1!'\n",
	    why, sizeof(why));
	static const char ports[] = "1.3.6.1.2.1.17.1.4.1.2.1|2|1\n1.3.6.1.2.1.17.1.4.1.2.2|2|2\n1.3.6.1.2.1.17.1.4.1.2.3|2|3\n";
	char rec[500];

	(void)state;
	assert_string_equal(why, "");
	snprintf(rec, sizeof(rec), "1.3.6.1.2.1.1.1.0|4|AB\n1.3.6.1.2.1.1.5.0|4|core1\n1.3.6.1.4.1.5.1.0|4|Build 17763\n%s", ports);
	f = ask(p, rec);
	assert_string_equal(f.value[FACT_CLASS], "switch");
	assert_string_equal(f.value[FACT_VERSION], "1809");
	assert_string_equal(f.value[FACT_MODEL], "B-A!");
	snprintf(rec, sizeof(rec), "1.3.6.1.2.1.1.5.0|4|edge1\n%s", ports);
	f = ask(p, rec);
	assert_string_equal(f.value[FACT_CLASS], "hub");
	f = ask(p, "1.3.6.1.2.1.1.5.0|4|core1\n");
	assert_string_equal(f.value[FACT_CLASS], "");
	profiles_free(p);
}

/* The version of a kernel is none of the appliance that is built on it. */
static void
a_row_is_nothing_where_another_has_said_what_it_would(void **state)
{
	struct facts_found f;
	char why[400];
	struct profiles *p = read_rows(
	    "- name: box\n  oid: 1.3.6.1.4.1.7\n  os: BoxOS\n  vendor: Box\n"
	    "- name: kernel\n  descr: '^Linux'\n  unless: [os, serial]\n  os: Linux\n  class: server\n  version: 'descr /^Linux [^ ]+ ([^ ]+)/'\n",
	    why, sizeof(why));

	(void)state;
	assert_string_equal(why, "");
	f = ask(p, "1.3.6.1.2.1.1.1.0|4|Linux box 5.4.1 #1\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.7.1\n");
	assert_string_equal(f.value[FACT_OS], "BoxOS");
	assert_string_equal(f.value[FACT_VERSION], "");
	assert_string_equal(f.value[FACT_CLASS], "");
	f = ask(p, "1.3.6.1.2.1.1.1.0|4|Linux box 5.4.1 #1\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8\n");
	assert_string_equal(f.value[FACT_VERSION], "5.4.1");
	assert_string_equal(f.value[FACT_CLASS], "server");
	profiles_free(p);
	p = read_rows("- name: bad\n  unless: colour\n", why, sizeof(why));
	assert_non_null(strstr(why, "line 2: unless is"));
	profiles_free(p);
}

/* A stack, its two members, and a module: the first member speaks for all. */
static void
the_chassis_speaks_for_the_whole(void **state)
{
	struct facts_found f;
	char why[400];
	struct profiles *p = read_rows("- name: any\n  model: 'entity model'\n  serial: 'entity serial'\n  version: 'entity software'\n", why, sizeof(why));

	(void)state;
	f = ask(p, "1.3.6.1.2.1.47.1.1.1.1.4.1|2|0\n1.3.6.1.2.1.47.1.1.1.1.4.2|2|1\n1.3.6.1.2.1.47.1.1.1.1.4.3|2|1\n1.3.6.1.2.1.47.1.1.1.1.4.4|2|2\n"
	    "1.3.6.1.2.1.47.1.1.1.1.5.1|2|11\n1.3.6.1.2.1.47.1.1.1.1.5.2|2|3\n1.3.6.1.2.1.47.1.1.1.1.5.3|2|3\n1.3.6.1.2.1.47.1.1.1.1.5.4|2|9\n"
	    "1.3.6.1.2.1.47.1.1.1.1.10.1|4|9.9\n1.3.6.1.2.1.47.1.1.1.1.11.2|4|FIRST\n1.3.6.1.2.1.47.1.1.1.1.11.3|4|SECOND\n"
	    "1.3.6.1.2.1.47.1.1.1.1.13.2|4|C1\n1.3.6.1.2.1.47.1.1.1.1.13.4|4|SFP\n");
	assert_string_equal(f.value[FACT_MODEL], "C1");
	assert_string_equal(f.value[FACT_SERIAL], "FIRST");
	assert_string_equal(f.value[FACT_VERSION], "9.9");
	profiles_free(p);
}

/* A maker with a MIB of its own for each model, at the end of its sysObjectID. */
static void
names_may_go_on_where_the_device_ends(void **state)
{
	static const char recording[] = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.8.5.1\n1.3.6.1.4.1.99999.8.5.1.1.4.0|4|4.2\n"
	    "1.3.6.1.4.1.99999.8.5.7.2|4|S77\n1.3.6.1.4.1.99999.6.0|4|no\n";
	struct oid object = { .n = 10, .id = { 1, 3, 6, 1, 4, 1, 99999, 8, 5, 1 } };
	bool open[GATES] = { false };
	struct facts_found f;
	struct oid_ref *roots;
	char why[400], text[OID_TEXT_MAX];
	unsigned n;
	struct profiles *p = read_rows("- name: mine\n  oid: 1.3.6.1.4.1.99999\n  version: 'get object.1.4.0'\n  serial: 'first object^.7'\n"
	    "  model: 'get object^^^.6.0'\n", why, sizeof(why));

	(void)state;
	assert_string_equal(why, "");
	f = ask(p, recording);
	assert_string_equal(f.value[FACT_VERSION], "4.2");
	assert_string_equal(f.value[FACT_SERIAL], "S77");
	assert_string_equal(f.value[FACT_MODEL], "");		/* below the maker's number is no device */
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &n), 0);
	oid_text(roots[n - 2].ids, roots[n - 2].n, text, sizeof(text));
	assert_string_equal(text, "1.3.6.1.4.1.99999.8.5.1.1.4");
	oid_text(roots[n - 1].ids, roots[n - 1].n, text, sizeof(text));
	assert_string_equal(text, "1.3.6.1.4.1.99999.8.5.7");
	free(roots);
	profiles_free(p);
	p = read_rows("- name: mine\n  version: 'get object1.4.0'\n", why, sizeof(why));
	assert_non_null(strstr(why, "or by object.NUMBERS"));
	profiles_free(p);
}

static void
a_mistake_names_its_line_and_leaves_out_its_row_only(void **state)
{
	char why[2000];
	struct profiles *p = read_rows(
	    "- name: bad\n  class: switch\n  model: 'entity colour'\n  serial: 'get 1.3.x'\n"
	    "- name: worse\n  colour: red\n"
	    "- class: router\n"
	    "- name: pattern\n  version: 'descr /(/'\n"
	    "- name: good\n  vendor: Acme\n", why, sizeof(why));
	struct facts_found f = ask(p, "1.3.6.1.2.1.1.1.0|4|x\n");

	(void)state;
	assert_non_null(strstr(why, "test.yaml line 3: entity has"));
	assert_non_null(strstr(why, "test.yaml line 4: get, first and count"));
	assert_non_null(strstr(why, "test.yaml line 6: a key is"));
	assert_non_null(strstr(why, "test.yaml line 7: a profile has a name"));
	assert_non_null(strstr(why, "test.yaml line 9: the pattern"));
	assert_string_equal(f.value[FACT_CLASS], "");
	assert_string_equal(f.value[FACT_VENDOR], "Acme");
	profiles_free(p);
	p = read_rows("a: [", why, sizeof(why));
	assert_non_null(strstr(why, "no YAML"));
	profiles_free(p);
	p = read_rows("a: b", why, sizeof(why));
	assert_non_null(strstr(why, "line 1: a file is a list"));
	profiles_free(p);
}

static void
a_recording_tells_which_line_is_none(void **state)
{
	struct table *t = table_new(100, 1 << 16);
	static const char *const bad[] = { "1.3.6|4", "x|4|a", "1.3|2|zwei", "1.3|4x|abc", "1.3|64|1.2.3", "1.3||", "|" };
	static const char good[] = "1.3.9.1|4x|00ff\r\n\n1.3.9.2|70|18446744073709551615\n1.3.9.3|64|10.0.0.1\n1.3.9.4|6|1.3.6";
	char text[100], why[200];
	struct varbind vb;
	struct oid o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "1.3.6.1|4|good\n%s\n", bad[i]);
		assert_int_equal(snmprec_read(t, text, strlen(text), why, sizeof(why)), -1);
		assert_non_null(strstr(why, "line 2"));
	}
	assert_int_equal(snmprec_read(t, good, strlen(good), why, sizeof(why)), 0);
	oid_parse("1.3.9.1", &o);
	assert_true(table_get(t, o.id, o.n, &vb));
	assert_int_equal(vb.len, 2);
	oid_parse("1.3.9.2", &o);
	assert_true(table_get(t, o.id, o.n, &vb));
	assert_true(vb.number == UINT64_MAX);
	oid_parse("1.3.9.4", &o);
	assert_true(table_get(t, o.id, o.n, &vb));
	assert_int_equal(vb.len, 3);
	table_free(t);
}

static void
what_a_rule_names_is_asked_once_and_only_where_it_can_be(void **state)
{
	static const uint32_t wanted[] = { 1, 3, 6, 1, 4, 1, 9, 5 };
	struct oid object = { .n = 7, .id = { 1, 3, 6, 1, 4, 1, 9 } };
	bool open[GATES] = { false };
	struct oid_ref *roots;
	unsigned n, bare, printer;
	char why[400];
	struct profiles *p = read_rows(
	    "- name: mine\n  oid: 1.3.6.1.4.1.9\n  has: 1.3.6.1.4.1.9.5\n  model: ['get 1.3.6.1.4.1.9.5.1.0', 'first 1.3.6.1.4.1.9.5.2', 'get 1.3.6.1.2.1.1.7.0']\n"
	    "- name: other\n  oid: 1.3.6.1.4.1.10\n  model: 'get 1.3.6.1.4.1.10.5.1.0'\n"
	    "- name: printers\n  has: 1.3.6.1.2.1.43.5.1.1\n  model: 'first 1.3.6.1.4.1.2699.1'\n"
	    "- name: any\n  serial: 'first 1.3.6.1.2.1.43.9.1.1.99'\n", why, sizeof(why));

	(void)state;
	assert_string_equal(why, "");
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &n), 0);
	assert_int_equal(oid_cmp(roots[n - 1].ids, roots[n - 1].n, wanted, 8), 0);
	free(roots);
	open[GATE_PRINTER] = true;
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &printer), 0);
	assert_int_equal(roots[printer - 1].ids[roots[printer - 1].n - 1], 99);
	assert_int_equal(roots[printer - 2].ids[6], 2699);	/* behind no gate, but of a row that is */
	free(roots);
	object.id[6] = 8;
	open[GATE_PRINTER] = false;
	assert_int_equal(profiles_roots(p, &object, "", open, &roots, &bare), 0);
	assert_int_equal(n, bare + 1);
	free(roots);
	profiles_free(p);
}

/* --- the profiles that are shipped ------------------------------------------------------- */

static char *
field(char **rest)
{
	char *f = strsep(rest, "|");

	assert_non_null(f);
	return f;
}

static void
put(struct table *t, const char *name, enum vb_type type, const char *text)
{
	struct oid o, v = { .n = 0 };
	struct varbind vb;

	assert_int_equal(oid_parse(name, &o), 0);
	vb = (struct varbind){ .oid = o.id, .oid_n = o.n, .type = type, .bytes = (const uint8_t *)text, .len = strlen(text) };
	if (type == VB_OID) {
		assert_int_equal(oid_parse(text, &v), 0);
		vb.ids = v.id;
		vb.len = v.n;
	}
	assert_int_equal(table_put(t, &vb), 0);
}

static void
line_ends(char *s)
{
	char *at;

	while ((at = strstr(s, "\\n")) != NULL) {
		*at = '\n';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
}

/* How many fields of this line are not what it says. */
static unsigned
judge(const struct profiles *p, char *line)
{
	static const unsigned facts[] = { FACT_CLASS, FACT_VENDOR, FACT_OS, FACT_VERSION, FACT_MODEL };
	struct table *t = table_new(10, 1 << 16);
	char *rest = line, *object = field(&rest), *descr = field(&rest), *want;
	struct facts_found found;
	unsigned i, bad = 0;

	assert_non_null(t);
	line_ends(descr);
	put(t, "1.3.6.1.2.1.1.1.0", VB_OCTETS, descr);
	put(t, "1.3.6.1.2.1.1.2.0", VB_OID, object);
	profiles_find(p, t, &found);
	for (i = 0; i < 5; i++) {
		want = field(&rest);
		if (strcmp(want, "-") == 0 || strcmp(strcmp(want, "?") == 0 ? "" : want, found.value[facts[i]]) == 0)
			continue;
		print_message("%s %.60s: want %s, got \"%s\" by %s\n", object, descr, want, found.value[facts[i]], found.rule[facts[i]]);
		bad++;
	}
	table_free(t);
	return bad;
}

static void
devices_of_many_makers_are_told_by_what_they_call_themselves(void **state)
{
	char why[4000], line[2000];
	struct profiles *p = profiles_load("share/profiles", why, sizeof(why));
	FILE *f = fopen("test/data/snmp/kinds.txt", "r");
	unsigned bad = 0, n = 0;

	(void)state;
	assert_string_equal(why, "");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		bad += judge(p, line);
		n++;
	}
	fclose(f);
	profiles_free(p);
	assert_true(n > 80);
	assert_int_equal(bad, 0);
}

/* A block of makers.txt: lines of a recording, then "= field value". How many are not what they should be. */
static unsigned
judge_block(const struct profiles *p, const char *recording, char *expected)
{
	static const char *const names[FACTS] = { "class", "vendor", "os", "version", "model", "serial" };
	struct table *t = table_new(100, 1 << 16);
	char why[200], *line, *want;
	struct facts_found found;
	unsigned i, bad = 0;

	assert_non_null(t);
	if (snmprec_read(t, recording, strlen(recording), why, sizeof(why)) < 0)
		fail_msg("%s: %s", recording, why);
	profiles_find(p, t, &found);
	while ((line = strsep(&expected, "\n")) != NULL && *line != '\0') {
		want = strchr(line + 2, ' ');
		assert_non_null(want);
		*want++ = '\0';
		for (i = 0; i < FACTS && strcmp(names[i], line + 2) != 0; i++)
			;
		assert_true(i < FACTS);
		if (strcmp(strcmp(want, "-") == 0 ? "" : want, found.value[i]) != 0) {
			print_message("%.60s: %s: want %s, got \"%s\" by %s\n", recording, line + 2, want, found.value[i], found.rule[i]);
			bad++;
		}
	}
	table_free(t);
	return bad;
}

static void
what_stands_below_the_numbers_of_a_maker_is_found(void **state)
{
	char why[4000], line[500], recording[4000] = "", expected[2000] = "";
	struct profiles *p = profiles_load("share/profiles", why, sizeof(why));
	FILE *f = fopen("test/data/snmp/makers.txt", "r");
	unsigned bad = 0, n = 0;
	bool more = true;
	char *into;

	(void)state;
	assert_non_null(f);
	while (more) {
		more = fgets(line, sizeof(line), f) != NULL;
		if (more && line[0] == '#')
			continue;
		if (more && line[0] != '\n') {
			into = line[0] == '=' ? expected : recording;
			strncat(into, line, (into == expected ? sizeof(expected) : sizeof(recording)) - strlen(into) - 1);
			continue;
		}
		if (recording[0] != '\0') {
			bad += judge_block(p, recording, expected);
			n++;
		}
		recording[0] = expected[0] = '\0';
	}
	fclose(f);
	profiles_free(p);
	assert_true(n >= 20);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_rows_that_match_apply_and_the_first_value_stays),
		cmocka_unit_test(conditions_counts_and_texts_of_ones_own),
		cmocka_unit_test(a_row_is_nothing_where_another_has_said_what_it_would),
		cmocka_unit_test(the_chassis_speaks_for_the_whole),
		cmocka_unit_test(names_may_go_on_where_the_device_ends),
		cmocka_unit_test(a_mistake_names_its_line_and_leaves_out_its_row_only),
		cmocka_unit_test(what_a_rule_names_is_asked_once_and_only_where_it_can_be),
		cmocka_unit_test(a_recording_tells_which_line_is_none),
		cmocka_unit_test(devices_of_many_makers_are_told_by_what_they_call_themselves),
		cmocka_unit_test(what_stands_below_the_numbers_of_a_maker_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

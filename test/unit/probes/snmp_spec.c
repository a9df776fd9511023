/* SPDX-License-Identifier: Apache-2.0 */
/* oid_spec_list: its lines, its children and what they are filtered by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "snmp/spec.h"

/* "line KIND OID", then its children: "name", "name=value", "+" in front of one more filter of a column. */
static void
reads(const char *text, const char *want)
{
	static const char *const kinds[] = { "walk", "get", "table" }, *const signs[] = { "", "=", "!=", "#" };
	struct names *names = names_new();
	char why[200] = "", got[1000] = "", oid[OID_TEXT_MAX];
	struct spec s;
	unsigned i, k;
	size_t at = 0;

	assert_non_null(names);
	if (spec_read(&s, names, text, why, sizeof(why)) < 0)
		at = (size_t)snprintf(got, sizeof(got), "%s", why);
	for (i = 0; at == 0 && why[0] == '\0' && i < s.nlines; i++) {
		oid_text(s.lines[i].oid.id, s.lines[i].oid.n, oid, sizeof(oid));
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%s %.300s]", kinds[s.lines[i].kind], s.lines[i].kind == SPEC_GET ? "" : oid);
		for (k = s.lines[i].first; k < s.lines[i].first + s.lines[i].n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), " %s%s%s%s", s.children[k].again ? "+" : "", s.children[k].name,
			    signs[s.children[k].filter], s.children[k].value);
	}
	assert_string_equal(got, want);
	spec_free(&s);
	names_free(names);
}

static void
lines_are_read_as_they_are_described(void **state)
{
	(void)state;
	reads("walk system\n\n  // nothing\nwalk 2.1.2.2 // put below internet\n", "[walk 1.3.6.1.2.1.1][walk 1.3.6.1.2.1.2.2]");
	reads("walk iso.org.dod.internet.mgmt.mib-2.interfaces", "[walk 1.3.6.1.2.1.2]");
	reads("table ifTable ifDescr,ifEntry.ifType, 5", "[table 1.3.6.1.2.1.2.2] ifDescr ifType ifSpeed");
	reads("get sysName.0,1.3.6.1.2.1.1.3.0", "[get ] sysName.0 sysUpTime.0");
}

static void
a_column_may_have_several_filters(void **state)
{
	(void)state;
	reads("table ifTable ifDescr,ifType(=6)", "[table 1.3.6.1.2.1.2.2] ifDescr ifType=6");
	reads("table ifTable ifType(=6)(=117) (!=24),ifDescr", "[table 1.3.6.1.2.1.2.2] ifType=6 +ifType=117 +ifType!=24 ifDescr");
	reads("table ifTable ifDescr,ifType(=6),ifType(=117),ifDescr(#eth)", "[table 1.3.6.1.2.1.2.2] ifDescr ifType=6 +ifType=117 +ifDescr#eth");
	reads("table ifTable ifDescr(=unit 1, port (2)),ifIndex", "[table 1.3.6.1.2.1.2.2] ifDescr=unit 1, port (2) ifIndex");
}

static void
what_is_none_says_why(void **state)
{
	(void)state;
	reads("", "oid_spec_list: there is nothing in it: ");
	reads("look system", "oid_spec_list: a line begins with walk, table or get: look system");
	reads("walk noSuchThing", "oid_spec_list: no such name is known: walk noSuchThing");
	reads("table ifTable", "oid_spec_list: which children?: table ifTable");
	reads("table ifTable ifDescr(=a", "oid_spec_list: a filter without its end: ifDescr(=a");
	reads("table ifTable ifDescr(a)", "oid_spec_list: a filter is (=value), (!=value) or (#part): a)");
	reads("table ifTable ifDescr(=a)b", "oid_spec_list: a filter is (=value), (!=value) or (#part): ifDescr(=a)b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_they_are_described),
		cmocka_unit_test(a_column_may_have_several_filters),
		cmocka_unit_test(what_is_none_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

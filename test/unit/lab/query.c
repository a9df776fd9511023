/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operator of an encoded query, asked of five known rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

/* Wednesday 2026-04-08 10:30:00 */
static int64_t
fixed_clock(void)
{
	return (int64_t)1775644200 * 1000;
}

static void
put(struct db *db, const char *table, const char *json)
{
	struct json_object *o = json_tokener_parse(json);

	assert_non_null(o);
	assert_int_equal(db_insert(db, table, o, NULL), 0);
	json_object_put(o);
}

static const struct {
	const char *name, *type, *reference;
} columns[] = {
	{ "name", "string", "" },
	{ "size", "integer", "" },
	{ "open", "boolean", "" },
	{ "seen", "glide_date_time", "" },
	{ "twin", "string", "" },
	{ "owner", "reference", "sys_user" },
};

static int
rows_made(void **state)
{
	struct db *db;
	char *why;
	size_t i;

	assert_int_equal(db_open(&db, ":memory:", &why), 0);
	db_set_clock(db, fixed_clock);
	db_create_table(db, "sys_user", NULL, "User");
	db_create_column(db, "sys_user", "name", "string", "", 40);
	db_create_table(db, "box", NULL, "Box");
	for (i = 0; i < COUNT(columns); i++)
		assert_int_equal(db_create_column(db, "box", columns[i].name,
		    columns[i].type, columns[i].reference, 100), 0);
	put(db, "sys_user", "{\"sys_id\":\"0000000000000000000000000000aaaa\","
	    "\"name\":\"Ada\"}");
	put(db, "box", "{\"name\":\"alpha\",\"size\":\"9\",\"open\":true,"
	    "\"seen\":\"2026-04-08 09:00:00\",\"twin\":\"alpha\","
	    "\"owner\":\"0000000000000000000000000000aaaa\"}");
	put(db, "box", "{\"name\":\"beta\",\"size\":\"10\",\"open\":false,"
	    "\"seen\":\"2026-04-07 12:00:00\",\"twin\":\"x\"}");
	put(db, "box", "{\"name\":\"gamma_1\",\"size\":\"100\","
	    "\"seen\":\"2026-03-15 00:00:00\"}");
	put(db, "box", "{\"name\":\"gammax1\",\"size\":\"\"}");
	put(db, "box", "{\"name\":\"a^b\",\"size\":\"2\"}");
	*state = db;
	return 0;
}

static int
rows_gone(void **state)
{
	db_close(*state);
	return 0;
}

/* The first letters of the names found, in the order found. */
static void
finds(void **state, const char *query, const char *want)
{
	struct json_object *rows;
	char got[16] = "";
	size_t i;

	assert_int_equal(db_query(*state, "box", query, 0, &rows), 0);
	assert_in_range(json_object_array_length(rows), 0, 10);
	for (i = 0; i < json_object_array_length(rows); i++) {
		const char *n = json_str(json_object_array_get_idx(rows, i),
		    "name", "");

		got[i] = n[1] == '^' ? '^' : strchr(n, 'x') ? 'x' : n[0];
	}
	json_object_put(rows);
	assert_string_equal(got, want);
}

/* Letters: a alpha, b beta, g gamma_1, x gammax1, ^ a^b. */
static const struct {
	const char *query, *want;
} operators[] = {
	{ "", "abgx^" },
	{ "name=beta", "b" },
	{ "name=BETA", "b" },
	{ "name!=beta", "agx^" },
	{ "name=a^^b", "^" },
	{ "size<10", "a^" },
	{ "size>9", "bg" },
	{ "size<=10", "ab^" },
	{ "size>=10", "bg" },
	{ "sizeBETWEEN9@10", "ab" },
	{ "sizeISEMPTY", "x" },
	{ "sizeISNOTEMPTY", "abg^" },
	{ "sizeEMPTYSTRING", "x" },
	{ "sizeANYTHING", "abgx^" },
	{ "nameSAMEAStwin", "a" },
	{ "nameNSAMEAStwin", "bgx^" },
	{ "nameSTARTSWITHga", "gx" },
	{ "nameENDSWITHa", "ab" },
	{ "name%a", "ab" },
	{ "nameLIKEmm", "gx" },
	{ "name*mm", "gx" },
	{ "nameLIKEa_1", "g" },
	{ "nameNOT LIKEmm", "ab^" },
	{ "name!*mm", "ab^" },
	{ "nameINalpha,beta", "ab" },
	{ "nameNOT INalpha,beta", "gx^" },
	{ "open=true", "a" },
	{ "seen>2026-04-07 12:00:00", "a" },
	{ "seen<2026-04-08", "bg" },
	{ "seenBETWEEN2026-04-01@2026-04-07 23:59:59", "b" },
	{ "seenON2026-04-08", "a" },
	{ "seenONToday@javascript:gs.beginningOfToday()@"
	  "javascript:gs.endOfToday()", "a" },
	{ "seenNOTON2026-04-08", "bgx^" },
	{ "seenRELATIVEGT@hour@ago@2", "a" },
	{ "seenRELATIVELT@day@ago@2", "g" },
	{ "seenRELATIVEGE@month@ago@1", "abg" },
	{ "seenRELATIVELE@day@ago@1", "g" },
	{ "seenRELATIVEEE@day@ago@1", "b" },
	{ "seenDATEPARTTuesday@javascript:gs.datePart('dayofweek','tuesday',"
	  "'EE')", "b" },
	{ "seenDATEPARTMarch@javascript:gs.datePart('month','march','EE')",
	  "g" },
	{ "seen>=javascript:gs.daysAgoStart(1)", "ab" },
	{ "seen>javascript:gs.hoursAgo(2)", "a" },
	{ "seen>=javascript:gs.beginningOfLastMonth()^"
	  "seen<=javascript:gs.endOfLastMonth()", "g" },
	{ "seen>javascript:gs.dateGenerate('2026-04-08','start')", "a" },
	{ "owner.name=Ada", "a" },
	{ "ownerLIKEad", "a" },
	{ "ownerISNOTEMPTY", "a" },
};

static void
each_operator_finds_its_rows(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(operators); i++)
		finds(state, operators[i].query, operators[i].want);
}

static void
or_binds_to_the_condition_before(void **state)
{
	finds(state, "size>5^name=alpha^ORname=a^^b", "a");
	finds(state, "name=alpha^ORname=beta^size>9", "b");
}

static void
nq_starts_a_whole_new_query(void **state)
{
	finds(state, "name=alpha^size=9^NQname=beta", "ab");
	finds(state, "name=alpha^size=1^NQname=beta^size=10", "b");
}

static void
rows_come_in_the_order_asked_for(void **state)
{
	finds(state, "sizeISNOTEMPTY^ORDERBYsize", "^abg");
	finds(state, "sizeISNOTEMPTY^ORDERBYDESCsize", "gba^");
	finds(state, "ORDERBYDESCopen^ORDERBYDESCname", "abxg^");
}

static void
a_condition_it_cannot_read_is_dropped(void **state)
{
	finds(state, "nmae=beta", "abgx^");
	finds(state, "name=beta^sizeFOO1", "b");
	finds(state, "size<ten^name=beta", "b");
	finds(state, "nmae=beta^ORname=alpha", "a");
	finds(state, "seen>javascript:evil()^name=beta", "b");
	finds(state, "^name=beta^", "b");
}

static void
a_dropped_condition_can_mean_no_rows(void **state)
{
	db_create_table(*state, "sys_properties", NULL, "Property");
	db_create_column(*state, "sys_properties", "name", "string", "", 0);
	db_create_column(*state, "sys_properties", "value", "string", "", 0);
	put(*state, "sys_properties", "{\"name\":"
	    "\"glide.invalid_query.returns_no_rows\",\"value\":\"true\"}");
	finds(state, "nmae=beta", "");
	finds(state, "name=beta", "b");
}

static void
text_of_a_query_never_becomes_sql(void **state)
{
	finds(state, "name='; DROP TABLE box; --", "");
	finds(state, "name\"=1) OR 1=1 --=x^name=beta", "b");
	finds(state, "ORDERBYname; DROP TABLE box", "abgx^");
	finds(state, "nameINa','b", "");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rows_made, rows_gone)
	const struct CMUnitTest tests[] = {
		T(each_operator_finds_its_rows),
		T(or_binds_to_the_condition_before),
		T(nq_starts_a_whole_new_query),
		T(rows_come_in_the_order_asked_for),
		T(a_condition_it_cannot_read_is_dropped),
		T(a_dropped_condition_can_mean_no_rows),
		T(text_of_a_query_never_becomes_sql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

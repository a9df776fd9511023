/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is recognised by what: the Hardware Rule step by step, and several
 * records that fit.
 */
#include "ire_ask.h"

/* --- the Hardware Rule ----------------------------------------------------------------- */

static void
lookup_of_a_serial_number_comes_first(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'name':'a'", ",'lookup':[" SERIAL("S", "system") "]"),
	    SERVER("'name':'b'", ",'lookup':[" SERIAL("S", "system") "]"));

	assert_last_attempt(b, 0, "cmdb_serial_number", "MATCHED");
	assert_string_equal(op(b, 0), "UPDATE");
	json_object_put(b);
}

static void
a_uuid_identifies_by_lookup(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'name':'a'", ",'lookup':[" SERIAL("U", "uuid") "]"),
	    SERVER("'name':'b'", ",'lookup':[" SERIAL("U", "uuid") "]"));

	assert_last_attempt(b, 0, "cmdb_serial_number", "MATCHED");
	json_object_put(b);
}

static void
a_serial_number_of_another_type_is_another_machine(void **state)
{
	struct json_object *a = apply(*state, SERVER("'name':'a'",
	    ",'lookup':[" SERIAL("S", "system") "]"));
	struct json_object *b = apply(*state, SERVER("'name':'b'",
	    ",'lookup':[" SERIAL("S", "chassis") "]"));

	assert_string_equal(op(b, 0), "INSERT");
	json_object_put(a);
	json_object_put(b);
}

static void
lookup_wants_just_as_many_numbers(void **state)
{
	struct json_object *a = apply(*state, SERVER("'name':'a'",
	    ",'lookup':[" SERIAL("S", "system") "," SERIAL("C", "chassis") "]"));
	struct json_object *b = apply(*state, SERVER("'name':'b'",
	    ",'lookup':[" SERIAL("S", "system") "]"));

	assert_string_equal(op(b, 0), "INSERT");
	assert_string_not_equal(id(a, 0), id(b, 0));
	json_object_put(a);
	json_object_put(b);
}

static void
a_number_marked_absent_is_not_looked_up(void **state)
{
	struct json_object *a = apply(*state, SERVER("'name':'a'",
	    ",'lookup':[{'className':'cmdb_serial_number','values':"
	    "{'serial_number':'S','serial_number_type':'system',"
	    "'absent':'true'}}]"));
	struct json_object *b = apply(*state, SERVER("'name':'b'",
	    ",'lookup':[" SERIAL("S", "system") "]"));

	assert_string_equal(op(b, 0), "INSERT");
	json_object_put(a);
	json_object_put(b);
}

static void
own_serial_number_comes_second(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'name':'a','serial_number':'S'", ""),
	    SERVER("'name':'b','serial_number':'S'", ""));

	assert_last_attempt(b, 0, "cmdb_ci_hardware", "MATCHED");
	json_object_put(b);
}

static void
the_name_comes_third_whatever_its_case(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'name':'WEB7'", ""),
	    SERVER("'name':'web7','serial_number':'S'", ""));

	assert_last_attempt(b, 0, "cmdb_ci_hardware", "MATCHED");
	json_object_put(b);
}

static void
an_adapter_with_address_and_mac_comes_last(void **state)
{
	struct json_object *a = apply(*state, host);
	struct json_object *b = apply(*state, SERVER("'name':'new'",
	    ",'lookup':[" ADAPTER("192.0.2.7", "52:54:00:aa:01:07") "]"));
	struct json_object *c = apply(*state, SERVER("'name':'other'",
	    ",'lookup':[" ADAPTER("192.0.2.7", "52:54:00:aa:01:08") "]"));

	assert_string_equal(id(a, 0), id(b, 0));
	assert_last_attempt(b, 0, "cmdb_ci_network_adapter", "MATCHED");
	assert_string_equal(op(c, 0), "INSERT");
	json_object_put(a);
	json_object_put(b);
	json_object_put(c);
}

static void
a_retired_adapter_identifies_nobody(void **state)
{
	struct json_object *a = apply(*state, host), *b;
	struct json_object *o = parse("{'install_status':'7'}");

	assert_int_equal(db_update(*state, "cmdb_ci", id(a, 1), o), 0);
	b = apply(*state, SERVER("'name':'new'", ",'lookup':["
	    ADAPTER("192.0.2.7", "52:54:00:aa:01:07") "]"));
	assert_string_equal(op(b, 0), "INSERT");
	json_object_put(o);
	json_object_put(a);
	json_object_put(b);
}

static void
a_rule_changed_by_the_user_counts_at_once(void **state)
{
	struct json_object *row, *o = parse("{'active':'false'}"), *a, *b;

	assert_int_equal(db_first(*state, "cmdb_identifier_entry",
	    "attributes=name^table=cmdb_ci_hardware", &row), 0);
	assert_int_equal(db_update(*state, "cmdb_identifier_entry",
	    json_str(row, "sys_id", ""), o), 0);
	a = apply(*state, SERVER("'name':'a','serial_number':'1'", ""));
	b = apply(*state, SERVER("'name':'a','serial_number':'2'", ""));
	assert_string_equal(op(b, 0), "INSERT");
	json_object_put(row);
	json_object_put(o);
	json_object_put(a);
	json_object_put(b);
}

/* --- several matches ------------------------------------------------------------------- */

static void
make_servers(struct db *db, int n, char oldest[SYS_ID_LEN + 1])
{
	struct json_object *o = parse("{'name':'twin'}");

	while (n-- > 0) {
		now -= 5000;
		assert_int_equal(db_insert(db, "cmdb_ci_linux_server", o,
		    oldest), 0);
	}
	json_object_put(o);
}

static void
of_a_few_matches_the_oldest_wins_and_somebody_is_asked(void **state)
{
	char oldest[SYS_ID_LEN + 1];
	struct json_object *a;

	make_servers(*state, 4, oldest);
	a = apply(*state, SERVER("'name':'twin'", ""));
	assert_string_equal(id(a, 0), oldest);
	assert_last_attempt(a, 0, "cmdb_ci_hardware", "MULTI_MATCH");
	assert_int_equal(rows(*state, "reconcile_duplicate_task", ""), 1);
	assert_int_equal(rows(*state, "duplicate_audit_result", ""), 4);
	json_object_put(a);
	json_object_put(apply(*state, SERVER("'name':'twin'", "")));
	assert_int_equal(rows(*state, "reconcile_duplicate_task", ""), 1);
}

static void
five_matches_are_an_error(void **state)
{
	char oldest[SYS_ID_LEN + 1];
	struct json_object *a;

	make_servers(*state, 5, oldest);
	a = apply(*state, SERVER("'name':'twin'", ""));
	assert_string_equal(error(a, 0), "MULTIPLE_DUPLICATE_RECORDS");
	assert_string_equal(id(a, 0), "Unknown");
	json_object_put(a);
}

static void
a_known_duplicate_is_not_matched(void **state)
{
	char first[SYS_ID_LEN + 1], second[SYS_ID_LEN + 1];
	struct json_object *a, *o = json_object_new_object();

	make_servers(*state, 1, first);
	make_servers(*state, 1, second);
	json_put(o, "duplicate_of", first);
	assert_int_equal(db_update(*state, "cmdb_ci", second, o), 0);
	a = apply(*state, SERVER("'name':'twin'", ""));
	assert_string_equal(id(a, 0), first);
	assert_last_attempt(a, 0, "cmdb_ci_hardware", "MATCHED");
	json_object_put(a);
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lookup_of_a_serial_number_comes_first),
		TEST(a_uuid_identifies_by_lookup),
		TEST(a_serial_number_of_another_type_is_another_machine),
		TEST(lookup_wants_just_as_many_numbers),
		TEST(a_number_marked_absent_is_not_looked_up),
		TEST(own_serial_number_comes_second),
		TEST(the_name_comes_third_whatever_its_case),
		TEST(an_adapter_with_address_and_mac_comes_last),
		TEST(a_retired_adapter_identifies_nobody),
		TEST(a_rule_changed_by_the_user_counts_at_once),
		TEST(of_a_few_matches_the_oldest_wins_and_somebody_is_asked),
		TEST(five_matches_are_an_error),
		TEST(a_known_duplicate_is_not_matched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

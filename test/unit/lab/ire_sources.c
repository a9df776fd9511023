/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose word counts when several sources know a CI, and the history of values.
 */
#include "ire_ask.h"
#include "audit.h"

#define HOST(values) "{'items':[{'className':'cmdb_ci_linux_server'," \
	"'values':{" values "}}]}"

static struct json_object *
from(struct db *db, const char *source, const char *payload)
{
	struct ire_options opt = { .data_source = source };

	return apply_with(db, &opt, payload, 0);
}

static const char *
warning(struct json_object *answer)
{
	struct json_object *o;

	json_object_object_get_ex(answer, "items", &o);
	o = json_object_array_get_idx(o, 0);
	json_object_object_get_ex(o, "warnings", &o);
	return json_str(json_object_array_get_idx(o, 0), "message", "");
}

static void
a_lower_source_does_not_overwrite_and_is_told(void **state)
{
	struct json_object *a = from(*state, "midd",
	    HOST("'name':'a','serial_number':'1','os':'Debian'"));
	struct json_object *b = from(*state, "ImportSet",
	    HOST("'serial_number':'1','os':'Windows','asset_tag':'A7'"));

	assert_string_equal(op(b, 0), "UPDATE");
	assert_field(*state, "cmdb_ci_linux_server", id(a, 0), "os", "Debian");
	assert_field(*state, "cmdb_ci", id(a, 0), "asset_tag", "A7");
	assert_string_equal(warning(b), "os: \"Debian\" is the word of midd,"
	    " which ImportSet may not overwrite; left as it is");
	assert_field(*state, "cmdb_ci", id(a, 0), "discovery_source", "midd");
	json_object_put(a);
	json_object_put(b);
}

static void
a_higher_source_overwrites_and_is_not_overwritten_after(void **state)
{
	struct json_object *a = from(*state, "ImportSet",
	    HOST("'name':'a','serial_number':'1','os':'Windows'"));

	json_object_put(from(*state, "midd",
	    HOST("'serial_number':'1','os':'Debian'")));
	assert_field(*state, "cmdb_ci_linux_server", id(a, 0), "os", "Debian");
	assert_field(*state, "cmdb_ci", id(a, 0), "discovery_source", "midd");
	json_object_put(from(*state, "ImportSet",
	    HOST("'serial_number':'1','os':'Windows'")));
	assert_field(*state, "cmdb_ci_linux_server", id(a, 0), "os", "Debian");
	json_object_put(a);
}

static void
a_lower_source_does_not_move_a_ci_to_another_class(void **state)
{
	struct json_object *a = from(*state, "midd",
	    HOST("'name':'a','serial_number':'1'")), *b, *row;

	b = from(*state, "SG-Import", "{'items':[{'className':"
	    "'cmdb_ci_win_server','values':{'serial_number':'1'}}]}");
	assert_string_equal(op(b, 0), "NO_CHANGE");
	assert_int_equal(db_get(*state, "cmdb_ci", id(a, 0), &row), 0);
	assert_string_equal(json_str(row, "sys_class_name", ""),
	    "cmdb_ci_linux_server");
	json_object_put(row);
	json_object_put(a);
	json_object_put(b);
}

static void
what_a_person_says_of_the_owner_stays(void **state)
{
	struct json_object *a = from(*state, "midd",
	    HOST("'name':'a','serial_number':'1','environment':'test'"));
	struct json_object *typed = parse("{'environment':'production'}");

	assert_int_equal(audit_typed(*state, "cmdb_ci_linux_server", id(a, 0),
	    typed), 0);
	assert_int_equal(db_update(*state, "cmdb_ci", id(a, 0), typed), 0);
	json_object_put(from(*state, "midd",
	    HOST("'serial_number':'1','environment':'test'")));
	assert_field(*state, "cmdb_ci", id(a, 0), "environment", "production");
	json_object_put(typed);
	json_object_put(a);
}

static void
a_nearer_row_decides(void **state)
{
	struct json_object *row = parse("{'name':'x','applies_to':"
	    "'cmdb_ci_server','attributes':'os','discovery_source':'ImportSet',"
	    "'priority':'10','active':'true'}");
	struct json_object *a = from(*state, "midd",
	    HOST("'name':'a','serial_number':'1','os':'Debian','ram':'1'"));

	assert_int_equal(db_insert(*state, "cmdb_reconciliation_definition",
	    row, NULL), 0);
	json_object_put(from(*state, "ImportSet",
	    HOST("'serial_number':'1','os':'Windows','ram':'2'")));
	assert_field(*state, "cmdb_ci_linux_server", id(a, 0), "os", "Windows");
	assert_field(*state, "cmdb_ci_linux_server", id(a, 0), "ram", "1");
	json_object_put(row);
	json_object_put(a);
}

static void
history_has_each_change_once(void **state)
{
	struct json_object *a = from(*state, "midd",
	    HOST("'name':'a','serial_number':'1','ram':'1024'")), *row;
	int i;

	for (i = 0; i < 2; i++)
		json_object_put(from(*state, "midd",
		    HOST("'serial_number':'1','ram':'2048'")));
	assert_int_equal(rows(*state, "sys_audit", ""), 2);
	assert_int_equal(rows(*state, "sys_audit", "fieldname=*"), 1);
	assert_int_equal(db_first(*state, "sys_audit", "fieldname=ram", &row),
	    0);
	assert_string_equal(json_str(row, "oldvalue", ""), "1024");
	assert_string_equal(json_str(row, "newvalue", ""), "2048");
	assert_string_equal(json_str(row, "u_source", ""), "midd");
	assert_string_equal(json_str(row, "documentkey", ""), id(a, 0));
	json_object_put(row);
	json_object_put(a);
}

static void
a_dry_run_leaves_no_history(void **state)
{
	struct ire_options opt = { .data_source = "midd", .dry_run = true };

	json_object_put(apply_with(*state, &opt, HOST("'name':'a'"), 0));
	assert_int_equal(rows(*state, "sys_audit", ""), 0);
}


int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lower_source_does_not_overwrite_and_is_told),
		TEST(a_higher_source_overwrites_and_is_not_overwritten_after),
		TEST(a_lower_source_does_not_move_a_ci_to_another_class),
		TEST(what_a_person_says_of_the_owner_stays),
		TEST(a_nearer_row_decides),
		TEST(history_has_each_change_once),
		TEST(a_dry_run_leaves_no_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

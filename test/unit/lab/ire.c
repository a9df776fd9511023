/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done with a payload: each operation, and payloads that are odd.
 */
#include "ire_ask.h"

/* --- operations --------------------------------------------------------------------- */

static void
the_same_payload_twice_is_no_change(void **state)
{
	struct json_object *a = apply(*state, host), *b = apply(*state, host);
	size_t i;

	for (i = 0; i < 4; i++) {
		assert_string_equal(op(a, i), "INSERT");
		assert_string_equal(op(b, i), "NO_CHANGE");
		assert_string_equal(id(a, i), id(b, i));
	}
	for (i = 0; i < 2; i++) {
		assert_string_equal(json_str(relation(a, i), "operation", ""),
		    "INSERT");
		assert_string_equal(json_str(relation(b, i), "operation", ""),
		    "NO_CHANGE");
	}
	assert_int_equal(rows(*state, "cmdb_serial_number", ""), 2);
	assert_int_equal(rows(*state, "sys_object_source", ""), 1);
	assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 2);
	assert_int_equal(rows(*state, "core_company", "name=ACME"), 1);
	json_object_put(a);
	json_object_put(b);
}

static void
seeing_a_ci_again_is_noted_but_is_no_modification(void **state)
{
	struct json_object *a = apply(*state, host), *row;
	char last[DATE_SIZE];

	json_object_put(apply(*state, host));
	date_format(last, now / 1000);
	assert_int_equal(db_get(*state, "cmdb_ci", id(a, 0), &row), 0);
	assert_string_equal(json_str(row, "last_discovered", ""), last);
	assert_string_not_equal(json_str(row, "first_discovered", ""), last);
	assert_string_equal(json_str(row, "discovery_source", ""), "midd");
	assert_string_equal(json_str(row, "sys_mod_count", ""), "0");
	json_object_put(row);
	json_object_put(a);
}

static void
a_changed_value_is_an_update_of_that_value_alone(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'name':'a','serial_number':'1','ram':'1024','os':'Debian'", ""),
	    SERVER("'serial_number':'1','ram':'2048','os':''", ""));

	assert_string_equal(op(b, 0), "UPDATE");
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "ram", "2048");
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "os", "Debian");
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "name", "a");
	json_object_put(b);
}

static void
a_value_longer_than_its_column_is_no_change_the_second_time(void **state)
{
	char text[1024], name[600];
	struct json_object *b;

	/* Two bytes a character, so that cutting counts characters. */
	memset(name, 0, sizeof(name));
	while (strlen(name) < 590)
		strcat(name, "\xc3\xa9");
	(void)snprintf(text, sizeof(text), SERVER("'serial_number':'1',"
	    "'name':'%s'", ""), name);
	b = assert_same_ci(*state, text, text);
	assert_string_equal(op(b, 0), "NO_CHANGE");
	json_object_put(b);
}

static void
a_more_special_class_upgrades_the_record(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    "{'items':[{'className':'cmdb_ci_computer',"
	    "'values':{'name':'x','serial_number':'1'}}]}",
	    SERVER("'serial_number':'1'", ""));

	assert_string_equal(op(b, 0), "UPDATE_WITH_UPGRADE");
	assert_field(*state, "cmdb_ci", id(b, 0), "sys_class_name",
	    "cmdb_ci_linux_server");
	json_object_put(b);
}

static void
a_setting_keeps_the_class_as_it_is(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'serial_number':'1'", ""),
	    "{'items':[{'className':'cmdb_ci_computer','values':"
	    "{'serial_number':'1','ram':'5'},"
	    "'settings':{'updateWithoutDowngrade':true}}]}");

	assert_string_equal(op(b, 0), "UPDATE");
	assert_field(*state, "cmdb_ci", id(b, 0), "sys_class_name",
	    "cmdb_ci_linux_server");
	json_object_put(b);
}

static void
another_branch_of_the_tree_is_a_switch(void **state)
{
	struct json_object *b = assert_same_ci(*state,
	    SERVER("'serial_number':'1'", ""),
	    "{'items':[{'className':'cmdb_ci_win_server',"
	    "'values':{'serial_number':'1'}}]}");

	assert_string_equal(op(b, 0), "UPDATE_WITH_SWITCH");
	json_object_put(b);
}

static void
a_dry_run_says_what_would_be_and_leaves_nothing(void **state)
{
	const struct ire_options opt = { .data_source = "midd",
	    .dry_run = true };
	struct json_object *a = apply_with(*state, &opt, host, 0);

	assert_string_equal(op(a, 0), "INSERT");
	assert_string_equal(id(a, 0), "Unknown");
	assert_int_equal(rows(*state, "cmdb_ci", ""), 0);
	assert_int_equal(rows(*state, "core_company", ""), 0);
	json_object_put(a);
}

/* --- payloads -------------------------------------------------------------------------------- */

static void
items_that_are_the_same_ci_are_merged_when_asked(void **state)
{
	static const char twice[] = "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a','ram':'1'}},"
	    "{'className':'cmdb_ci_linux_server','values':{'name':'a',"
	    "'ram':'2','os':'x'}}]}";
	struct ire_options opt = { .data_source = "midd" };
	struct json_object *a = apply(*state, twice), *b, *inputs;

	assert_string_equal(error(a, 1), "DUPLICATE_PAYLOAD_RECORDS");
	ire_options_parse(&opt, "deduplicate_payloads:true");
	b = apply_with(*state, &opt, twice, 0);
	assert_true(json_object_object_get_ex(item(b, 0), "inputIndices",
	    &inputs));
	assert_int_equal(json_object_array_length(inputs), 2);
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "ram", "1");
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "os", "x");
	json_object_put(a);
	json_object_put(b);
}

static void
a_circle_of_references_is_closed_afterwards(void **state)
{
	static const char ring[] = "{'items':["
	    "{'className':'cmdb_ci_server','values':{'name':'a'}},"
	    "{'className':'cmdb_ci_server','values':{'name':'b'}}],"
	    "'referenceItems':[{'referenceField':'dr_backup','referenced':1,"
	    "'referencedBy':0},{'referenceField':'dr_backup','referenced':0,"
	    "'referencedBy':1}]}";
	struct json_object *a = apply(*state, ring), *b = apply(*state, ring);

	assert_field(*state, "cmdb_ci_server", id(a, 0), "dr_backup", id(a, 1));
	assert_field(*state, "cmdb_ci_server", id(a, 1), "dr_backup", id(a, 0));
	assert_string_equal(op(b, 0), "NO_CHANGE");
	assert_string_equal(op(b, 1), "NO_CHANGE");
	json_object_put(a);
	json_object_put(b);
}

static void
an_unknown_source_changes_no_ci(void **state)
{
	const struct ire_options opt = { .data_source = "stranger" };
	struct json_object *a = apply_with(*state, &opt, host, 0);

	assert_string_equal(op(a, 0), "INSERT_AS_INCOMPLETE");
	assert_int_equal(rows(*state, "cmdb_ci", ""), 0);
	assert_int_equal(rows(*state, "cmdb_ire_incomplete_payloads", ""), 1);
	json_object_put(a);
}

static void
unknown_classes_and_bad_values_are_told(void **state)
{
	struct json_object *a, *b, *warnings;

	a = apply(*state, "{'items':[{'className':'cmdb_ci_spaceship',"
	    "'values':{'name':'a'}}]}");
	assert_string_equal(error(a, 0), "INVALID_INPUT_DATA");
	b = apply(*state, SERVER("'name':'a','ram':'much','wings':'2'", ""));
	assert_true(json_object_object_get_ex(item(b, 0), "warnings",
	    &warnings));
	assert_int_equal(json_object_array_length(warnings), 2);
	assert_field(*state, "cmdb_ci_linux_server", id(b, 0), "ram", "");
	json_object_put(a);
	json_object_put(b);
}

static void
a_payload_that_makes_no_sense_is_refused_whole(void **state)
{
	static const char *const bad[] = {
		"{}", "{'items':{}}", "{'items':[1]}", "{'items':[{}]}",
		"{'items':[{'className':'cmdb_ci','values':[]}]}",
		("{'items':[{'className':'cmdb_ci','internal_id':'x'},"
		"{'className':'cmdb_ci','internal_id':'x'}]}"),
		"{'items':[],'referenceItems':[{}]}",
	};
	const struct ire_options opt = { .data_source = "midd" };
	struct json_object *a, *e;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		a = apply_with(*state, &opt, bad[i], IRE_E_BAD);
		assert_true(json_object_object_get_ex(a, "error", &e));
		assert_string_not_equal(json_str(e, "detail", ""), "");
		json_object_put(a);
	}
}

static void
too_many_items_are_refused(void **state)
{
	const struct ire_options opt = { .data_source = "midd" };
	struct json_object *payload = json_object_new_object();
	struct json_object *items = json_object_new_array(), *answer;
	int i;

	for (i = 0; i < 5001; i++)
		json_object_array_add(items, json_object_new_object());
	json_object_object_add(payload, "items", items);
	assert_int_equal(ire_apply(*state, payload, &opt, &answer), IRE_E_BAD);
	json_object_put(answer);
	json_object_put(payload);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_payload_twice_is_no_change),
		TEST(seeing_a_ci_again_is_noted_but_is_no_modification),
		TEST(a_changed_value_is_an_update_of_that_value_alone),
		TEST(a_value_longer_than_its_column_is_no_change_the_second_time),
		TEST(a_more_special_class_upgrades_the_record),
		TEST(a_setting_keeps_the_class_as_it_is),
		TEST(another_branch_of_the_tree_is_a_switch),
		TEST(a_dry_run_says_what_would_be_and_leaves_nothing),
		TEST(items_that_are_the_same_ci_are_merged_when_asked),
		TEST(a_circle_of_references_is_closed_afterwards),
		TEST(an_unknown_source_changes_no_ci),
		TEST(unknown_classes_and_bad_values_are_told),
		TEST(a_payload_that_makes_no_sense_is_refused_whole),
		TEST(too_many_items_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

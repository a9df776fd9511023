/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts are recognised by their host; what has none is kept or refused;
 * relations.
 */
#include "ire_ask.h"

/* --- parts ------------------------------------------------------------------------------- */

#define LONELY_DISK \
	"{'className':'cmdb_ci_disk','values':{'name':'sda'}}"

static void
a_part_without_its_host_is_an_error_of_that_item(void **state)
{
	struct json_object *a = apply(*state, "{'items':[" LONELY_DISK "]}");

	assert_string_equal(error(a, 0), "MISSING_DEPENDENCY");
	assert_int_equal(rows(*state, "cmdb_ci", ""), 0);
	json_object_put(a);
}

static void
one_bad_item_spoils_the_payload(void **state)
{
	struct json_object *a = apply(*state, "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'}}," LONELY_DISK "]}");

	assert_string_equal(error(a, 0), "ABANDONED");
	assert_string_equal(error(a, 1), "MISSING_DEPENDENCY");
	assert_int_equal(rows(*state, "cmdb_ci", ""), 0);
	json_object_put(a);
}

static void
partial_commits_keep_what_is_good(void **state)
{
	struct ire_options opt = { .data_source = "midd" };
	struct json_object *a;

	ire_options_parse(&opt, "partial_payloads:false,partial_commits:true");
	a = apply_with(*state, &opt, "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'}}," LONELY_DISK "]}",
	    0);
	assert_string_equal(op(a, 0), "INSERT");
	assert_string_equal(error(a, 1), "MISSING_DEPENDENCY");
	assert_int_equal(rows(*state, "cmdb_ci", ""), 1);
	json_object_put(a);
}

static void
partial_payloads_are_kept_once(void **state)
{
	struct ire_options opt = { .data_source = "midd" };
	struct json_object *a;
	int i;

	ire_options_parse(&opt, "partial_payloads:true");
	for (i = 0; i < 2; i++) {
		a = apply_with(*state, &opt, "{'items':[" LONELY_DISK
		    ",{'className':'cmdb_ci_linux_server','values':"
		    "{'os':'x'}}]}", 0);
		assert_string_equal(op(a, 0), "INSERT_AS_PARTIAL");
		assert_string_equal(op(a, 1), "INSERT_AS_INCOMPLETE");
		json_object_put(a);
	}
	assert_int_equal(rows(*state, "cmdb_ire_partial_payloads", ""), 1);
	assert_int_equal(rows(*state, "cmdb_ire_incomplete_payloads", ""), 1);
}

#define WITH_DISK(host_name, disk) \
	"{'items':[{'className':'cmdb_ci_linux_server','values':{'name':'" \
	host_name "'}},{'className':'cmdb_ci_disk','values':{" disk "}}]," \
	"'relations':[{'parent':0,'child':1,'type':'Contains::Contained by'}]}"

static void
the_same_part_of_two_hosts_is_two(void **state)
{
	struct json_object *a = apply(*state, WITH_DISK("a", "'name':'sda'"));
	struct json_object *b = apply(*state, WITH_DISK("b", "'name':'sda'"));

	assert_string_equal(op(b, 1), "INSERT");
	assert_string_not_equal(id(a, 1), id(b, 1));
	assert_field(*state, "cmdb_ci_disk", id(b, 1), "computer", id(b, 0));
	json_object_put(a);
	json_object_put(b);
}

static void
a_disk_with_a_serial_number_may_change_its_name(void **state)
{
	struct json_object *a = apply(*state,
	    WITH_DISK("a", "'name':'sda','serial_number':'D1'"));
	struct json_object *b = apply(*state,
	    WITH_DISK("a", "'name':'sdb','serial_number':'D1'"));

	assert_string_equal(op(b, 1), "UPDATE");
	assert_string_equal(id(a, 1), id(b, 1));
	json_object_put(a);
	json_object_put(b);
}

static void
an_application_is_known_by_what_it_runs_on(void **state)
{
	static const char app[] = "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'%s'}},"
	    "{'className':'cmdb_ci_web_server','values':{'name':'nginx'}}],"
	    "'relations':[{'parent':1,'child':0,'type':'Runs on::Runs'}]}";
	struct json_object *a[3];
	char text[512];
	int i;

	for (i = 0; i < 3; i++) {
		(void)snprintf(text, sizeof(text), app, i == 1 ? "b" : "a");
		a[i] = apply(*state, text);
	}
	assert_string_equal(op(a[1], 1), "INSERT");
	assert_string_equal(op(a[2], 1), "NO_CHANGE");
	assert_string_equal(id(a[0], 1), id(a[2], 1));
	for (i = 0; i < 3; i++)
		json_object_put(a[i]);
}

static void
mounts_that_differ_in_case_are_two(void **state)
{
	struct json_object *a = apply(*state, "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'},'related':["
	    "{'className':'cmdb_ci_file_system','values':{'name':'d',"
	    "'mount_point':'/data'}},{'className':'cmdb_ci_file_system',"
	    "'values':{'name':'D','mount_point':'/Data'}}]}]}");

	assert_int_equal(rows(*state, "cmdb_ci_file_system", ""), 2);
	json_object_put(a);
}

static void
related_rows_hang_on_their_item(void **state)
{
	static const char text[] = "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'},'related':["
	    "{'className':'cmdb_running_process','values':{'name':'sshd',"
	    "'command':'/usr/sbin/sshd -D','pid':'71'}}]}]}";
	struct json_object *a = apply(*state, text), *b = apply(*state, text);
	struct json_object *related;

	assert_true(json_object_object_get_ex(item(b, 0), "relatedItems",
	    &related));
	assert_string_equal(json_str(json_object_array_get_idx(related, 0),
	    "operation", ""), "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_running_process",
	    "computer.name=a"), 1);
	json_object_put(a);
	json_object_put(b);
}

/* --- relations ------------------------------------------------------------------------------ */

static void
a_relation_sent_twice_is_one(void **state)
{
	struct json_object *a = apply(*state, "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'}},{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'b'}}],'relations':["
	    "{'parent':0,'child':1,'type':'Depends on::Used by'},"
	    "{'parent':0,'child':1,'type':'Depends on::Used by'}]}");

	assert_string_equal(json_str(relation(a, 0), "operation", ""),
	    "INSERT");
	assert_string_equal(json_str(relation(a, 1), "operation", ""),
	    "NO_CHANGE");
	assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 1);
	json_object_put(a);
}

static void
a_relation_of_no_known_type_is_an_error(void **state)
{
	struct json_object *a = apply(*state, "{'items':[{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'a'}},{'className':"
	    "'cmdb_ci_linux_server','values':{'name':'b'}}],'relations':["
	    "{'parent':0,'child':1,'type':'Likes::Liked by'}]}");
	struct json_object *n;

	assert_true(json_object_object_get_ex(relation(a, 0), "errorCount",
	    &n));
	assert_int_equal(json_object_get_int(n), 1);
	assert_string_equal(error(a, 0), "ABANDONED");
	json_object_put(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_part_without_its_host_is_an_error_of_that_item),
		TEST(one_bad_item_spoils_the_payload),
		TEST(partial_commits_keep_what_is_good),
		TEST(partial_payloads_are_kept_once),
		TEST(the_same_part_of_two_hosts_is_two),
		TEST(a_disk_with_a_serial_number_may_change_its_name),
		TEST(an_application_is_known_by_what_it_runs_on),
		TEST(mounts_that_differ_in_case_are_two),
		TEST(related_rows_hang_on_their_item),
		TEST(a_relation_sent_twice_is_one),
		TEST(a_relation_of_no_known_type_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

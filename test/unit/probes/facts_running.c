/* SPDX-License-Identifier: Apache-2.0 */
/* Processes, sockets with their owners, services of both kinds, accounts. */
#include "facts_json.h"

#include "facts/parsers.h"

#define SERVER "test/data/server"

static void
reads_a_name_with_brackets_and_blanks(void **state)
{
	struct json_object *o = parsed_text(parse_proc_stat,
	    "7 (a) S (b) R 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 150 1");

	(void)state;
	assert_string_equal(text_at(o, "/name"), "a) S (b");
	assert_string_equal(text_at(o, "/state"), "running");
	assert_int_equal(number_at(o, "/ppid"), 1);
	assert_int_equal(number_at(o, "/threads"), 3);
	assert_string_equal(text_at(o, "/started_after_boot_s"), "1.500");
	assert_false(is_there(o, "/kernel"));
	json_object_put(o);
}

static void
refuses_a_stat_without_a_name(void **state)
{
	(void)state;
	json_object_put(parsed(parse_proc_stat, "", 0, -1));
	json_object_put(parsed(parse_proc_stat, "7 x S 1", 7, -1));
	json_object_put(parsed(parse_proc_stat, ") (", 3, -1));
}

static void
cuts_a_command_that_is_too_long(void **state)
{
	char line[6000];
	struct json_object *o;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[10] = '\0';
	o = parsed(parse_proc_cmdline, line, sizeof(line), 0);
	assert_string_equal(text_at(o, "/executable"), "xxxxxxxxxx");
	assert_int_equal(strlen(text_at(o, "/command")), 4096);
	assert_int_equal(text_at(o, "/command")[10], ' ');
	assert_string_equal(text_at(o, "/command_truncated"), "true");
	json_object_put(o);
}

static void
says_who_runs_what_since_when(void **state)
{
	struct json_object *o = collected(SERVER, "processes");
	struct json_object *web = item_with(o, "pid", "200");

	(void)state;
	assert_int_equal(number_at(o, "/count"), 4);
	assert_string_equal(text_at(web, "/name"), "web (main) x");
	assert_string_equal(text_at(web, "/user"), "www");
	assert_string_equal(text_at(web, "/command"),
	    "/usr/sbin/web -c /etc/web conf");
	assert_int_equal(number_at(web, "/rss_bytes"), 2048 * 1024);
	assert_int_equal(number_at(web, "/started_s"), 1700000123);
	assert_false(is_there(item_with(o, "pid", "300"), "/user"));
	json_object_put(o);
}

static void
tells_threads_of_the_kernel_from_processes(void **state)
{
	struct json_object *o = collected(SERVER, "processes");

	(void)state;
	assert_int_equal(number_at(o, "/kernel_threads"), 1);
	assert_string_equal(text_at(item_with(o, "pid", "400"), "/kernel"),
	    "true");
	assert_false(is_there(item_with(o, "pid", "300"), "/kernel"));
	json_object_put(o);
}

static void
reads_addresses_of_both_families(void **state)
{
	struct json_object *o = collected(SERVER, "sockets");
	struct json_object *six = item_with(o, "local_port", "443");

	(void)state;
	assert_string_equal(text_at(item_with(o, "local_port", "5432"),
	    "/local_address"), "127.0.0.1");
	assert_string_equal(text_at(six, "/local_address"), "2001:db8::1");
	assert_string_equal(text_at(six, "/remote_address"), "2001:db8::2");
	assert_int_equal(number_at(six, "/remote_port"), 0xc000);
	assert_string_equal(text_at(six, "/state"), "established");
	json_object_put(o);
}

static void
leaves_out_connections_that_are_ending(void **state)
{
	struct json_object *o = collected(SERVER, "sockets");
	char path[64];
	size_t i;

	(void)state;
	assert_int_equal(count_at(o, "/items"), 8);
	for (i = 0; i < count_at(o, "/items"); i++) {
		(void)snprintf(path, sizeof(path), "/items/%zu/remote_port", i);
		assert_int_not_equal(number_at(o, path), 0xc351);
	}
	json_object_put(o);
}

static void
finds_the_process_that_owns_a_socket(void **state)
{
	struct json_object *o = collected(SERVER, "sockets");
	struct json_object *db = item_with(o, "local_port", "5432");
	struct json_object *path = item_with(o, "path", "/run/web dir/web.sock");

	(void)state;
	assert_int_equal(number_at(db, "/pid"), 300);
	assert_string_equal(text_at(db, "/process"), "db");
	assert_int_equal(number_at(item_with(o, "local_port", "80"), "/pid"),
	    200);	/* 300 has it open too */
	assert_int_equal(number_at(path, "/pid"), 200);
	assert_false(is_there(item_with(o, "local_port", "22"), "/pid"));
	json_object_put(o);
}

static void
prefers_the_administrators_unit_file(void **state)
{
	struct json_object *o = collected(SERVER, "services");
	struct json_object *db = item_with(o, "name", "db.service");

	(void)state;
	assert_string_equal(text_at(db, "/exec"), "/opt/db");
	assert_string_equal(text_at(db, "/enabled"), "disabled");
	json_object_put(o);
}

static void
says_what_systemctl_would_say_of_being_enabled(void **state)
{
	struct json_object *o = collected(SERVER, "services");

	(void)state;
	assert_string_equal(text_at(item_with(o, "name", "web.service"),
	    "/enabled"), "enabled");
	assert_string_equal(text_at(item_with(o, "name", "setup.service"),
	    "/enabled"), "static");
	assert_string_equal(text_at(item_with(o, "name", "helper.service"),
	    "/enabled"), "indirect");
	assert_string_equal(text_at(item_with(o, "name", "forbidden.service"),
	    "/enabled"), "masked");
	assert_string_equal(text_at(item_with(o, "name", "tty@1.service"),
	    "/enabled"), "enabled");
	json_object_put(o);
}

static void
gives_an_instance_its_own_name(void **state)
{
	struct json_object *o = collected(SERVER, "services");
	struct json_object *tty = item_with(o, "name", "tty@1.service");

	(void)state;
	assert_string_equal(text_at(tty, "/description"), "Line 1");
	assert_string_equal(text_at(tty, "/exec"), "/sbin/agetty 1");
	json_object_put(o);
}

static void
tells_from_control_groups_what_runs(void **state)
{
	struct json_object *o = collected(SERVER, "services");
	struct json_object *web = item_with(o, "name", "web.service");

	(void)state;
	assert_string_equal(text_at(web, "/state"), "running");
	assert_int_equal(number_at(web, "/main_pid"), 200);
	assert_int_equal(number_at(web, "/process_count"), 3);
	assert_string_equal(text_at(item_with(o, "name", "tty@1.service"),
	    "/state"), "running");
	assert_string_equal(text_at(item_with(o, "name", "db.service"),
	    "/state"), "stopped");
	assert_false(is_there(item_with(o, "name", "setup.service"),
	    "/state"));	/* oneshot: nobody can tell */
	json_object_put(o);
}

static void
lists_a_script_that_no_unit_replaces(void **state)
{
	struct json_object *o = collected(SERVER, "services");
	struct json_object *legacy = item_with(o, "name", "legacy");

	(void)state;
	assert_string_equal(text_at(legacy, "/description"), "An old daemon");
	assert_string_equal(text_at(legacy, "/enabled"), "enabled");
	assert_string_equal(text_at(legacy, "/runlevels/0"), "3");
	assert_int_equal(count_at(o, "/items"), 7);	/* no second web */
	json_object_put(o);
}

static void
reads_a_unit_with_comments_and_marks(void **state)
{
	struct json_object *o = parsed_text(parse_unit,
	    "# [Service]\n; x\n[Unit]\nDescription = Some  thing \n"
	    "[X-Other]\nUser=nobody\n[Service]\nExecStartPre=/bin/a\n"
	    "ExecStart=-+/bin/b --c \\\n  --d=e\nExecStart=/bin/f\n");

	(void)state;
	assert_string_equal(text_at(o, "/description"), "Some  thing");
	assert_string_equal(text_at(o, "/exec"), "/bin/b --c");
	assert_false(is_there(o, "/user"));
	assert_string_equal(text_at(o, "/install"), "false");
	json_object_put(o);
}

static void
reads_users_and_leaves_out_what_is_none(void **state)
{
	struct json_object *o = collected(SERVER, "users");
	struct json_object *www = item_with(o, "name", "www");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 4);
	assert_string_equal(text_at(www, "/full_name"), "Web Server");
	assert_int_equal(number_at(www, "/uid"), 33);
	assert_string_equal(text_at(www, "/login"), "false");
	json_object_put(o);
}

static void
reads_groups_and_their_members(void **state)
{
	struct json_object *o = collected(SERVER, "groups");
	struct json_object *web = item_with(o, "name", "web");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 2);
	assert_int_equal(count_at(web, "/members"), 2);
	assert_string_equal(text_at(web, "/members/1"), "bob");
	json_object_put(o);
}

static void
lists_only_neighbours_that_answered(void **state)
{
	struct json_object *o = collected(SERVER, "neighbours");

	(void)state;
	assert_int_equal(count_at(o, "/items"), 2);
	assert_string_equal(text_at(o, "/items/0/mac"), "02:00:00:00:00:01");
	assert_string_equal(text_at(o, "/items/1/permanent"), "true");
	json_object_put(o);
}

static void
says_what_is_missing_and_goes_on(void **state)
{
	struct json_object *o = collected("test/data/rpm", "neighbours");

	(void)state;
	assert_string_equal(text_at(o, "/error/class"), "missing");
	json_object_put(o);
	o = collected("test/data/rpm", "packages");
	assert_string_equal(text_at(o, "/error/class"), "missing");
	assert_int_equal(number_at(o, "/installed_count"), 0);
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_name_with_brackets_and_blanks),
		cmocka_unit_test(refuses_a_stat_without_a_name),
		cmocka_unit_test(cuts_a_command_that_is_too_long),
		cmocka_unit_test(says_who_runs_what_since_when),
		cmocka_unit_test(tells_threads_of_the_kernel_from_processes),
		cmocka_unit_test(reads_addresses_of_both_families),
		cmocka_unit_test(leaves_out_connections_that_are_ending),
		cmocka_unit_test(finds_the_process_that_owns_a_socket),
		cmocka_unit_test(prefers_the_administrators_unit_file),
		cmocka_unit_test(says_what_systemctl_would_say_of_being_enabled),
		cmocka_unit_test(gives_an_instance_its_own_name),
		cmocka_unit_test(tells_from_control_groups_what_runs),
		cmocka_unit_test(lists_a_script_that_no_unit_replaces),
		cmocka_unit_test(reads_a_unit_with_comments_and_marks),
		cmocka_unit_test(reads_users_and_leaves_out_what_is_none),
		cmocka_unit_test(reads_groups_and_their_members),
		cmocka_unit_test(lists_only_neighbours_that_answered),
		cmocka_unit_test(says_what_is_missing_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

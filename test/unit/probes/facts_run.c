/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of facts.h: sections, their errors, and what a host calls itself. */
#include <errno.h>

#include "facts_tree.h"

static void
only_the_chosen_sections_are_told(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("etc/hostname", "box\n");
	doc = tree_facts(" host , os");
	tree_text(doc, "/host/hostname", "box");
	tree_text(doc, "/live", "false");
	tree_number(doc, "/schema", 1);
	tree_none(doc, "/cpu");
	assert_int_equal(json_object_object_length(doc), 4);
	json_object_put(doc);
}

static void
all_sections_are_told_when_none_is_chosen(void **state)
{
	const struct facts_section *s;
	struct json_object *doc;
	char path[64];

	(void)state;
	doc = tree_facts(NULL);
	for (s = facts_sections; s->name != NULL; s++) {
		(void)snprintf(path, sizeof(path), "/%s", s->name);
		assert_true(json_object_is_type(tree_get(doc, path),
		    json_type_object));
		assert_non_null(s->help);
		assert_non_null(s->reads);
	}
	json_object_put(doc);
}

static void
an_unknown_section_is_refused_by_name(void **state)
{
	struct facts_source *src;
	struct facts_run *run;
	struct facts_err err;

	(void)state;
	assert_int_equal(facts_source_root(&src, tree_root), 0);
	assert_true(facts_begin(&run, src, "os,cpus", &err) < 0);
	assert_non_null(strstr(err.message, "\"cpus\""));
	facts_source_close(src);
}

static void
an_error_stays_in_its_section(void **state)
{
	struct json_object *doc;
	char *big = malloc(70000);

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 70000);
	tree_bytes("etc/resolv.conf", big, 70000);
	free(big);
	tree_file("proc/meminfo", "MemTotal: 4 kB\n");
	doc = tree_facts("memory,dns,md");
	tree_number(doc, "/memory/mem_total_bytes", 4096);
	tree_text(doc, "/dns/error/class", "too_large");
	tree_none(doc, "/md/error");
	json_object_put(doc);
}

static void
a_folder_that_may_not_be_read_is_denied(void **state)
{
	struct facts_err err;

	(void)state;
	assert_int_equal(facts_fail(&err, -EACCES, "proc/1/fd"), -EACCES);
	assert_string_equal(err.class, "denied");
	assert_non_null(strstr(err.message, "/proc/1/fd"));
}

static void
the_full_name_comes_from_hosts(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/sys/kernel/hostname", "db1\n");
	tree_file("etc/hosts", "127.0.0.1 localhost\n# 10.0.0.9 db1.wrong.org\n"
	    "10.0.0.8 db12.example.com db12\n"
	    "127.0.1.1 db1.localdomain\n10.0.0.7 db1.example.com db1\n");
	tree_file("var/lib/dbus/machine-id",
	    "0123456789abcdef0123456789abcdef\n");
	doc = tree_facts("host");
	tree_text(doc, "/host/hostname", "db1");
	tree_text(doc, "/host/fqdn", "db1.example.com");
	tree_text(doc, "/host/domain", "example.com");
	tree_text(doc, "/host/machine_id",
	    "0123456789abcdef0123456789abcdef");
	json_object_put(doc);
}

static void
a_host_name_with_dots_is_split(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("etc/hostname", "# set by the installer\nweb.example.org\n");
	doc = tree_facts("host");
	tree_text(doc, "/host/hostname", "web");
	tree_text(doc, "/host/fqdn", "web.example.org");
	tree_text(doc, "/host/domain", "example.org");
	json_object_put(doc);
}

static void
the_search_domain_stands_in_for_a_missing_name(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("etc/hostname", "web\n");
	tree_file("etc/resolv.conf", "search corp.example.com example.com\n");
	doc = tree_facts("host");
	tree_text(doc, "/host/domain", "corp.example.com");
	tree_none(doc, "/host/fqdn");
	json_object_put(doc);
}

static void
systems_from_before_os_release_are_known(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("etc/redhat-release",
	    "Red Hat Enterprise Linux Server release 6.9 (Santiago)\n");
	tree_file("proc/version", "Linux version 2.6.32-696.el6.x86_64 "
	    "(builder@host) (gcc version 4.4.7) #1 SMP Tue Feb 21\n");
	doc = tree_facts("os");
	tree_text(doc, "/os/id", "rhel");
	tree_text(doc, "/os/version_id", "6.9");
	tree_text(doc, "/os/codename", "Santiago");
	tree_text(doc, "/os/kernel_release", "2.6.32-696.el6.x86_64");
	tree_text(doc, "/os/kernel_version", "#1 SMP Tue Feb 21");
	tree_none(doc, "/os/error");
	json_object_put(doc);
}

static void
the_time_zone_is_where_localtime_points(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_link("etc/localtime", "/usr/share/zoneinfo/Europe/Berlin");
	tree_file("etc/timezone", "Etc/UTC\n");
	tree_file("proc/uptime", "12345.67 45000.00\n");
	tree_file("proc/stat", "cpu 1 2 3\nbtime 1700000000\n");
	doc = tree_facts("time");
	tree_text(doc, "/time/timezone", "Europe/Berlin");
	tree_number(doc, "/time/uptime_s", 12345);
	tree_number(doc, "/time/boot_time_s", 1700000000);
	json_object_put(doc);
}

static void
memory_is_told_by_node_and_page_size(void **state)
{
	struct json_object *doc;

	(void)state;
	tree_file("proc/meminfo", "MemTotal: 16 kB\nHugepagesize: 2048 kB\n");
	tree_file("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
	    "3\n");
	tree_file("sys/devices/system/node/node1/meminfo",
	    "Node 1 MemTotal: 8 kB\nNode 1 MemFree: 4 kB\n");
	doc = tree_facts("memory");
	tree_number(doc, "/memory/hugepages/0/size_bytes", 1 << 30);
	tree_number(doc, "/memory/hugepages/0/total", 3);
	tree_number(doc, "/memory/numa_nodes/0/node", 1);
	tree_number(doc, "/memory/numa_nodes/0/free_bytes", 4096);
	json_object_put(doc);
}

#define ON_TREE(f) cmocka_unit_test_setup_teardown(f, tree_new, tree_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(only_the_chosen_sections_are_told),
		ON_TREE(all_sections_are_told_when_none_is_chosen),
		ON_TREE(an_unknown_section_is_refused_by_name),
		ON_TREE(an_error_stays_in_its_section),
		cmocka_unit_test(a_folder_that_may_not_be_read_is_denied),
		ON_TREE(the_full_name_comes_from_hosts),
		ON_TREE(a_host_name_with_dots_is_split),
		ON_TREE(the_search_domain_stands_in_for_a_missing_name),
		ON_TREE(systems_from_before_os_release_are_known),
		ON_TREE(the_time_zone_is_where_localtime_points),
		ON_TREE(memory_is_told_by_node_and_page_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A config.xml as MID Servers have it: what is moved, what is left and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "err.h"
#include "import.h"
#include "json.h"
#include "os.h"

static const char whole[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- kept by hand -->\n<parameters>\n"
    "  <parameter name=\"url\" value=\"https://acme.example.com/\"/>\n"
    "  <parameter name=\"name\" value=\"mid &quot;one&quot;\"/>\n"
    "  <parameter name=\"mid.instance.username\" value=\"mid.user\"/>\n"
    "  <parameter name=\"mid.instance.password\" secure=\"true\" value=\"encrypted:AAAA==\"/>\n"
    "  <parameter name=\"mid.proxy.use_proxy\" value=\"True\"/>\n"
    "  <parameter name=\"mid.proxy.host\" value=\"proxy.example.com\"/>\n"
    "  <parameter name=\"mid.proxy.port\" value=\"3128\"/>\n"
    "  <parameter name=\"mid.proxy.password\" secure=\"true\" value=\"c4nary-pr0xy\"/>\n"
    "  <parameter name=\"threads.max\" value=\"40\"/>\n"
    "  <parameter name=\"threads.expedited.max\" value=\"many\"/>\n"
    "  <parameter name=\"mid.log.level\" value=\"DEBUG\"/>\n"
    "  <parameter name=\"mid.disable_amb\" value=\"TRUE\"/>\n"
    "  <parameter name=\"mid.poll.time\" value=\"15\"/>\n"
    "  <parameter name=\"glide.mid.max.sender.queue.size\" value=\"0.5g\"/>\n"
    "  <parameter name=\"mid.pinned.version\" value=\"\"/>\n"
    "  <parameter name=\"mid.powershell.path\" value=\"C:\\ps\"/>\n"
    "  <parameter name=\"mid.ssh.terminal.width\" value=\"255\"/>\n"
    "  <parameter name=\"our.own&#10;thing: 1\" value=\"x\"/>\n"
    "</parameters>\n";

static const char *
why(struct json_object *list, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		if (strcmp(json_str(json_object_array_get_idx(list, i), "name", ""), name) == 0)
			return json_str(json_object_array_get_idx(list, i), "why", "");
	fail_msg("%s is not in the list", name);
	return "";
}

static void
what_has_an_option_is_moved_and_the_rest_has_a_reason(void **state)
{
	struct err err = { 0, "" };
	struct imported im;

	(void)state;
	assert_int_equal(import_xml(&im, whole, sizeof(whole) - 1, &err), 0);
	assert_string_equal(json_str(im.options, "instance.url", ""), "https://acme.example.com");
	assert_string_equal(json_str(im.options, "instance.user", ""), "mid.user");
	assert_string_equal(json_str(im.options, "instance.proxy", ""), "http://proxy.example.com:3128");
	assert_string_equal(json_str(im.options, "jobs.standard", ""), "40");
	assert_string_equal(json_str(im.options, "poll.max", ""), "15s");
	assert_string_equal(json_str(im.options, "poll.push", ""), "false");
	assert_string_equal(json_str(im.options, "log.level", ""), "debug");
	assert_string_equal(json_str(im.options, "results.spool_max", ""), "536870912 B");
	assert_null(json_get(im.options, "jobs.expedited"));
	assert_non_null(strstr(why(im.left, "threads.expedited.max"), "positive number"));
	assert_non_null(strstr(why(im.left, "mid.instance.password"), "encrypted"));
	assert_non_null(strstr(why(im.left, "mid.proxy.password"), "instance.proxy_password_file"));
	assert_non_null(strstr(why(im.left, "mid.powershell.path"), "PowerShell"));
	assert_non_null(strstr(why(im.same, "mid.ssh.terminal.width"), "no terminal"));
	assert_int_equal(json_object_array_length(im.left), 5);
	import_fini(&im);
}

static void
the_drop_in_is_yaml_without_secrets(void **state)
{
	struct err err = { 0, "" };
	struct imported im;
	struct buf b;

	(void)state;
	assert_int_equal(import_xml(&im, whole, sizeof(whole) - 1, &err), 0);
	buf_init(&b, 1u << 20);
	assert_int_equal(import_yaml(&im, &b), 0);
	assert_null(strstr(buf_str(&b), "c4nary"));
	assert_null(strstr(buf_str(&b), "AAAA"));
	assert_non_null(strstr(buf_str(&b), "\nname: \"mid \\\"one\\\"\"\n"));
	assert_non_null(strstr(buf_str(&b), "\ninstance:\n  url: \"https://acme.example.com\"\n  user: \"mid.user\"\n  proxy: "));
	assert_null(strstr(buf_str(&b), "\nthing"));
	buf_fini(&b);
	import_fini(&im);
}

static void
a_file_that_is_something_else_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = { "<html/>", "<parameters><parameter value=\"x\"/></parameters>",
	    "<!DOCTYPE p [<!ENTITY a \"b\">]><parameters/>", "<parameters>" };
	static const char utf16[][4] = { "\xff\xfe<", { '\xfe', '\xff', 0, '<' }, { '<', 0, '?', 0 }, { 0, '<', 0, '?' } };
	struct imported im;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.text[0] = '\0';
		assert_true(import_xml(&im, bad[i], strlen(bad[i]), &err) < 0);
		assert_true(strlen(err.text) > 10);
		assert_null(strstr(err.text, "payload"));
	}
	assert_true(import_xml(&im, "<parameters/>", 13, &err) < 0);
	assert_string_equal(err.text, "there is no <parameter name=\"...\" value=\"...\"/> in it: is it a MID Server's config.xml?");
	assert_true(import_xml(&im, "", 0, &err) < 0);
	for (i = 0; i < sizeof(utf16) / sizeof(utf16[0]); i++) {
		assert_true(import_xml(&im, utf16[i], 4, &err) < 0);
		assert_non_null(strstr(err.text, "iconv -f UTF-16"));
	}
}

/* A row that names an option of ours names one there is. */
static void
each_row_has_an_option_or_a_reason(void **state)
{
	const struct import_row *row;
	char want[80];
	struct buf page;
	struct err err;

	(void)state;
	buf_init(&page, 1u << 20);
	assert_int_equal(os_read_file(&page, "man/midd.yaml.5", &err), 0);
	for (row = import_rows; row->name != NULL; row++) {
		assert_ptr_equal(import_find(row->name), row);
		if (row->kind == IMPORT_SAME || row->kind == IMPORT_NOT)
			assert_non_null(row->why);
		if (row->option == NULL)
			continue;
		snprintf(want, sizeof(want), ".It Cm %s", row->option);
		if (strstr(buf_str(&page), want) == NULL)
			fail_msg("%s: midd has no option %s", row->name, row->option);
	}
	buf_fini(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_an_option_is_moved_and_the_rest_has_a_reason),
		cmocka_unit_test(the_drop_in_is_yaml_without_secrets),
		cmocka_unit_test(a_file_that_is_something_else_is_refused_with_its_line),
		cmocka_unit_test(each_row_has_an_option_or_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

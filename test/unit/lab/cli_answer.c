/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of an answer made one text, whatever order they came in.
 */
#include "cli_answer.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct json_object *
result_of(const char *const *payloads, size_t n)
{
	struct json_object *o = json_object_new_object(), *row;
	struct json_object *inputs = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		row = json_object_new_object();
		json_put(row, "payload", payloads[i]);
		json_object_array_add(inputs, row);
	}
	json_object_object_add(o, "inputs", inputs);
	return o;
}

static void
read_payloads(struct cli_answer *a, const char *const *payloads, size_t n)
{
	struct json_object *o = result_of(payloads, n);

	assert_true(cli_answer_read(a, o));
	json_object_put(o);
}

static void
pages_are_put_in_order_and_each_counts_once(void **state)
{
	static const char *const payloads[] = {
		"<results page=\"2\" pages=\"3\"><result><output>two</output>"
		"</result></results>",
		"<results page=\"1\" pages=\"3\"><result><output>one&amp;"
		"</output></result></results>",
		"<results page=\"2\" pages=\"3\"><result><output>two</output>"
		"</result></results>",
		"<results page=\"3\" pages=\"3\"><result><output>three</output>"
		"</result></results>",
	};
	struct cli_answer a;

	(void)state;
	read_payloads(&a, payloads, 3);
	assert_false(cli_answer_complete(&a));
	cli_answer_fini(&a);
	read_payloads(&a, payloads, 4);
	assert_true(cli_answer_complete(&a));
	assert_true(cli_answer_good(&a));
	assert_string_equal(text_str(&a.output), "one&twothree");
	cli_answer_fini(&a);
}

static void
an_error_is_told_apart_from_what_was_said_before_it(void **state)
{
	static const char *const payloads[] = {
		"<results result_code=\"3\" error=\"no more\" error_class=\"x\">"
		"<result><stdout>out</stdout><stderr>err</stderr></result>"
		"</results>",
	};
	struct cli_answer a;

	(void)state;
	read_payloads(&a, payloads, 1);
	assert_true(cli_answer_complete(&a));
	assert_false(cli_answer_good(&a));
	assert_string_equal(a.error, "no more");
	assert_string_equal(a.class, "x");
	assert_int_equal(a.code, 3);
	assert_string_equal(text_str(&a.output), "out");
	assert_string_equal(text_str(&a.complaint), "err");
	cli_answer_fini(&a);
}

static void
a_partial_answer_is_good_unless_it_failed(void **state)
{
	static const char *const failed[] = {
		"<results result_code=\"2\" error=\"cut\" partial=\"true\">"
		"<result><output>x</output></result></results>",
	};
	static const char *const payloads[] = {
		"<results result_code=\"0\" warning=\"cut\" partial=\"true\"><result>"
		"<output>x</output></result></results>",
	};
	struct cli_answer a;

	(void)state;
	read_payloads(&a, payloads, 1);
	assert_true(cli_answer_good(&a));
	assert_true(a.partial);
	assert_string_equal(a.warning, "cut");
	assert_string_equal(a.error, "");
	cli_answer_fini(&a);
	read_payloads(&a, failed, 1);
	assert_false(cli_answer_good(&a));
	cli_answer_fini(&a);
}

static void
other_topics_keep_their_own_xml(void **state)
{
	static const char *const payloads[] = {
		"<results><snmp><stdout>deep</stdout><oid>1.3</oid></snmp>"
		"</results>",
	};
	struct cli_answer a;

	(void)state;
	read_payloads(&a, payloads, 1);
	assert_non_null(strstr(text_str(&a.raw), "<oid>1.3</oid>"));
	cli_answer_fini(&a);
}

static void
a_document_type_is_not_read(void **state)
{
	static const char *const payloads[] = {
		"<!DOCTYPE r [<!ENTITY a \"aaaa\">]><results><result><output>"
		"&a;&a;</output></result></results>",
	};
	struct cli_answer a;

	(void)state;
	read_payloads(&a, payloads, 1);
	assert_string_equal(text_str(&a.output), "");
	assert_non_null(strstr(text_str(&a.complaint), "no XML"));
	cli_answer_fini(&a);
}

static void
what_cannot_be_opened_is_not_good(void **state)
{
	struct json_object *o = json_tokener_parse(
	    "{\"inputs\":[{\"unreadable\":\"wrong key\"}]}");
	struct cli_answer a;

	(void)state;
	assert_true(cli_answer_read(&a, o));
	assert_false(cli_answer_good(&a));
	assert_non_null(strstr(text_str(&a.complaint), "wrong key"));
	cli_answer_fini(&a);
	json_object_put(o);
}

static void
no_answer_is_not_complete(void **state)
{
	struct cli_answer a;

	(void)state;
	read_payloads(&a, NULL, 0);
	assert_false(cli_answer_complete(&a));
	cli_answer_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_put_in_order_and_each_counts_once),
		cmocka_unit_test(
		    an_error_is_told_apart_from_what_was_said_before_it),
		cmocka_unit_test(a_partial_answer_is_good_unless_it_failed),
		cmocka_unit_test(other_topics_keep_their_own_xml),
		cmocka_unit_test(a_document_type_is_not_read),
		cmocka_unit_test(what_cannot_be_opened_is_not_good),
		cmocka_unit_test(no_answer_is_not_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of xml.h: payloads read as an instance writes them, text made fit for XML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "xml.h"

#define MAX (1u << 20)

static struct json_object *params, *xml;
static struct err err;

static int
read_text(const char *text, size_t len)
{
	json_object_put(params);
	json_object_put(xml);
	params = xml = NULL;
	memset(&err, 0, sizeof(err));
	return xml_read_parameters(text, len, MAX, &params, &xml, &err);
}

static int
read_str(const char *text)
{
	return read_text(text, strlen(text));
}

static int
put_away(void **state)
{
	(void)state;
	json_object_put(params);
	json_object_put(xml);
	params = xml = NULL;
	return 0;
}

static void
refused(const char *text, const char *why)
{
	assert_int_equal(read_str(text), -E_BAD);
	assert_null(params);
	if (strstr(err.text, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

static void
gives_values_by_name(void **state)
{
	(void)state;
	assert_int_equal(read_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<parameters>\n"
	    "  <parameter name=\"name\" value=\"df -Pk /srv\"/>\n"
	    "  <parameter value='tr&#252;e &lt;&amp;&quot;' name='skip_sensor'></parameter>\n</parameters>"), 0);
	assert_int_equal(json_object_object_length(params), 2);
	assert_string_equal(json_str(params, "name", NULL), "df -Pk /srv");
	assert_string_equal(json_str(params, "skip_sensor", NULL), "tr\xC3\xBC" "e <&\"");
	assert_int_equal(json_object_object_length(xml), 0);
}

static void
takes_an_empty_payload_for_no_parameters(void **state)
{
	static const char *const empty[] = { "", " \r\n\t", "<parameters/>", "<parameters> </parameters>" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		assert_int_equal(read_str(empty[i]), 0);
		assert_int_equal(json_object_object_length(params), 0);
		assert_int_equal(json_object_object_length(xml), 0);
	}
}

static void
keeps_line_breaks_that_were_written_as_references(void **state)
{
	(void)state;
	assert_int_equal(read_str("<parameters><parameter name=\"s\" value=\"a&#10;b&#13;&#9;c\"/></parameters>"), 0);
	assert_string_equal(json_str(params, "s", NULL), "a\nb\r\tc");
}

static void
hands_out_inner_xml_as_it_stands(void **state)
{
	(void)state;
	assert_int_equal(read_str("<parameters><parameter name=\"work\"><q a='1'>x &amp; y</q><![CDATA[<z>]]>"
	    "</parameter><parameter name=\"plain\" value=\"v\"/></parameters>"), 0);
	assert_string_equal(json_str(xml, "work", NULL), "<q a='1'>x &amp; y</q><![CDATA[<z>]]>");
	assert_null(json_get(params, "work"));
	assert_null(json_get(xml, "plain"));
}

static void
gives_both_value_and_children_when_both_are_there(void **state)
{
	(void)state;
	assert_int_equal(read_str("<parameters><parameter name=\"w\" value=\"v\"><q/></parameter></parameters>"), 0);
	assert_string_equal(json_str(params, "w", NULL), "v");
	assert_string_equal(json_str(xml, "w", NULL), "<q/>");
}

static void
takes_text_as_value_where_there_is_no_other(void **state)
{
	(void)state;
	assert_int_equal(read_str("<parameters><parameter name=\"t\">a &lt; b</parameter></parameters>"), 0);
	assert_string_equal(json_str(params, "t", NULL), "a < b");
}

static void
lets_the_last_of_equal_names_win(void **state)
{
	(void)state;
	assert_int_equal(read_str("<parameters><parameter name=\"n\"><old/></parameter>"
	    "<parameter name=\"n\" value=\"1\"/><parameter name=\"n\" value=\"2\"/></parameters>"), 0);
	assert_string_equal(json_str(params, "n", NULL), "2");
	assert_null(json_get(xml, "n"));
}

static void
refuses_a_dtd_before_it_declares_anything(void **state)
{
	(void)state;
	refused("<!DOCTYPE p [<!ENTITY a \"b\">]><parameters><parameter name=\"n\" value=\"&a;\"/></parameters>",
	    "line 1, column 13: a DTD is not allowed");
}

static void
says_where_and_what_is_wrong(void **state)
{
	(void)state;
	refused("<parameters>\n <parameter name=\"a\" value=\"b\">\n</parameters>", "line 3, column 3: mismatched tag");
	refused("<parameters>\n  <parameter value=\"b\"/></parameters>", "line 2, column 3: a <parameter> has no name");
	refused("<results/>", "begins with <results>, expected <parameters>");
	refused("<parameters>", "line 1, column 13: no element found");
	refused("hello", "line 1, column 1");
	refused("<parameters>&nope;</parameters>", "undefined entity");
	refused("<parameters><parameter name=\"\xC3(\" value=\"\"/></parameters>", "column 30: these bytes are not UTF-8");
	assert_int_equal(read_text("<parameters>\0</parameters>", 26), -E_BAD);
	assert_non_null(strstr(err.text, "column 13: a NUL byte is not allowed"));
}

static void
refuses_what_passes_its_bounds(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, MAX);
	buf_puts(&b, "<parameters>");
	for (i = 0; i < XML_PARAMS_MAX; i++)
		buf_printf(&b, "<parameter name=\"p%d\" value=\"\"/>", i);
	buf_puts(&b, "</parameters>");
	assert_int_equal(read_str(buf_str(&b)), 0);
	b.len -= strlen("</parameters>");
	buf_puts(&b, "<parameter name=\"last\" value=\"\"/></parameters>");
	refused(buf_str(&b), "more than 1000 parameters");

	buf_clear(&b);
	buf_puts(&b, "<parameters><parameter name=\"p\">");
	for (i = 0; i < XML_DEPTH_MAX; i++)
		buf_puts(&b, "<x>");
	refused(buf_str(&b), "more than 32 elements inside one another");
	buf_fini(&b);

	json_object_put(params);
	json_object_put(xml);
	assert_int_equal(xml_read_parameters("<parameters/>", 13, 12, &params, &xml, &err), -E_FULL);
}

static void
knows_a_payload_that_hangs_on_the_row(void **state)
{
	static const struct { const char *text; int is; } cases[] = {
		{ "<see_attachment/>", 1 }, { " <see_attachment />\n", 1 },
		{ "<?xml version=\"1.0\"?>\n<see_attachment></see_attachment>", 1 },
		{ "<see_attachment/><x/>", 0 }, { "<see_attachments/>", 0 }, { "", 0 }, { "<?xml", 0 },
		{ "<parameters/>", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(xml_is_see_attachment(cases[i].text, strlen(cases[i].text)), cases[i].is);
}

static const char *
escaped(const char *text, size_t len, size_t *replaced)
{
	static struct buf b = { .max = 1000 };
	static char out[1000];

	*replaced = 0;
	assert_int_equal(xml_escape(&b, text, len, replaced), 0);
	memcpy(out, buf_str(&b), b.len + 1);
	buf_fini(&b);
	return out;
}

static void
escapes_for_attributes_and_content_alike(void **state)
{
	size_t n;

	(void)state;
	assert_string_equal(escaped("a<b>&\"'\r\n\t\xC3\xBC", 12, &n),
	    "a&lt;b&gt;&amp;&quot;&#39;&#13;&#10;&#9;\xC3\xBC");
	assert_int_equal(n, 0);
}

#define R "\xEF\xBF\xBD"

static void
replaces_and_counts_what_xml_cannot_hold(void **state)
{
	static const struct { const char *in; size_t len; const char *out; size_t n; } cases[] = {
		{ "a\0b", 3, "a" R "b", 1 }, { "\x1B[1m", 4, R "[1m", 1 }, { "\xFF", 1, R, 1 },
		{ "x\xC3", 2, "x" R, 1 }, { "\xE2\x82", 2, R, 1 }, { "\xC0\xAF", 2, R R, 2 },
		{ "\xED\xA0\x80", 3, R R R, 3 }, { "\xF4\x90\x80\x80", 4, R R R R, 4 },
		{ "\xEF\xBF\xBF", 3, R, 1 }, { "\xF0\x9F\x98\x80", 4, "\xF0\x9F\x98\x80", 0 },
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_string_equal(escaped(cases[i].in, cases[i].len, &n), cases[i].out);
		assert_int_equal(n, cases[i].n);
	}
}

static void
brings_any_bytes_through_a_round_trip(void **state)
{
	static const char text[] = "tab\there, quotes \"' and <tags> & \xE2\x82\xAC\r\nend";
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	buf_puts(&b, "<parameters><parameter name=\"t\" value=\"");
	assert_int_equal(xml_escape(&b, text, sizeof(text) - 1, NULL), 0);
	buf_puts(&b, "\"/><parameter name=\"c\">");
	assert_int_equal(xml_escape_text(&b, text, sizeof(text) - 1, NULL), 0);
	buf_puts(&b, "</parameter></parameters>");
	assert_int_equal(read_str(buf_str(&b)), 0);
	assert_string_equal(json_str(params, "t", NULL), text);
	assert_string_equal(json_str(params, "c", NULL), text);
	buf_fini(&b);
}

static void
stops_at_the_ceiling_of_its_buffer(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 6);
	assert_int_equal(xml_escape(&b, "ab<<", 4, NULL), -E_FULL);
	assert_true(b.len <= 6);
	buf_fini(&b);
}

static void
cuts_no_character_in_two(void **state)
{
	(void)state;
	assert_int_equal(xml_cut("abc", 3, 10), 3);
	assert_int_equal(xml_cut("abc", 3, 2), 2);
	assert_int_equal(xml_cut("a\xE2\x82\xAC" "b", 5, 3), 1);
	assert_int_equal(xml_cut("a\xE2\x82\xAC" "b", 5, 4), 4);
	assert_int_equal(xml_cut("\xE2\x82\xAC", 3, 2), 0);
	assert_int_equal(xml_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void
json_text_comes_back_as_it_was(void **state)
{
	static const char text[] = "\"\\/\b\f\n\r\t\x01\x1F\x7F \xC3\xBC \xF0\x9F\x98\x80";
	struct json_object *o;
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	buf_puts(&b, "{\"t\":\"");
	assert_int_equal(json_escape(&b, text, sizeof(text) - 1), 0);
	buf_puts(&b, "\",\"bad\":\"");
	assert_int_equal(json_escape(&b, "a\xFF\xE2\x82z\0", 6), 0);
	buf_puts(&b, "\"}");
	assert_int_equal(json_parse(&o, b.data, b.len, "the text", &err), 0);
	assert_string_equal(json_str(o, "t", NULL), text);
	assert_string_equal(json_str(o, "bad", NULL), "a" R R "z");
	json_object_put(o);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(gives_values_by_name, put_away),
		cmocka_unit_test_teardown(takes_an_empty_payload_for_no_parameters, put_away),
		cmocka_unit_test_teardown(keeps_line_breaks_that_were_written_as_references, put_away),
		cmocka_unit_test_teardown(hands_out_inner_xml_as_it_stands, put_away),
		cmocka_unit_test_teardown(gives_both_value_and_children_when_both_are_there, put_away),
		cmocka_unit_test_teardown(takes_text_as_value_where_there_is_no_other, put_away),
		cmocka_unit_test_teardown(lets_the_last_of_equal_names_win, put_away),
		cmocka_unit_test_teardown(refuses_a_dtd_before_it_declares_anything, put_away),
		cmocka_unit_test_teardown(says_where_and_what_is_wrong, put_away),
		cmocka_unit_test_teardown(refuses_what_passes_its_bounds, put_away),
		cmocka_unit_test(knows_a_payload_that_hangs_on_the_row),
		cmocka_unit_test(escapes_for_attributes_and_content_alike),
		cmocka_unit_test(replaces_and_counts_what_xml_cannot_hold),
		cmocka_unit_test_teardown(brings_any_bytes_through_a_round_trip, put_away),
		cmocka_unit_test(stops_at_the_ceiling_of_its_buffer),
		cmocka_unit_test(cuts_no_character_in_two),
		cmocka_unit_test(json_text_comes_back_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* text: foreign bytes become UTF-8 without control characters; JSON and XML hold them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <string.h>

#include "text.h"

static const char *
clean(const char *bytes, size_t n)
{
	static char out[64];

	(void)text_clean((const unsigned char *)bytes, n, out, sizeof(out));
	return out;
}

static void
control_characters_and_broken_utf8_become_text(void **state)
{
	(void)state;
	assert_string_equal(clean("a\x1b[31mb\x7f", 8), "a?[31mb?");
	assert_string_equal(clean("M\xfcnchen", 7), "M\xc3\xbcnchen");
	assert_string_equal(clean("M\xc3\xbcnchen", 8), "M\xc3\xbcnchen");
	assert_string_equal(clean("a\0b\0\0", 5), "a?b");
	assert_string_equal(clean("\xed\xa0\x80", 3), "\xc3\xad\xc2\xa0\xc2\x80");
}

static void
what_does_not_fit_is_cut_between_characters(void **state)
{
	char small[4];

	(void)state;
	assert_int_equal(text_clean((const unsigned char *)"ab\xc3\xbc", 4, small, sizeof(small)), 2);
	assert_string_equal(small, "ab");
}

static void
json_holds_every_character(void **state)
{
	struct json_object *o;
	struct text t;

	(void)state;
	text_init(&t, 1000);
	text_json(&t, "a\"\\\n\r\t\x01 \xc3\xbc");
	assert_string_equal(t.data, "\"a\\\"\\\\\\n\\r\\t\\u0001 \xc3\xbc\"");
	o = json_tokener_parse(t.data);
	assert_string_equal(json_object_get_string(o), "a\"\\\n\r\t\x01 \xc3\xbc");
	json_object_put(o);
	text_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_characters_and_broken_utf8_become_text),
		cmocka_unit_test(what_does_not_fit_is_cut_between_characters),
		cmocka_unit_test(json_holds_every_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters are right before a probe sees them, or refused with their name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "params.h"

static void
numbers_are_whole_and_fit(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_int_equal(params_to_int("-42", &v), 0);
	assert_int_equal(v, -42);
	assert_int_equal(params_to_int("9223372036854775807", &v), 0);
	assert_true(v == INT64_MAX);
	assert_int_equal(params_to_int("9223372036854775808", &v), -1);
	assert_int_equal(params_to_int("", &v), -1);
	assert_int_equal(params_to_int(" 1", &v), -1);
	assert_int_equal(params_to_int("1 ", &v), -1);
	assert_int_equal(params_to_int("0x10", &v), -1);
	assert_int_equal(params_to_int("-", &v), -1);
	assert_true(v == INT64_MAX);	/* untouched */
}

static void
times_take_units(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_int_equal(params_to_ms("250", &v), 0);
	assert_int_equal(v, 250);
	assert_int_equal(params_to_ms("250ms", &v), 0);
	assert_int_equal(v, 250);
	assert_int_equal(params_to_ms("5s", &v), 0);
	assert_int_equal(v, 5000);
	assert_int_equal(params_to_ms("2d", &v), 0);
	assert_int_equal(v, 172800000);
	assert_int_equal(params_to_ms("5 s", &v), -1);
	assert_int_equal(params_to_ms("-5s", &v), -1);
	assert_int_equal(params_to_ms("s", &v), -1);
	assert_int_equal(params_to_ms("9999999999999999d", &v), -1);
	assert_int_equal(params_to_ms("99999999999999999999999", &v), -1);
}

static void
yes_and_no_have_three_spellings(void **state)
{
	bool v = false;

	(void)state;
	assert_int_equal(params_to_bool("Yes", &v), 0);
	assert_true(v);
	assert_int_equal(params_to_bool("0", &v), 0);
	assert_false(v);
	assert_int_equal(params_to_bool("true", &v), 0);
	assert_true(v);
	assert_int_equal(params_to_bool("perhaps", &v), -1);
	assert_int_equal(params_to_bool("", &v), -1);
}

static const struct mid_param rows[] = {
	{ "host", MID_STRING, true, NULL, "whom to ask" },
	{ "port", MID_INT, false, "22", "where" },
	{ "wait", MID_MS, false, NULL, "how long" },
	{ "deep", MID_BOOL, false, NULL, "or not" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const struct {
	const char *params, *says;	/* NULL: good */
} cases[] = {
	{ "{\"host\":\"a\"}", NULL },
	{ "{\"host\":\"\"}", NULL },
	{ "{\"host\":\"a\",\"port\":\"161\",\"wait\":\"2s\",\"deep\":\"no\"}", NULL },
	{ "{\"host\":\"a\",\"nobody asked\":\"for this\"}", NULL },
	{ "{}", "the parameter host is missing: whom to ask" },
	{ "{\"host\":\"a\",\"port\":\"ssh\"}", "the parameter port is \"ssh\", expected a whole number" },
	{ "{\"host\":\"a\",\"wait\":\"long\"}", "the parameter wait is \"long\", expected milliseconds" },
	{ "{\"host\":\"a\",\"deep\":\"2\"}", "the parameter deep is \"2\", expected true or false" },
	{ "{\"host\":7}", "the parameter host is not a text" },
	{ "{\"host\":null}", "the parameter host is not a text" },
	{ "[]", "the parameters are not an object" },
};

static void
what_is_wrong_is_said_with_the_name_of_the_parameter(void **state)
{
	struct json_object *o;
	struct err err;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(json_parse(&o, cases[i].params, strlen(cases[i].params), "case", &err), 0);
		r = params_check(rows, o, &err);
		if ((r == 0) != (cases[i].says == NULL))
			fail_msg("%s: %d", cases[i].params, r);
		if (r < 0 && strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].params, err.text, cases[i].says);
		json_object_put(o);
	}
}

static void
a_default_stands_in_for_what_is_absent(void **state)
{
	struct json_object *o = json_object_new_object();

	(void)state;
	json_put_str(o, "host", "a");
	assert_string_equal(params_get(rows, o, "port"), "22");
	assert_null(params_get(rows, o, "wait"));
	json_put_str(o, "port", "23");
	json_put_str(o, "other", "thing");
	assert_string_equal(params_get(rows, o, "port"), "23");
	assert_string_equal(params_get(rows, o, "other"), "thing");
	assert_null(params_get(NULL, NULL, "port"));
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_and_fit),
		cmocka_unit_test(times_take_units),
		cmocka_unit_test(yes_and_no_have_three_spellings),
		cmocka_unit_test(what_is_wrong_is_said_with_the_name_of_the_parameter),
		cmocka_unit_test(a_default_stands_in_for_what_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

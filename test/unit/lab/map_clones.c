/* SPDX-License-Identifier: Apache-2.0 */
/* share/map/relate-links.jq: hosts that say they are one machine and are not; two addresses of one host are no clones. */
#define MAP "share/map/relate-links.jq"
#define FACTS "test/data/map/clones.json"
#include "map_run.h"

static void
clones_are_named_and_twins_are_not(void **state)
{
	struct json_object *pages = map(facts_of(FACTS)), *list;
	static const char duplicates[] = "[{\"by\":\"serial_number\",\"value\":\"S3\",\"hosts\":[{\"address\":\"10.0.0.3\",\"name\":\"c\"},"
	    "{\"address\":\"10.0.0.4\",\"name\":\"c.example\"}]}]";
	static const char expected[] = "[{\"by\":\"serial_number\",\"value\":\"S1\",\"hosts\":[{\"address\":\"10.0.0.1\",\"name\":\"a\"},"
	    "{\"address\":\"10.0.0.2\",\"name\":\"b\"}]},{\"by\":\"uuid\",\"value\":\"u5\",\"hosts\":[{\"address\":\"10.0.0.5\",\"name\":\"e\"},"
	    "{\"address\":\"10.0.0.6\",\"name\":\"e\"}]}]";

	(void)state;
	assert_int_equal(json_object_array_length(pages), 1);
	assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "clones", &list));
	assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN), expected);
	/* One that was asked at two of its addresses. */
	assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "duplicates", &list));
	assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN), duplicates);
	json_object_put(pages);
}

static void
of_nobody_nothing_is_said(void **state)
{
	struct json_object *pages = map(jv_parse("{\"hosts\":[{\"address\":\"10.0.0.7\",\"kind\":\"host\",\"macs\":[],\"ci\":{\"values\":{\"name\":\"z\"}}}]}"));

	(void)state;
	assert_int_equal(json_object_array_length(pages), 0);
	json_object_put(pages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clones_are_named_and_twins_are_not),
		cmocka_unit_test(of_nobody_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

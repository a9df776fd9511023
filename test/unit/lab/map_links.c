/* SPDX-License-Identifier: Apache-2.0 */
/* What share/map/linux-links.jq says of who a host is. */
#define MAP "share/map/linux-links.jq"
#define FACTS ""
#include "map_run.h"

/* A copy of a machine has their MAC addresses, which stand in a file, and every machine has their addresses. */
static void
networks_a_machine_makes_for_itself_are_nobody(void **state)
{
	struct json_object *links = map(jv_parse("{\"host\":{\"hostname\":\"a\"},\"interfaces\":{\"items\":["
	    "{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:0A\"},{\"name\":\"virbr0\",\"mac\":\"52:54:00:11:22:33\"},{\"name\":\"docker0\",\"mac\":\"02:42:01:02:03:04\"},"
	    "{\"name\":\"br-lan\",\"mac\":\"02:00:00:00:00:0b\"},{\"name\":\"lo\",\"kind\":\"loopback\",\"mac\":\"00:00:00:00:00:00\"}]},"
	    "\"addresses\":{\"items\":[{\"interface\":\"eth0\",\"scope\":\"global\",\"address\":\"10.0.0.1\"},"
	    "{\"interface\":\"virbr0\",\"scope\":\"global\",\"address\":\"192.168.122.1\"}]}}")), *one = json_object_array_get_idx(links, 0);

	(void)state;
	assert_string_equal(json_object_to_json_string_ext(json_object_object_get(one, "macs"), JSON_C_TO_STRING_PLAIN),
	    "[\"02:00:00:00:00:0a\",\"02:00:00:00:00:0b\"]");
	assert_string_equal(json_object_to_json_string_ext(json_object_object_get(one, "addresses"), JSON_C_TO_STRING_PLAIN), "[\"10.0.0.1\"]");
	json_object_put(links);
}

/* Else two machines of a maker who fills in nothing would be one machine and its copy. */
static void
what_a_maker_left_in_is_nobodys_number(void **state)
{
	static const char *const numbers[] = { "System Serial Number", "0123456789", "Not Applicable", "OEM", "To Be Filled By O.E.M.", "00000000" };
	struct json_object *links, *ci, *values;
	char facts[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(numbers); i++) {
		(void)snprintf(facts, sizeof(facts), "{\"host\":{\"hostname\":\"a\"},\"dmi\":{\"serial\":\"%s\",\"uuid\":\"ffffffff-ffff-ffff-ffff-ffffffffffff\"},"
		    "\"interfaces\":{\"items\":[{\"name\":\"tun0\",\"mac\":\"00:00:00:00:00:00\"}]}}", numbers[i]);
		links = map(jv_parse(facts));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(links, 0), "ci", &ci));
		assert_true(json_object_object_get_ex(ci, "values", &values));
		assert_string_equal(json_object_to_json_string_ext(values, JSON_C_TO_STRING_PLAIN), "{\"name\":\"a\"}");
		assert_int_equal(length(ci, "lookup"), 0);
		assert_null(json_object_object_get(json_object_array_get_idx(links, 0), "uuid"));
		assert_int_equal(length(json_object_array_get_idx(links, 0), "macs"), 0);
		json_object_put(links);
	}
}

/* Relations and "still there" name a host by its class: by another than its CI has, it would become another. */
static void
a_host_is_of_one_class_in_both_maps(void **state)
{
	static const char *const kernels[] = { "Linux", "FreeBSD", "OpenBSD", "NetBSD", "DragonFly", "Darwin", "SunOS", "AIX", "HP-UX", "Windows_NT", "Haiku" };
	struct json_object *links, *pages, *ci, *items;
	char facts[120], class[60];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(kernels); i++) {
		(void)snprintf(facts, sizeof(facts), "{\"host\":{\"hostname\":\"a\"},\"os\":{\"kernel_name\":\"%s\"}}", kernels[i]);
		pages = map_by("share/map/linux.jq", jv_parse(facts));
		links = map(jv_parse(facts));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "items", &items));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(links, 0), "ci", &ci));
		(void)snprintf(class, sizeof(class), "%s", json_str(json_object_array_get_idx(items, 0), "className", ""));
		if (strcmp(json_str(ci, "className", ""), class) != 0)
			fail_msg("%s is %s in one map, %s in the other", kernels[i], class, json_str(ci, "className", ""));
		json_object_put(pages);
		json_object_put(links);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_maker_left_in_is_nobodys_number),
		cmocka_unit_test(a_host_is_of_one_class_in_both_maps),
		cmocka_unit_test(networks_a_machine_makes_for_itself_are_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host of each system that is no Linux: test/data/hosts/SYSTEM holds what its commands print
 * (commands/) and its files; expected.json is what comes out, all sections.
 */
#include "facts_tree.h"

static const char *const systems[] = { "freebsd", "macos", "solaris", "aix", "hpux" };

static void
assert_same(const char *system, struct json_object *got, struct json_object *want)
{
	json_object_object_foreach(want, section, value) {
		struct json_object *have = NULL;

		if (!json_object_object_get_ex(got, section, &have) || !json_object_equal(have, value))
			fail_msg("%s: the section %s is %s\nexpected %s", system, section, json_object_to_json_string(have),
			    json_object_to_json_string(value));
	}
	assert_int_equal(json_object_object_length(got), json_object_object_length(want));
}

static void
each_system_tells_its_sections(void **state)
{
	struct json_object *got, *want;
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		(void)snprintf(tree_root, sizeof(tree_root), "test/data/hosts/%s", systems[i]);
		got = tree_facts(NULL);
		(void)snprintf(path, sizeof(path), "test/data/hosts/%s/expected.json", systems[i]);
		want = json_object_from_file(path);
		assert_non_null(want);
		assert_same(systems[i], got, want);
		json_object_put(got);
		json_object_put(want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_system_tells_its_sections) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What share/map/scan.jq makes of the certificates that a scan has seen. */
#define MAP "share/map/scan.jq"
#define FACTS ""
#include "map_run.h"

#define SHOWN(address) "{\"address\":\"" address "\",\"port\":443,\"fingerprint\":\"aa\",\"subject_common_name\":\"*.example.com\"}"

/* The addresses of a scan are asked in another order each time; a second discovery has no news all the same. */
static void
a_certificate_that_several_show_is_told_by_the_same_of_them(void **state)
{
	static const char *const orders[] = { SHOWN("10.0.0.9") "," SHOWN("10.0.0.10"), SHOWN("10.0.0.10") "," SHOWN("10.0.0.9"),
		SHOWN("fd00::2") "," SHOWN("fd00::1") "," SHOWN("10.0.0.9") };
	struct json_object *pages, *items, *values;
	char text[600];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(orders); i++) {
		(void)snprintf(text, sizeof(text), "{\"certificates\":[%s]}", orders[i]);
		pages = map(jv_parse(text));
		assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, 0), "items", &items));
		assert_int_equal(json_object_array_length(items), 1);
		assert_true(json_object_object_get_ex(json_object_array_get_idx(items, 0), "values", &values));
		assert_string_equal(json_str(values, "short_description", ""), "shown by 10.0.0.9 port 443");
		json_object_put(pages);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_that_several_show_is_told_by_the_same_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

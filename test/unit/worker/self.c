/* SPDX-License-Identifier: Apache-2.0 */
/* What a target of a discovery says of itself, and what of it a clone may not say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "self.h"

static const char links[] = "{\"addresses\":[\"10.0.0.2\",\"10.1.0.2\"],\"uuid\":\"U-1\",\"macs\":[\"02:00:00:00:00:0A\",\"x y\"],"
    "\"ci\":{\"className\":\"cmdb_ci_linux_server\",\"values\":{\"name\":\"web-1\",\"serial_number\":\"S 1\\\"\"},\"lookup\":[{}]}}";
static const char payload[] = "{\"items\":[{\"className\":\"cmdb_ci_linux_server\",\"internal_id\":\"host\",\"values\":{\"name\":\"web-1\",\"serial_number\":\"S\"},"
    "\"lookup\":[{\"a\":1}],\"sys_object_source_info\":{\"source_native_key\":\"m1\"}},"
    "{\"className\":\"cmdb_ci_disk\",\"values\":{\"name\":\"web-1\",\"serial_number\":\"D\"},\"lookup\":[]}]}";

static void
what_names_it_is_plain_words(void **state)
{
	struct json_object *o = json_tokener_parse(links), *none = json_tokener_parse("{\"ci\":{\"values\":{}},\"macs\":[\"b\"]}"),
	    *named = json_tokener_parse("{\"ci\":{\"values\":{\"name\":\"a\"}},\"macs\":[\"b\"]}");
	char *words = self_words(o);

	(void)state;
	assert_string_equal(words, "serial=s_1_ uuid=u-1 name=web-1 mac=02:00:00:00:00:0a mac=x_y ");
	assert_null(self_words(none));	/* nothing that another could say too */
	assert_null(self_words(NULL));
	free(words);
	words = self_words(named);
	assert_string_equal(words, "name=a mac=b ");
	free(words);
	json_object_put(o);
	json_object_put(named);
	json_object_put(none);
}

/* Its numbers are its own; what it hangs by at the instance is called after it. */
static void
a_namesake_is_called_by_its_mac_and_keeps_its_numbers(void **state)
{
	struct json_object *o = json_tokener_parse(links), *ci = json_object_object_get(o, "ci"), *v, *host, *out;
	struct self s;
	char *text;

	(void)state;
	self_init(&s, o, "namesake");
	self_links(&s, o);
	assert_false(json_object_object_get_ex(o, "serial", NULL));
	assert_true(json_object_object_get_ex(ci, "lookup", NULL));
	v = json_object_object_get(ci, "values");
	assert_string_equal(json_object_get_string(json_object_object_get(v, "name")), "web-1 02:00:00:00:00:0A");
	assert_string_equal(json_object_get_string(json_object_object_get(v, "serial_number")), "S 1\"");
	text = self_payload(&s, payload);
	out = json_tokener_parse(text);
	host = json_object_array_get_idx(json_object_object_get(out, "items"), 0);
	v = json_object_object_get(host, "values");
	assert_string_equal(json_object_get_string(json_object_object_get(v, "name")), "web-1 02:00:00:00:00:0A");
	assert_string_equal(json_object_get_string(json_object_object_get(v, "serial_number")), "S");
	assert_true(json_object_object_get_ex(host, "lookup", NULL));
	free(text);
	json_object_put(out);
	json_object_put(o);
	self_fini(&s);
}

static void
who_it_is_holds_at_every_address(void **state)
{
	struct json_object *o = json_tokener_parse(links), *none = json_tokener_parse("{\"ci\":{\"values\":{\"serial_number\":\"S\"}}}");
	struct self s;
	char *who = self_who(o);

	(void)state;
	assert_string_equal(who, "name=web-1 serial=s_1_");
	free(who);
	self_init(&s, o, "clone same name");
	self_links(&s, o);
	who = self_who(o);
	assert_string_equal(who, "name=web-1_02:00:00:00:00:0a");
	assert_null(self_who(none));
	assert_null(self_who(NULL));
	free(who);
	self_fini(&s);
	json_object_put(o);
	json_object_put(none);
}

/* Its address may be another one tomorrow, so that is the last thing to be called by. */
static void
a_clone_without_a_mac_is_called_by_its_address(void **state)
{
	struct json_object *o = json_tokener_parse(links);
	struct self s;

	(void)state;
	json_object_object_del(o, "macs");
	self_init(&s, o, "clone same name");
	assert_string_equal(s.called, "web-1 10.0.0.2");
	self_fini(&s);
	json_object_put(o);
}

static void
a_clone_says_nothing_that_is_anothers(void **state)
{
	static const struct { const char *answer, *name; } rows[] = { { "clone", "web-1" }, { "clone same name", "web-1 02:00:00:00:00:0A" } };
	struct json_object *o, *ci, *out, *items, *host, *disk, *v;
	struct self s;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		o = json_tokener_parse(links);
		self_init(&s, o, rows[i].answer);
		self_links(&s, o);
		assert_string_equal(json_object_get_string(json_object_object_get(o, "serial")), "S 1\"");
		ci = json_object_object_get(o, "ci");
		assert_false(json_object_object_get_ex(ci, "lookup", NULL));
		assert_string_equal(json_object_to_json_string_ext(json_object_object_get(ci, "values"), JSON_C_TO_STRING_PLAIN),
		    i == 0 ? "{\"name\":\"web-1\"}" : "{\"name\":\"web-1 02:00:00:00:00:0A\"}");
		text = self_payload(&s, payload);
		out = json_tokener_parse(text);
		items = json_object_object_get(out, "items");
		host = json_object_array_get_idx(items, 0);
		disk = json_object_array_get_idx(items, 1);
		v = json_object_object_get(host, "values");
		assert_false(json_object_object_get_ex(host, "lookup", NULL));
		assert_false(json_object_object_get_ex(v, "serial_number", NULL));
		assert_string_equal(json_object_get_string(json_object_object_get(v, "name")), rows[i].name);
		v = json_object_object_get(json_object_object_get(host, "sys_object_source_info"), "source_native_key");
		assert_string_equal(json_object_get_string(v), i == 0 ? "m1 web-1" : "m1 web-1 02:00:00:00:00:0A");
		assert_true(json_object_object_get_ex(json_object_object_get(disk, "values"), "serial_number", NULL));
		free(text);
		json_object_put(out);
		json_object_put(o);
		self_fini(&s);
	}
}

static void
one_that_is_itself_says_all(void **state)
{
	struct json_object *o = json_tokener_parse(links);
	struct self s;

	(void)state;
	self_init(&s, o, "ok");
	self_links(&s, o);
	assert_null(self_payload(&s, payload));
	assert_true(json_object_object_get_ex(json_object_object_get(o, "ci"), "lookup", NULL));
	self_fini(&s);
	json_object_put(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_names_it_is_plain_words),
		cmocka_unit_test(a_namesake_is_called_by_its_mac_and_keeps_its_numbers),
		cmocka_unit_test(who_it_is_holds_at_every_address),
		cmocka_unit_test(a_clone_without_a_mac_is_called_by_its_address),
		cmocka_unit_test(a_clone_says_nothing_that_is_anothers),
		cmocka_unit_test(one_that_is_itself_says_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

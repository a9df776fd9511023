/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cable is one relation, whoever has told of it: two switches that tell of each other (LLDP, CDP, and their maps each for
 * itself), a host that its switch tells of, a printer and a UPS that are only seen behind a port.
 */
#define MAP "share/map/relate.jq"
#define FACTS "test/data/map/cables.json"
#include "map_run.h"

static void
send(struct db *db, struct json_object *pages)
{
	const struct ire_options opt = { .data_source = "midd" };
	struct json_object *answer;
	size_t i;

	for (i = 0; i < json_object_array_length(pages); i++) {
		now += 1000;
		assert_int_equal(ire_apply(db, json_object_array_get_idx(pages, i), &opt, &answer), 0);
		json_object_put(answer);
	}
	json_object_put(pages);
}

/* Each device's CIs, in ORDER, then their relations. */
static void
discover(struct db *db, const size_t *order)
{
	jv all = facts_of(FACTS);
	struct json_object *hosts = json_object_new_array(), *o = json_object_new_object(), *links;
	const char *text;
	size_t i;

	for (i = 0; i < 5; i++) {
		send(db, map_by("share/map/network.jq", jv_array_get(jv_copy(all), (int)order[i])));
		links = map_by("share/map/network-links.jq", jv_array_get(jv_copy(all), (int)order[i]));
		json_object_array_add(hosts, json_object_get(json_object_array_get_idx(links, 0)));
		json_object_put(links);
	}
	json_object_object_add(o, "hosts", hosts);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	send(db, map(jv_parse(text)));
	json_object_put(o);
	jv_free(all);
}

static void
is_cable(struct db *db, const char *parent, const char *child, const char *port)
{
	char text[300];

	snprintf(text, sizeof(text), "parent.name=%s^child.name=%s^type.name=Connects to::Connected by^port=%s", parent, child, port);
	if (rows(db, "cmdb_rel_ci", text) != 1)
		fail_msg("no cable from %s to %s at %s", parent, child, port);
}

static void
each_cable_is_one_relation(void **state)
{
	static const size_t orders[][5] = { { 0, 1, 2, 3, 4 }, { 1, 0, 2, 3, 4 }, { 4, 3, 2, 1, 0 } };
	size_t i;

	/* Once and again, whoever is asked first. */
	for (i = 0; i < 3; i++) {
		discover(*state, orders[i]);
		is_cable(*state, "sw-1.example", "sw-2.example", "xe1 - xe9");
		is_cable(*state, "sw-2.example", "app-1", "ge2 - eth0");
		is_cable(*state, "sw-2.example", "printer-1", "ge1");	/* not sw-1: its port leads to sw-2, or has more behind it */
		is_cable(*state, "sw-1.example", "ups-1", "ge3");
		assert_int_equal(rows(*state, "cmdb_rel_ci", "type.name=Connects to::Connected by"), 4);
	}
}

/* A switch as it came out of its box is called as all of them are: by its name alone nobody is meant. */
static void
a_name_that_several_have_tells_of_none_of_them(void **state)
{
#define SWITCH(n, name, more) "{\"kind\":\"device\",\"address\":\"10.0.0." #n "\",\"addresses\":[\"10.0.0." #n "\"],\"macs\":[\"02:00:00:00:00:0" #n "\"]," \
	"\"sysname\":\"" name "\",\"ci\":{\"className\":\"cmdb_ci_ip_switch\",\"values\":{\"name\":\"" name "\",\"serial_number\":\"S" #n "\"}}" more "}"
#define SEES(name, mac) ",\"neighbours\":[{\"local\":\"ge1\",\"port\":\"ge2\",\"edge\":false,\"name\":\"" name "\",\"mac\":\"" mac "\"}]"
	static const struct { const char *hosts; int cables; } rows[] = {
		{ SWITCH(1, "core", SEES("Switch", "02:ff:00:00:00:09")) "," SWITCH(2, "switch", "") "," SWITCH(3, "Switch", ""), 0 },
		{ SWITCH(1, "core", SEES("Switch", "02:00:00:00:00:03")) "," SWITCH(2, "switch", "") "," SWITCH(3, "Switch", ""), 1 },
		{ SWITCH(1, "core", SEES("sw.b.example", "02:ff:00:00:00:09")) "," SWITCH(2, "sw.a.example", "") "," SWITCH(3, "sw.b.example", ""), 1 },
		{ SWITCH(1, "core", SEES("sw", "02:ff:00:00:00:09")) "," SWITCH(2, "sw.a.example", "") "," SWITCH(3, "sw.b.example", ""), 0 },
		{ SWITCH(1, "core", SEES("sw", "02:ff:00:00:00:09")) "," SWITCH(3, "sw.b.example", ""), 1 },
		{ SWITCH(1, "core", SEES("", "02:ff:00:00:00:09")) "," SWITCH(3, "", ""), 0 },
	};
	struct json_object *pages, *relations, *r;
	char text[4000];
	size_t i, k;
	int cables;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		(void)snprintf(text, sizeof(text), "{\"hosts\":[%s]}", rows[i].hosts);
		pages = map(jv_parse(text));
		for (cables = 0, k = 0; k < json_object_array_length(pages); k++) {
			assert_true(json_object_object_get_ex(json_object_array_get_idx(pages, k), "relations", &relations));
			r = json_object_array_get_idx(relations, 0);
			cables += (int)json_object_array_length(relations);
			if (r != NULL)	/* the third one of the list, or the only other one */
				assert_string_equal(json_str(r, "child_id", ""), i == 4 ? "h1" : "h2");
		}
		assert_int_equal(cables, rows[i].cables);
		json_object_put(pages);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_cable_is_one_relation, setup, teardown),
		cmocka_unit_test(a_name_that_several_have_tells_of_none_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

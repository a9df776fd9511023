/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What share/map/relate.jq makes of hosts that have more in common than a cable: a cluster and its nodes, a program that calls
 * another one over the network, a hypervisor and its guest.
 */
#define MAP "share/map/relate.jq"
#define FACTS ""
#include "map_run.h"

/* A host as linux-links.jq tells of it, with MORE in it. */
#define HOST(n, more) "{\"kind\":\"host\",\"address\":\"10.0.0." #n "\",\"addresses\":[\"10.0.0." #n "\"],\"macs\":[],\"uuid\":\"u-" #n "\"," \
	"\"ci\":{\"className\":\"cmdb_ci_linux_server\",\"values\":{\"name\":\"h" #n "\"}}" more "}"
#define CLUSTER(name) ",\"cluster\":{\"name\":\"" name "\",\"nodes\":[{\"name\":\"h1\",\"addresses\":[\"10.0.0.1\"]},{\"addresses\":[\"10.0.0.2\"]},{\"name\":\"h9\"}]}"
#define OTHER(name) ",\"cluster\":{\"name\":\"" name "\",\"nodes\":[{\"name\":\"h3\"}]}"

static void
send(struct db *db, const char *hosts)
{
	const struct ire_options opt = { .data_source = "midd" };
	struct json_object *pages, *answer;
	char text[6000];
	size_t i;

	snprintf(text, sizeof(text), "{\"hosts\":[%s]}", hosts);
	pages = map(jv_parse(text));
	for (i = 0; i < json_object_array_length(pages); i++) {
		now += 1000;
		assert_int_equal(ire_apply(db, json_object_array_get_idx(pages, i), &opt, &answer), 0);
		json_object_put(answer);
	}
	json_object_put(pages);
}

static bool
is_related(struct db *db, const char *parent, const char *type, const char *child)
{
	char text[300];

	snprintf(text, sizeof(text), "parent.name=%s^child.name=%s^type.name=%s", parent, child, type);
	return rows(db, "cmdb_rel_ci", text) == 1;
}

/* One of them tells of it, another is named by it, a third is not there. */
static void
a_cluster_contains_its_nodes(void **state)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		send(*state, HOST(1, CLUSTER("east")) "," HOST(2, "") "," HOST(4, ""));
		assert_int_equal(rows(*state, "cmdb_ci_cluster", ""), 1);
		assert_true(is_related(*state, "east", "Contains::Contained by", "h1"));
		assert_true(is_related(*state, "east", "Contains::Contained by", "h2"));
		assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 2);
	}
}

static void
two_clusters_of_one_name_are_two(void **state)
{
	send(*state, HOST(1, CLUSTER("hacluster")) "," HOST(2, CLUSTER("hacluster")) "," HOST(3, OTHER("hacluster")));
	assert_int_equal(rows(*state, "cmdb_ci_cluster", ""), 2);
	assert_true(is_related(*state, "hacluster (h1)", "Contains::Contained by", "h2"));
	assert_true(is_related(*state, "hacluster (h3)", "Contains::Contained by", "h3"));
	assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 3);
}

/* By the sockets on both ends: who calls, and who listens there. */
static void
a_program_is_related_to_the_one_it_calls(void **state)
{
	static const char hosts[] =
	    HOST(1, ",\"calls\":[{\"address\":\"10.0.0.2\",\"port\":5432,\"process\":\"shop\"},{\"address\":\"10.0.0.2\",\"port\":99,\"process\":\"shop\"},"
		"{\"address\":\"10.9.9.9\",\"port\":5432,\"process\":\"shop\"},{\"address\":\"10.0.0.2\",\"port\":5432}]") ","
	    HOST(2, ",\"listens\":[{\"port\":5432,\"process\":\"postgres\"}]");
	size_t i;

	for (i = 0; i < 2; i++) {
		send(*state, hosts);
		assert_true(is_related(*state, "shop@h1", "IP Connection::IP Connection", "postgres@h2"));
		assert_true(is_related(*state, "shop@h1", "Runs on::Runs", "h1"));
		assert_true(is_related(*state, "postgres@h2", "Runs on::Runs", "h2"));
		assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 3);
	}
}

static void
last_seen(struct db *db, const char *name, char out[40])
{
	struct json_object *row;
	char query[60];

	(void)snprintf(query, sizeof(query), "name=%s", name);
	assert_int_equal(db_first(db, "cmdb_ci_linux_server", query, &row), 0);
	(void)snprintf(out, 40, "%s", json_str(row, "last_discovered", ""));
	json_object_put(row);
}

/* Found by another discovery: a relation needs one end in this one, and only that one has been seen. */
static void
those_of_another_discovery_are_there_for_these(void **state)
{
	static const char hosts[] =
	    HOST(1, ",\"calls\":[{\"address\":\"10.0.0.2\",\"port\":5432,\"process\":\"shop\"}]") ","
	    HOST(2, ",\"elsewhere\":true,\"unchanged\":true,\"listens\":[{\"port\":5432,\"process\":\"postgres\"}],"
		"\"calls\":[{\"address\":\"10.0.0.3\",\"port\":22,\"process\":\"ssh\"}]") ","
	    HOST(3, ",\"elsewhere\":true,\"listens\":[{\"port\":22,\"process\":\"sshd\"}]");
	char before[40], after[40];

	send(*state, HOST(2, ",\"unchanged\":true"));
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", ""), 1);
	last_seen(*state, "h2", before);
	now += 100000;
	send(*state, hosts);
	assert_true(is_related(*state, "shop@h1", "IP Connection::IP Connection", "postgres@h2"));
	assert_int_equal(rows(*state, "cmdb_rel_ci", "type.name=IP Connection::IP Connection"), 1);
	assert_int_equal(rows(*state, "cmdb_ci_linux_server", "name=h3"), 0);
	last_seen(*state, "h2", after);
	assert_string_equal(before, after);
	last_seen(*state, "h1", after);
	assert_string_not_equal(before, after);
}

static void
a_guest_is_related_to_its_hypervisor(void **state)
{
	send(*state, HOST(1, ",\"guests\":[{\"name\":\"vm\",\"uuid\":\"u-2\"},{\"name\":\"gone\",\"uuid\":\"u-7\"},{\"name\":\"box\",\"uuid\":\"\"}]") "," HOST(2, ""));
	assert_true(is_related(*state, "h2", "Virtualized by::Virtualizes", "h1"));
	assert_int_equal(rows(*state, "cmdb_rel_ci", ""), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_cluster_contains_its_nodes, setup, teardown),
		cmocka_unit_test_setup_teardown(two_clusters_of_one_name_are_two, setup, teardown),
		cmocka_unit_test_setup_teardown(a_program_is_related_to_the_one_it_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(those_of_another_discovery_are_there_for_these, setup, teardown),
		cmocka_unit_test_setup_teardown(a_guest_is_related_to_its_hypervisor, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the web page is told: who may read what, and which part of a large net.
 */
#include "lab_made.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "acl.h"
#include "http.h"
#include "schema.h"

static const struct caller nobody;
static const struct caller agent = { .known = true, .roles = ROLE_MID };
static const struct caller itil = { .known = true, .roles = ROLE_ITIL };
static const struct caller admin = { .known = true, .roles = ROLE_ADMIN };

static int
made(void **state)
{
	struct instance *in;

	lab_made(state);
	in = *state;
	return schema_create(in->db);
}

/* The status; what was said goes to *SAID, the caller's, where it is asked for. */
static int
get(struct instance *in, const struct caller *who, const char *url,
    struct json_object **said)
{
	struct request req = { .in = in, .caller = who };
	struct answer a = { 0 };
	int status;

	req.method = strdup("GET");
	req.body = calloc(1, 1);
	assert_true(request_url(&req, url));
	route_serve(&req, &a);
	status = a.status;
	if (said != NULL) {
		struct json_object *result = NULL;

		(void)json_object_object_get_ex(a.json, "result", &result);
		*said = json_object_get(result);
	}
	answer_fini(&a);
	request_fini(&req);
	return status;
}

static size_t
length(struct json_object *o, const char *key)
{
	struct json_object *list = NULL;

	assert_true(json_object_object_get_ex(o, key, &list));
	return json_object_array_length(list);
}

static void
add_ci(struct instance *in, const char *class, const char *name, char id[33])
{
	struct json_object *o = json_object_new_object();

	json_put(o, "name", name);
	assert_int_equal(db_insert(in->db, class, o, id), 0);
	json_object_put(o);
}

static void
relate(struct instance *in, const char *parent, const char *child)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "parent", parent);
	json_put(o, "child", child);
	assert_int_equal(db_insert(in->db, "cmdb_rel_ci", o, NULL), 0);
	json_object_put(o);
}

static void
a_stranger_gets_nothing(void **state)
{
	static const char *const urls[] = { "/", "/page.js", "/page.css",
	    "/graph.js", "/api/midlab/page/now", "/api/midlab/page/cis",
	    "/api/midlab/page/graph", "/api/midlab/page/ci/x" };
	size_t i;

	for (i = 0; i < COUNT(urls); i++)
		assert_int_equal(get(*state, &nobody, urls[i], NULL), 401);
}

static void
each_sees_what_its_roles_may_read(void **state)
{
	struct json_object *said, *health;

	assert_int_equal(get(*state, &agent, "/api/midlab/page/cis", NULL), 403);
	assert_int_equal(get(*state, &agent, "/api/midlab/page/graph", NULL),
	    403);
	assert_int_equal(get(*state, &itil, "/api/midlab/page/cis", NULL), 200);
	assert_int_equal(get(*state, &itil, "/api/midlab/page/now", &said), 200);
	assert_false(json_object_object_get_ex(said, "agents", NULL));
	assert_false(json_object_object_get_ex(said, "latest", NULL));
	json_object_put(said);
	/* What is sealed is opened for an administrator alone. */
	assert_int_equal(get(*state, &agent, "/api/midlab/page/now", &said), 200);
	assert_true(json_object_object_get_ex(said, "agents", NULL));
	assert_true(json_object_object_get_ex(said, "health", &health));
	assert_true(json_object_object_get_ex(health, "results", NULL));
	assert_false(json_object_object_get_ex(health, "errors", NULL));
	json_object_put(said);
	assert_int_equal(get(*state, &admin, "/api/midlab/page/now", &said), 200);
	assert_true(json_object_object_get_ex(said, "health", &health));
	assert_true(json_object_object_get_ex(health, "errors", NULL));
	json_object_put(said);
}

static void
a_search_cannot_leave_its_field(void **state)
{
	struct json_object *said;
	char id[33];

	add_ci(*state, "cmdb_ci_linux_server", "a^b", id);
	add_ci(*state, "cmdb_ci_linux_server", "other", id);
	assert_int_equal(get(*state, &itil,
	    "/api/midlab/page/cis?q=zzz%5ENQnameISNOTEMPTY", &said), 200);
	assert_int_equal(length(said, "rows"), 0);
	json_object_put(said);
	assert_int_equal(get(*state, &itil, "/api/midlab/page/cis?q=a%5Eb",
	    &said), 200);
	assert_int_equal(length(said, "rows"), 1);
	json_object_put(said);
}

static void
a_ci_that_there_is_not_is_said_to_be_none(void **state)
{
	assert_int_equal(get(*state, &itil, "/api/midlab/page/ci/"
	    "00000000000000000000000000000000", NULL), 404);
	assert_int_equal(get(*state, &itil, "/api/midlab/page/ci/x", NULL), 404);
}

static void
parts_of_a_machine_are_drawn_when_asked_for(void **state)
{
	char host[33], nic[33];
	struct json_object *said;

	add_ci(*state, "cmdb_ci_linux_server", "h", host);
	add_ci(*state, "cmdb_ci_network_adapter", "eth0", nic);
	relate(*state, host, nic);
	assert_int_equal(get(*state, &itil, "/api/midlab/page/graph", &said),
	    200);
	assert_int_equal(length(said, "nodes"), 1);
	assert_int_equal(length(said, "edges"), 0);
	json_object_put(said);
	assert_int_equal(get(*state, &itil,
	    "/api/midlab/page/graph?parts=true", &said), 200);
	assert_int_equal(length(said, "nodes"), 2);
	assert_int_equal(length(said, "edges"), 1);
	json_object_put(said);
}

static void
of_a_large_net_the_nearest_are_drawn(void **state)
{
	char ids[400][33], name[16], url[96];
	struct json_object *said, *nodes;
	size_t i;

	/* A chain; the far end cannot be reached with 250. */
	for (i = 0; i < 400; i++) {
		snprintf(name, sizeof(name), "n%03zu", i);
		add_ci(*state, "cmdb_ci_ip_switch", name, ids[i]);
		if (i > 0)
			relate(*state, ids[i - 1], ids[i]);
	}
	snprintf(url, sizeof(url), "/api/midlab/page/graph?around=%s", ids[0]);
	assert_int_equal(get(*state, &itil, url, &said), 200);
	assert_int_equal(length(said, "nodes"), 250);
	assert_int_equal(length(said, "edges"), 249);
	assert_true(json_object_object_get_ex(said, "nodes", &nodes));
	assert_string_equal(json_str(json_object_array_get_idx(nodes, 249),
	    "name", ""), "n249");
	json_object_put(said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, made, lab_gone)
		T(a_stranger_gets_nothing),
		T(each_sees_what_its_roles_may_read),
		T(a_search_cannot_leave_its_field),
		T(a_ci_that_there_is_not_is_said_to_be_none),
		T(parts_of_a_machine_are_drawn_when_asked_for),
		T(of_a_large_net_the_nearest_are_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

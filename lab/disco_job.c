/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_job - the Discover job of a discovery: worded, and given to an agent under
 * a new fence.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "ranges.h"
#include "rules.h"

int
disco_meets(struct db *db, struct json_object *status, const char *query,
    long limit, struct json_object **met)
{
	struct ranges mine, theirs;
	struct json_object *rows, *o;
	char wrong[64];
	size_t i;
	int r;

	*met = NULL;
	r = db_query(db, "discovery_status", query, limit, &rows);
	if (r < 0)
		return r;
	(void)ranges_parse(&mine, json_str(status, "u_ranges", ""), wrong);
	for (i = 0; i < json_object_array_length(rows) && *met == NULL; i++) {
		o = json_object_array_get_idx(rows, i);
		(void)ranges_parse(&theirs, json_str(o, "u_ranges", ""), wrong);
		if (ranges_meet(&mine, &theirs))
			*met = json_object_get(o);
		ranges_fini(&theirs);
	}
	ranges_fini(&mine);
	json_object_put(rows);
	return 0;
}

static void
add_parameter(struct text *t, const char *name, size_t n, const char *value,
    size_t len)
{
	if (len == 0)
		return;
	text_add(t, "<parameter name=\"");
	text_add_xml(t, name, n);
	text_add(t, "\" value=\"");
	text_add_xml(t, value, len);
	text_add(t, "\"/>");
}

/* u_parameters: "name=value name=value". */
static char *
payload_of(struct json_object *status, const char *fence, int lease_s,
    bool full)
{
	const char *at = json_str(status, "u_parameters", ""), *eq;
	const char *ranges = json_str(status, "u_ranges", "");
	const char *exclude = json_str(status, "u_exclude", "");
	struct text t = { 0 };
	char lease[24];
	size_t n;

	(void)snprintf(lease, sizeof(lease), "%d", lease_s);
	text_add(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<parameters>");
	add_parameter(&t, "ranges", 6, ranges, strlen(ranges));
	add_parameter(&t, "exclude", 7, exclude, strlen(exclude));
	add_parameter(&t, "fence", 5, fence, strlen(fence));
	if (lease_s > 0)
		add_parameter(&t, "lease", 5, lease, strlen(lease));
	if (full)
		add_parameter(&t, "full", 4, "true", 4);
	for (; *at != '\0'; at += n) {
		at += strspn(at, " ");
		n = strcspn(at, " ");
		eq = memchr(at, '=', n);
		if (eq != NULL)
			add_parameter(&t, at, (size_t)(eq - at), eq + 1,
			    n - (size_t)(eq + 1 - at));
	}
	text_add(&t, "</parameters>");
	return text_take(&t);
}

/* Was another agent the last to ask some of these addresses? Then what
 * this one has sent before may not be what the CMDB holds now. */
static bool
another_was_last(struct db *db, struct json_object *status, const char *agent)
{
	struct json_object *last;
	bool other;

	if (disco_meets(db, status, "stateINCompleted,Failed"
	    "^mid_serverISNOTEMPTY^ORDERBYDESCcompleted", 200, &last) < 0)
		return true;
	other = last != NULL &&
	    strcmp(json_str(last, "mid_server", ""), agent) != 0;
	json_object_put(last);
	return other;
}

static int
queue_job(struct instance *in, struct json_object *status, const char *agent,
    const char *fence, bool full, char id[SYS_ID_LEN + 1])
{
	struct json_object *o = json_object_new_object();
	struct text to = { 0 };
	char *payload = payload_of(status, fence, in->heartbeat_s, full);
	int r;

	text_addf(&to, "mid.server.%s", agent);
	json_put(o, "agent", text_str(&to));
	json_put(o, "topic", "Discover");
	json_put(o, "name", json_str(status, "number", ""));
	json_put(o, "source", json_str(status, "u_ranges", ""));
	json_put(o, "queue", "output");
	json_put(o, "payload", payload);
	json_put(o, "agent_correlator", json_str(status, "sys_id", ""));
	r = record_insert(in, "ecc_queue", o, id);
	json_object_put(o);
	text_fini(&to);
	free(payload);
	return r;
}

int
disco_give(struct instance *in, struct json_object *status,
    struct json_object *agent)
{
	const char *to = json_str(agent, "sys_id", "");
	char output[SYS_ID_LEN + 1], n[24], times[24];
	long fence;
	int r;

	r = disco_fence_next(in->db, &fence);
	(void)snprintf(n, sizeof(n), "%ld", fence);
	if (r == 0)
		r = queue_job(in, status, json_str(agent, "name", ""), n,
		    another_was_last(in->db, status, to), output);
	if (r == 0)
		r = disco_fence_give(in->db, status, to, output, &fence);
	(void)snprintf(times, sizeof(times), "%d",
	    atoi(json_str(status, "u_assigned", "0")) + 1);
	if (r == 0)
		r = disco_set(in->db, "discovery_status",
		    json_str(status, "sys_id", ""), "state", "Queued",
		    "mid_server", to, "u_output", output, "u_fence", n,
		    "u_assigned", times, "u_why", "", NULL);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heartbeat - the job that a real instance calls "MID Server Monitor": asks
 * every agent whether it is alive, and calls Down who did not answer.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "rules.h"

static int
set_down(struct instance *in, struct json_object *agent)
{
	struct json_object *o = json_object_new_object();
	int r;

	json_put(o, "status", "Down");
	r = db_update(in->db, "ecc_agent", json_str(agent, "sys_id", ""), o);
	json_object_put(o);
	return r;
}

/* Probes of the last beat that nobody answered are cancelled: the agent would
 * else find a heap of them when it comes back. */
static int
cancel_old(struct instance *in, const char *agent, bool *unanswered)
{
	struct json_object *rows, *o;
	char *quoted = db_quote(agent);
	struct text query = { 0 };
	size_t i;
	int r;

	text_addf(&query, "agent=%s^topic=HeartbeatProbe^queue=output^"
	    "stateINready,processing", quoted);
	r = db_query(in->db, "ecc_queue", text_str(&query), 0, &rows);
	text_fini(&query);
	free(quoted);
	if (r < 0)
		return r;
	*unanswered = json_object_array_length(rows) > 0;
	for (i = 0; r == 0 && i < json_object_array_length(rows); i++) {
		o = json_object_new_object();
		json_put(o, "state", "cancelled");
		r = db_update(in->db, "ecc_queue", json_str(
		    json_object_array_get_idx(rows, i), "sys_id", ""), o);
		json_object_put(o);
	}
	json_object_put(rows);
	return r;
}

static int
probe(struct instance *in, const char *agent)
{
	struct json_object *o = json_object_new_object();
	int r;

	json_put(o, "agent", agent);
	json_put(o, "topic", "HeartbeatProbe");
	json_put(o, "name", "HeartbeatProbe");
	json_put(o, "queue", "output");
	json_put(o, "priority", "0");
	r = record_insert(in, "ecc_queue", o, NULL);
	json_object_put(o);
	return r;
}

static int
beat_agent(struct instance *in, struct json_object *agent)
{
	struct text name = { 0 };
	bool unanswered = false;
	int r;

	text_addf(&name, "mid.server.%s", json_str(agent, "name", ""));
	r = cancel_old(in, text_str(&name), &unanswered);
	if (r == 0 && unanswered)
		r = set_down(in, agent);
	if (r == 0)
		r = probe(in, text_str(&name));
	text_fini(&name);
	return r;
}

int
heartbeat_beat(struct instance *in)
{
	struct json_object *rows;
	size_t i;
	int r;

	in->heartbeat_next_ms = db_now_ms(in->db) +
	    (int64_t)in->heartbeat_s * 1000;
	db_set_user(in->db, "system", "");
	r = db_begin(in->db);
	if (r < 0)
		return r;
	r = db_query(in->db, "ecc_agent", "", 0, &rows);
	if (r == 0) {
		for (i = 0; r == 0 && i < json_object_array_length(rows); i++)
			r = beat_agent(in, json_object_array_get_idx(rows, i));
		json_object_put(rows);
	}
	return db_end(in->db, r);
}

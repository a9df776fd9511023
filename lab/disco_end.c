/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_end - a discovery that ends before its time: somebody has made its row
 * Cancelled, or what stands in its row makes no sense. Whoever has begun it is
 * told to leave off.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "rules.h"

int
disco_cancel_output(struct db *db, struct json_object *status, const char *why)
{
	int r = disco_set(db, "ecc_queue", json_str(status, "u_output", ""),
	    "state", "cancelled", "error_string", why, NULL);

	return r == DB_E_NONE ? 0 : r;
}

int
disco_tell_to_stop(struct instance *in, struct json_object *status)
{
	struct json_object *o, *agent;
	struct text to = { 0 };
	int r;

	r = db_get(in->db, "ecc_agent", json_str(status, "mid_server", ""),
	    &agent);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = json_object_new_object();
	text_addf(&to, "mid.server.%s", json_str(agent, "name", ""));
	json_put(o, "agent", text_str(&to));
	json_put(o, "topic", "SystemCommand");
	json_put(o, "source", "cancel_discovery");
	json_put(o, "queue", "output");
	json_put(o, "priority", "0");
	json_put(o, "name", json_str(status, "u_output", ""));
	r = record_insert(in, "ecc_queue", o, NULL);
	text_fini(&to);
	json_object_put(o);
	json_object_put(agent);
	return r;
}

/* --- by a person --------------------------------------------------------- */

bool
disco_is_cancelled(const struct rule_run *run)
{
	return strcmp(json_str(run->values, "state", ""), "Cancelled") == 0;
}

/* A job that nobody has begun is taken out of the queue; the answer of one
 * that runs ends it there, and until then its addresses are not free. */
static int
stop(struct instance *in, struct json_object *status, const char *why)
{
	struct json_object *output;
	const char *state;
	int r;

	r = db_get(in->db, "ecc_queue", json_str(status, "u_output", ""),
	    &output);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	state = json_str(output, "state", "");
	if (strcmp(state, "ready") == 0)
		r = disco_cancel_output(in->db, status, why);
	else if (strcmp(state, "processing") == 0)
		r = disco_tell_to_stop(in, status);
	json_object_put(output);
	return r;
}

int
disco_cancelled(struct rule_run *run)
{
	struct db *db = run->in->db;
	struct json_object *status;
	char now[DATE_SIZE];
	const char *why;
	int r;

	r = db_get(db, "discovery_status", run->sys_id, &status);
	if (r < 0)
		return r;
	why = json_str(run->values, "u_why", "");
	date_format(now, (time_t)(db_now_ms(db) / 1000));
	r = stop(run->in, status, why[0] != '\0' ? why : "cancelled");
	if (r == 0)
		r = disco_fence_end(db, status, "done", "it was cancelled");
	if (r == 0)
		r = disco_set(db, "discovery_status", run->sys_id, "u_why",
		    why[0] != '\0' ? why : "cancelled", "completed", now,
		    "u_asking", "0", "u_eta", "0", NULL);
	json_object_put(status);
	return r;
}

/* --- by itself ----------------------------------------------------------- */

int
disco_spoilt(struct instance *in, const char *table, struct json_object *row,
    const char *why)
{
	bool schedule = strcmp(table, "discovery_schedule") == 0;
	const char *id = json_str(row, "sys_id", "");
	struct json_object *o = json_object_new_object();
	struct text said = { 0 };
	int r;

	text_addf(&said, "%s %s", schedule ? "schedule" : "discovery",
	    json_str(row, schedule ? "name" : "number", ""));
	text_addf(&said, schedule ? ": %s: it is not active any more" :
	    ": %s", why);
	json_put(o, "level", "Error");
	json_put(o, "source", "midlab");
	json_put(o, "message", text_str(&said));
	if (!schedule)
		json_put(o, "status", id);
	r = db_insert(in->db, "discovery_log", o, NULL);
	if (r == 0)
		r = schedule ? disco_set(in->db, table, id, "active", "false",
		    NULL) : disco_set(in->db, table, id, "state", "Failed",
		    "u_why", why, NULL);
	text_fini(&said);
	json_object_put(o);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_tick - one round of the scheduler: schedules that are due make a
 * discovery each; those that wait begin when they may; those under way are
 * looked after. A round without anything to do writes nothing.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"
#include "rules.h"
#include "when.h"

#define ROUND_MS 1000
#define OPEN "stateINQueued,Active"
/* Cancelled, and its agent has not left off yet: its addresses are not free. */
#define STOPS "state=Cancelled^u_output.state=processing" \
	"^mid_server.statusISNOTEMPTY^mid_server.status!=Down"

int
disco_set(struct db *db, const char *table, const char *id, ...)
{
	struct json_object *o = json_object_new_object();
	const char *name;
	va_list ap;
	int r;

	va_start(ap, id);
	while ((name = va_arg(ap, const char *)) != NULL)
		json_put(o, name, va_arg(ap, const char *));
	va_end(ap);
	r = db_update(db, table, id, o);
	json_object_put(o);
	return r;
}

static int
set_status(struct db *db, struct json_object *status, const char *state,
    const char *why)
{
	int r;

	if (strcmp(json_str(status, "state", ""), state) == 0 &&
	    strcmp(json_str(status, "u_why", ""), why) == 0)
		return 0;
	r = disco_set(db, "discovery_status", json_str(status, "sys_id", ""),
	    "state", state, "u_why", why, NULL);
	json_put(status, "state", state);	/* it may be that very string */
	return r;
}

/* A row that makes no sense stops itself, not those behind it. */
static int
one(struct instance *in, const char *table, struct json_object *row,
    int (*what)(struct instance *, struct json_object *))
{
	char why[300];
	int r = db_begin(in->db);

	if (r < 0)
		return r;
	r = what(in, row);
	if (r == 0)
		return db_commit(in->db);
	(void)snprintf(why, sizeof(why), "%s", db_error(in->db));
	db_rollback(in->db);
	return r == DB_E_BAD ? disco_spoilt(in, table, row, why) : r;
}

static int
each(struct instance *in, const char *table, const char *query,
    int (*what)(struct instance *, struct json_object *))
{
	struct json_object *rows;
	size_t i;
	int r;

	r = db_query(in->db, table, query, 0, &rows);
	if (r < 0)
		return r;
	for (i = 0; r == 0 && i < json_object_array_length(rows); i++)
		r = one(in, table, json_object_array_get_idx(rows, i), what);
	json_object_put(rows);
	return r;
}

/* --- schedules --------------------------------------------------------------------- */

static void
read_when(struct json_object *row, struct when *w)
{
	*w = (struct when){ .zone = json_str(row, "time_zone", ""),
	    .days = json_str(row, "u_window_days", ""),
	    .from = json_str(row, "u_window_from", ""),
	    .to = json_str(row, "u_window_to", ""),
	    .at = json_str(row, "run_time", ""),
	    .every_s = atol(json_str(row, "run_period", "0")) };
}

static int
begin_run(struct instance *in, struct json_object *schedule)
{
	static const char *const copied[][2] = {
		{ "u_ranges", "u_ranges" }, { "u_exclude", "u_exclude" },
		{ "mid_server", "u_mid_server" },
		{ "mid_cluster", "u_mid_cluster" },
		{ "u_capability", "u_capability" },
		{ "u_parameters", "u_parameters" }, { "name", "description" },
		{ "sys_id", "dscheduler" },
	};
	struct json_object *o = json_object_new_object();
	size_t i;
	int r;

	for (i = 0; i < COUNT(copied); i++)
		json_put(o, copied[i][1], json_str(schedule, copied[i][0], ""));
	json_put(o, "source", "schedule");
	r = record_insert(in, "discovery_status", o, NULL);
	json_object_put(o);
	return r;
}

/* One that is late since the lab was off is done once, not as often as it was
 * missed; while the last one runs no second one begins. */
static int
look_at_schedule(struct instance *in, struct json_object *row)
{
	time_t now = (time_t)(db_now_ms(in->db) / 1000), next;
	const char *id = json_str(row, "sys_id", "");
	char was[DATE_SIZE], then[DATE_SIZE] = "", query[128];
	struct when w;
	long open = 0;
	int r;

	read_when(row, &w);
	(void)snprintf(query, sizeof(query), "dscheduler=%s^stateINWaiting,"
	    "Queued,Active", id);
	r = db_count(in->db, "discovery_status", query, &open);
	if (r == 0 && open == 0)
		r = begin_run(in, row);
	if (r < 0)
		return r;
	next = when_next(&w, now);
	date_format(was, now);
	if (next != 0)
		date_format(then, next);
	return disco_set(in->db, "discovery_schedule", id, "u_last", was,
	    "u_next", then, "active", next != 0 ? "true" : "false", NULL);
}

static int
run_schedules(struct instance *in)
{
	char query[128], now[DATE_SIZE];

	date_format(now, (time_t)(db_now_ms(in->db) / 1000));
	(void)snprintf(query, sizeof(query), "active=true^u_nextISNOTEMPTY"
	    "^u_next<=%s", now);
	return each(in, "discovery_schedule", query, look_at_schedule);
}

/* --- what waits ---------------------------------------------------------------------- */

static bool
window_open(struct instance *in, struct json_object *status)
{
	struct json_object *row;
	struct when w;
	bool open;

	if (db_get(in->db, "discovery_schedule",
	    json_str(status, "dscheduler", ""), &row) < 0)
		return true;
	read_when(row, &w);
	open = when_open(&w, (time_t)(db_now_ms(in->db) / 1000));
	json_object_put(row);
	return open;
}

static int
look_at_waiting(struct instance *in, struct json_object *status)
{
	struct json_object *agent, *other;
	char why[256];
	bool split = false;
	int r;

	if (!window_open(in, status))
		return set_status(in->db, status, "Waiting",
		    "outside of its window");
	r = disco_meets(in->db, status, OPEN "^NQ" STOPS, 0, &other);
	if (r < 0)
		return r;
	if (other != NULL) {
		(void)snprintf(why, sizeof(why), "%.60s asks some of these"
		    " addresses now", json_str(other, "number", ""));
		json_object_put(other);
		return set_status(in->db, status, "Waiting", why);
	}
	r = disco_choose(in->db, status, "", &agent, why);
	if (r == 0 && agent == NULL)
		r = disco_split(in, status, &split);
	if (r == 0 && agent == NULL)	/* its parts are looked at in the next round */
		return split ? 0 : set_status(in->db, status, "Waiting", why);
	if (r == 0)
		r = disco_give(in, status, agent);
	json_object_put(agent);
	return r;
}

/* --- what is under way ------------------------------------------------------------------ */

/* Its agent is gone: given to another one, where there is one. */
static int
take_over(struct instance *in, struct json_object *status)
{
	struct json_object *agent;
	char why[256], said[400];
	int r;

	r = disco_choose(in->db, status, json_str(status, "mid_server", ""),
	    &agent, why);
	if (r == 0 && agent == NULL)
		return set_status(in->db, status, json_str(status, "state", ""),
		    "its agent is Down and no other one can take it");
	(void)snprintf(said, sizeof(said), "the agent that held it was Down:"
	    " %.100s was given to %.80s", json_str(status, "number", ""),
	    json_str(agent, "name", ""));
	if (r == 0)
		r = disco_fence_end(in->db, status, "superseded", said);
	if (r == 0)
		r = disco_cancel_output(in->db, status, said);
	if (r == 0)
		r = disco_tell_to_stop(in, status);
	if (r == 0)
		r = disco_give(in, status, agent);
	json_object_put(agent);
	return r;
}

/* Not begun when its window closed: it waits for the next one. */
static int
put_back(struct instance *in, struct json_object *status)
{
	static const char why[] = "outside of its window";
	int r = disco_fence_end(in->db, status, "superseded", why);

	if (r == 0)
		r = disco_cancel_output(in->db, status, why);
	return r == 0 ? set_status(in->db, status, "Waiting", why) : r;
}

static int
begun(struct instance *in, struct json_object *status)
{
	char now[DATE_SIZE];

	date_format(now, (time_t)(db_now_ms(in->db) / 1000));
	return disco_set(in->db, "discovery_status",
	    json_str(status, "sys_id", ""), "state", "Active", "started", now,
	    "u_why", "", NULL);
}

static int
look_at_open(struct instance *in, struct json_object *status)
{
	bool queued = strcmp(json_str(status, "state", ""), "Queued") == 0;
	struct json_object *output;
	const char *state;
	int r;

	if (!disco_agent_up(in->db, json_str(status, "mid_server", "")))
		return take_over(in, status);
	r = db_get(in->db, "ecc_queue", json_str(status, "u_output", ""),
	    &output);
	if (r < 0)
		return r == DB_E_NONE ? set_status(in->db, status, "Cancelled",
		    "its job is not in the queue any more") : r;
	state = json_str(output, "state", "");
	if (strcmp(state, "cancelled") == 0) {
		if (!queued)
			r = disco_tell_to_stop(in, status);
		if (r == 0)
			r = set_status(in->db, status, "Cancelled",
			    "its job was cancelled");
	}
	else if (queued && strcmp(state, "processing") == 0)
		r = begun(in, status);
	else if (queued && strcmp(state, "ready") == 0 &&
	    !window_open(in, status))
		r = put_back(in, status);
	json_object_put(output);
	return r;
}

/* --- the round ----------------------------------------------------------------------------- */

static int
go_round(struct instance *in)
{
	int r = disco_tell_refused(in);

	if (r == 0)
		r = run_schedules(in);
	if (r == 0)
		r = each(in, "discovery_status", OPEN, look_at_open);
	if (r == 0)
		r = each(in, "discovery_status",
		    "state=Waiting^ORDERBYsys_created_on^ORDERBYnumber",
		    look_at_waiting);
	return r;
}

int
disco_tick(struct instance *in)
{
	int r;

	in->disco_next_ms = db_now_ms(in->db) + ROUND_MS;
	db_set_user(in->db, "system", "");
	r = db_begin(in->db);
	if (r < 0)
		return r;
	return db_end(in->db, go_round(in));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_fence - who may still speak about a discovery: each assignment is a
 * row with a number that only grows, and only the newest one counts.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "rules.h"
#include "instance.h"

#define TABLE "u_discovery_assignment"
#define REFUSED_MAX 1000		/* told of in one round */
#define COUNTER "u.discovery.fence"	/* a row of sys_properties */

int
disco_fence_next(struct db *db, long *fence)
{
	struct json_object *row = NULL, *o = json_object_new_object();
	char n[24];
	int r = db_first(db, "sys_properties", "name=" COUNTER, &row);

	*fence = atol(json_str(row, "value", "0")) + 1;
	(void)snprintf(n, sizeof(n), "%ld", *fence);
	json_put(o, "name", COUNTER);
	json_put(o, "value", n);
	json_put(o, "description", "the newest fence of a discovery");
	if (r == 0)
		r = db_update(db, "sys_properties", json_str(row, "sys_id", ""),
		    o);
	else if (r == DB_E_NONE)
		r = db_insert(db, "sys_properties", o, NULL);
	json_object_put(row);
	json_object_put(o);
	return r;
}

int
disco_fence_give(struct db *db, struct json_object *status, const char *agent,
    const char *output, long *fence)
{
	struct json_object *o = json_object_new_object();
	char n[24];
	int r;

	(void)snprintf(n, sizeof(n), "%ld", *fence);
	json_put(o, "status", json_str(status, "sys_id", ""));
	json_put(o, "mid_server", agent);
	json_put(o, "output", output);
	json_put(o, "fence", n);
	json_put(o, "state", "current");
	r = db_insert(db, TABLE, o, NULL);
	json_object_put(o);
	return r;
}

int
disco_fence_end(struct db *db, struct json_object *status, const char *state,
    const char *why)
{
	struct json_object *row, *o;
	char query[128];
	int r;

	(void)snprintf(query, sizeof(query), "status=%s^state=current",
	    json_str(status, "sys_id", ""));
	r = db_first(db, TABLE, query, &row);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = json_object_new_object();
	json_put(o, "state", state);
	json_put(o, "why", why);
	r = db_update(db, TABLE, json_str(row, "sys_id", ""), o);
	json_object_put(o);
	json_object_put(row);
	return r;
}

/* The row of QUERY says whether what comes under it still counts. */
static int
judge(struct db *db, const char *query, bool unknown_is_bad)
{
	struct json_object *row = NULL;
	int r = db_first(db, TABLE, query, &row);

	if (r == DB_E_NONE && unknown_is_bad)
		return db_say(db, DB_E_BAD, "no work was ever given under"
		    " this fence (%s)", query);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	if (strcmp(json_str(row, "state", ""), "superseded") == 0)
		r = db_say(db, DB_E_GONE, "fence %s is not valid any more:"
		    " %s", json_str(row, "fence", ""), json_str(row, "why", ""));
	json_object_put(row);
	return r;
}

int
disco_check_fence(struct db *db, const char *fence)
{
	char query[64];

	if (fence[0] == '\0')
		return 0;
	if (strlen(fence) > 18 || fence[strspn(fence, "0123456789")] != '\0')
		return db_say(db, DB_E_BAD, "sysparm_fence is a number, not"
		    " \"%.40s\"", fence);
	(void)snprintf(query, sizeof(query), "fence=%s", fence);
	return judge(db, query, true);
}

/* --- answers --------------------------------------------------------------------- */

bool
disco_is_answer(const struct rule_run *run)
{
	return strcmp(json_str(run->values, "queue", ""), "input") == 0 &&
	    is_sys_id(json_str(run->values, "response_to", "")) &&
	    strcmp(json_str(run->values, "topic", ""), "Discover") == 0;
}

int
disco_refuse_late(struct rule_run *run)
{
	char query[64];
	int r;

	(void)snprintf(query, sizeof(query), "output=%s",
	    json_str(run->values, "response_to", ""));
	r = judge(run->in->db, query, false);
	if (r == DB_E_GONE)
		disco_remember(run->in, json_str(run->values, "agent", ""));
	return r;
}

/* --- what was refused, for people ---------------------------------------------- */

/* What was refused is undone, a row about it too: so it is kept until the
 * next round. */
void
disco_remember(struct instance *in, const char *who)
{
	struct json_object *o;

	if (in->refused == NULL)
		in->refused = json_object_new_array();
	if (json_object_array_length(in->refused) >= REFUSED_MAX)
		return;
	o = json_object_new_object();
	json_put(o, "level", "Warn");
	json_put(o, "source", who);
	json_put(o, "message", db_error(in->db));
	json_object_array_add(in->refused, o);
}

int
disco_tell_refused(struct instance *in)
{
	size_t i;
	int r = 0;

	if (in->refused == NULL)
		return 0;
	for (i = 0; r == 0 && i < json_object_array_length(in->refused); i++)
		r = db_insert(in->db, "discovery_log",
		    json_object_array_get_idx(in->refused, i), NULL);
	json_object_put(in->refused);
	in->refused = NULL;
	return r;
}

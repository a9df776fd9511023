/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_agent - who takes a discovery: of the agents meant that are Up and
 * validated, may reach all of its addresses and can do what it asks for, the
 * one with the least to do.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "files.h"
#include "instance.h"
#include "ranges.h"
#include "rules.h"

#define SLOTS_UNSAID 25		/* threads.max of a MID Server */

static bool
is(struct json_object *row, const char *key, const char *value)
{
	return strcasecmp(json_str(row, key, ""), value) == 0;
}

/* How many rows of TABLE have FIELD = VALUE and fulfil MORE. */
static long
count(struct db *db, const char *table, const char *field, const char *value,
    const char *more)
{
	struct text query = { 0 };
	char *quoted = db_quote(value);
	long n = 0;

	text_addf(&query, "%s=%s%s", field, quoted, more);
	(void)db_count(db, table, text_str(&query), &n);
	text_fini(&query);
	free(quoted);
	return n;
}

/* --- may it ------------------------------------------------------------------------ */

/* The rows of ecc_agent_ip_address of one type as one list. */
static void
rows_of_type(struct json_object *rows, bool exclude, struct ranges *out)
{
	struct text t = { 0 };
	char wrong[64];
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (is(row, "type", "exclude") == exclude)
			text_addf(&t, "%s ", json_str(row, "range", ""));
	}
	if (!ranges_parse(out, text_str(&t), wrong))
		complain("ecc_agent_ip_address: \"%s\" is no address; what"
		    " follows it does not count", wrong);
	text_fini(&t);
}

/* All of what is asked is in its ranges (or it has none), and nothing of it
 * in those that are not for it. */
static bool
may_reach(struct db *db, const char *agent, const struct ranges *asked)
{
	struct ranges yes, no;
	struct json_object *rows;
	char query[64];
	bool ok;

	(void)snprintf(query, sizeof(query), "agent=%s", agent);
	if (db_query(db, "ecc_agent_ip_address", query, 0, &rows) < 0)
		return false;
	rows_of_type(rows, false, &yes);
	rows_of_type(rows, true, &no);
	ok = (yes.count == 0 || ranges_hold(&yes, asked)) &&
	    !ranges_meet(&no, asked);
	ranges_fini(&yes);
	ranges_fini(&no);
	json_object_put(rows);
	return ok;
}

/* An agent without any row of ecc_agent_capability can do all. */
static bool
can(struct db *db, const char *agent, const char *capability)
{
	struct text more = { 0 };
	char *quoted = db_quote(capability);
	bool ok;

	text_addf(&more, "^capabilityIN%s,ALL", quoted);
	free(quoted);
	ok = capability[0] == '\0' ||
	    count(db, "ecc_agent_capability", "agent", agent, "") == 0 ||
	    count(db, "ecc_agent_capability", "agent", agent,
	    text_str(&more)) > 0;
	text_fini(&more);
	return ok;
}

static bool
is_meant(struct db *db, struct json_object *status, const char *agent)
{
	const char *one = json_str(status, "u_mid_server", "");
	const char *cluster = json_str(status, "u_mid_cluster", "");
	char more[64];

	if (one[0] != '\0')
		return strcmp(one, agent) == 0;
	if (cluster[0] == '\0')
		return true;
	(void)snprintf(more, sizeof(more), "^agent=%s", agent);
	return count(db, "ecc_agent_cluster_member_m2m", "mid_cluster",
	    cluster, more) > 0;
}

/* --- how much it has to do ----------------------------------------------------------- */

/* How much there is for it: what the queue holds, which it may have begun
 * or not, or what it has said to be under way; and how much it can do at once. */
struct load { long jobs, slots; };

static struct load
load_of(struct db *db, struct json_object *agent)
{
	struct load l = { 0, SLOTS_UNSAID };
	struct text name = { 0 };
	struct json_object *row;
	char query[64];
	long said = 0;

	text_addf(&name, "mid.server.%s", json_str(agent, "name", ""));
	l.jobs = count(db, "ecc_queue", "agent", text_str(&name),
	    "^queue=output^stateINready,processing^topicNOT INHeartbeatProbe,"
	    "SystemCommand");
	text_fini(&name);
	(void)snprintf(query, sizeof(query), "mid_server=%s",
	    json_str(agent, "sys_id", ""));
	if (db_first(db, "ecc_agent_status", query, &row) == 0) {
		said = atol(json_str(row, "pending", "0")) +
		    atol(json_str(row, "processing", "0"));
		if (atol(json_str(row, "u_slots", "0")) > 0)
			l.slots = atol(json_str(row, "u_slots", "0"));
		json_object_put(row);
	}
	l.jobs = said > l.jobs ? said : l.jobs;
	return l;
}

/* With one job more A would have less to do, for what it can, than B. */
static bool
is_freer(struct load a, struct load b)
{
	return (a.jobs + 1) * b.slots < (b.jobs + 1) * a.slots;
}

static const char *
unfit(struct db *db, struct json_object *status, struct json_object *agent,
    const struct ranges *asked)
{
	const char *id = json_str(agent, "sys_id", "");

	if (!is(agent, "status", "Up"))
		return "is not Up";
	if (!is(agent, "validated", "true"))
		return "is not validated";
	if (!may_reach(db, id, asked))
		return "is not for these addresses";
	if (!can(db, id, json_str(status, "u_capability", "")))
		return "has not the capability";
	return NULL;
}

int
disco_choose(struct db *db, struct json_object *status, const char *not_id,
    struct json_object **agent, char why[256])
{
	struct json_object *rows, *one;
	struct ranges asked;
	char wrong[64];
	const char *no;
	struct load least = { 0, 1 }, load;
	size_t i;
	int r;

	*agent = NULL;
	(void)snprintf(why, 256, "no agent is meant: none has registered, or"
	    " the cluster has no members");
	r = db_query(db, "ecc_agent", "ORDERBYname", 0, &rows);
	if (r < 0)
		return r;
	(void)ranges_parse(&asked, json_str(status, "u_ranges", ""), wrong);
	for (i = 0; i < json_object_array_length(rows); i++) {
		one = json_object_array_get_idx(rows, i);
		if (strcmp(json_str(one, "sys_id", ""), not_id) == 0 ||
		    !is_meant(db, status, json_str(one, "sys_id", "")))
			continue;
		no = unfit(db, status, one, &asked);
		if (no != NULL) {
			(void)snprintf(why, 256, "agent %.80s %s",
			    json_str(one, "name", ""), no);
			continue;
		}
		load = load_of(db, one);
		if (*agent == NULL || is_freer(load, least)) {
			*agent = one;
			least = load;
		}
	}
	*agent = json_object_get(*agent);
	ranges_fini(&asked);
	json_object_put(rows);
	return 0;
}

bool
disco_agent_up(struct db *db, const char *sys_id)
{
	struct json_object *row;
	bool up;

	if (db_get(db, "ecc_agent", sys_id, &row) < 0)
		return false;
	up = !is(row, "status", "Down");
	json_object_put(row);
	return up;
}

/* --- queue.stats ----------------------------------------------------------------------- */

void
disco_metric(const char *payload, const char *metric, char out[24])
{
	struct text key = { 0 };
	const char *at;

	text_addf(&key, "name=\"%s\"><count>", metric);
	at = strstr(payload, text_str(&key));
	(void)snprintf(out, 24, "%ld", at == NULL ? 0 :
	    atol(at + strlen(text_str(&key))));
	text_fini(&key);
}

static struct json_object *
status_row(const char *agent, const char *payload)
{
	static const char *const columns[][2] = {
		{ "pending", "jobs.waiting" }, { "processing", "jobs.running" },
		{ "u_slots", "jobs.slots" },
	};
	struct json_object *o = json_object_new_object();
	char n[24];
	size_t i;

	json_put(o, "mid_server", agent);
	for (i = 0; i < COUNT(columns); i++) {
		disco_metric(payload, columns[i][1], n);
		json_put(o, columns[i][0], n);
	}
	return o;
}

int
disco_note_load(struct rule_run *run)
{
	const char *name = json_str(run->values, "agent", "");
	struct json_object *agent, *row = NULL, *o;
	struct text query = { 0 };
	char *quoted;
	int r;

	if (!str_prefix(name, "mid.server.") || strcmp(json_str(run->values,
	    "topic", ""), "queue.stats") != 0)
		return 0;
	quoted = db_quote(name + strlen("mid.server."));
	text_addf(&query, "name=%s", quoted);
	free(quoted);
	r = db_first(run->in->db, "ecc_agent", text_str(&query), &agent);
	text_fini(&query);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = status_row(json_str(agent, "sys_id", ""),
	    json_str(run->values, "payload", ""));
	text_addf(&query, "mid_server=%s", json_str(agent, "sys_id", ""));
	r = db_first(run->in->db, "ecc_agent_status", text_str(&query), &row);
	if (r == 0)
		r = db_update(run->in->db, "ecc_agent_status",
		    json_str(row, "sys_id", ""), o);
	else if (r == DB_E_NONE)
		r = db_insert(run->in->db, "ecc_agent_status", o, NULL);
	text_fini(&query);
	json_object_put(row);
	json_object_put(o);
	json_object_put(agent);
	return r;
}

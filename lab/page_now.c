/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_now - what goes on: agents, queue, discovery, health, log. One answer,
 * asked for again and again by the page.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "cli_answer.h"
#include "db.h"
#include "http.h"
#include "instance.h"
#include "page.h"
#include "unseal.h"

#define MINUTES 60
#define ANSWERS_OPENED 50		/* each costs a private key operation */
#define ERROR_LEN_MAX (64 * 1024)	/* answers that failed are short */

/* Heartbeats are no work. */
#define JOBS "queue=output^topic!=HeartbeatProbe"
#define ANSWERS "queue=input^response_toISNOTEMPTY^topic!=HeartbeatProbe"

/* One row a list of the page. */
static const struct list {
	const char *key, *table, *query, *fields;
	long limit;
} lists[] = {
	{ "agents", "ecc_agent", "ORDERBYname",
	  "sys_id name status validated version started last_refreshed"
	  " host_name ip_address host_os_distribution host_cpu_core_count"
	  " host_total_ram unresolved_issues", 200 },
	{ "load", "ecc_agent_status", "ORDERBYDESCsys_updated_on",
	  "mid_server mean_cpu_used u_slots sys_updated_on", 200 },
	{ "waiting", "ecc_queue", "queue=output^stateINready,processing"
	  "^ORDERBYsys_created_on",
	  "sys_id agent topic name source state priority sys_created_on", 100 },
	{ "latest", "ecc_queue", "ORDERBYDESCsys_created_on",
	  "sys_id queue agent topic name source state sys_created_on"
	  " error_string", 100 },
	{ "schedules", "discovery_schedule", "ORDERBYname",
	  "name active u_ranges u_exclude disco_run_type run_time run_period"
	  " time_zone u_window_days u_window_from u_window_to mid_server"
	  " mid_cluster u_capability u_last u_next", 100 },
	{ "runs", "discovery_status", "ORDERBYDESCnumber",
	  "number state dscheduler u_ranges mid_server u_mid_server"
	  " u_mid_cluster u_assigned started u_progress u_addresses u_found"
	  " u_done u_failed u_same u_eta u_why", 30 },
	{ "without_facts", "discovery_device_history",
	  "last_state=failed^ORDERBYDESCsys_created_on",
	  "status status.number ip_address class u_topic u_error"
	  " sys_created_on", 100 },
	{ "issues", "ecc_agent_issue", "ORDERBYDESCsys_updated_on",
	  "mid_server message short_description source state count"
	  " last_detected", 50 },
	{ "agent_log", "ecc_agent_log", "ORDERBYDESCsys_created_on",
	  "agent severity source message sys_created_on", 100 },
	{ "discovery_log", "discovery_log", "ORDERBYDESCsys_created_on",
	  "status level source message sys_created_on", 100 },
	{ "events", "em_event", "ORDERBYDESCsys_created_on",
	  "source node type severity description sys_created_on", 50 },
};

static const struct count {
	const char *key, *table, *query, *group_by;
} counts[] = {
	{ "queue", "ecc_queue", "", "queue,state" },
	{ "cis", "cmdb_ci", "", "sys_class_name" },
	{ "relations", "cmdb_rel_ci", "", "type.name" },
	{ "duplicates", "reconcile_duplicate_task", "active=true", "u_class" },
};

/* --- health -------------------------------------------------------------- */

/* Rows of the queue that fit WHICH in each of the last minutes, the oldest
 * first. */
static struct json_object *
per_minute(const struct request *req, const char *which, time_t now)
{
	struct json_object *rows, *out;
	int minutes[MINUTES] = { 0 };
	char since[DATE_SIZE], query[160];
	size_t i;

	date_format(since, now - MINUTES * 60);
	snprintf(query, sizeof(query), "%s^sys_created_on>%s", which, since);
	rows = page_counts(req, "ecc_queue", query, "sys_created_on");
	if (rows == NULL)
		return NULL;
	for (i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		long ago = (long)(now - date_parse(json_str(row,
		    "sys_created_on", ""))) / 60;

		if (ago >= 0 && ago < MINUTES)
			minutes[MINUTES - 1 - ago] += atoi(json_str(row,
			    "count", "0"));
	}
	json_object_put(rows);
	out = json_object_new_array();
	for (i = 0; i < MINUTES; i++)
		json_object_array_add(out, json_object_new_int(minutes[i]));
	return out;
}

/* The class of what went wrong in an answer: "" when nothing did, else the
 * caller's to free; NULL when it cannot be told. */
static char *
class_of(const struct request *req, const char *payload)
{
	struct json_object *o, *inputs, *row;
	struct cli_answer answer = { 0 };
	const char *why;
	char signer[128], *text, *class = NULL;

	if (strlen(payload) > ERROR_LEN_MAX || req->in->seal == NULL)
		return xstrdup("");
	text = unseal_payload(req->in->seal, payload, signer, &why);
	if (text == NULL)
		return NULL;
	o = json_object_new_object();
	inputs = json_object_new_array();
	row = json_object_new_object();
	json_put(row, "payload", text);
	json_object_array_add(inputs, row);
	json_object_object_add(o, "inputs", inputs);
	if (cli_answer_read(&answer, o))
		class = xstrdup(answer.class[0] == '\0' &&
		    answer.error[0] != '\0' ? "no class" : answer.class);
	cli_answer_fini(&answer);
	json_object_put(o);
	free(text);
	return class;
}

static void
count_one(struct json_object *by_class, const char *class)
{
	struct json_object *n = NULL;

	(void)json_object_object_get_ex(by_class, class, &n);
	json_object_object_add(by_class, class,
	    json_object_new_int(json_object_get_int(n) + 1));
}

/* {"class": how many} of the last answers. */
static void
add_errors(const struct request *req, struct json_object *health)
{
	struct json_object *rows, *errors;
	size_t i, failed = 0;
	char *class;

	rows = page_rows(req, "ecc_queue", ANSWERS "^ORDERBYDESCsys_created_on",
	    "payload", ANSWERS_OPENED, 0);
	if (rows == NULL)
		return;
	errors = json_object_new_object();
	for (i = 0; i < json_object_array_length(rows); i++) {
		class = class_of(req, json_str(json_object_array_get_idx(rows,
		    i), "payload", ""));
		if (class == NULL)
			count_one(errors, "cannot be read");
		else if (class[0] != '\0')
			count_one(errors, class);
		failed += class == NULL || class[0] != '\0';
		free(class);
	}
	json_object_object_add(health, "answers", json_object_new_int64(
	    (int64_t)json_object_array_length(rows)));
	json_object_object_add(health, "failed", json_object_new_int64(
	    (int64_t)failed));
	json_object_object_add(health, "errors", errors);
	json_object_put(rows);
}

static struct json_object *
health(const struct request *req)
{
	time_t now = (time_t)(db_now_ms(req->in->db) / 1000);
	struct json_object *o = json_object_new_object();

	page_add(o, "jobs", per_minute(req, JOBS, now));
	page_add(o, "results", per_minute(req, ANSWERS, now));
	/* What is sealed is opened for an administrator only. */
	if ((req->caller->roles & ROLE_ADMIN) != 0)
		add_errors(req, o);
	return o;
}

/* --- all of it ----------------------------------------------------------- */

void
page_now(struct request *req, struct answer *a)
{
	struct json_object *o = json_object_new_object();
	char now[DATE_SIZE];
	size_t i;

	date_format(now, (time_t)(db_now_ms(req->in->db) / 1000));
	json_put(o, "now", now);
	json_put(o, "user", req->caller->user);
	json_put(o, "url", req->in->base_url);
	json_put(o, "version", MIDD_VERSION);
	for (i = 0; i < COUNT(lists); i++)
		page_add(o, lists[i].key, page_rows(req, lists[i].table,
		    lists[i].query, lists[i].fields, lists[i].limit, 0));
	for (i = 0; i < COUNT(counts); i++)
		page_add(o, counts[i].key, page_counts(req, counts[i].table,
		    counts[i].query, counts[i].group_by));
	page_add(o, "health", health(req));
	answer_result(a, 200, o);
}

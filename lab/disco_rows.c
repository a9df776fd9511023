/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco_rows - what happens when a row of discovery_schedule or
 * discovery_status is written, and when the answer of a Discover job comes.
 */
#include "disco.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_answer.h"
#include "db.h"
#include "instance.h"
#include "ranges.h"
#include "rules.h"
#include "when.h"

static const char *
value(const struct rule_run *run, const char *key)
{
	return json_str(run->values, key, "");
}

static void
fill(struct rule_run *run, const char *key, const char *def)
{
	if (value(run, key)[0] == '\0')
		json_put(run->values, key, def);
}

/* What does not fit into its field would be cut there: of what is excluded
 * nothing may be lost. */
static int
check_list(struct db *db, struct json_object *row, const char *key, size_t *n)
{
	const struct field *f = db_field(db, "discovery_status", key);
	const char *list = json_str(row, key, "");
	struct ranges r;
	char wrong[64];
	bool ok;

	if (f != NULL && f->max_length > 0 && strlen(list) > (size_t)f->max_length)
		return db_say(db, DB_E_BAD, "%s has more than %d characters:"
		    " make several of it", key, f->max_length);
	ok = ranges_parse(&r, list, wrong);
	*n = r.count;
	ranges_fini(&r);
	if (!ok && *n == RANGES_MAX)
		return db_say(db, DB_E_BAD, "%s has more than %d ranges: make"
		    " several of it", key, RANGES_MAX);
	return ok ? 0 : db_say(db, DB_E_BAD, "\"%s\" is no address,"
	    " range or network", wrong);
}

static int
check_ranges(struct db *db, struct json_object *row)
{
	size_t n, excluded;
	int r = check_list(db, row, "u_ranges", &n);

	if (r == 0)
		r = check_list(db, row, "u_exclude", &excluded);
	if (r == 0 && n == 0)
		r = db_say(db, DB_E_BAD, "u_ranges names no address");
	return r;
}

int
disco_new_status(struct rule_run *run)
{
	struct json_object *last = NULL;
	char number[32];
	int r = check_ranges(run->in->db, run->values);

	if (r < 0)
		return r;
	r = db_first(run->in->db, "discovery_status",
	    "numberSTARTSWITHDIS^ORDERBYDESCnumber", &last);
	if (r < 0 && r != DB_E_NONE)
		return r;
	(void)snprintf(number, sizeof(number), "DIS%07ld",
	    atol(json_str(last, "number", "DIS0") + strlen("DIS")) + 1);
	json_object_put(last);
	fill(run, "number", number);
	fill(run, "state", "Waiting");
	fill(run, "source", "person");
	json_put(run->values, "u_progress", "0");
	return 0;
}

/* Whether ROW can be a schedule, and its times in W. */
static int
read_schedule(struct db *db, struct json_object *row, struct when *w)
{
	const char *wrong;
	int r = check_ranges(db, row);

	*w = (struct when){ .zone = json_str(row, "time_zone", ""),
	    .days = json_str(row, "u_window_days", ""),
	    .from = json_str(row, "u_window_from", ""),
	    .to = json_str(row, "u_window_to", ""),
	    .at = json_str(row, "run_time", ""),
	    .every_s = atol(json_str(row, "run_period", "0")) };
	wrong = r == 0 ? when_wrong(w) : NULL;
	return wrong == NULL ? r : db_say(db, DB_E_BAD, "%s", wrong);
}

static const char *
run_type(const struct when *w)
{
	return w->at[0] != '\0' ? "daily" : w->every_s > 0 ? "periodically" :
	    "once";
}

int
disco_new_schedule(struct rule_run *run)
{
	time_t now = (time_t)(db_now_ms(run->in->db) / 1000);
	char next[DATE_SIZE];
	struct when w;
	int r = read_schedule(run->in->db, run->values, &w);

	if (r < 0)
		return r;
	fill(run, "active", "true");
	fill(run, "disco_run_type", run_type(&w));
	date_format(next, w.at[0] != '\0' ? when_next(&w, now) : now);
	fill(run, "u_next", next);
	return 0;
}

bool
disco_is_edited(const struct rule_run *run)
{
	static const char *const keys[] = { "active", "run_time", "run_period",
		"time_zone", "u_ranges", "u_exclude", "u_window_days",
		"u_window_from", "u_window_to" };
	size_t i;

	for (i = 0; i < COUNT(keys); i++)
		if (json_object_object_get_ex(run->values, keys[i], NULL))
			return true;
	return false;
}

/* By its new times, or switched on again, it is due anew: not at once for
 * what it has missed meanwhile; one that is done once is done once more. */
int
disco_edited_schedule(struct rule_run *run)
{
	static const char *const times[] = { "active", "run_time", "run_period",
		"time_zone" };
	struct db *db = run->in->db;
	time_t now = (time_t)(db_now_ms(db) / 1000);
	struct json_object *row;
	char next[DATE_SIZE];
	bool anew = false, again;
	struct when w;
	size_t i;
	int r;

	r = db_get(db, "discovery_schedule", run->sys_id, &row);
	if (r < 0)
		return r;
	r = read_schedule(db, row, &w);
	for (i = 0; i < COUNT(times); i++)
		anew = anew || json_object_object_get_ex(run->values, times[i],
		    NULL);
	again = w.at[0] != '\0' || w.every_s > 0;
	anew = anew && (again || strcmp(value(run, "active"), "true") == 0);
	if (r == 0 && anew && value(run, "u_next")[0] == '\0') {
		date_format(next, again ? when_next(&w, now) : now);
		r = disco_set(db, "discovery_schedule", run->sys_id, "u_next",
		    next, "disco_run_type", run_type(&w), NULL);
	}
	json_object_put(row);
	return r;
}

/* --- the answer -------------------------------------------------------------------- */

static int
keep_target(struct db *db, const char *status, struct json_object *target)
{
	static const char *const names[][2] = {
		{ "address", "ip_address" }, { "name", "u_name" },
		{ "state", "last_state" }, { "what", "class" },
		{ "topic", "u_topic" }, { "why", "u_error" },
	};
	struct json_object *o = json_object_new_object(), *row = NULL;
	const char *address = json_str(target, "address", "");
	struct text query = { 0 };
	char *quoted = db_quote(address);
	size_t i;
	int r;

	for (i = 0; i < COUNT(names); i++)
		json_put(o, names[i][1], json_str(target, names[i][0], ""));
	json_put(o, "status", status);
	json_put(o, "source", "midd");
	json_put(o, "issues", strcmp(json_str(target, "state", ""),
	    "failed") == 0 ? "1" : "0");
	if (strcmp(json_str(target, "unchanged", ""), "true") == 0)
		json_put(o, "current_activity", "nothing has changed");
	text_addf(&query, "ip_address=%s", quoted);
	if (address[0] != '\0' && db_first(db, "cmdb_ci_hardware",
	    text_str(&query), &row) == 0) {
		json_put(o, "cmdb_ci", json_str(row, "sys_id", ""));
		if (json_str(target, "name", "")[0] == '\0')
			json_put(o, "u_name", json_str(row, "name", ""));
	}
	text_fini(&query);
	free(quoted);
	r = db_insert(db, "discovery_device_history", o, NULL);
	json_object_put(row);
	json_object_put(o);
	return r;
}

static int
keep_targets(struct db *db, const char *status, struct json_object *said)
{
	struct json_object *list = NULL;
	size_t i;
	int r = 0;

	if (!json_object_object_get_ex(said, "targets", &list) ||
	    !json_object_is_type(list, json_type_array))
		return 0;
	for (i = 0; r == 0 && i < json_object_array_length(list); i++)
		r = keep_target(db, status, json_object_array_get_idx(list, i));
	return r;
}

/* Which machines say that they are another, as lines of the log. */
static int
keep_clones(struct db *db, const char *status, struct json_object *said)
{
	struct json_object *list = NULL, *one, *hosts = NULL, *o;
	struct text line = { 0 };
	size_t i, j, n, m;
	int r = 0;

	(void)json_object_object_get_ex(said, "clones", &list);
	n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	for (i = 0; r == 0 && i < n; i++) {
		one = json_object_array_get_idx(list, i);
		(void)json_object_object_get_ex(one, "hosts", &hosts);
		m = json_object_is_type(hosts, json_type_array) ? json_object_array_length(hosts) : 0;
		text_addf(&line, "clones: %s %s is that of", json_str(one, "by", ""), json_str(one, "value", ""));
		for (j = 0; j < m; j++)
			text_addf(&line, "%s %s (%s)", j == 0 ? "" : " and", json_str(json_object_array_get_idx(hosts, j), "name", ""),
			    json_str(json_object_array_get_idx(hosts, j), "address", ""));
		o = json_object_new_object();
		json_put(o, "status", status);
		json_put(o, "level", "warning");
		json_put(o, "source", "midd");
		json_put(o, "message", text_str(&line));
		r = db_insert(db, "discovery_log", o, NULL);
		json_object_put(o);
		text_fini(&line);
		memset(&line, 0, sizeof(line));
	}
	return r;
}

static int
keep_answer(struct db *db, struct json_object *status,
    const struct cli_answer *a)
{
	static const char *const counts[] = {
		"addresses", "scanned", "found", "done", "failed", "same",
	};
	struct json_object *said = json_tokener_parse(text_str(&a->output));
	struct json_object *o = json_object_new_object();
	const char *id = json_str(status, "sys_id", "");
	char now[DATE_SIZE], name[24];
	bool good = cli_answer_good(a);
	size_t i;
	int r;

	date_format(now, (time_t)(db_now_ms(db) / 1000));
	for (i = 0; i < COUNT(counts); i++) {
		(void)snprintf(name, sizeof(name), "u_%s", counts[i]);
		json_put(o, name, json_str(said, counts[i], "0"));
	}
	json_put(o, "state", good ? "Completed" : "Failed");
	json_put(o, "u_why", a->error[0] != '\0' ? a->error : a->warning);
	json_put(o, "completed", now);
	json_put(o, "u_asking", "0");
	json_put(o, "u_eta", "0");
	if (json_str(status, "started", "")[0] == '\0')
		json_put(o, "started", now);
	if (good)
		json_put(o, "u_progress", "100");
	r = keep_targets(db, id, said);
	if (r == 0)
		r = keep_clones(db, id, said);
	if (r == 0)
		r = db_update(db, "discovery_status", id, o);
	json_object_put(o);
	json_object_put(said);
	return r == 0 ? disco_fence_end(db, status, "done", "it was answered") :
	    r;
}

/* How far a discovery is that runs. Of one that was given to another agent, or is over, nothing is noted. */
int
disco_note_progress(struct rule_run *run)
{
	static const char *const columns[][2] = {
		{ "u_progress", "percent" }, { "u_addresses", "addresses" },
		{ "u_scanned", "scanned" }, { "u_found", "found" },
		{ "u_asking", "asking" }, { "u_done", "done" },
		{ "u_failed", "failed" }, { "u_same", "same" },
		{ "u_eta", "eta_s" },
	};
	struct json_object *status, *o;
	char query[96], n[24];
	size_t i;
	int r;

	if (strcmp(value(run, "topic"), "queue.discovery") != 0 ||
	    !is_sys_id(value(run, "source")))
		return 0;
	(void)snprintf(query, sizeof(query), "u_output=%s^stateINQueued,Active",
	    value(run, "source"));
	r = db_first(run->in->db, "discovery_status", query, &status);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = json_object_new_object();
	for (i = 0; i < COUNT(columns); i++) {
		disco_metric(value(run, "payload"), columns[i][1], n);
		json_put(o, columns[i][0], n);
	}
	r = db_update(run->in->db, "discovery_status",
	    json_str(status, "sys_id", ""), o);
	json_object_put(o);
	json_object_put(status);
	return r;
}

/* All pages of the answer to OUTPUT are here, or the rest is waited for. */
static int
take(struct instance *in, const char *output)
{
	struct json_object *status, *result;
	struct cli_answer a;
	char query[64];
	int r;

	(void)snprintf(query, sizeof(query), "u_output=%s^stateINQueued,Active",
	    output);
	r = db_first(in->db, "discovery_status", query, &status);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	r = result_collect(in, output, &result);
	if (r == 0) {
		if (cli_answer_read(&a, result) && cli_answer_complete(&a))
			r = keep_answer(in->db, status, &a);
		cli_answer_fini(&a);
		json_object_put(result);
	}
	json_object_put(status);
	return r;
}

int
disco_take_answer(struct rule_run *run)
{
	if (strstr(value(run, "payload"), "<see_attachment/>") != NULL)
		return 0;
	return take(run->in, value(run, "response_to"));
}

int
disco_take_late_payload(struct rule_run *run)
{
	struct json_object *row;
	int r;

	r = db_get(run->in->db, "ecc_queue", value(run, "table_sys_id"), &row);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	if (strcmp(json_str(row, "topic", ""), "Discover") == 0)
		r = take(run->in, json_str(row, "response_to", ""));
	json_object_put(row);
	return r;
}

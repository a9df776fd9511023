/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_ecc - the business rules of the queue and its agents, one row each:
 * claims flip outputs, answers finish them, heartbeats raise agents.
 */
#include "rules.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amb.h"
#include "attach.h"
#include "db.h"
#include "disco.h"
#include "http.h"
#include "instance.h"

#define CLAIM_MAX 10000		/* rows in one queue.processing */
#define CREATOR_MAX (5 * 1024 * 1024)

static const char *
value(const struct rule_run *run, const char *key)
{
	return json_str(run->values, key, "");
}

static bool
is_input(const struct rule_run *run)
{
	return strcmp(value(run, "queue"), "input") == 0;
}

static bool
topic_is(const struct rule_run *run, const char *topic)
{
	return strcmp(value(run, "topic"), topic) == 0;
}

static int
set_state(struct instance *in, const char *sys_id, const char *state,
    const char *error)
{
	struct json_object *o = json_object_new_object();
	char now[DATE_SIZE];
	int r;

	date_format(now, (time_t)(db_now_ms(in->db) / 1000));
	json_put(o, "state", state);
	json_put(o, "processed", now);
	if (error != NULL)
		json_put(o, "error_string", error);
	r = db_update(in->db, "ecc_queue", sys_id, o);
	json_object_put(o);
	return r == DB_E_NONE ? 0 : r;
}

/* --- a new row ----------------------------------------------------------- */

static void
fill(struct rule_run *run, const char *key, const char *def)
{
	if (value(run, key)[0] == '\0')
		json_put(run->values, key, def);
}

/* Hex of epoch milliseconds and a counter: rows of one moment keep order. */
static void
put_sequence(struct rule_run *run)
{
	static int64_t last;
	static unsigned counter;
	int64_t now = db_now_ms(run->in->db);
	char s[40];

	counter = now == last ? counter + 1 : 1;
	last = now;
	snprintf(s, sizeof(s), "%llx%07x", (unsigned long long)now,
	    counter & 0xfffffff);
	fill(run, "sequence", s);
}

static int
act_defaults(struct rule_run *run)
{
	fill(run, "queue", "output");
	fill(run, "state", "ready");
	fill(run, "priority", "2");
	put_sequence(run);
	return 0;
}

/* --- claims -------------------------------------------------------------- */

static bool
is_claim(const struct rule_run *run)
{
	return is_input(run) && topic_is(run, "queue.processing");
}

static const char *const claim_states[] = {
	"processing", "cancelled", "processed"
};

/* Only what is the claimer's own, and only out of a state that can leave. */
static int
claim_row(struct rule_run *run, const char *sys_id, const char *state)
{
	struct json_object *row;
	bool mine, waits;
	size_t i;
	int r;

	for (i = 0; i < COUNT(claim_states); i++)
		if (strcmp(claim_states[i], state) == 0)
			break;
	if (i == COUNT(claim_states))
		return 0;
	r = db_get(run->in->db, "ecc_queue", sys_id, &row);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	mine = strcasecmp(json_str(row, "agent", ""), value(run, "agent")) ==
	    0 && strcmp(json_str(row, "queue", ""), "output") == 0;
	waits = strcmp(json_str(row, "state", ""), "ready") == 0 ||
	    (i > 0 && strcmp(json_str(row, "state", ""), "processing") == 0);
	json_object_put(row);
	return mine && waits ? set_state(run->in, sys_id, state, NULL) : 0;
}

/* <sys_id state="processing">0a1b...</sys_id>, one after another. */
static int
act_claim(struct rule_run *run)
{
	const char *at = value(run, "payload");
	char state[16], id[SYS_ID_LEN + 1];
	int n, r = 0;

	for (n = 0; r == 0 && n < CLAIM_MAX; n++) {
		at = strstr(at, "<sys_id");
		if (at == NULL)
			break;
		if (sscanf(at, "<sys_id state = \"%15[a-z]\" >%32[0-9a-fA-F]",
		    state, id) == 2 || sscanf(at,
		    "<sys_id state = '%15[a-z]' >%32[0-9a-fA-F]", state,
		    id) == 2)
			r = is_sys_id(id) ? claim_row(run, id, state) : 0;
		at += strlen("<sys_id");
	}
	return r == 0 ? set_state(run->in, run->sys_id, "processed", NULL) : r;
}

/* --- answers ------------------------------------------------------------- */

static bool
is_answer(const struct rule_run *run)
{
	return is_input(run) && value(run, "response_to")[0] != '\0' &&
	    strstr(value(run, "payload"), "<see_attachment/>") == NULL;
}

/* The job is done; what the answer says is for a sensor, and the lab's only
 * sensor tells good from bad. */
static int
finish(struct instance *in, const char *output, const char *input,
    const char *error)
{
	int r = set_state(in, output, "processed", NULL);

	if (r < 0)
		return r;
	return set_state(in, input, error[0] != '\0' ? "error" : "processed",
	    NULL);
}

static int
act_answer(struct rule_run *run)
{
	return finish(run->in, value(run, "response_to"), run->sys_id,
	    value(run, "error_string"));
}

/* payload.txt on an input that only pointed to it. */
static bool
is_late_payload(const struct rule_run *run)
{
	return strcmp(value(run, "table_name"), "ecc_queue") == 0 &&
	    strcmp(value(run, "file_name"), "payload.txt") == 0;
}

static int
act_late_payload(struct rule_run *run)
{
	struct json_object *row;
	int r;

	r = db_get(run->in->db, "ecc_queue", value(run, "table_sys_id"), &row);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	if (strcmp(json_str(row, "queue", ""), "input") == 0 &&
	    json_str(row, "response_to", "")[0] != '\0')
		r = finish(run->in, json_str(row, "response_to", ""),
		    json_str(row, "sys_id", ""),
		    json_str(row, "error_string", ""));
	json_object_put(row);
	return r;
}

/* --- unasked inputs ------------------------------------------------------ */

static bool
is_report(const struct rule_run *run)
{
	return is_input(run) && value(run, "response_to")[0] == '\0' &&
	    (topic_is(run, "queue.stats") || topic_is(run, "config.file") ||
	    topic_is(run, "queue.discovery") ||
	    topic_is(run, "queue.log_streaming.stats"));
}

static int
act_report(struct rule_run *run)
{
	int r;

	r = disco_note_load(run);
	if (r == 0)
		r = disco_note_progress(run);
	return r < 0 ? r :
	    set_state(run->in, run->sys_id, "processed", NULL);
}

/* --- heartbeat ----------------------------------------------------------- */

static bool
is_heartbeat(const struct rule_run *run)
{
	return is_input(run) && topic_is(run, "HeartbeatProbe");
}

/* The agent's own word for how it is, when it gives one; else Up. */
static void
put_status(const char *payload, struct json_object *o)
{
	const char *p = strstr(payload, "\"mid_operational_state\"");
	char word[24];

	if (p == NULL || sscanf(p, "\"mid_operational_state\" value=\"%23[A-Za-z"
	    " ]\"", word) != 1)
		snprintf(word, sizeof(word), "Up");
	json_put(o, "status", word);
}

static int
act_heartbeat(struct rule_run *run)
{
	const char *agent = value(run, "agent");
	char *quoted = db_quote(agent + (str_prefix(agent, "mid.server.") ?
	    strlen("mid.server.") : 0));
	struct json_object *row, *o;
	struct text query = { 0 };
	char now[DATE_SIZE];
	int r;

	text_addf(&query, "name=%s", quoted);
	r = db_first(run->in->db, "ecc_agent", text_str(&query), &row);
	text_fini(&query);
	free(quoted);
	if (r < 0)
		return r == DB_E_NONE ? 0 : r;
	o = json_object_new_object();
	date_format(now, (time_t)(db_now_ms(run->in->db) / 1000));
	put_status(value(run, "payload"), o);
	json_put(o, "last_refreshed", now);
	r = db_update(run->in->db, "ecc_agent", json_str(row, "sys_id", ""), o);
	json_object_put(o);
	json_object_put(row);
	return r;
}

/* --- one row for every agent --------------------------------------------- */

static bool
is_for_all(const struct rule_run *run)
{
	return strcmp(value(run, "agent"), "mid.server.*") == 0 &&
	    strcmp(value(run, "queue"), "output") == 0;
}

static int
copy_to(struct rule_run *run, const char *name)
{
	static const char *const copied[] = {
		"topic", "name", "source", "queue", "agent_correlator",
		"priority", "payload",
	};
	struct json_object *o = json_object_new_object();
	struct text agent = { 0 };
	size_t i;
	int r;

	text_addf(&agent, "mid.server.%s", name);
	json_put(o, "agent", text_str(&agent));
	for (i = 0; i < COUNT(copied); i++)
		json_put(o, copied[i], value(run, copied[i]));
	r = record_insert(run->in, "ecc_queue", o, NULL);
	text_fini(&agent);
	json_object_put(o);
	return r;
}

static int
act_for_all(struct rule_run *run)
{
	struct json_object *rows;
	size_t i;
	int r;

	r = db_query(run->in->db, "ecc_agent", "ORDERBYname", 0, &rows);
	if (r < 0)
		return r;
	for (i = 0; r == 0 && i < json_object_array_length(rows); i++)
		r = copy_to(run, json_str(json_object_array_get_idx(rows, i),
		    "name", ""));
	json_object_put(rows);
	return r == 0 ? set_state(run->in, run->sys_id, "processed", NULL) : r;
}

/* --- push ---------------------------------------------------------------- */

static bool
is_work(const struct rule_run *run)
{
	return strcmp(value(run, "queue"), "output") == 0 &&
	    strcmp(value(run, "state"), "ready") == 0;
}

static int
act_push(struct rule_run *run)
{
	amb_tell(run->in, value(run, "agent"));
	return 0;
}

/* --- AttachmentCreator --------------------------------------------------- */

static bool
is_creator(const struct rule_run *run)
{
	return topic_is(run, "AttachmentCreator");
}

/* source is table:sys_id, name is file.ext:mime/type. Words are ours. */
static int
create_attachment(struct rule_run *run, char *source, char *name,
    const char **why)
{
	struct attachment at = { .table = source, .name = name };
	char *record = strchr(source, ':'), *type = strchr(name, ':');
	void *bytes;
	int r;

	*why = "source must be table:sys_id and name file:type";
	if (record == NULL || type == NULL)
		return DB_E_BAD;
	*record++ = '\0';
	*type++ = '\0';
	at.record = record;
	at.type = type;
	*why = "the payload is not base64";
	bytes = base64_decode(value(run, "payload"),
	    strlen(value(run, "payload")), &at.len);
	if (bytes == NULL)
		return DB_E_BAD;
	at.bytes = bytes;
	*why = "the attachment is larger than 5 MB";
	r = at.len <= CREATOR_MAX ? 0 : DB_E_BAD;
	if (r == 0) {
		r = attach(run->in, &at, NULL);
		*why = db_error(run->in->db);
	}
	free(bytes);
	return r;
}

static int
act_creator(struct rule_run *run)
{
	char *source = xstrdup(value(run, "source"));
	char *name = xstrdup(value(run, "name"));
	const char *why = "";
	int r;

	r = create_attachment(run, source, name, &why);
	free(source);
	free(name);
	if (r == DB_E_FAILED)
		return r;
	return set_state(run->in, run->sys_id, r == 0 ? "processed" : "error",
	    r == 0 ? NULL : why);
}

/* --- agents -------------------------------------------------------------- */

static int
act_agent(struct rule_run *run)
{
	fill(run, "status", "Down");
	json_put(run->values, "validated",
	    run->in->validate_by_hand ? "false" : "true");
	return 0;
}

const struct business_rule ecc_rules[] = {
	{ "ecc_queue", BEFORE_INSERT, disco_is_answer, disco_refuse_late,
	  "late answers are refused" },
	{ "ecc_queue", BEFORE_INSERT, NULL, act_defaults, "defaults" },
	{ "ecc_queue", AFTER_INSERT, is_claim, act_claim,
	  "mark outputs state" },
	{ "ecc_queue", AFTER_INSERT, is_heartbeat, act_heartbeat,
	  "heartbeat" },
	{ "ecc_queue", AFTER_INSERT, is_answer, act_answer,
	  "answer finishes output" },
	{ "ecc_queue", AFTER_INSERT, disco_is_job, disco_adopt,
	  "a job of its own is a discovery" },
	{ "ecc_queue", AFTER_INSERT, disco_is_answer, disco_take_answer,
	  "answer of a discovery" },
	{ "ecc_queue", AFTER_INSERT, is_report, act_report, "reports" },
	{ "ecc_queue", AFTER_INSERT, is_for_all, act_for_all,
	  "copy to every agent" },
	{ "ecc_queue", AFTER_INSERT, is_work, act_push, "push" },
	{ "ecc_queue", AFTER_INSERT, is_creator, act_creator,
	  "attachment creator" },
	{ "sys_attachment", AFTER_INSERT, is_late_payload, act_late_payload,
	  "large payload has come" },
	{ "sys_attachment", AFTER_INSERT, is_late_payload,
	  disco_take_late_payload, "large answer of a discovery has come" },
	{ "discovery_status", BEFORE_INSERT, NULL, disco_new_status,
	  "defaults of a discovery" },
	{ "discovery_status", AFTER_UPDATE, disco_is_cancelled, disco_cancelled,
	  "a discovery is cancelled" },
	{ "discovery_schedule", BEFORE_INSERT, NULL, disco_new_schedule,
	  "defaults of a schedule" },
	{ "discovery_schedule", AFTER_UPDATE, disco_is_edited,
	  disco_edited_schedule, "a schedule is another now" },
	{ "ecc_agent", BEFORE_INSERT, NULL, act_agent, "validate" },
};
const size_t ecc_rule_count = COUNT(ecc_rules);

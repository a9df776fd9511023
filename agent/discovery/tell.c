/* SPDX-License-Identifier: Apache-2.0 */
/* tell - how a discovery stands, for people while it runs and for whoever asked when it ends. */
#include <json-c/json_object.h>
#include <json-c/json_tokener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "discovery/inside.h"
#include "flow/errors.h"
#include "flow/own.h"
#include "flow/job.h"
#include "flow/result.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define RECENT 20
#define MISSED_MAX 1000u

static bool
is_target(const struct aim_row *a)
{
	return a->state >= AIM_FOUND && a->state <= AIM_SAME;
}

static struct json_object *
target_object(const struct aim_row *a)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "address", a->address);
	json_put_str(o, "state", aim_state_name(a->state));
	json_put_str(o, "name", a->name);
	json_put_str(o, "what", a->what);
	json_put_int(o, "sure", a->sure);
	json_put_str(o, "topic", a->topic);
	json_put_str(o, "class", a->state == AIM_FAILED ? error_class(a->class)->name : NULL);
	json_put_str(o, "why", a->why);
	json_put_str(o, "job", a->child);
	json_put_int(o, "ms", a->ms);
	return o;
}

/* For the answer: of one without news only where it is. A discovery each night is to cost next to nothing. */
static struct json_object *
told_object(const struct aim_row *a)
{
	struct json_object *o;

	if (a->state != AIM_DONE || a->why == NULL || strcmp(a->why, UNCHANGED) != 0)
		return target_object(a);
	o = json_object_new_object();
	json_put_str(o, "address", a->address);
	json_put_str(o, "state", aim_state_name(a->state));
	json_put_bool(o, "unchanged", true);
	return o;
}

/* The targets that say they are one machine and are not, and those that are one: the worker has made these lists. */
static void
put_clones(struct json_object *o, const struct aim_row *rel)
{
	static const char *const lists[] = { "clones", "duplicates" };
	struct json_object *told, *list;
	size_t i;

	if (rel == NULL || rel->name == NULL || rel->name[0] == '\0')
		return;
	told = json_tokener_parse(rel->name);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (json_object_object_get_ex(told, lists[i], &list) && json_object_is_type(list, json_type_array))
			json_put_take(o, lists[i], json_object_get(list));
	json_object_put(told);
}

/* One that is looked for in vain, of MISSED_MAX at most: its name and serial number, and how often in a row by now. */
static void
put_missed(struct json_object *o, const struct aim_row *a)
{
	struct json_object *list = json_arr(o, "missed"), *one;

	if (list == NULL) {
		list = json_object_new_array();
		json_put_take(o, "missed", list);
	}
	if (json_object_array_length(list) >= MISSED_MAX)
		return;
	one = json_object_new_object();
	json_put_str(one, "who", a->who == NULL ? "" : a->who);
	json_put_int(one, "times", a->sure);
	json_add_take(list, one);
}

void
discovery_rows(const struct aim_row *rows, size_t n, struct json_object *o)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_target(&rows[i]))
			json_add_take(list, target_object(&rows[i]));
		else if (rows[i].state == AIM_RELATED)
			put_clones(o, &rows[i]);
		else if (rows[i].state == AIM_MISSED)
			put_missed(o, &rows[i]);
	}
	json_put_take(o, "targets", list);
}

static const char *
step_of(const struct quest *q)
{
	if (q->cancel_class != 0)
		return "cancelled";
	if (q->late && q->in[AIM_SCANNING] + q->in[AIM_ASKING] > 0)
		return "deadline";
	if (!q->loaded || q->n == 0)
		return "begins";
	if (q->in[AIM_TO_SCAN] + q->in[AIM_SCANNING] > 0)
		return "scan";
	if (q->in[AIM_FOUND] + q->in[AIM_ASKING] > 0)
		return "collect";
	return q->relating && q->in[AIM_RELATED] == 0 ? "relate" : "tell";
}

static void
count_addresses(const struct quest *q, int64_t *all, int64_t *scanned)
{
	const struct aim *a;
	int percent;

	*all = *scanned = 0;
	for (a = q->first; a != NULL; a = a->next)
		if (a->row.state <= AIM_SCANNED) {
			percent = a->row.state == AIM_SCANNED ? 100 : 0;
			if (a->row.state == AIM_SCANNING)
				percent = atoi(flow_noted(q->d->ag->flow, a->row.child, "percent"));
			percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
			*all += a->row.sure;
			*scanned += (int64_t)a->row.sure * percent / 100;
		}
}

static int64_t
age_ms(const struct quest *q)
{
	int64_t age = q->begun_ms == 0 ? 0 : os_time_ms() - q->begun_ms;

	return age < 0 ? 0 : age;	/* the clock was put back */
}

/* By what has been done so far: of the addresses while they are scanned, then of the targets. */
static int64_t
eta_ms(const struct quest *q, int64_t all, int64_t scanned)
{
	int64_t age = age_ms(q), ended = q->in[AIM_DONE] + q->in[AIM_FAILED] + q->in[AIM_SAME];
	int64_t targets = ended + q->in[AIM_FOUND] + q->in[AIM_ASKING];

	if (scanned < all)
		return scanned == 0 ? -1 : age * (all - scanned) / scanned;
	return ended == 0 ? -1 : age * (targets - ended) / ended;
}

/* The addresses are the first half, the targets the second. */
static int64_t
percent(const struct quest *q, int64_t all, int64_t scanned)
{
	int64_t ended = q->in[AIM_DONE] + q->in[AIM_FAILED] + q->in[AIM_SAME], found = ended + q->in[AIM_FOUND] + q->in[AIM_ASKING];

	if (all == 0)
		return 0;
	return scanned < all || found == 0 ? 50 * scanned / all : 50 + 50 * ended / found;
}

struct json_object *
quest_state(const struct quest *q)
{
	struct json_object *o = json_object_new_object();
	int64_t all, scanned;

	count_addresses(q, &all, &scanned);
	json_put_str(o, "id", q->j->id);
	json_put_str(o, "ranges", json_str(q->j->params, "ranges", q->j->source));
	json_put_str(o, "by", q->j->parent[0] == '-' ? "operator" : "instance");
	json_put_str(o, "step", step_of(q));
	json_put_int(o, "percent", percent(q, all, scanned));
	json_put_int(o, "addresses", all);
	json_put_int(o, "scanned", scanned);
	json_put_int(o, "found", q->in[AIM_FOUND] + q->in[AIM_ASKING] + q->in[AIM_DONE] + q->in[AIM_FAILED] + q->in[AIM_SAME]);
	json_put_int(o, "waiting", q->in[AIM_FOUND]);
	json_put_int(o, "asking", q->in[AIM_ASKING]);
	json_put_int(o, "done", q->in[AIM_DONE]);
	json_put_int(o, "failed", q->in[AIM_FAILED]);
	json_put_int(o, "same", q->in[AIM_SAME]);
	json_put_int(o, "begun_ms", q->begun_ms);
	json_put_int(o, "age_ms", age_ms(q));
	if (q->deadline_ms > 0)
		json_put_int(o, "deadline_ms", q->begun_ms + q->deadline_ms);
	json_put_int(o, "eta_ms", eta_ms(q, all, scanned));
	return o;
}

static struct json_object *
recent(const struct quest *q)
{
	struct json_object *list = json_object_new_array();
	const struct aim *at[RECENT], *a;
	unsigned n = 0, i;

	for (a = q->first; a != NULL; a = a->next)	/* the newest by their time, in order */
		if (is_target(&a->row)) {
			for (i = n < RECENT ? n++ : RECENT - 1; i > 0 && at[i - 1]->row.ms < a->row.ms; i--)
				at[i] = at[i - 1];
			if (i < RECENT && (i == 0 || at[i - 1]->row.ms >= a->row.ms))
				at[i] = a;
		}
	while (n > 0)
		json_add_take(list, target_object(&at[--n]->row));
	return list;
}

struct json_object *
discovery_state(const struct discovery *d, const char *id)
{
	const struct quest *q = d->first;
	struct json_object *o;

	while (q != NULL && strncmp(q->j->id, id, strlen(id)) != 0)
		q = q->next;
	if (q == NULL)
		return NULL;
	o = quest_state(q);
	json_put_take(o, "recent", recent(q));
	return o;
}

struct json_object *
discovery_list(const struct discovery *d)
{
	struct json_object *list = json_object_new_array();
	const struct quest *q;

	for (q = d->first; q != NULL; q = q->next)
		json_add_take(list, quest_state(q));
	return list;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* What was found stays and is told; that there might be more is told too. */
static void
say_what_is_missing(struct quest *q)
{
	char why[200];

	if (q->cancel_class != 0 && q->n > 0) {
		result_partial(q->j, q->cancel_why);
	} else if (q->late) {
		snprintf(why, sizeof(why), "its deadline has come: %u parts of the ranges were not scanned, %u targets not asked",
		    q->in[AIM_TO_SCAN], q->in[AIM_FOUND]);
		result_partial(q->j, why);
	} else if (q->unrelated > 0) {
		snprintf(why, sizeof(why), "the relations of %u targets are more than fits, or can't be read any more: they are not told", q->unrelated);
		result_partial(q->j, why);
	}
}

/* Why no Scan could even begin: what it was told of the ports, say, makes no sense. NULL: one could, or something was found. */
static const char *
bad_scans(const struct quest *q)
{
	const struct aim *a;
	const char *why = NULL;

	for (a = q->first; a != NULL && q->cancel_class == 0; a = a->next) {
		if (is_target(&a->row) || (a->row.state <= AIM_SCANNED && a->row.class != CLASS_BAD_PARAM))
			return NULL;
		if (a->row.state == AIM_SCANNED)
			why = a->row.why;
	}
	return why;
}

void
quest_tell(struct quest *q)
{
	struct json_object *o = quest_state(q), *list = json_object_new_array();
	const struct aim *a, *rel = aim_find(q, RELATE);
	const char *text, *bad;

	q->telling = true;
	json_object_object_del(o, "step");
	json_object_object_del(o, "percent");
	json_object_object_del(o, "eta_ms");
	for (a = q->first; a != NULL; a = a->next)
		if (is_target(&a->row))
			json_add_take(list, told_object(&a->row));
	json_put_take(o, "targets", list);
	put_clones(o, rel == NULL ? NULL : &rel->row);
	for (a = q->first; a != NULL; a = a->next)
		if (a->row.state == AIM_MISSED)
			put_missed(o, &a->row);
	for (a = q->first; a != NULL; a = a->next)
		if (a->row.state == AIM_SCANNED && a->row.why != NULL)
			result_partial(q->j, a->row.why);
	if (rel != NULL && rel->row.why != NULL)
		result_partial(q->j, rel->row.why);
	say_what_is_missing(q);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	log_info("discovery", "job %s: %u found, %u done, %u without facts", q->j->id,
	    q->in[AIM_DONE] + q->in[AIM_FAILED] + q->in[AIM_SAME], q->in[AIM_DONE], q->in[AIM_FAILED]);
	bad = bad_scans(q);
	if (bad != NULL)
		flow_own_end(q->j, text, CLASS_BAD_PARAM, bad);
	else
		flow_own_end(q->j, text, q->cancel_class, q->cancel_class == 0 ? "" : q->cancel_why);
	json_object_put(o);
}

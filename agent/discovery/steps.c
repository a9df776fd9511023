/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps - the order of a discovery, first to last. go_on() is called whenever
 * something has changed, and begins whatever can be begun:
 *
 *	scan       the ranges that policy leaves, a part after the other
 *	collect    each target that answers, by the first of its ways that leads in
 *	relate     once no target is left: who is connected with whom
 *	tell       the answer, and the end
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "config/options.h"
#include "discovery/inside.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/job.h"
#include "flow/own.h"
#include "flow/result.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "policy/address.h"
#include "policy/policy.h"
#include "seal/seal.h"
#include "xalloc.h"

#define LINKS_MAX (40u << 20)
#define PART_TEXT 3900u			/* it is the source of a job, of which 4,000 bytes are kept */

static const char *
param(const struct quest *q, const char *name, const char *dflt)
{
	const char *s = json_str(q->j->params, name, "");

	return s[0] == '\0' ? dflt : s;
}

/* --- a part --------------------------------------------------------------------------------- */

/* Under which name it is kept what the instance has been sent: of a target its address and topic; of Relate the ranges.
 * The caller's. */
static char *
sent_name(const struct quest *q, const char *address, const char *topic)
{
	const char *ranges = param(q, "ranges", q->j->source);
	char hash[33];

	if (strcmp(address, RELATE) != 0)
		return xasprintf("%s %s", address, topic);
	seal_hash(hash, ranges, strlen(ranges));
	return xasprintf("%s %s", RELATE, hash);
}

/* PARAMS is swallowed. The aim is written in the transaction in which its job is accepted. */
static void
begin_part(struct quest *q, const struct aim_row *aim, enum aim_state state, const char *topic, struct json_object *params)
{
	char *address = xstrdup(aim->address), *sent = sent_name(q, address, topic);	/* AIM may be the one that set() replaces */
	char *what = xasprintf("%s %s %s", q->j->id, address, topic);
	struct aim_row row = *aim;
	struct own_job own = {
		.id = row.child, .parent = q->j->id, .topic = topic, .name = sent, .source = address,
		.correlator = q->j->correlator, .priority = 2, .params = params,
	};
	struct err err = { 0 };

	if (q->j->fence[0] != '\0')
		json_put_str(params, "fence", q->j->fence);
	seal_hash(row.child, what, strlen(what));
	row.state = state;
	row.topic = (char *)(uintptr_t)topic;
	row.links = NULL;
	row.ms = os_time_ms();
	aim_set(q, &row);
	if (own_begin(q->d->ag->flow, &own, &err) < 0) {
		log_err("discovery", "job %s: %s", q->j->id, err.text);
		row = aim_find(q, address)->row;
		row.state = state == AIM_ASKING ? AIM_FAILED : state == AIM_SCANNING ? AIM_SCANNED : AIM_RELATED;
		row.why = err.text;
		aim_set(q, &row);
	}
	json_object_put(params);
	free(what);
	free(sent);
	free(address);
}

static void
copy_param(const struct quest *q, struct json_object *to, const char *name)
{
	const char *s = param(q, name, NULL);

	if (s != NULL)
		json_put_str(to, name, s);
}

/* --- scan -------------------------------------------------------------------------------------- */

/* When it has begun, noted or known from an earlier life; and when it must end. */
void
quest_clock(struct quest *q)
{
	const struct aim *a = aim_find(q, BEGUN);
	struct aim_row row = { .address = (char *)(uintptr_t)BEGUN, .state = AIM_BEGUN, .ms = os_time_ms() };
	struct err err = { 0 };
	int64_t left;

	memcpy(row.parent, q->j->id, sizeof(row.parent));
	if (a == NULL)
		aim_set(q, &row);
	q->begun_ms = a == NULL ? row.ms : a->row.ms;
	(void)deadline_read(param(q, "deadline", ""), &q->deadline_ms, &err);		/* one that can't be read has never come so far */
	left = q->begun_ms + q->deadline_ms - row.ms;
	if (q->deadline_ms > 0)
		loop_timer_arm(q->timer, left < 1 ? 1 : left > q->deadline_ms ? q->deadline_ms : left);
}

void
quest_late(struct quest *q)
{
	if (q->late || q->cancel_class != 0)
		return;
	q->late = true;
	if (!q->relating)	/* what was found is told of all the same */
		flow_cancel_parts(q->d->ag->flow, q->j->id, "the deadline of its discovery has come");
	quest_go_on(q);
}

/* An aim for each part of the ranges. <0: ERR says why there is none. */
static int
divide(struct quest *q, struct err *err)
{
	char part[PART_TEXT];
	struct aim_row row = { .state = AIM_TO_SCAN };
	struct range_walk walk = { 0 };
	struct buf b;
	uint32_t n;
	int r;

	buf_init(&b, RANGES_MAX);
	r = discovery_reach(q->d->ag->policy, param(q, "ranges", q->j->source), param(q, "exclude", ""), &b, err);
	if (r == 0)
		quest_clock(q);
	memcpy(row.parent, q->j->id, sizeof(row.parent));
	walk.list = buf_str(&b);
	while (r == 0 && (n = ranges_part(&walk, SCAN_PART, part, sizeof(part))) > 0) {
		row.address = part;
		row.sure = (int)n;	/* of a part: how many addresses it has */
		row.ms = os_time_ms();
		aim_set(q, &row);
	}
	buf_fini(&b);
	return r;
}

static void
begin_scan(struct quest *q, const struct aim *a)
{
	struct json_object *params = json_object_new_object();
	static const char *const passed[] = { "ports", "rate", "window", "per_network", "timeout" };
	size_t i;

	json_put_str(params, "ranges", a->row.address);
	json_put_str(params, "targets", "true");
	for (i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		copy_param(q, params, passed[i]);
	begin_part(q, &a->row, AIM_SCANNING, SCAN_TOPIC, params);
}

/* --- collect ------------------------------------------------------------------------------------- */

static void
begin_target(struct quest *q, const struct aim *a)
{
	char *topic = way_topic(q->d->ag->config->discovery.ways, a->row.ways == NULL ? "" : a->row.ways);
	struct aim_row row = a->row;
	struct json_object *params;
	char *ways;

	if (topic == NULL) {	/* nothing here asks that way: the next one, or none */
		ways = strchr(row.ways, ',') == NULL ? xstrdup("") : xstrdup(strchr(row.ways, ',') + 1);
		row.ways = ways;
		row.state = ways[0] == '\0' ? AIM_FAILED : AIM_FOUND;
		if (row.state == AIM_FAILED && row.why == NULL)
			row.why = (char *)(uintptr_t)"it answers, but on nothing that is asked for facts";
		aim_set(q, &row);
		free(ways);
		return;
	}
	params = json_object_new_object();
	copy_param(q, params, "full");
	begin_part(q, &a->row, AIM_ASKING, topic, params);
	free(topic);
}

static void
collect(struct quest *q)
{
	const struct config *c = q->d->ag->config;
	struct aim *a, *next;

	for (a = q->first; a != NULL && q->in[AIM_FOUND] > 0 && q->in[AIM_ASKING] < (unsigned)c->discovery.at_once; a = next) {
		next = a->next;
		if (a->row.state == AIM_FOUND && aims_beside(q, a->row.address) < (unsigned)c->discovery.per_network &&
		    !aims_is_asked(q, &a->row))
			begin_target(q, a);
	}
}

/* --- relate ----------------------------------------------------------------------------------------- */

/* One that is missed is told of when that has been often enough, once. */
static bool
is_told(const struct quest *q, const struct aim_row *row)
{
	return row->state != AIM_MISSED || row->sure == (int)q->d->ag->config->discovery.stale_after;
}

/* What a target has said, with what we know of it: an object more of the list. */
static bool
put_host(struct quest *q, struct buf *all, const struct aim_row *row, bool more)
{
	char aad[128], known[60] = "";
	struct err err = { 0 };
	struct buf plain;
	bool had = false;

	if (row->state == AIM_MISSED)
		snprintf(known, sizeof(known), "\"missed\":%d,", row->sure);
	else if (strcmp(row->parent, q->j->id) != 0)	/* another discovery's */
		snprintf(known, sizeof(known), "\"elsewhere\":true,");
	else if (row->whose != NULL && strcmp(row->whose, BACK) == 0)
		snprintf(known, sizeof(known), "\"back\":true,");
	snprintf(aad, sizeof(aad), "links:%s", row->parent);
	buf_init(&plain, 8u << 20);
	if (unseal_rest(q->d->ag->seal, &plain, aad, row->links, row->links_len, &err) == 0)
		had = buf_printf(all, "%s{\"address\":\"%s\",\"name\":\"%s\",%s%s", more ? ",\n" : "", row->address,
		    row->name == NULL ? "" : row->name, known, buf_str(&plain) + 1) == 0;
	buf_wipe(&plain);
	return had;
}

static void
relate(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct quest *q = quest_going(arg);
	struct aim_row row = { .address = (char *)(uintptr_t)RELATE, .state = AIM_RELATING };
	struct json_object *params;
	struct buf all;
	size_t i, had = 0, told = 0;
	bool put;

	if (q == NULL)
		return;
	memcpy(row.parent, q->j->id, sizeof(row.parent));
	if (r < 0) {
		row.state = AIM_RELATED;
		row.why = (char *)(uintptr_t)"what the targets have said of each other can't be read: no relations are told";
		aim_set(q, &row);
		quest_go_on(q);
		return;
	}
	buf_init(&all, LINKS_MAX);
	(void)buf_puts(&all, "[");
	for (i = 0; i < n; i++)
		if (rows[i].links_len > 0 && is_told(q, &rows[i])) {
			put = rows[i].links != NULL && put_host(q, &all, &rows[i], all.len > 1);
			if (strcmp(rows[i].parent, q->j->id) == 0) {	/* others are there for these, if there is room */
				had += put;
				told++;
			}
		}
	(void)buf_puts(&all, "]");
	q->unrelated = (unsigned)(told - had);
	params = json_object_new_object();
	copy_param(q, params, "full");
	json_put_take(params, "hosts", json_object_new_string_len(buf_str(&all), (int)all.len));
	begin_part(q, &row, AIM_RELATING, RELATE_TOPIC, params);
	buf_wipe(&all);
}

void
quest_relate(struct quest *q)
{
	store_around(q->d->ag->store, q->j->id, LINKS_MAX, relate, going_new(q));
}

/* --- the order -------------------------------------------------------------------------------------------- */

/* True: all parts have ended. */
static bool
is_quiet(const struct quest *q)
{
	return q->in[AIM_SCANNING] + q->in[AIM_ASKING] + q->in[AIM_RELATING] == 0;
}

static struct aim *
first_in(const struct quest *q, enum aim_state state)
{
	struct aim *a = q->first;

	while (a != NULL && a->row.state != (int)state)
		a = a->next;
	return a;
}

static bool
begin_ranges(struct quest *q)
{
	struct err err = { 0 };

	if (q->n > 0 || (discovery_check(q->j->params, &err) == 0 && divide(q, &err) == 0))
		return true;
	q->cancel_class = err.code == E_AUTH ? CLASS_POLICY : CLASS_BAD_PARAM;
	q->cancel_why = xstrdup(err.text);
	return false;
}

static void
go_on(struct quest *q)
{
	if (q->cancel_class != 0 || !begin_ranges(q)) {
		if (is_quiet(q))
			quest_tell(q);
		return;
	}
	if (!q->late) {
		if (q->in[AIM_SCANNING] == 0 && q->in[AIM_TO_SCAN] > 0)
			begin_scan(q, first_in(q, AIM_TO_SCAN));
		collect(q);
	}
	if ((!q->late && q->in[AIM_TO_SCAN] + q->in[AIM_FOUND] > 0) || !is_quiet(q))
		return;
	if (aim_find(q, RELATE) == NULL && q->in[AIM_DONE] > 0) {
		if (!q->relating)
			quest_gone(q);
		q->relating = true;
		return;
	}
	quest_tell(q);
}

static void
go_now(void *arg)
{
	struct quest *q = quest_going(arg);

	if (q != NULL) {
		q->due = false;
		go_on(q);
	}
}

void
quest_go_on(struct quest *q)
{
	if (q->due || !q->loaded || q->telling)
		return;
	q->due = true;
	loop_defer(q->d->ag->loop, go_now, going_new(q));
}

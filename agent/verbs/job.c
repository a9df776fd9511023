/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - one job: what jobs says of it, and road: [{step, at, after_ms, note}],
 * now: {at, lane, why, ...}, events: [...],
 * audit: [{ms, what, detail}]. Steps not yet reached are not in
 * the list.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

#define EVENTS 20

/* A step and the time since the one before it; none when it has not been reached. */
static void
step(struct json_object *road, const char *name, int64_t at, int64_t *before, const char *note)
{
	struct json_object *o;

	if (at <= 0)
		return;
	o = json_object_new_object();
	json_put_str(o, "step", name);
	json_put_int(o, "at", at);
	json_put_int(o, "after_ms", *before > 0 && at > *before ? at - *before : 0);
	json_put_str(o, "note", note);
	json_add_take(road, o);
	*before = at;
}

static void
outcome_note(char *note, size_t size, const struct job_row *r)
{
	if (r->class != CLASS_OK)
		snprintf(note, size, "%s", error_class(r->class)->name);
	else
		snprintf(note, size, "%s", r->partial ? "partial" : "ok");
}

static void
spooled_note(char *out, size_t max, const struct job_row *r)
{
	int cis = r->pages - r->answers;
	int n = snprintf(out, max, "%d page%s", r->answers, r->answers == 1 ? "" : "s");

	if (cis > 0)
		n += snprintf(out + n, max - (size_t)n, ", %d of CIs", cis);
	snprintf(out + n, max - (size_t)n, ", %" PRId64 " bytes: sealed on disk", r->bytes);
}

/* Who asked for it. */
static void
fetched_note(char *out, size_t max, const struct job_row *r)
{
	if (r->parent[0] == '\0')
		snprintf(out, max, "from the instance, intent on disk");
	else if (strcmp(r->parent, "-") == 0)
		snprintf(out, max, "asked for by the operator");
	else
		snprintf(out, max, "a part of discovery %s", r->parent);
}

static struct json_object *
road_of(const struct job_row *r)
{
	struct json_object *road = json_object_new_array();
	bool ended = r->finished_ms > 0;
	int64_t before = 0, over = r->started_ms + r->run_ms;
	char note[240];

	if (r->finished_ms >= r->started_ms && over > r->finished_ms)	/* the worker's count begins before the start is on the disk */
		over = r->finished_ms;
	fetched_note(note, sizeof(note), r);
	step(road, "fetched", r->created_ms, &before, note);
	step(road, "accepted", r->accepted_ms, &before, r->parent[0] == '\0' ? "claimed there, on disk here" : "on disk here");
	snprintf(note, sizeof(note), "in a worker, attempt %d%s%s", r->attempts, r->waited[0] != '\0' ? ", waited for " : "", r->waited);
	step(road, "started", r->started_ms, &before, note);
	outcome_note(note, sizeof(note), r);
	if (ended && r->started_ms > 0)
		step(road, "finished", over, &before, note);
	spooled_note(note, sizeof(note), r);
	step(road, "spooled", r->finished_ms, &before, note);
	step(road, "delivered", r->delivered_ms, &before, r->pages > 0 ? "the instance has confirmed it" : "nothing of it was news to the instance");
	return road;
}

struct shown {
	struct agent *ag;
	struct control_call *call;
	struct json_object *answer;
};

static void
with_audit(void *arg, int r, struct json_object *rows)
{
	struct shown *s = arg;

	json_put_take(s->answer, "audit", r < 0 ? json_object_new_array() : json_object_get(rows));
	control_ok_take(s->call, s->answer);
	free(s);
}

static void
with_events(void *arg, int r, struct json_object *events)
{
	struct shown *s = arg;

	json_put_take(s->answer, "events", r < 0 ? json_object_new_array() : json_object_get(events));
	if (s->ag->closing)
		with_audit(s, -E_CANCELLED, NULL);
	else
		store_audit_of(s->ag->store, json_str(s->answer, "id", ""), with_audit, s);
}

static void
show(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	struct shown *s = xcalloc(1, sizeof(*s));

	(void)args;
	s->ag = ag;
	s->call = call;
	s->answer = verbs_job_json(row);
	json_put_take(s->answer, "road", road_of(row));
	json_put_take(s->answer, "now", flow_job_state(ag->flow, row->id));
	store_events(ag->store, row->id, EVENTS, with_events, s);
}

void
verb_job(void *ctx, struct control_call *call, struct json_object *args)
{
	verbs_find_job(ctx, call, args, show);
}

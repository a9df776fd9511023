/* SPDX-License-Identifier: Apache-2.0 */
/* discovery - see discovery.h: begun, told of its parts, ended. */
#include "discovery/inside.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "err.h"
#include "flow/errors.h"
#include "flow/own.h"
#include "flow/job.h"
#include "flow/result.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define AGAIN_MS 1000

void
discovery_open(struct discovery **out, struct agent *ag)
{
	*out = xcalloc(1, sizeof(**out));
	(*out)->ag = ag;
}

static void
quest_free(struct quest *q)
{
	aims_free(q);
	claims_free(q);
	loop_timer_free(q->timer);
	loop_timer_free(q->report_timer);
	free(q->cancel_why);
	free(q);
}

void
discovery_close(struct discovery *d)
{
	struct quest *q;

	if (d == NULL)
		return;
	while ((q = d->first) != NULL) {
		d->first = q->next;
		quest_free(q);
	}
	free(d);
}

bool
discovery_serves(const char *topic)
{
	return strcmp(topic, DISCOVERY_TOPIC) == 0;
}

bool
discovery_asks(const struct job *j)
{
	return job_has_parent(j) && strcmp(j->topic, SCAN_TOPIC) != 0 && strcmp(j->topic, RELATE_TOPIC) != 0;
}

static struct quest *
quest_of(const struct discovery *d, const char *id)
{
	struct quest *q = d->first;

	while (q != NULL && strcmp(q->j->id, id) != 0)
		q = q->next;
	return q;
}

/* --- its aims, out of the store ---------------------------------------------------------- */

static bool
in_progress(const struct aim *a)
{
	return a->row.state == AIM_SCANNING || a->row.state == AIM_ASKING || a->row.state == AIM_RELATING;
}

struct going { struct discovery *d; char id[33]; };

struct going *
going_new(struct quest *q)
{
	struct going *g = xcalloc(1, sizeof(*g));

	g->d = q->d;
	memcpy(g->id, q->j->id, sizeof(g->id));
	return g;
}

struct quest *
quest_going(struct going *g)
{
	struct quest *q = g->d->ag->closing ? NULL : quest_of(g->d, g->id);

	free(g);
	return q;
}

void
discovery_note_cancel(struct discovery *d, const struct job *j, int class, const char *why)
{
	struct aim_row row = {
		.address = (char *)(uintptr_t)CANCELLED, .state = AIM_CANCELLED, .class = class, .why = (char *)(uintptr_t)why, .ms = os_time_ms(),
	};

	memcpy(row.parent, j->id, sizeof(row.parent));
	store_aim(d->ag->store, &row, NULL, NULL);
}

/* Those that wait for a job which is no more: its end was lost. */
static void
mend(struct quest *q)
{
	struct aim *a;

	for (a = q->first; a != NULL; a = a->next)
		if (in_progress(a) && !flow_has(q->d->ag->flow, a->row.child))
			aims_lost(q, a, aim_set);
}

static void
cancel_now(struct quest *q, int class, const char *why)
{
	if (q->cancel_class != 0)
		return;
	q->cancel_class = class;
	q->cancel_why = xstrdup(why);
	flow_cancel_parts(q->d->ag->flow, q->j->id, why);
	quest_go_on(q);
}

static void
loaded(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct quest *q = quest_going(arg);
	const struct aim *cancelled;
	size_t i;

	if (q == NULL)
		return;
	if (r < 0) {		/* its parts run on meanwhile; those that end wait for it */
		log_warn("discovery", "job %s: its targets can't be read: tried again", q->j->id);
		loop_timer_arm(q->timer, AGAIN_MS);
		return;
	}
	for (i = 0; i < n; i++)
		if (rows[i].state > 0 && rows[i].state < AIM_STATES)
			aim_put(q, &rows[i]);
	q->loaded = true;
	if (q->n > 0) {
		quest_clock(q);
		mend(q);
	}
	flow_early_parts(q->d->ag->flow);
	cancelled = aim_find(q, CANCELLED);
	if (cancelled != NULL)	/* before midd was killed */
		cancel_now(q, cancelled->row.class, cancelled->row.why == NULL ? "cancelled" : cancelled->row.why);
	quest_report_arm(q);
	quest_go_on(q);
}

static void
load(struct quest *q)
{
	store_aims(q->d->ag->store, q->j->id, 0, loaded, going_new(q));
}

static void
on_timer(void *arg)
{
	struct quest *q = arg;

	if (q->loaded)
		quest_late(q);
	else
		load(q);
}

void
discovery_begin(struct discovery *d, struct job *j)
{
	struct quest *q = xcalloc(1, sizeof(*q));

	q->d = d;
	q->j = j;
	q->last = &q->first;
	q->begun_at = loop_now(d->ag->loop);
	q->timer = loop_timer_new(d->ag->loop, on_timer, q);
	q->report_timer = loop_timer_new(d->ag->loop, quest_report, q);
	q->next = d->first;
	d->first = q;
	load(q);
}

void
discovery_cancel(struct discovery *d, struct job *j, int class, const char *why)
{
	struct quest *q = quest_of(d, j->id);

	if (q != NULL)
		cancel_now(q, class, why);
}

void
discovery_forget(struct discovery *d, const struct job *j)
{
	struct quest **at = &d->first, *q;

	while (*at != NULL && (*at)->j != j)
		at = &(*at)->next;
	if ((q = *at) == NULL)
		return;
	*at = q->next;
	quest_free(q);
}

/* --- its parts ------------------------------------------------------------------------------ */

void
discovery_note(struct discovery *d, struct job *part)
{
	struct quest *q = quest_of(d, part->parent);

	if (q != NULL && q->loaded)
		aims_judge(q, part, aim_save);
}

void
discovery_ended(struct discovery *d, struct job *part)
{
	struct quest *q = quest_of(d, part->parent);

	if (q == NULL || !q->loaded)
		return;
	aims_judge(q, part, aim_put);
	quest_go_on(q);
}

bool
discovery_hears(const struct discovery *d, const char *id)
{
	const struct quest *q = quest_of(d, id);

	return q != NULL && q->loaded;
}

void
discovery_gone(struct discovery *d, const struct job *part)
{
	struct quest *q = quest_of(d, part->parent);
	struct aim *a = q == NULL || !q->loaded ? NULL : aim_find(q, part->source);

	if (a == NULL || !in_progress(a) || strcmp(a->row.child, part->id) != 0)
		return;
	log_err("discovery", "job %s: its part %s (%s at %s) is gone without an end", q->j->id, part->id, part->topic, part->source);
	aims_lost(q, a, aim_set);
	quest_go_on(q);
}

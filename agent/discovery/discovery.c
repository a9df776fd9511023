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
#include "xalloc.h"

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

static struct quest *
quest_of(const struct discovery *d, const char *id)
{
	struct quest *q = d->first;

	while (q != NULL && strcmp(q->j->id, id) != 0)
		q = q->next;
	return q;
}

/* --- its aims, out of the store ---------------------------------------------------------- */

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

static void load(struct quest *q);

static void
loaded(void *arg, int r, struct aim_row *rows, size_t n)
{
	struct quest *q = quest_going(arg);
	size_t i;

	if (q == NULL)
		return;
	if (r < 0) {
		log_warn("discovery", "job %s: its targets can't be read: it ends", q->j->id);
		q->cancel_class = q->cancel_class == 0 ? CLASS_INTERNAL : q->cancel_class;
		free(q->cancel_why);
		q->cancel_why = xstrdup("the store can't tell its targets");
	}
	if (q->stale) {		/* a part has ended meanwhile */
		q->stale = false;
		load(q);
		return;
	}
	for (i = 0; i < n; i++)
		aim_put(q, &rows[i]);
	q->loaded = true;
	quest_go_on(q);
}

static void
load(struct quest *q)
{
	store_aims(q->d->ag->store, q->j->id, false, loaded, going_new(q));
}

void
discovery_begin(struct discovery *d, struct job *j)
{
	struct quest *q = xcalloc(1, sizeof(*q));

	q->d = d;
	q->j = j;
	q->last = &q->first;
	q->begun_at = loop_now(d->ag->loop);
	q->next = d->first;
	d->first = q;
	load(q);
}

void
discovery_cancel(struct discovery *d, struct job *j, int class, const char *why)
{
	struct quest *q = quest_of(d, j->id);

	if (q == NULL || q->cancel_class != 0)
		return;
	q->cancel_class = class;
	q->cancel_why = xstrdup(why);
	flow_cancel_parts(d->ag->flow, j->id, why);
	quest_go_on(q);
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

	if (q == NULL)
		return;
	if (!q->loaded) {
		q->stale = true;
		return;
	}
	aims_judge(q, part, aim_put);
	quest_go_on(q);
}

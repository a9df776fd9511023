/* SPDX-License-Identifier: Apache-2.0 */
/* runs - which worker gets a run, and whom its events belong to. */
#include <stdio.h>
#include <stdlib.h>

#include "err.h"
#include "loop.h"
#include "workers/inside.h"
#include "xalloc.h"

#define MANY_RUNS 8		/* before a second worker is worth its memory */

static void
run_free(struct pool_run *r)
{
	struct worker *w = r->w;

	r->p->runs--;
	w->runs--;
	if (r->alone)
		w->alone = false;
	if (w->runs == 0 && !w->dead && !w->leaving)
		loop_timer_arm(w->idle, r->p->cfg.idle_ms);
	free(r);
}

#define FORWARD(NAME, CALL, ...) \
	static void on_##NAME(void *arg, __VA_ARGS__) { struct pool_run *r = arg; r->ev->NAME CALL; }

static void
on_started(void *arg)
{
	struct pool_run *r = arg;

	r->ev->started(r->arg);
}

FORWARD(emit, (r->arg, kind, data, len), int kind, const void *data, size_t len)
FORWARD(note, (r->arg, name, value), const char *name, const char *value)
FORWARD(partial, (r->arg, message), const char *message)
FORWARD(log, (r->arg, level, text), int level, const char *text)
FORWARD(want, (r->arg, type, host), const char *type, const char *host)

static void
on_verdict(void *arg, const char *id, int verdict, const char *why)
{
	struct pool_run *r = arg;

	if (r->ev->verdict != NULL)
		r->ev->verdict(r->arg, id, verdict, why);
}

static void
on_ask(void *arg, const char *what, const char *about)
{
	struct pool_run *r = arg;

	if (r->ev->ask != NULL)
		r->ev->ask(r->arg, what, about);
	else
		pool_told(r, "");
}

static void
on_done(void *arg, int class, const char *message, struct json_object *detail)
{
	struct pool_run *r = arg;
	struct pool *p = r->p;
	const struct run_events *ev = r->ev;
	void *ev_arg = r->arg;

	run_free(r);
	ev->done(ev_arg, class, message, detail);
	pool_room(p);
}

static void
on_lost(void *arg, const char *why)
{
	struct pool_run *r = arg;
	const struct run_events *ev = r->ev;
	void *ev_arg = r->arg;

	r->w->dead = true;	/* it gets no more, even before gone() is heard */
	run_free(r);
	ev->lost(ev_arg, why);
}

static const struct run_events run_ev = {
	.started = on_started, .emit = on_emit, .note = on_note, .partial = on_partial, .log = on_log,
	.want = on_want, .verdict = on_verdict, .ask = on_ask, .done = on_done, .lost = on_lost,
};

static bool
takes(const struct worker *w, enum kind kind, bool alone)
{
	if (w->dead || w->leaving || w->kind != kind || w->alone)
		return false;
	return alone ? w->runs == 0 : (unsigned)w->runs < w->p->cfg.runs_max;
}

/* The least busy one; *STARTING when one is on its way. */
static struct worker *
pick(struct pool *p, enum kind kind, bool alone, bool *starting)
{
	struct worker *w, *best = NULL;

	for (w = p->workers; w != NULL; w = w->next) {
		if (!takes(w, kind, alone))
			continue;
		if (w->ready && worker_link_stale(w->link)) {	/* goes when its runs are done */
			w->leaving = true;
			worker_link_quit(w->link);
			continue;
		}
		if (!w->ready)
			*starting = true;
		else if (best == NULL || w->runs < best->runs)
			best = w;
	}
	return best;
}

/* A kind with no worker at all may always have one. */
static bool
may_start(struct pool *p, enum kind kind, bool alone)
{
	const struct worker *w;
	bool has = false;

	if (loop_now(p->loop) < p->no_start_before)
		return false;
	for (w = p->workers; w != NULL; w = w->next)
		has = has || (w->kind == kind && !w->dead && !w->leaving && (!alone || w->alone));
	return !has || workers_living(p) < p->cfg.workers_max;
}

int
pool_run(struct pool *p, const struct run_request *req, bool alone, const struct run_events *ev,
    void *arg, struct pool_run **out, struct err *err)
{
	struct pool_topic topic = pool_topic(p, req->topic);
	enum kind kind = topic.exec ? KIND_EXEC : topic.local ? KIND_LOCAL : KIND_PLAIN;
	struct worker *w, *fresh;
	struct pool_run *run;
	bool starting = false;
	int r;

	if (!topic.known)
		return err_set(err, E_NONE, "no probe serves the topic %s", req->topic);
	w = pick(p, kind, alone, &starting);
	if ((w == NULL || w->runs >= MANY_RUNS) && !starting && may_start(p, kind, alone)) {
		r = worker_start(p, kind, &fresh, err);
		if (r < 0 && w == NULL)
			return r;
	}
	if (w == NULL)
		return -E_AGAIN;
	run = xcalloc(1, sizeof(*run));
	run->p = p;
	run->w = w;
	run->alone = alone;
	run->ev = ev;
	run->arg = arg;
	r = worker_link_run(w->link, req, &run_ev, run, &run->id, err);
	if (r < 0) {
		free(run);
		return r;
	}
	w->runs++;
	snprintf(w->topic, sizeof(w->topic), "%s", req->topic);
	w->alone = alone;
	p->runs++;
	loop_timer_stop(w->idle);
	*out = run;
	return 0;
}

void
pool_go(struct pool_run *r)
{
	worker_link_go(r->w->link, r->id);
}

void
pool_credit(struct pool_run *r, size_t bytes)
{
	worker_link_credit(r->w->link, r->id, bytes);
}

void
pool_credential(struct pool_run *r, const char *id, const char *type, struct json_object *fields)
{
	worker_link_credential(r->w->link, r->id, id, type, fields);
}

void
pool_told(struct pool_run *r, const char *text)
{
	worker_link_told(r->w->link, r->id, text);
}

void
pool_hand(struct pool_run *r, intptr_t handed)
{
	worker_link_hand(r->w->link, r->id, handed);
}

void
pool_cancel(struct pool_run *r, const char *why)
{
	worker_link_cancel(r->w->link, r->id, why);
}

int
pool_run_pid(const struct pool_run *r)
{
	return worker_link_pid(r->w->link);
}

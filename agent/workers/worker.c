/* SPDX-License-Identifier: Apache-2.0 */
/* worker - a worker's life: started, known, idle, gone. */
#include "workers/inside.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define REFUSALS_SAID 5u

const char *const kind_names[KINDS] = { "plain", "local", "exec" };

void
pool_room(struct pool *p)
{
	if (!p->closing && p->cfg.room != NULL)
		p->cfg.room(p->cfg.room_arg);
}

void
worker_free(void *arg)
{
	struct worker *w = arg;
	struct worker **at;

	for (at = &w->p->workers; *at != NULL; at = &(*at)->next)
		if (*at == w) {
			*at = w->next;
			break;
		}
	worker_link_close(w->link);
	loop_timer_free(w->idle);
	free(w);
}

static void
catalogue_known(struct pool *p, int r, const struct err *err)
{
	void (*ready)(void *, int, const struct err *) = p->ready;

	p->ready = NULL;
	if (ready != NULL)
		ready(p->ready_arg, r, err);
}

static void
on_hello(void *arg, struct json_object *hello)
{
	struct worker *w = arg;
	struct pool *p = w->p;

	w->ready = true;
	p->failed_starts = 0;
	p->no_start_before = 0;
	p->trouble[0] = '\0';
	json_object_put(p->catalogue);
	p->catalogue = json_object_get(json_get(hello, "probes"));
	if (w->kind == KIND_PLAIN || p->guard == NULL) {	/* the kind that talks to strangers */
		json_object_put(p->guard);
		p->guard = json_object_get(json_get(hello, "guard"));
	}
	worker_link_watch(w->link, p->cfg.hung_ms);
	loop_timer_arm(w->idle, p->cfg.idle_ms);
	catalogue_known(p, 0, NULL);
	pool_room(p);
}

static void
on_gone(void *arg, const char *why, bool expected)
{
	struct worker *w = arg;
	struct pool *p = w->p;
	struct err err = { 0 };
	int64_t pause = START_PAUSE_MIN;
	int i;

	w->dead = true;
	if (!p->closing && !expected) {
		p->died++;
		log_event(EV_WORKER_ENDED, LOG_LV_WARN, "workers", "worker %d ended: %s", worker_link_pid(w->link), why);
		if (!w->ready) {	/* it never said hello: don't start them in a circle */
			for (i = 0; i < p->failed_starts && pause < START_PAUSE_MAX; i++)
				pause *= 2;
			p->failed_starts++;
			p->no_start_before = loop_now(p->loop) + pause;
			loop_timer_arm(p->start_timer, pause);
			snprintf(p->trouble, sizeof(p->trouble), "workers do not start: %s", why);
			err_set(&err, E_OS, "%s", p->trouble);
			catalogue_known(p, -E_OS, &err);
		}
	}
	if (!p->closing)
		loop_defer(p->loop, worker_free, w);
	pool_room(p);
}

/* Said a few times for each worker; counted always. */
static void
on_refused(void *arg, const char *call)
{
	struct worker *w = arg;
	struct pool *p = w->p;

	p->refused++;
	p->refused_ms = loop_now(p->loop);
	snprintf(p->refused_what, sizeof(p->refused_what), "%s, by worker %d (%s), last given %s", call,
	    worker_link_pid(w->link), kind_names[w->kind], w->topic[0] == '\0' ? "nothing" : w->topic);
	if (++w->refused <= REFUSALS_SAID)
		log_event(EV_FORBIDDEN_CALL, LOG_LV_WARN, "workers", "refused: %s%s", p->refused_what,
		    w->refused == REFUSALS_SAID ? "; more of it is only counted" : "");
}

static const struct worker_events worker_ev = { .hello = on_hello, .gone = on_gone, .refused = on_refused };

static void
on_idle(void *arg)
{
	struct worker *w = arg;

	if (w->runs > 0 || w->dead)
		return;
	w->leaving = true;
	worker_link_quit(w->link);
}

int
worker_start(struct pool *p, enum kind kind, struct worker **out, struct err *err)
{
	struct worker *w = xcalloc(1, sizeof(*w));
	int r;

	w->p = p;
	w->kind = kind;
	w->started_ms = os_time_ms();
	w->idle = loop_timer_new(p->loop, on_idle, w);
	r = worker_link_open(&w->link, p->loop, &p->cfg.paths, kind_names[kind], &worker_ev, w, err);
	if (r < 0) {
		loop_timer_free(w->idle);
		free(w);
		return r;
	}
	w->next = p->workers;
	p->workers = w;
	p->started++;
	*out = w;
	return 0;
}

unsigned
workers_living(const struct pool *p)
{
	const struct worker *w;
	unsigned n = 0;

	for (w = p->workers; w != NULL; w = w->next)
		n += !w->dead && !w->leaving;
	return n;
}

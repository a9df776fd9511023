/* SPDX-License-Identifier: Apache-2.0 */
/* pool - see pool.h. */
#include "workers/pool.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define MANY_RUNS 8		/* before a second worker is worth its memory */
#define START_PAUSE_MIN 500
#define START_PAUSE_MAX 30000

enum kind { KIND_PLAIN, KIND_EXEC, KINDS };
static const char *const kind_names[KINDS] = { "plain", "exec" };

struct worker {
	struct pool *p;
	struct worker_link *link;
	enum kind kind;
	bool ready, leaving, dead;
	bool alone;			/* holds one suspect and nothing else */
	int runs;
	int64_t started_ms;
	struct loop_timer *idle;
	struct worker *next;
};

struct pool_run {
	struct pool *p;
	struct worker *w;
	uint32_t id;
	bool alone;
	const struct run_events *ev;
	void *arg;
};

struct pool {
	struct loop *loop;
	struct pool_config cfg;
	struct worker *workers;
	struct json_object *catalogue, *guard;
	void (*ready)(void *, int, const struct err *);
	void *ready_arg;
	int failed_starts;		/* in a row, before hello */
	int64_t no_start_before;
	struct loop_timer *start_timer;
	unsigned died, started;
	unsigned runs;
	bool closing;
	char trouble[200];
};

static int worker_start(struct pool *p, enum kind kind, struct worker **out, struct err *err);

/* --- a worker's life ------------------------------------------------------------ */

static void
room(struct pool *p)
{
	if (!p->closing && p->cfg.room != NULL)
		p->cfg.room(p->cfg.room_arg);
}

static void
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
	json_object_put(p->guard);
	p->catalogue = json_object_get(json_get(hello, "probes"));
	p->guard = json_object_get(json_get(hello, "guard"));
	worker_link_watch(w->link, p->cfg.hung_ms);
	loop_timer_arm(w->idle, p->cfg.idle_ms);
	catalogue_known(p, 0, NULL);
	room(p);
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
		log_warn("workers", "worker %d ended: %s", worker_link_pid(w->link), why);
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
	room(p);
}

static const struct worker_events worker_ev = { .hello = on_hello, .gone = on_gone };

static void
on_idle(void *arg)
{
	struct worker *w = arg;

	if (w->runs > 0 || w->dead)
		return;
	w->leaving = true;
	worker_link_quit(w->link);
}

static int
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

/* Without a catalogue nobody may ask for a run, so the pool itself tries again. */
static void
start_due(void *arg)
{
	struct pool *p = arg;
	struct worker *w;
	struct err err = { 0 };

	if (p->catalogue == NULL && worker_start(p, KIND_PLAIN, &w, &err) < 0) {
		log_err("workers", "%s", err.text);
		loop_timer_arm(p->start_timer, START_PAUSE_MAX);
	}
	room(p);
}

static void
paths_own(struct worker_paths *w)
{
	w->program = xstrdup(w->program);
	w->probe_dir = xstrdup(w->probe_dir);
	w->map_dir = xstrdup(w->map_dir);
	w->exec_dir = xstrdup(w->exec_dir);
}

static void
paths_free(struct worker_paths *w)
{
	free((void *)(uintptr_t)w->program);
	free((void *)(uintptr_t)w->probe_dir);
	free((void *)(uintptr_t)w->map_dir);
	free((void *)(uintptr_t)w->exec_dir);
}

/* --- open, close -------------------------------------------------------------------- */

int
pool_open(struct pool **out, struct loop *loop, const struct pool_config *cfg,
    void (*ready)(void *arg, int r, const struct err *err), void *arg, struct err *err)
{
	struct pool *p = xcalloc(1, sizeof(*p));
	struct worker *w;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int r;

	p->loop = loop;
	p->cfg = *cfg;
	paths_own(&p->cfg.paths);
	if (p->cfg.workers_max == 0)
		p->cfg.workers_max = cores > 0 ? (unsigned)cores : 1;
	p->ready = ready;
	p->ready_arg = arg;
	p->start_timer = loop_timer_new(loop, start_due, p);
	r = worker_start(p, KIND_PLAIN, &w, err);
	if (r < 0) {
		loop_timer_free(p->start_timer);
		paths_free(&p->cfg.paths);
		free(p);
		return r;
	}
	*out = p;
	return 0;
}

void
pool_close(struct pool *p)
{
	if (p == NULL)
		return;
	p->closing = true;
	while (p->workers != NULL)
		worker_free(p->workers);
	loop_timer_free(p->start_timer);
	json_object_put(p->catalogue);
	json_object_put(p->guard);
	paths_free(&p->cfg.paths);
	free(p);
}

/* --- the catalogue --------------------------------------------------------------------- */

static struct json_object *
find_topic(const struct pool *p, const char *topic, struct json_object **probe)
{
	size_t i, k, n = p->catalogue == NULL ? 0 : json_object_array_length(p->catalogue);

	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(p->catalogue, i);
		struct json_object *topics = json_arr(o, "topics");

		for (k = 0; topics != NULL && k < json_object_array_length(topics); k++) {
			struct json_object *t = json_object_array_get_idx(topics, k);

			if (strcmp(json_str(t, "name", ""), topic) == 0) {
				*probe = o;
				return t;
			}
		}
	}
	return NULL;
}

struct pool_topic
pool_topic(const struct pool *p, const char *topic)
{
	struct pool_topic out = { 0 };
	struct json_object *probe, *t = find_topic(p, topic, &probe);

	if (t == NULL)
		return out;
	out.known = true;
	out.repeatable = json_flag(t, "repeatable", false);
	out.exec = json_flag(probe, "exec", false);
	out.network = json_flag(probe, "network", false);
	out.has_map = json_str(probe, "map", NULL) != NULL;
	return out;
}

struct json_object *
pool_catalogue(const struct pool *p)
{
	return p->catalogue;
}

/* --- runs ------------------------------------------------------------------------------ */

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
FORWARD(want, (r->arg, type), const char *type)

static void
on_verdict(void *arg, const char *id, int verdict)
{
	struct pool_run *r = arg;

	if (r->ev->verdict != NULL)
		r->ev->verdict(r->arg, id, verdict);
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
	room(p);
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
	.want = on_want, .verdict = on_verdict, .done = on_done, .lost = on_lost,
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
		if (!w->ready)
			*starting = true;
		else if (best == NULL || w->runs < best->runs)
			best = w;
	}
	return best;
}

static unsigned
living(const struct pool *p)
{
	const struct worker *w;
	unsigned n = 0;

	for (w = p->workers; w != NULL; w = w->next)
		n += !w->dead && !w->leaving;
	return n;
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
	return !has || living(p) < p->cfg.workers_max;
}

int
pool_run(struct pool *p, const struct run_request *req, bool alone, const struct run_events *ev,
    void *arg, struct pool_run **out, struct err *err)
{
	struct pool_topic topic = pool_topic(p, req->topic);
	enum kind kind = topic.exec ? KIND_EXEC : KIND_PLAIN;
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
pool_cancel(struct pool_run *r, const char *why)
{
	worker_link_cancel(r->w->link, r->id, why);
}

int
pool_run_pid(const struct pool_run *r)
{
	return worker_link_pid(r->w->link);
}

/* --- for status ------------------------------------------------------------------------- */

unsigned
pool_workers(const struct pool *p)
{
	return living(p);
}

unsigned
pool_runs(const struct pool *p)
{
	return p->runs;
}

static struct json_object *
worker_object(const struct worker *w)
{
	struct json_object *o = json_object_new_object();
	struct os_usage u = { 0 };

	(void)os_usage_of(worker_link_pid(w->link), &u);
	json_put_int(o, "pid", worker_link_pid(w->link));
	json_put_str(o, "kind", kind_names[w->kind]);
	json_put_int(o, "runs", w->runs);
	json_put_int(o, "rss_bytes", u.rss_bytes);
	json_put_int(o, "cpu_ms", u.cpu_ms);
	json_put_int(o, "started_ms", w->started_ms);
	return o;
}

struct json_object *
pool_state(const struct pool *p)
{
	struct json_object *o = json_object_new_object(), *arr = json_object_new_array();
	const struct worker *w;

	for (w = p->workers; w != NULL; w = w->next)
		if (!w->dead)
			json_add_take(arr, worker_object(w));
	json_put_take(o, "workers", arr);
	json_put_take(o, "guard", json_object_get(p->guard));
	json_put_int(o, "died", p->died);
	json_put_int(o, "started", p->started);
	json_put_str(o, "trouble", p->trouble);
	return o;
}

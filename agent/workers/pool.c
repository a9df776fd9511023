/* SPDX-License-Identifier: Apache-2.0 */
/* pool - see pool.h. */
#include "workers/pool.h"

#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"
#include "workers/inside.h"

#define START_AGAIN_MS 30000

/* Without a catalogue nobody may ask for a run, so the pool itself tries again. */
static void
start_due(void *arg)
{
	struct pool *p = arg;
	struct worker *w;
	struct err err = { 0 };

	if (p->catalogue == NULL && worker_start(p, KIND_PLAIN, &w, &err) < 0) {
		log_event(EV_NO_WORKERS, LOG_LV_ERR, "workers", "%s", err.text);
		loop_timer_arm(p->start_timer, START_AGAIN_MS);
	}
	pool_room(p);
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
	struct os_system sys;
	int r;

	os_system(&sys);
	p->loop = loop;
	p->cfg = *cfg;
	paths_own(&p->cfg.paths);
	if (p->cfg.workers_max == 0)
		p->cfg.workers_max = sys.cores > 0 ? (unsigned)sys.cores : 1;
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
	const char *const *own = p->cfg.own_topics;
	struct json_object *probe, *t = find_topic(p, topic, &probe);

	for (; own != NULL && *own != NULL; own++)
		if (strcmp(*own, topic) == 0)
			out.known = out.repeatable = true;
	if (t == NULL)
		return out;
	out.known = true;
	out.repeatable = json_flag(t, "repeatable", false);
	out.exec = json_flag(t, "exec", false);
	out.local = json_flag(t, "local", false);
	out.network = json_flag(t, "network", false);
	out.timeout_ms = json_int(t, "timeout_ms", 0);
	out.has_map = json_str(probe, "map", NULL) != NULL;
	return out;
}

struct json_object *
pool_catalogue(const struct pool *p)
{
	return p->catalogue;
}

/* --- for status ------------------------------------------------------------------------- */

unsigned
pool_workers(const struct pool *p)
{
	return workers_living(p);
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
	json_put_int(o, "refused", p->refused);
	if (p->refused > 0) {
		json_put_str(o, "refused_what", p->refused_what);
		json_put_int(o, "refused_ms", loop_now(p->loop) - p->refused_ms);	/* ago */
	}
	json_put_int(o, "died", p->died);
	json_put_int(o, "started", p->started);
	json_put_str(o, "trouble", p->trouble);
	return o;
}

unsigned
pool_workers_max(const struct pool *p)
{
	return p->cfg.workers_max;
}

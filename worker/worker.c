/* SPDX-License-Identifier: Apache-2.0 */
/* worker - see worker.h: what midd says goes to the run it is about. */
#include "worker.h"

#include <string.h>
#include <unistd.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "map.h"
#include "modules.h"
#include "run.h"
#include "spawn.h"
#include "stream.h"

static const struct {
	const char *name;
	bool exec, local;
} kinds[] = {
	{ "plain", false, false },
	{ "exec", true, false },
	{ "local", false, true },
};

int
worker_init(struct worker *w, struct loop *loop, const char *kind)
{
	size_t i;

	memset(w, 0, sizeof(*w));
	w->loop = loop;
	w->hand = -1;
	for (i = 0; w->kind == NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, kind) == 0) {
			w->kind = kinds[i].name;
			w->exec = kinds[i].exec;
			w->local = kinds[i].local;
		}
	if (w->exec)
		w->spawner = spawner_new(loop);
	return w->kind == NULL ? -1 : 0;
}

/* --- HELLO ----------------------------------------------------------------------- */

static struct json_object *
describe_guard(const struct os_guard_state *g)
{
	struct json_object *o = json_object_new_object();

	json_put_bool(o, "no_new_privs", g->no_new_privs);
	json_put_bool(o, "seccomp", g->seccomp);
	json_put_bool(o, "told", g->told);
	json_put_bool(o, "rlimits", g->rlimits);
	json_put_int(o, "landlock", g->landlock_abi);
	json_put_str(o, "missing", g->missing);
	return o;
}

static void
say_hello(struct worker *w)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "protocol", FRAME_PROTOCOL);
	json_put_str(o, "version", MIDD_VERSION);
	json_put_int(o, "pid", getpid());
	json_put_str(o, "kind", w->kind);
	json_put_take(o, "guard", describe_guard(&w->guard));
	json_put_take(o, "probes", modules_describe(w->modules));
	stream_send_json_take(w->stream, FRAME_HELLO, 0, o);
}

/* --- what midd says ---------------------------------------------------------------- */

typedef int on_frame(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err);

static int
on_run(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	struct json_object *job;
	int rc;

	if (r != NULL)
		return err_set(err, E_BAD, "run %u began twice", (unsigned)f->run);
	rc = json_parse(&job, f->body, f->len, "RUN", err);
	if (rc < 0)
		return rc;
	run_begin_take(w, f->run, job);
	return 0;
}

static int
on_go(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	(void)w;
	(void)f;
	(void)err;
	run_go(r);
	return 0;
}

static int
on_credit(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	const unsigned char *p = (const unsigned char *)f->body;
	uint32_t n = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;

	(void)w;
	if (n > FRAME_WINDOW - r->out.window)
		return err_set(err, E_BAD, "more credit for run %u than it has used", (unsigned)r->id);
	outbox_credit(r, n);
	return 0;
}

static int
on_cred(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	(void)w;
	if (creds_came(r, f->body, f->len) < 0)
		return err_set(err, E_BAD, "a credential for run %u that is none", (unsigned)r->id);
	return 0;
}

static int
on_told(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	(void)w;
	if (asks_told(r, f->body, f->len) < 0)
		return err_set(err, E_BAD, "an answer for run %u, which has not asked", (unsigned)r->id);
	return 0;
}

static int
on_cancel(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	struct json_object *o;
	int rc;

	(void)w;
	rc = json_parse(&o, f->body, f->len, "CANCEL", err);
	if (rc < 0)
		return rc;
	run_cancel(r, json_str(o, "why", "cancelled"));
	json_object_put(o);
	return 0;
}

static int
on_ping(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	(void)r;
	(void)f;
	(void)err;
	stream_send(w->stream, FRAME_PONG, 0, 0, NULL, 0);
	return 0;
}

static int
on_quit(struct worker *w, struct mid_run *r, const struct frame *f, struct err *err)
{
	(void)r;
	(void)f;
	(void)err;
	w->over = true;
	loop_stop(w->loop);
	return 0;
}

static const struct {
	on_frame *fn;
	bool about_run;		/* one that is over by now is no mistake: frames cross */
} handlers[] = {
	[FRAME_RUN]    = { on_run, false },
	[FRAME_GO]     = { on_go, true },
	[FRAME_CREDIT] = { on_credit, true },
	[FRAME_CRED]   = { on_cred, true },
	[FRAME_TOLD]   = { on_told, true },
	[FRAME_CANCEL] = { on_cancel, true },
	[FRAME_PING]   = { on_ping, false },
	[FRAME_QUIT]   = { on_quit, false },
};

static int
on_any(void *arg, const struct frame *f, struct err *err)
{
	struct worker *w = arg;
	struct mid_run *r = f->run != 0 ? run_find(w, f->run) : NULL;

	if (handlers[f->type].about_run && r == NULL)
		return 0;
	return handlers[f->type].fn(w, r, f, err);
}

static void
on_end(void *arg, const char *why)
{
	struct worker *w = arg;

	if (why != NULL)
		log_err("worker", "midd said what it never says: %s; this worker ends", why);
	w->over = true;
	w->bad = why != NULL;
	loop_stop(w->loop);
}

/* --- from first to last --------------------------------------------------------------- */

int
worker_serve(struct worker *w, int fd, struct err *err)
{
	int r;

	r = stream_open(&w->stream, w->loop, fd, on_any, on_end, w, err);
	if (r < 0)
		return r;
	say_hello(w);
	return 0;
}

void
worker_fini(struct worker *w)
{
	size_t i;

	for (i = 0; i < WORKER_BUCKETS; i++)
		while (w->runs[i] != NULL)
			run_drop(w->runs[i]);
	if (map_jobs() == 0)	/* a map that never ends still uses its own */
		modules_free(w->modules);
	spawner_free(w->spawner);
	stream_close(w->stream);
}

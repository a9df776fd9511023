/* SPDX-License-Identifier: Apache-2.0 */
/* run - see run.h: its beginning and its steps. The end is in run_end.c. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "err.h"
#include "json.h"
#include "loop.h"
#include "modules.h"
#include "params.h"
#include "stream.h"
#include "waiter.h"
#include "xalloc.h"

#define DEADLINE_MS_MAX (24 * 3600 * 1000LL)
#define DEADLINE_MS (5 * 60 * 1000LL)

/* --- the table ---------------------------------------------------------------------- */

struct mid_run *
run_find(struct worker *w, uint32_t id)
{
	struct mid_run *r = w->runs[id % WORKER_BUCKETS];

	while (r != NULL && r->id != id)
		r = r->next;
	return r;
}

static struct mid_run *
run_new(struct worker *w, uint32_t id, struct json_object *job)
{
	struct mid_run *r = xcalloc(1, sizeof(*r)), **bucket = &w->runs[id % WORKER_BUCKETS];

	r->worker = w;
	r->id = id;
	r->job = job;
	r->params = json_get(job, "params");
	r->begun_ms = loop_now(w->loop);
	outbox_init(&r->out);
	buf_init(&r->json, RUN_JSON_MAX);
	r->next = *bucket;
	*bucket = r;
	return r;
}

struct mid_run *
run_of_module(struct worker *w, struct module *m)
{
	struct mid_run *r = xcalloc(1, sizeof(*r));

	r->worker = w;
	r->module = m;
	r->stage = RUN_STEPS;
	r->deadline_ms = INT64_MAX;
	outbox_init(&r->out);
	return r;
}

void
run_of_module_free(struct mid_run *r)
{
	free(r);
}

void
run_set_failed(struct mid_run *r, enum mid_class class, const char *message)
{
	if (r->ending)		/* why it ends is known */
		return;
	r->failed = true;
	r->class = (unsigned)class <= MID_INTERNAL && class != MID_OK ? class : MID_INTERNAL;
	snprintf(r->message, sizeof(r->message), "%s", message);
}

/* --- steps ---------------------------------------------------------------------------- */

static int64_t
cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
fail_or_why(struct mid_run *r, const char *why)
{
	char copy[RUN_MESSAGE_MAX];

	snprintf(copy, sizeof(copy), "%s", r->failed ? r->message : why);
	run_end(r, r->failed ? r->class : MID_INTERNAL, copy);
}

static void
step(void *arg)
{
	struct mid_run *r = arg;
	const char *why;
	int64_t began = cpu_us();
	enum mid_next next;

	next = r->module->probe->step(r->state, waiter_wait(r->waiter));
	r->cpu_us += cpu_us() - began;
	if (r->ending && next != MID_WAIT)
		run_end(r, r->class, "");
	else if (next == MID_DONE)
		run_end(r, MID_OK, "");
	else if (next != MID_WAIT)
		fail_or_why(r, "the probe failed and said not why");
	else if (waiter_arm(r->waiter, &why) < 0)
		run_end(r, MID_INTERNAL, why);
}

static void
on_deadline(void *arg)
{
	struct mid_run *r = arg;
	const char *who = json_str(r->job, "address", "");
	char text[RUN_MESSAGE_MAX];

	snprintf(text, sizeof(text), "%s%snot done within %.3g s", who, *who ? ": " : "", (double)(r->deadline_ms - r->begun_ms) / 1000);
	run_end_soon(r, MID_TIMEOUT, text);
}

void
run_go(struct mid_run *r)
{
	if (r->stage != RUN_OPENED)
		return;
	r->stage = RUN_STEPS;
	waiter_wake(r->waiter);
}

void
run_cancel(struct mid_run *r, const char *why)
{
	run_end_soon(r, MID_CANCELLED, why);
}

/* --- the beginning ---------------------------------------------------------------------- */

static int
find_topic(struct mid_run *r)
{
	const char *name = json_str(r->job, "topic", "");
	char text[RUN_MESSAGE_MAX];

	r->topic = modules_topic(r->worker->modules, name);
	if (r->topic == NULL) {
		snprintf(text, sizeof(text), "probe not supported by midd: %.80s", name);
		run_set_failed(r, MID_UNSUPPORTED, text);
		return -1;
	}
	if ((r->topic->flags & MID_EXEC) != 0 && !r->worker->exec) {
		snprintf(text, sizeof(text), "%.80s starts programs and only runs in a worker of kind exec", name);
		run_set_failed(r, MID_UNSUPPORTED, text);
		return -1;
	}
	r->module = r->topic->module;
	return 0;
}

static int
check_params(struct mid_run *r)
{
	struct err err;

	if (params_check(r->topic->params, r->params, &err) == 0)
		return 0;
	run_set_failed(r, MID_BAD_PARAM, err.text);
	return -1;
}

static void
set_deadline(struct mid_run *r)
{
	int64_t ms = json_int(r->job, "deadline_ms", 0);

	if (ms <= 0)
		ms = r->topic->timeout_ms > 0 ? r->topic->timeout_ms : DEADLINE_MS;
	if (ms > DEADLINE_MS_MAX)
		ms = DEADLINE_MS_MAX;
	r->deadline_ms = r->begun_ms + ms;
	r->timer = loop_timer_new(r->worker->loop, on_deadline, r);
	loop_timer_arm(r->timer, ms);
}

static int
open_probe(struct mid_run *r)
{
	int64_t began = cpu_us();
	int rc;

	rc = r->module->probe->open(&r->state, &run_host, r);
	r->cpu_us += cpu_us() - began;
	if (rc < 0 && !r->failed)
		run_set_failed(r, MID_INTERNAL, "the probe did not open and said not why");
	r->opened = rc >= 0;
	return r->opened ? 0 : -1;
}

void
run_begin_take(struct worker *w, uint32_t id, struct json_object *job)
{
	struct mid_run *r = run_new(w, id, job);

	if (find_topic(r) < 0 || check_params(r) < 0 || engine_need(r->module, r) < 0) {
		fail_or_why(r, "");
		return;
	}
	r->map = json_flag(job, "map", false) && r->module->map != NULL;
	r->discover = json_flag(job, "discover", false);
	set_deadline(r);
	r->waiter = waiter_new(w->loop, step, r);
	if (open_probe(r) < 0) {
		fail_or_why(r, "");
		return;
	}
	r->failed = false;
	stream_send(w->stream, FRAME_STARTED, 0, id, NULL, 0);
}

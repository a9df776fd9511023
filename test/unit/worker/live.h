/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live - a real midd-worker on the other end of a worker_link, for tests: one
 * job at a time, its events collected.
 */
#ifndef MID_TEST_LIVE_H
#define MID_TEST_LIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "frame.h"
#include "json.h"
#include "loop.h"
#include "midd/probe.h"
#include "os.h"
#include "worker_link.h"

struct live {
	struct loop *loop;
	struct worker_link *link;
	struct json_object *hello;
	char gone[300];
	bool is_gone, expected;
	const char *const *read_paths;
	/* how a job is treated */
	bool stingy;			/* gives no credit by itself */
	int64_t deadline_ms;
	const char *address;		/* of the target */
	bool map;
	struct json_object *fields;	/* the credential it gets, once; NULL: none */
};

/* A job and what was said about it. */
struct job {
	struct live *live;
	uint32_t id;
	bool started, ended, lost;
	int class;
	char message[500], why[300];
	struct buf out[5], ci, logs, partials, notes, wants;
	unsigned cis;
	size_t uncredited;
	int verdict;
};

static inline const char *
live_path(const char *rest)
{
	static char paths[6][4096];
	static unsigned n;
	char *p = paths[n++ % 6];

	snprintf(p, sizeof(paths[0]), "%.3500s/../../../%.500s", os_program_dir(), rest);
	return p;
}

/* The source tree: two levels above build/test, or three for build/san/test. */
static inline const char *
live_source(const char *rest)
{
	char probe[512];
	struct buf b;
	int r;

	buf_init(&b, 1 << 20);
	snprintf(probe, sizeof(probe), "../%s", rest);
	r = os_read_file(&b, live_path("../include/midd/probe.h"), NULL);
	buf_fini(&b);
	if (r == 0)
		return live_path(probe);
	snprintf(probe, sizeof(probe), "../../%s", rest);
	return live_path(probe);
}

static inline void
live_on_hello(void *arg, struct json_object *hello)
{
	((struct live *)arg)->hello = json_object_get(hello);
}

static inline void
live_on_gone(void *arg, const char *why, bool expected)
{
	struct live *l = arg;

	l->is_gone = true;
	l->expected = expected;
	snprintf(l->gone, sizeof(l->gone), "%s", why);
}

static const struct worker_events live_events = { live_on_hello, live_on_gone, NULL };

static inline void
live_begin_with(struct live *l, const char *kind, const char *maps, const char *exec_dir)
{
	char probes[8300];
	struct worker_paths paths = { .program = live_path("bin/midd-worker"), .probe_dir = probes,
	    .map_dir = maps, .exec_dir = exec_dir, .read_paths = l->read_paths };
	struct err err;

	snprintf(probes, sizeof(probes), "%s:%s", live_path("probes"), live_path("test/probes"));
	assert_int_equal(loop_open(&l->loop, &err), 0);
	if (worker_link_open(&l->link, l->loop, &paths, kind, &live_events, l, &err) < 0)
		fail_msg("%s", err.text);
	while (l->hello == NULL && !l->is_gone)
		loop_turn(l->loop, true);
	if (l->is_gone)
		fail_msg("the worker %s", l->gone);
	l->deadline_ms = 30000;
	l->address = "10.0.0.7";
}

static inline void
live_begin(struct live *l, const char *kind)
{
	char maps[8300];

	snprintf(maps, sizeof(maps), "%s:%s", live_source("share/map"), live_source("test/data/map"));
	live_begin_with(l, kind, maps, live_source("share/exec"));
}

static inline void
live_end(struct live *l)
{
	worker_link_close(l->link);
	loop_close(l->loop);
	json_object_put(l->hello);
}

/* --- events of a job ------------------------------------------------------------------ */

static inline void
job_started(void *arg)
{
	struct job *j = arg;

	j->started = true;
	worker_link_go(j->live->link, j->id);
}

static inline void
job_emit(void *arg, int kind, const void *data, size_t len)
{
	struct job *j = arg;

	if (kind == FRAME_KIND_CI_END) {
		j->cis++;
		assert_int_equal(buf_puts(&j->ci, "\n"), 0);
	} else {
		assert_int_equal(buf_put(kind == FRAME_KIND_CI ? &j->ci : &j->out[kind], data, len), 0);
	}
	if (j->live->stingy)
		j->uncredited += len;
	else
		worker_link_credit(j->live->link, j->id, len);
}

static inline void
job_note(void *arg, const char *name, const char *value)
{
	buf_printf(&((struct job *)arg)->notes, "%s=%s\n", name, value);
}

static inline void
job_partial(void *arg, const char *message)
{
	buf_printf(&((struct job *)arg)->partials, "%s\n", message);
}

static inline void
job_log(void *arg, int level, const char *text)
{
	buf_printf(&((struct job *)arg)->logs, "%d %s\n", level, text);
}

static inline void
job_want(void *arg, const char *types, const char *host)
{
	struct job *j = arg;
	const char *type = strrchr(types, ',') == NULL ? types : strrchr(types, ',') + 1;

	buf_printf(&j->wants, "%s%s%s\n", types, host[0] != '\0' ? "@" : "", host);
	worker_link_credential(j->live->link, j->id, "cred-1", type, j->live->fields);
	j->live->fields = NULL;
}

static inline void
job_verdict(void *arg, const char *id, int verdict, const char *why)
{
	assert_string_equal(id, "cred-1");
	assert_string_equal(why, verdict == MID_WORKED ? "welcome" : "wrong password");
	((struct job *)arg)->verdict = verdict;
}

static inline void
job_ask(void *arg, const char *what, const char *about)
{
	struct job *j = arg;

	buf_printf(&j->wants, "%s? %s\n", what, about);
	worker_link_told(j->live->link, j->id, strcmp(what, "resolve") == 0 ? "ok 10.0.0.9" : "");
}

static inline void
job_done(void *arg, int class, const char *message, struct json_object *detail)
{
	struct job *j = arg;

	(void)detail;
	j->ended = true;
	j->class = class;
	snprintf(j->message, sizeof(j->message), "%s", message);
}

static inline void
job_lost(void *arg, const char *why)
{
	struct job *j = arg;

	j->ended = j->lost = true;
	snprintf(j->why, sizeof(j->why), "%s", why);
}

static const struct run_events job_events = { job_started, job_emit, job_note, job_partial, job_log, job_want,
    job_verdict, job_ask, job_done, job_lost };

/* PARAMS as JSON text. The job is then on its way; job_await() waits for its end. */
static inline void
job_start(struct job *j, struct live *l, const char *topic, const char *params)
{
	struct run_request req = { .topic = topic, .source = "10.0.0.7", .name = "test", .address = l->address,
	    .deadline_ms = l->deadline_ms, .map = l->map };
	struct err err;
	size_t i;

	memset(j, 0, sizeof(*j));
	j->live = l;
	j->verdict = -1;
	for (i = 0; i < 5; i++)
		buf_init(&j->out[i], 200u << 20);
	buf_init(&j->ci, 64u << 20);
	buf_init(&j->logs, 1u << 20);
	buf_init(&j->partials, 1u << 20);
	buf_init(&j->notes, 1u << 20);
	buf_init(&j->wants, 1u << 20);
	assert_int_equal(json_parse(&req.params, params, strlen(params), "params", &err), 0);
	if (worker_link_run(l->link, &req, &job_events, j, &j->id, &err) < 0)
		fail_msg("%s", err.text);
	json_object_put(req.params);
}

static inline void
job_await(struct job *j)
{
	while (!j->ended)
		loop_turn(j->live->loop, true);
}

static inline void
job_run(struct job *j, struct live *l, const char *topic, const char *params)
{
	job_start(j, l, topic, params);
	job_await(j);
}

static inline void
job_fini(struct job *j)
{
	size_t i;

	for (i = 0; i < 5; i++)
		buf_fini(&j->out[i]);
	buf_fini(&j->ci);
	buf_fini(&j->logs);
	buf_fini(&j->partials);
	buf_fini(&j->notes);
	buf_fini(&j->wants);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker's own code in this process, with probes that are linked in and
 * midd's part played by a worker_link's counterpart: raw frames over a
 * socketpair. So leaks are seen, and orders that midd never gives can be given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "frame.h"
#include "json.h"
#include "loop.h"
#include "modules.h"
#include "midd/probe.h"
#include "worker.h"

/* --- a probe with an engine: the engine answers each run with its turn --------------- */

static int engines_open, runs_open;

struct engine {
	const struct mid_host *host;
	struct mid_run *waiting[8];
	bool *answered[8];
	unsigned n;
};

struct asker {
	const struct mid_host *host;
	struct mid_run *run;
	bool asked, answered;
};

static int
ask_engine_open(void **engine, const struct mid_host *host, struct mid_run *run)
{
	static struct engine e;

	(void)run;
	memset(&e, 0, sizeof(e));
	e.host = host;
	*engine = &e;
	engines_open++;
	return 0;
}

/* Answers all a while after they have asked. */
static void
ask_engine_step(void *engine, struct mid_wait *wait)
{
	struct engine *e = engine;
	unsigned i;

	wait->timeout_ms = 1;
	for (i = 0; i < e->n; i++) {
		*e->answered[i] = true;
		e->host->wake(e->waiting[i]);
	}
	e->n = 0;
}

static void
ask_engine_close(void *engine)
{
	assert_non_null(engine);
	engines_open--;
}

static int
ask_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct asker *a = calloc(1, sizeof(*a));

	a->host = host;
	a->run = run;
	*state = a;
	runs_open++;
	return 0;
}

static enum mid_next
ask_step(void *state, struct mid_wait *wait)
{
	struct asker *a = state;
	struct engine *e = a->host->engine(a->run);

	if (!a->asked) {
		e->waiting[e->n] = a->run;
		e->answered[e->n++] = &a->answered;
		a->asked = true;
	}
	if (!a->answered) {
		wait->timeout_ms = -1;	/* the engine wakes us */
		return MID_WAIT;
	}
	(void)a->host->emit(a->run, MID_OUTPUT, "answered", 8);
	return MID_DONE;
}

static void
ask_close(void *state)
{
	free(state);
	runs_open--;
}

static const char *const ask_topics[] = { "Ask", NULL };
static const struct mid_probe ask = {
	.abi = MID_PROBE_ABI, .size = sizeof(ask), .name = "ask", .version = "1", .topics = ask_topics,
	.flags = MID_REPEATABLE, .open = ask_open, .step = ask_step, .close = ask_close,
	.engine_open = ask_engine_open, .engine_step = ask_engine_step, .engine_close = ask_engine_close,
};

/* --- a probe that reads from a pipe it gave itself ------------------------------------- */

struct piper {
	const struct mid_host *host;
	struct mid_run *run;
	int fd[2];
	unsigned rounds;
};

static int
pipe_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct piper *p = calloc(1, sizeof(*p));

	p->host = host;
	p->run = run;
	p->fd[0] = p->fd[1] = -1;
	*state = p;
	runs_open++;
	return 0;
}

/* A new pipe each round, likely under the numbers of the one before: it must be watched afresh. */
static enum mid_next
pipe_step(void *state, struct mid_wait *wait)
{
	struct piper *p = state;
	char c;

	if (p->fd[0] >= 0) {
		if (read(p->fd[0], &c, 1) != 1) {
			wait->timeout_ms = -1;
			return MID_WAIT;
		}
		assert_int_equal(wait->fds[0].ready, MID_READ);
		close(p->fd[0]);
		close(p->fd[1]);
		p->fd[0] = -1;
	}
	if (p->rounds++ == 5)
		return MID_DONE;
	assert_int_equal(pipe(p->fd), 0);
	assert_int_equal(write(p->fd[1], "x", 1), 1);
	wait->nfds = 1;
	wait->fds[0] = (struct mid_fd){ .fd = p->fd[0], .events = MID_READ };
	wait->timeout_ms = -1;
	return MID_WAIT;
}

static void
pipe_close(void *state)
{
	struct piper *p = state;

	if (p->fd[0] >= 0) {
		close(p->fd[0]);
		close(p->fd[1]);
	}
	free(p);
	runs_open--;
}

static const char *const pipe_topics[] = { "Pipe", NULL };
static const struct mid_probe piping = {
	.abi = MID_PROBE_ABI, .size = sizeof(piping), .name = "piping", .version = "1", .topics = pipe_topics,
	.open = pipe_open, .step = pipe_step, .close = pipe_close,
};

/* --- a probe that does wrong what can be done wrong ------------------------------------- */

static int
wrong_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	*state = (void *)(uintptr_t)host->param(run, "how");
	return *state == NULL ? -1 : 0;		/* without a word */
}

static enum mid_next
wrong_step(void *state, struct mid_wait *wait)
{
	wait->nfds = strcmp(state, "many") == 0 ? 9 : 1;
	wait->fds[0].fd = -1;
	wait->timeout_ms = -1;
	return MID_WAIT;
}

static const char *const wrong_topics[] = { "Wrong", NULL };
static const struct mid_probe wrong = {
	.abi = MID_PROBE_ABI, .size = sizeof(wrong), .name = "wrong", .version = "1", .topics = wrong_topics,
	.open = wrong_open, .step = wrong_step,
};

static const struct mid_probe *const probes[] = { &ask, &piping, &wrong, NULL };

/* --- midd's part ------------------------------------------------------------------------- */

static struct {
	struct loop *loop;
	struct worker w;
	int fd;
	struct loop_watch *watch;
	struct buf in;
	char heard[4000];	/* the names of the frames, and DONE's class and message */
	unsigned done;
} t;

static void
hear_one(const struct frame *f)
{
	struct json_object *o = NULL;
	size_t n = strlen(t.heard);
	struct err err;

	if (f->type == FRAME_DONE) {
		assert_int_equal(json_parse(&o, f->body, f->len, "DONE", &err), 0);
		snprintf(t.heard + n, sizeof(t.heard) - n, "%u:DONE(%d %s) ", (unsigned)f->run,
		    (int)json_int(o, "class", -1), json_str(o, "message", "?"));
		json_object_put(o);
		t.done++;
	} else {
		snprintf(t.heard + n, sizeof(t.heard) - n, "%u:%s ", (unsigned)f->run, frame_name(f->type));
	}
}

static void
hear(void *arg, int events)
{
	struct frame f;
	struct err err;
	size_t at = 0;
	ssize_t n;

	(void)arg;
	(void)events;
	n = read(t.fd, buf_room(&t.in, 65536), 65536);
	if (n <= 0) {
		loop_watch_set(t.watch, 0);
		return;
	}
	t.in.len += (size_t)n;
	while (frame_next(&t.in, &at, 1, &f, &err) > 0)
		hear_one(&f);
	buf_drop(&t.in, at);
}

static int
setup(void **state)
{
	struct err err;
	int fd[2];

	(void)state;
	memset(&t, 0, sizeof(t));
	if (loop_open(&t.loop, &err) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0 ||
	    worker_init(&t.w, t.loop, "plain") < 0)
		return -1;
	t.fd = fd[0];
	t.w.modules = modules_of(&t.w, probes, "", "");
	t.watch = loop_watch_new(t.loop, t.fd, hear, NULL);
	loop_watch_set(t.watch, LOOP_READ);
	buf_init(&t.in, 4u << 20);
	return worker_serve(&t.w, fd[1], &err);
}

static int
teardown(void **state)
{
	(void)state;
	worker_fini(&t.w);
	loop_watch_free(t.watch);
	loop_close(t.loop);
	buf_fini(&t.in);
	close(t.fd);
	return engines_open == 0 && runs_open == 0 ? 0 : -1;
}

static void
tell(enum frame_type type, uint32_t run, const void *body, size_t len)
{
	struct buf b;

	buf_init(&b, FRAME_HEAD + FRAME_BODY_MAX);
	assert_int_equal(frame_put(&b, type, 0, run, body, len), 0);
	assert_int_equal(write(t.fd, b.data, b.len), (int)b.len);
	buf_fini(&b);
}

static void
begin(uint32_t run, const char *job)
{
	tell(FRAME_RUN, run, job, strlen(job));
	tell(FRAME_GO, run, NULL, 0);
}

static void
until_done(unsigned n)
{
	while (t.done < n && !t.w.over)
		loop_turn(t.loop, true);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
an_engine_is_opened_once_and_serves_all_runs(void **state)
{
	(void)state;
	begin(1, "{\"topic\":\"Ask\"}");
	begin(2, "{\"topic\":\"Ask\"}");
	until_done(2);
	assert_int_equal(engines_open, 1);
	assert_non_null(strstr(t.heard, "1:STARTED "));
	assert_non_null(strstr(t.heard, "1:EMIT 1:DONE(0 ) "));
	assert_non_null(strstr(t.heard, "2:EMIT 2:DONE(0 ) "));
}

static void
a_descriptor_that_changed_under_its_number_is_watched_afresh(void **state)
{
	(void)state;
	begin(1, "{\"topic\":\"Pipe\"}");
	until_done(1);
	assert_string_equal(t.heard, "0:HELLO 1:STARTED 1:DONE(0 ) ");
}

static void
a_probe_that_waits_for_nonsense_is_ended_with_the_reason(void **state)
{
	(void)state;
	begin(1, "{\"topic\":\"Wrong\",\"params\":{\"how\":\"many\"}}");
	begin(2, "{\"topic\":\"Wrong\",\"params\":{\"how\":\"none\"}}");
	begin(3, "{\"topic\":\"Wrong\"}");
	until_done(3);
	assert_non_null(strstr(t.heard, "1:DONE(12 it waits for more descriptors than fit)"));
	assert_non_null(strstr(t.heard, "2:DONE(12 it waits for a descriptor twice, or for one that is none)"));
	assert_non_null(strstr(t.heard, "3:DONE(12 the probe did not open and said not why)"));
}

static void
no_step_is_made_before_go(void **state)
{
	(void)state;
	tell(FRAME_RUN, 1, "{\"topic\":\"Ask\"}", 15);
	tell(FRAME_PING, 0, NULL, 0);
	while (strstr(t.heard, "PONG") == NULL)
		loop_turn(t.loop, true);
	assert_string_equal(t.heard, "0:HELLO 1:STARTED 0:PONG ");
	tell(FRAME_CANCEL, 1, "{\"why\":\"no\"}", 12);
	until_done(1);
	assert_non_null(strstr(t.heard, "1:DONE(11 no) "));
}

static void
words_about_a_run_that_is_over_are_not_a_mistake(void **state)
{
	(void)state;
	begin(1, "{\"topic\":\"NoSuch\"}");
	tell(FRAME_CREDIT, 1, "\1\0\0\0", 4);
	tell(FRAME_CRED, 1, NULL, 0);
	tell(FRAME_CANCEL, 1, "{\"why\":\"late\"}", 14);
	tell(FRAME_PING, 0, NULL, 0);
	while (strstr(t.heard, "PONG") == NULL)
		loop_turn(t.loop, true);
	assert_false(t.w.over);
	assert_int_equal(t.done, 1);
}

/* What midd never says ends the worker: then somebody else is talking. */
static const struct {
	enum frame_type type;
	const char *body;
	size_t len;
} never[] = {
	{ FRAME_RUN, "{\"topic\":\"Ask\"}", 15 },	/* the same run again */
	{ FRAME_RUN, "no json", 7 },
	{ FRAME_CREDIT, "\1\0\0\0", 4 },		/* nothing was emitted */
	{ FRAME_CRED, "a\0b\0", 4 },		/* nothing was asked for */
	{ FRAME_CANCEL, "no json", 7 },
};

static void
what_midd_never_says_ends_the_worker(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		if (i > 0)
			assert_int_equal(setup(state), 0);
		tell(FRAME_RUN, 1, "{\"topic\":\"Ask\"}", 15);
		tell(never[i].type, i == 1 ? 2 : 1, never[i].body, never[i].len);
		until_done(100);
		assert_true(t.w.over && t.w.bad);
		if (i + 1 < sizeof(never) / sizeof(never[0]))
			assert_int_equal(teardown(state), 0);
	}
}

static void
when_midd_goes_the_worker_goes(void **state)
{
	(void)state;
	begin(1, "{\"topic\":\"Ask\"}");
	shutdown(t.fd, SHUT_WR);
	until_done(100);
	assert_true(t.w.over);
	assert_false(t.w.bad);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_engine_is_opened_once_and_serves_all_runs),
		TEST(a_descriptor_that_changed_under_its_number_is_watched_afresh),
		TEST(a_probe_that_waits_for_nonsense_is_ended_with_the_reason),
		TEST(no_step_is_made_before_go),
		TEST(words_about_a_run_that_is_over_are_not_a_mistake),
		TEST(what_midd_never_says_ends_the_worker),
		TEST(when_midd_goes_the_worker_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The real midd-worker, and programs in its place: how it ends, and what becomes of its runs. */
#include "live.h"

#include <signal.h>

static void
a_crash_loses_the_runs_of_that_worker_with_the_reason(void **state)
{
	struct live l = { 0 };
	struct job crash, other;

	(void)state;
	live_begin(&l, "plain");
	job_start(&other, &l, "TestOnce", "{\"wait_ms\":\"1h\"}");
	job_run(&crash, &l, "TestCrash", "{}");
	assert_true(crash.lost && other.lost);
	assert_non_null(strstr(crash.why, "signal 11"));
	assert_true(l.is_gone);
	assert_false(l.expected);
	assert_int_equal(worker_link_runs(l.link), 0);
	job_fini(&crash);
	job_fini(&other);
	live_end(&l);
}

static void
a_worker_that_hangs_is_killed(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	worker_link_watch(l.link, 200);
	job_run(&j, &l, "TestHang", "{}");
	assert_true(j.lost);
	assert_non_null(strstr(j.why, "hung"));
	job_fini(&j);
	live_end(&l);
}

static void
a_worker_asked_to_quit_finishes_its_runs_first(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_start(&j, &l, "Echo", "{\"delay_ms\":\"50ms\"}");
	worker_link_quit(l.link);
	job_await(&j);
	assert_int_equal(j.class, MID_OK);
	while (!l.is_gone)
		loop_turn(l.loop, true);
	assert_true(l.expected);
	job_fini(&j);
	live_end(&l);
}

static void
a_killed_worker_is_not_an_expected_end(void **state)
{
	struct live l = { 0 };

	(void)state;
	live_begin(&l, "plain");
	kill(worker_link_pid(l.link), SIGKILL);
	while (!l.is_gone)
		loop_turn(l.loop, true);
	assert_false(l.expected);
	assert_non_null(strstr(l.gone, "signal 9"));
	live_end(&l);
}

static void
a_program_that_is_not_there_is_an_error_at_once(void **state)
{
	struct worker_paths paths = { .program = "/nowhere/midd-worker", .probe_dir = "", .map_dir = "", .exec_dir = "" };
	struct worker_link *link = NULL;
	struct live l = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(loop_open(&l.loop, &err), 0);
	assert_int_equal(worker_link_open(&link, l.loop, &paths, "plain", &live_events, &l, &err), -E_OS);
	assert_non_null(strstr(err.text, "/nowhere/midd-worker"));
	assert_null(link);
	loop_close(l.loop);
	assert_false(l.is_gone);
}

/* A worker of another make: it greets with a protocol we do not speak, or not at all. */
static void
a_program_that_is_no_worker_is_gone_before_it_has_greeted(void **state)
{
	struct worker_paths paths = { .program = "/bin/true", .probe_dir = "", .map_dir = "", .exec_dir = "" };
	struct live l = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(loop_open(&l.loop, &err), 0);
	assert_int_equal(worker_link_open(&l.link, l.loop, &paths, "plain", &live_events, &l, &err), 0);
	while (!l.is_gone)
		loop_turn(l.loop, true);
	assert_null(l.hello);
	assert_false(l.expected);
	assert_string_equal(l.gone, "ended by itself with status 0");
	live_end(&l);
}

static void
deaf_started(void *arg)
{
	struct job *j = arg;

	worker_link_go(j->live->link, j->id);
}

static void
deaf_ask(void *arg, const char *what, const char *about)
{
	static char long_answer[FRAME_EMIT_MAX];
	struct job *j = arg;

	(void)what, (void)about;
	memset(long_answer, 'x', sizeof(long_answer) - 1);
	worker_link_told(j->live->link, j->id, long_answer);
}

static void
deaf_lost(void *arg, const char *why)
{
	(void)arg, (void)why;
}

/* Else it would cost us what it likes of memory. */
static void
a_worker_that_asks_and_does_not_listen_is_killed(void **state)
{
	static const struct run_events ev = { .started = deaf_started, .ask = deaf_ask, .lost = deaf_lost };
	struct worker_paths paths = { .program = live_source("test/peers/deaf_worker.py"), .probe_dir = "", .map_dir = "", .exec_dir = "" };
	struct run_request req = { .topic = "Echo", .source = "", .name = "", .address = "" };
	struct live l = { 0 };
	struct job j = { .live = &l };
	struct err err;

	(void)state;
	assert_int_equal(loop_open(&l.loop, &err), 0);
	assert_int_equal(worker_link_open(&l.link, l.loop, &paths, "plain", &live_events, &l, &err), 0);
	while (l.hello == NULL && !l.is_gone)
		loop_turn(l.loop, true);
	assert_int_equal(worker_link_run(l.link, &req, &ev, &j, &j.id, &err), 0);
	while (!l.is_gone)
		loop_turn(l.loop, true);
	assert_non_null(strstr(l.gone, "does not read"));
	live_end(&l);
}

static void
closing_tells_each_run_that_it_is_lost(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "plain");
	job_start(&j, &l, "TestOnce", "{\"wait_ms\":\"1h\"}");
	live_end(&l);
	assert_true(j.lost);
	job_fini(&j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_loses_the_runs_of_that_worker_with_the_reason),
		cmocka_unit_test(a_worker_that_hangs_is_killed),
		cmocka_unit_test(a_worker_asked_to_quit_finishes_its_runs_first),
		cmocka_unit_test(a_killed_worker_is_not_an_expected_end),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error_at_once),
		cmocka_unit_test(a_program_that_is_no_worker_is_gone_before_it_has_greeted),
		cmocka_unit_test(a_worker_that_asks_and_does_not_listen_is_killed),
		cmocka_unit_test(closing_tells_each_run_that_it_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

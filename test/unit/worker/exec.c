/* SPDX-License-Identifier: Apache-2.0 */
/* Exec probes: programs in test/data/exec, run by the real worker. */
#include "live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

static void
begin(struct live *l)
{
	live_begin_with(l, "exec", live_source("test/data/map"), live_source("test/data/exec"));
}

static struct json_object *
topic_of(struct json_object *hello, const char *name)
{
	struct json_object *probes = json_arr(hello, "probes"), *topics, *t;
	size_t i, k;

	for (i = 0; i < json_object_array_length(probes); i++) {
		topics = json_arr(json_object_array_get_idx(probes, i), "topics");
		for (k = 0; k < json_object_array_length(topics); k++) {
			t = json_object_array_get_idx(topics, k);
			if (strcmp(json_str(t, "name", ""), name) == 0)
				return t;
		}
	}
	return NULL;
}

static void
hello_carries_what_the_manifests_say(void **state)
{
	struct live l = { 0 };
	struct json_object *t, *params;

	(void)state;
	begin(&l);
	t = topic_of(l.hello, "TestExecAll");
	assert_non_null(t);
	assert_true(json_flag(t, "repeatable", false));
	assert_true(json_flag(t, "exec", false));
	assert_int_equal(json_int(t, "timeout_ms", 0), 5000);
	params = json_arr(t, "params");
	assert_int_equal(json_object_array_length(params), 2);
	assert_string_equal(json_str(json_object_array_get_idx(params, 1), "kind", ""), "int");
	assert_false(json_flag(topic_of(l.hello, "TestExecBad"), "repeatable", true));
	live_end(&l);
}

static void
a_manifest_that_points_outside_its_folder_is_left_out(void **state)
{
	struct live l = { 0 };

	(void)state;
	begin(&l);
	assert_null(topic_of(l.hello, "TestExecOutside"));
	live_end(&l);
}

static void
a_plain_worker_knows_the_topic_and_does_not_run_it(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin_with(&l, "plain", live_source("test/data/map"), live_source("test/data/exec"));
	assert_true(json_flag(topic_of(l.hello, "TestExecAll"), "exec", false));
	job_run(&j, &l, "TestExecAll", "{\"word\":\"x\"}");
	assert_int_equal(j.class, MID_UNSUPPORTED);
	job_fini(&j);
	live_end(&l);
}

static void
every_word_arrives_where_it_belongs(void **state)
{
	struct live l = { 0 };
	struct json_object *o, *told;
	struct err err;
	struct job j;

	(void)state;
	begin(&l);
	job_run(&j, &l, "TestExecAll", "{\"word\":\"don't \\\"panic\\\"\",\"undeclared\":\"x\"}");
	if (j.class != MID_OK)
		fail_msg("%s", j.message);
	assert_string_equal(buf_str(&j.out[MID_STDOUT]), "out\n");
	assert_string_equal(buf_str(&j.out[MID_STDERR]), "err\n");
	assert_string_equal(buf_str(&j.out[MID_OUTPUT]), "text");
	assert_string_equal(buf_str(&j.notes), "n=v\n");
	assert_string_equal(buf_str(&j.partials), "half\n");
	assert_string_equal(buf_str(&j.logs), "2 careful\n");
	assert_int_equal(json_parse(&o, j.out[MID_JSON].data, j.out[MID_JSON].len, "json", &err), 0);
	told = json_get(o, "told");
	assert_string_equal(json_str(told, "topic", ""), "TestExecAll");
	assert_string_equal(json_str(told, "address", ""), "10.0.0.7");
	assert_string_equal(json_str(json_get(told, "params"), "word", ""), "don't \"panic\"");
	assert_string_equal(json_str(json_get(told, "params"), "count", ""), "7");
	assert_null(json_get(json_get(told, "params"), "undeclared"));
	assert_true(json_int(told, "deadline_ms", 0) > 0);
	json_object_put(o);
	job_fini(&j);
	live_end(&l);
}

static void
a_line_that_is_no_answer_is_named_by_its_number(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	begin(&l);
	job_run(&j, &l, "TestExecBad", "{}");
	assert_int_equal(j.class, MID_TARGET);
	assert_string_equal(j.message, "line 2 of what bad.sh says is not JSON");
	assert_string_equal(buf_str(&j.out[MID_OUTPUT]), "good");
	job_fini(&j);
	live_end(&l);
}

static void
a_failing_program_speaks_through_its_last_complaint(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	begin(&l);
	job_run(&j, &l, "TestExecStatus", "{}");
	assert_int_equal(j.class, MID_TARGET);
	assert_string_equal(j.message, "status.sh ended with status 3: no such printer");
	job_fini(&j);
	job_run(&j, &l, "TestExecError", "{}");
	assert_int_equal(j.class, MID_AUTH);
	assert_string_equal(j.message, "wrong password for ali");
	job_fini(&j);
	live_end(&l);
}

static bool
alive(int pid)
{
	struct os_usage u;

	return kill(pid, 0) == 0 || errno != ESRCH || os_usage_of(pid, &u) == 0;
}

static void
nothing_of_a_program_outlives_its_deadline(void **state)
{
	struct live l = { 0 };
	struct job j;
	int pids[3], i;

	(void)state;
	begin(&l);
	l.deadline_ms = 400;
	job_run(&j, &l, "TestExecForever", "{}");
	assert_int_equal(j.class, MID_TIMEOUT);
	assert_int_equal(sscanf(buf_str(&j.notes), "pids=%d %d %d", &pids[0], &pids[1], &pids[2]), 3);
	/* It ignores SIGTERM; the worker uses force after two seconds. Time bounds the wait, not its length. */
	for (i = 0; i < 3; i++)
		while (alive(pids[i]))
			loop_turn(l.loop, false);
	job_fini(&j);
	live_end(&l);
}

static void
nothing_of_a_program_outlives_its_link(void **state)
{
	struct live l = { 0 };
	struct job j;
	int pids[3], i;

	(void)state;
	begin(&l);
	job_start(&j, &l, "TestExecForever", "{}");
	while (j.notes.len == 0)
		loop_turn(l.loop, true);
	assert_int_equal(sscanf(buf_str(&j.notes), "pids=%d %d %d", &pids[0], &pids[1], &pids[2]), 3);
	live_end(&l);	/* returns when the worker has gone, and it goes last */
	assert_true(j.lost);
	for (i = 0; i < 3; i++)
		assert_false(alive(pids[i]));
	job_fini(&j);
}

static void
a_killed_worker_takes_its_programs_along(void **state)
{
	struct live l = { 0 };
	struct job j;
	int pids[3];

	(void)state;
	begin(&l);
	job_start(&j, &l, "TestExecForever", "{}");
	while (j.notes.len == 0)
		loop_turn(l.loop, true);
	assert_int_equal(sscanf(buf_str(&j.notes), "pids=%d %d %d", &pids[0], &pids[1], &pids[2]), 3);
	kill(worker_link_pid(l.link), SIGKILL);
	job_await(&j);
	assert_true(j.lost);
	while (alive(pids[0]))
		loop_turn(l.loop, false);
	kill(pids[1], SIGKILL);
	kill(pids[2], SIGKILL);
	job_fini(&j);
	live_end(&l);
}

static void
a_flooding_program_stands_still_until_it_is_stopped(void **state)
{
	struct live l = { .stingy = true };
	struct os_usage u;
	struct job j;

	(void)state;
	begin(&l);
	job_start(&j, &l, "TestExecFlood", "{}");
	while (j.uncredited < FRAME_WINDOW)
		loop_turn(l.loop, true);
	l.stingy = false;
	worker_link_credit(l.link, j.id, j.uncredited);
	while (j.out[MID_STDOUT].len < (8u << 20))
		loop_turn(l.loop, true);
	assert_int_equal(os_usage_of(worker_link_pid(l.link), &u), 0);
	assert_true(u.rss_bytes < (200 << 20));
	worker_link_cancel(l.link, j.id, "enough");
	job_await(&j);
	assert_int_equal(j.class, MID_CANCELLED);
	job_fini(&j);
	live_end(&l);
}

static void
a_line_without_end_is_refused(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	begin(&l);
	job_run(&j, &l, "TestExecLong", "{}");
	assert_int_equal(j.class, MID_TOO_BIG);
	assert_string_equal(j.message, "line 1 of what long.sh says is longer than 1048576 bytes");
	job_fini(&j);
	live_end(&l);
}

/* The examples that are handed out. */
static void
the_examples_work(void **state)
{
	struct live l = { 0 };
	struct job j;

	(void)state;
	live_begin(&l, "exec");
	job_run(&j, &l, "Uptime", "{}");
	if (j.class != MID_OK)
		fail_msg("%s", j.message);
	assert_int_equal(strncmp(buf_str(&j.out[MID_OUTPUT]), "up ", 3), 0);
	job_fini(&j);
	job_run(&j, &l, "DirSize", "{\"path\":\"/usr/share/zoneinfo\",\"largest\":\"2\"}");
	if (j.class != MID_OK)
		fail_msg("%s", j.message);
	assert_non_null(strstr(buf_str(&j.out[MID_JSON]), "\"path\":\"/usr/share/zoneinfo\""));
	job_fini(&j);
	job_run(&j, &l, "DirSize", "{\"path\":\"relative\"}");
	assert_int_equal(j.class, MID_BAD_PARAM);
	job_fini(&j);
	live_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_carries_what_the_manifests_say),
		cmocka_unit_test(a_manifest_that_points_outside_its_folder_is_left_out),
		cmocka_unit_test(a_plain_worker_knows_the_topic_and_does_not_run_it),
		cmocka_unit_test(every_word_arrives_where_it_belongs),
		cmocka_unit_test(a_line_that_is_no_answer_is_named_by_its_number),
		cmocka_unit_test(a_failing_program_speaks_through_its_last_complaint),
		cmocka_unit_test(nothing_of_a_program_outlives_its_deadline),
		cmocka_unit_test(nothing_of_a_program_outlives_its_link),
		cmocka_unit_test(a_killed_worker_takes_its_programs_along),
		cmocka_unit_test(a_flooding_program_stands_still_until_it_is_stopped),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(the_examples_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: a child takes jobs along the road and dies at the n-th write or sync,
 * for every n; what it was told is on the disk must be there afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_vfs.h"
#include "loop.h"
#include "store_rig.h"

#define JOBS 12
#define DELIVERED 2		/* the one that goes all the way */

/* --- the child: each job step by step, saying what was confirmed ---------------------- */

struct step {
	struct rig *g;
	int job, step;		/* 1 intent, 2 accepted, 3 started, 4 spooled, 5 delivered */
	int left;		/* pages not yet delivered */
	int say;		/* the pipe to the parent */
};

static struct step steps[JOBS + 1];
static int under_way;

static void take_step(struct step *s);

static void
confirmed(void *arg, int r, const struct err *err)
{
	struct step *s = arg;
	unsigned char word[2] = { (unsigned char)s->job, (unsigned char)s->step };

	(void)err;
	if (r == 0 && s->step == 5 && --s->left > 0)
		return;
	if (r != 0 || write(s->say, word, 2) != 2)
		_exit(3);
	if (s->step == 5)
		under_way--;
	else
		take_step(s);
}

static void
got_result(void *arg, int r, struct result_row *rows, size_t n)
{
	struct step *s = arg;

	if (r != 0)
		_exit(4);
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].job, rig_id(s->job)) == 0) {
			s->left++;
			store_delivered(s->g->store, rows[i].n, rows[i].job, 9000, confirmed, s);
		}
}

/* Only one job is delivered; the others stay spooled for the parent to look at. */
static void
take_step(struct step *s)
{
	struct store *st = s->g->store;
	const char *id = rig_id(s->job);
	char text[600];

	s->step++;
	if (s->step == 2)
		store_accept(st, id, 2, confirmed, s);
	if (s->step == 3)
		store_started(st, id, 3, NULL, confirmed, s);
	if (s->step == 4) {
		memset(text, 'a' + s->job, sizeof(text));
		rig_page(s->g, s->job, 1, text, sizeof(text));
		rig_page(s->g, s->job, 2, text, 10);
		store_spooled(st, id, 0, false, "", 4, 4, confirmed, s);
	}
	if (s->step == 5 && s->job == DELIVERED)
		store_results(st, 0, 100, 1 << 20, got_result, s);
	else if (s->step == 5)
		under_way--;
}

static void
intended(struct step *s)
{
	struct job_row row = { .topic = (char *)"Echo", .payload = (void *)"a payload", .payload_len = 9 };

	snprintf(row.id, sizeof(row.id), "%s", rig_id(s->job));
	s->step = 1;
	store_intend(s->g->store, &row, confirmed, s);
}

static void
child(struct rig *g, int say, enum fault_act act, int n, bool torn)
{
	fault_install();
	fault_torn(torn ? (unsigned)n : 0);
	if (loop_open(&g->loop, NULL) != 0)
		_exit(2);
	if (n > 0)
		fault_order(FAULT_ANY, n, 1, act, 0);
	if (rig_open(g) != 0)
		_exit(2);
	for (int i = 1; i <= JOBS; i++) {
		steps[i] = (struct step){ .g = g, .job = i, .say = say };
		under_way++;
		intended(&steps[i]);
		loop_turn(g->loop, false);	/* so that steps of many jobs meet in one commit */
	}
	while (under_way > 0)
		loop_turn(g->loop, true);
	rig_close(g);
	_exit(0);
}

/* --- the parent ---------------------------------------------------------------------------- */

static void
check_job(struct rig *g, int job, int confirmed_step)
{
	const struct job_row *j = rig_job(g, job);

	assert_non_null(j);
	assert_in_range(j->stage, confirmed_step, STAGE_DONE);
	if (j->stage < STAGE_DONE) {
		assert_non_null(j->payload);
		assert_memory_equal(j->payload, "a payload", 9);
	}
}

static void
check_results(struct rig *g, const int confirmed_step[JOBS + 1])
{
	int pages[JOBS + 1] = { 0 }, job;

	rig_results(g, 0, 1000, 1 << 20);
	for (size_t i = 0; i < g->n; i++) {
		job = (int)strtol(g->results[i].job, NULL, 16);
		assert_in_range(job, 1, JOBS);
		pages[job]++;
		assert_int_equal(g->results[i].blob_len, g->results[i].page == 1 ? 600 : 10);
		assert_int_equal(((char *)g->results[i].blob)[9], 'a' + job);
	}
	/* All but one keep both pages, or have no outcome yet. */
	for (job = 1; job <= JOBS; job++)
		if (job != DELIVERED)
			assert_true(pages[job] == 2 || (pages[job] == 0 && confirmed_step[job] < 4));
}

/* The child's exit status; -1 killed. */
static int
one_run(enum fault_act act, int n, bool torn)
{
	struct rig g;
	int fd[2], status, confirmed_step[JOBS + 1] = { 0 };
	unsigned char word[2];
	pid_t pid;

	memset(&g, 0, sizeof(g));
	rig_make(&g);
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0)
		child(&g, fd[1], act, n, torn);
	close(fd[1]);
	while (read(fd[0], word, 2) == 2)
		if (word[1] > confirmed_step[word[0]])
			confirmed_step[word[0]] = word[1];
	close(fd[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(rig_open(&g), 0);
	assert_null(g.note);		/* a crash is no damage */
	for (int job = 1; job <= JOBS; job++)
		if (confirmed_step[job] > 0)
			check_job(&g, job, confirmed_step[job]);
	check_results(&g, confirmed_step);
	rig_free(&g);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Every one, until a run ends before its turn comes. */
static void
every_point(enum fault_act act, bool torn)
{
	int n = 0, status;

	do {
		status = one_run(act, ++n, torn);
		assert_true(status == -1 || status == 0);
	} while (status == -1);
	assert_true(n > 20);
}

static void
loses_nothing_confirmed_when_killed_at_any_write_or_sync(void **state)
{
	(void)state;
	every_point(FAULT_KILL, false);
}

static void
loses_nothing_confirmed_when_the_power_goes_at_any_write_or_sync(void **state)
{
	(void)state;
	every_point(FAULT_POWER, false);
}

/* Of what was not synced, each write is on the disk or not by the toss of a coin. */
static void
loses_nothing_confirmed_when_the_power_goes_and_some_writes_survive(void **state)
{
	(void)state;
	every_point(FAULT_POWER, true);
}

static void
takes_all_jobs_to_their_end_when_nothing_happens(void **state)
{
	(void)state;
	assert_int_equal(one_run(FAULT_KILL, 0, false), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(takes_all_jobs_to_their_end_when_nothing_happens),
	cmocka_unit_test(loses_nothing_confirmed_when_killed_at_any_write_or_sync),
	cmocka_unit_test(loses_nothing_confirmed_when_the_power_goes_at_any_write_or_sync),
	cmocka_unit_test(loses_nothing_confirmed_when_the_power_goes_and_some_writes_survive),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

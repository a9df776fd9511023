/* SPDX-License-Identifier: Apache-2.0 */
/* store: a disk that fails: each op hears of it, nothing is half done, and it ends by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_vfs.h"
#include "json.h"
#include "loop.h"
#include "store_rig.h"
#include "xalloc.h"

#define FOR_EVER 1000000

static int
setup(void **state)
{
	fault_install();
	return rig_setup(state);
}

static int
teardown(void **state)
{
	fault_calm();
	rig_teardown(state);
	fault_remove();
	return 0;
}

static struct store_state
now(struct rig *g)
{
	struct store_state st;

	store_state(g->store, &st);
	return st;
}

static bool
exists(struct rig *g, const char *suffix)
{
	char *path = xasprintf("%s%s", g->path, suffix);
	bool yes = access(path, F_OK) == 0;

	free(path);
	return yes;
}

/* --- tests ------------------------------------------------------------------------- */

static void
every_op_of_a_failed_transaction_fails_and_none_is_kept(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	fault_order(FAULT_SYNC, 1, FOR_EVER, FAULT_ERRNO, EIO);
	rig_intend(g, 2, "p");
	store_started(g->store, rig_id(1), 1, NULL, rig_done, g);
	store_set(g->store, "key", "value", rig_done, g);
	rig_wait(g, g->answers + 3);
	assert_int_equal(g->failures, 3);
	assert_int_equal(g->err.code, E_OS);
	assert_non_null(strstr(g->err.text, g->path));
	assert_int_equal(now(g).trouble_code, E_OS);
	fault_calm();
	assert_null(rig_job(g, 2));
	assert_int_equal(rig_job(g, 1)->stage, STAGE_ACCEPTED);
	assert_null(store_get_now(g->store, "key"));
}

static void
works_on_after_a_write_error_and_forgets_the_trouble(void **state)
{
	struct rig *g = *state;

	fault_order(FAULT_WRITE, 1, 1, FAULT_ERRNO, EIO);
	rig_intend(g, 1, "p");
	assert_int_equal(rig_last(g), -E_OS);
	rig_intend(g, 1, "p");
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(now(g).trouble_code, 0);
	assert_string_equal(now(g).trouble, "");
	rig_reopen(g);
	assert_null(g->note);
	assert_int_equal(rig_job(g, 1)->stage, STAGE_INTENT);
}

/* Whatever call fails, and once or thrice: the answer is honest. */
static void
is_honest_for_every_call_that_fails(void **state)
{
	struct rig *g = *state;
	int failed = 0;

	for (int n = 1; n <= 12; n++) {
		fault_order(FAULT_ANY, n, 1 + n % 3, FAULT_ERRNO, n % 2 ? EIO : EROFS);
		rig_intend(g, n, "payload");
		failed += rig_last(g) != 0;
		fault_calm();
		if (g->r == 0)
			assert_non_null(rig_job(g, n));
		else
			assert_null(rig_job(g, n));
	}
	assert_in_range(failed, 2, 12);
}

static void
a_full_disk_takes_outcomes_from_the_reserve_but_no_new_jobs(void **state)
{
	struct rig *g = *state;
	char big[20000];

	memset(big, 'x', sizeof(big));
	rig_accepted(g, 1);
	assert_true(exists(g, ".reserve"));
	/* The first write fails; then the reserve has made room. */
	fault_order(FAULT_WRITE, 1, 1, FAULT_ERRNO, ENOSPC);
	rig_intend(g, 2, "p");
	rig_page(g, 1, 1, big, sizeof(big));
	store_started(g->store, rig_id(1), 1, NULL, rig_done, g);
	rig_wait(g, g->answers + 3);
	assert_int_equal(g->failures, 2);		/* the intent and the large page */
	assert_int_equal(g->err.code, E_FULL);
	assert_int_equal(rig_job(g, 1)->stage, STAGE_STARTED);
	rig_page(g, 1, 1, "the disk was full", 17);
	store_spooled(g->store, rig_id(1), 10, false, "the disk was full", 1, 1, rig_done, g);
	rig_wait(g, g->answers + 2);
	assert_int_equal(g->r, 0);
	assert_int_equal(rig_job(g, 1)->stage, STAGE_SPOOLED);
}

static void
says_full_until_there_is_room_and_then_makes_the_reserve_again(void **state)
{
	struct rig *g = *state;

	fault_order(FAULT_WRITE, 1, FOR_EVER, FAULT_ERRNO, ENOSPC);
	rig_intend(g, 1, "p");
	assert_int_equal(rig_last(g), -E_FULL);
	assert_int_equal(now(g).trouble_code, E_FULL);
	fault_calm();
	store_set(g->store, "k", "v", rig_done, g);
	assert_int_equal(rig_last(g), 0);
	do {		/* the housekeeping behind that commit finds that there is room */
		rig_intend(g, 1, "p");
	} while (rig_last(g) == -E_FULL);
	assert_int_equal(g->r, 0);
	assert_true(exists(g, ".reserve"));
	assert_int_equal(now(g).trouble_code, 0);
}

/*
 * "Page, then outcome" in two turns, both posted before the first answer: when
 * the page fails the outcome must fail too, or the answer would lack a page.
 */
static void
an_outcome_never_overtakes_a_page_that_failed(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	rig_page(g, 1, 1, "first", 5);
	assert_int_equal(rig_last(g), 0);
	g->failures = 0;
	fault_order(FAULT_SYNC, 1, 1, FAULT_ERRNO, EIO);
	rig_page(g, 1, 2, "second", 6);
	/* The turn ends without an answer taken: the next one follows before it is heard. */
	loop_turn(g->loop, false);
	while (fault_calls(FAULT_SYNC) == 0 || now(g).trouble_code == 0)
		sched_yield();
	store_spooled(g->store, rig_id(1), 0, false, "", 1, 1, rig_done, g);
	rig_wait(g, g->answers + 2);
	assert_int_equal(g->failures, 2);
	assert_int_equal(g->r, -E_AGAIN);
	assert_int_equal(rig_job(g, 1)->stage, STAGE_ACCEPTED);
	/* Heard by now: page and outcome once more. */
	rig_page(g, 1, 2, "second", 6);
	store_spooled(g->store, rig_id(1), 0, false, "", 1, 1, rig_done, g);
	rig_wait(g, g->answers + 2);
	assert_int_equal(g->r, 0);
	assert_int_equal(rig_job(g, 1)->pages, 2);
}

static void
does_not_open_where_it_cannot_write_and_says_why(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	rig_close(g);
	fault_order(FAULT_OPEN, 1, FOR_EVER, FAULT_ERRNO, EACCES);
	assert_int_equal(rig_open(g), -E_OS);
	assert_non_null(strstr(g->err.text, "can't be opened"));
	assert_null(g->store);
	fault_calm();
	assert_int_equal(rig_open(g), 0);
	assert_null(g->note);
	assert_non_null(rig_job(g, 1));
}

static void
a_disk_that_fails_at_the_start_costs_nothing(void **state)
{
	struct rig *g = *state;

	rig_spooled(g, 1, "result");
	for (int n = 1; n <= 20; n++) {
		rig_close(g);
		fault_order(n % 2 ? FAULT_READ : FAULT_ANY, n, 1, FAULT_ERRNO, EIO);
		if (rig_open(g) < 0) {
			assert_int_equal(g->err.code, E_OS);
			fault_calm();
			rig_open(g);
		}
		fault_calm();
		assert_null(g->note);
		rig_results(g, 0, 10, 1000);
		assert_int_equal(g->n, 1);
		assert_memory_equal(g->results[0].blob, "result", 6);
	}
}

/* --- every point ---------------------------------------------------------------------- */

/* Takes a step again until it is taken; each refusal has its sentence. How many refusals. */
static int
insist(struct rig *g, void (*step)(struct rig *g, int job), int job)
{
	int refused = 0;

	for (;;) {
		step(g, job);
		if (rig_last(g) == 0)
			return refused;
		assert_string_not_equal(g->err.text, "");
		assert_int_not_equal(now(g).trouble_code, 0);
		assert_true(++refused < 100);
	}
}

static void
step_intend(struct rig *g, int job)
{
	rig_intend(g, job, "payload");
}

static void
step_accept(struct rig *g, int job)
{
	store_accept(g->store, rig_id(job), 1, rig_done, g);
}

static void
step_start(struct rig *g, int job)
{
	store_started(g->store, rig_id(job), 2, NULL, rig_done, g);
}

static void
step_page(struct rig *g, int job)
{
	rig_page(g, job, 1, "result", 6);
}

static void
step_spool(struct rig *g, int job)
{
	store_spooled(g->store, rig_id(job), 0, false, "", 1, 3, rig_done, g);
}

/* A start that is refused says why; the next one, the fault gone, works. */
static int
start_under(struct rig *g, enum fault_call call, int n, int error)
{
	int refused = 0;

	rig_close(g);
	fault_order(call, n, 2, FAULT_ERRNO, error);
	while (rig_open(g) < 0) {
		assert_string_not_equal(g->err.text, "");
		assert_true(++refused < 10);
	}
	return refused;
}

/* How often the fault was heard of; -1: the run ended before its turn came. */
static int
road_with(struct rig *g, enum fault_call call, int n, int error, int job)
{
	static void (*const steps[])(struct rig *g, int job) = {
		step_intend, step_accept, step_start, step_page, step_spool,
	};
	int before = fault_calls(call), heard = start_under(g, call, n, error);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		heard += insist(g, steps[i], job);
	before = fault_calls(call) - before;
	fault_calm();
	rig_reopen(g);
	assert_null(g->note);
	assert_int_equal(rig_job(g, job)->stage, STAGE_SPOOLED);
	rig_results(g, 0, 1000, 1 << 20);
	assert_int_equal(g->n, job);		/* each one once, none lost */
	assert_memory_equal(g->results[job - 1].blob, "result", 6);
	return before < n ? -1 : heard;
}

static void
loses_nothing_whichever_write_sync_or_open_fails_and_however(void **state)
{
	static const enum fault_call calls[] = { FAULT_WRITE, FAULT_SYNC, FAULT_OPEN };
	static const int errors[] = { EIO, ENOSPC, EROFS };
	struct rig *g = *state;
	int job = 0, heard, r;

	for (size_t c = 0; c < 3; c++)
		for (size_t e = 0; e < 3; e++) {
			heard = 0;
			for (int n = 1; (r = road_with(g, calls[c], n, errors[e], ++job)) >= 0; n++)
				heard += r;
			assert_int_not_equal(heard, 0);
		}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(every_op_of_a_failed_transaction_fails_and_none_is_kept),
	T(works_on_after_a_write_error_and_forgets_the_trouble),
	T(is_honest_for_every_call_that_fails),
	T(a_full_disk_takes_outcomes_from_the_reserve_but_no_new_jobs),
	T(says_full_until_there_is_room_and_then_makes_the_reserve_again),
	T(an_outcome_never_overtakes_a_page_that_failed),
	T(does_not_open_where_it_cannot_write_and_says_why),
	T(a_disk_that_fails_at_the_start_costs_nothing),
	T(loses_nothing_whichever_write_sync_or_open_fails_and_however),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* store: the steps of a job's road, and what each leaves on the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json_object.h>
#include <string.h>

#include "json.h"
#include "loop.h"
#include "store_rig.h"

static int
stage_of(struct rig *g, int n)
{
	const struct job_row *j = rig_job(g, n);

	return j == NULL ? 0 : (int)j->stage;
}

static void
keeps_a_job_with_its_payload_over_a_restart(void **state)
{
	struct rig *g = *state;
	const struct job_row *j;

	rig_accepted(g, 7);
	assert_int_equal(g->failures, 0);
	rig_reopen(g);
	rig_load(g);
	assert_int_equal(g->n, 1);
	j = &g->jobs[0];
	assert_string_equal(j->id, rig_id(7));
	assert_int_equal(j->stage, STAGE_ACCEPTED);
	assert_int_equal(j->accepted_ms, 5000);
	assert_int_equal(j->created_ms, 1007);
	assert_string_equal(j->topic, "Echo");
	assert_string_equal(j->name, "job number 7");
	assert_int_equal(j->payload_len, 7);
	assert_memory_equal(j->payload, "payload", 7);
}

static void
refuses_an_id_it_knows_and_nothing_else_of_that_turn(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	rig_intend(g, 1, "other");
	rig_intend(g, 2, "new");
	rig_wait(g, g->answers + 2);
	assert_int_equal(g->failures, 1);
	assert_int_equal(g->err.code, E_EXISTS);
	assert_non_null(strstr(g->err.text, rig_id(1)));
	assert_int_equal(stage_of(g, 1), STAGE_ACCEPTED);
	assert_memory_equal(g->jobs[0].payload, "payload", 7);
	assert_int_equal(stage_of(g, 2), STAGE_INTENT);
}

static void
an_intent_can_be_forgotten_and_an_accepted_job_cannot(void **state)
{
	struct rig *g = *state;

	rig_intend(g, 1, "p");
	store_forget(g->store, rig_id(1), rig_done, g);
	rig_wait(g, 2);
	assert_int_equal(g->failures, 0);
	assert_int_equal(stage_of(g, 1), 0);
	rig_accepted(g, 2);
	store_forget(g->store, rig_id(2), rig_done, g);
	assert_int_equal(rig_last(g), -E_BAD);
	assert_int_equal(stage_of(g, 2), STAGE_ACCEPTED);
}

static void
steps_of_an_unknown_job_are_refused(void **state)
{
	struct rig *g = *state;

	store_accept(g->store, rig_id(9), 1, rig_done, g);
	assert_int_equal(rig_last(g), -E_NONE);
	store_spooled(g->store, rig_id(9), 0, false, "", 1, 1, rig_done, g);
	assert_int_equal(rig_last(g), -E_NONE);
	rig_page(g, 9, 1, "x", 1);
	assert_int_equal(rig_last(g), -E_NONE);
}

static void
results_show_only_when_the_outcome_is_known(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	rig_page(g, 1, 1, "one", 3);
	rig_page(g, 1, 2, "two", 3);
	rig_wait(g, g->answers + 2);
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 0);
	store_spooled(g->store, rig_id(1), 0, true, "half of it", 12, 7000, rig_done, g);
	assert_int_equal(rig_last(g), 0);
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 2);
	assert_memory_equal(g->results[0].blob, "one", 3);
	assert_memory_equal(g->results[1].blob, "two", 3);
	assert_true(g->results[0].sealed);
	assert_string_equal(g->results[0].meta, "{\"k\":\"v\"}");
	assert_int_equal(g->results[1].of.pages, 2);
	assert_true(g->results[1].of.partial);
	assert_string_equal(g->results[1].of.error, "half of it");
}

/* Job 1's page is older, but its outcome comes later: a reader beyond job 2 must still meet it. */
static void
numbers_follow_the_order_of_outcomes(void **state)
{
	struct rig *g = *state;
	uint64_t after;

	rig_accepted(g, 1);
	rig_page(g, 1, 1, "one", 3);
	rig_last(g);
	rig_spooled(g, 2, "two");
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 1);
	assert_string_equal(g->results[0].job, rig_id(2));
	after = g->results[0].n;
	store_spooled(g->store, rig_id(1), 0, false, "", 1, 1, rig_done, g);
	rig_last(g);
	rig_results(g, after, 10, 1000);
	assert_int_equal(g->n, 1);
	assert_string_equal(g->results[0].job, rig_id(1));
}

static void
is_done_when_the_last_page_is_delivered(void **state)
{
	struct rig *g = *state;
	uint64_t n[2];

	rig_accepted(g, 1);
	rig_page(g, 1, 1, "one", 3);
	rig_page(g, 1, 2, "two", 3);
	store_spooled(g->store, rig_id(1), 0, false, "", 12, 7000, rig_done, g);
	rig_wait(g, g->answers + 3);
	rig_results(g, 0, 10, 1000);
	n[0] = g->results[0].n;
	n[1] = g->results[1].n;
	store_delivered(g->store, n[1], rig_id(1), 8000, rig_done, g);
	rig_last(g);
	assert_int_equal(stage_of(g, 1), STAGE_SPOOLED);
	store_delivered(g->store, n[1], rig_id(1), 8000, rig_done, g);	/* said twice */
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(stage_of(g, 1), STAGE_SPOOLED);
	rig_reopen(g);
	store_delivered(g->store, n[0], rig_id(1), 9000, rig_done, g);
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(stage_of(g, 1), STAGE_DONE);
	assert_int_equal(g->jobs[0].delivered_ms, 9000);
	assert_null(g->jobs[0].payload);
	assert_int_equal(g->jobs[0].bytes, 6);	/* told long after they have gone */
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 0);
	rig_intend(g, 1, "again");		/* dedup */
	assert_int_equal(rig_last(g), -E_EXISTS);
}

static void
running_again_drops_the_pages_of_the_run_that_died(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	store_started(g->store, rig_id(1), 6000, "a free slot in its lane", rig_done, g);
	rig_page(g, 1, 1, "half", 4);
	store_again(g->store, rig_id(1), true, rig_done, g);
	rig_wait(g, g->answers + 3);
	assert_int_equal(g->failures, 0);
	assert_int_equal(stage_of(g, 1), STAGE_ACCEPTED);
	assert_int_equal(g->jobs[0].attempts, 1);
	assert_int_equal(g->jobs[0].deaths, 1);
	assert_string_equal(g->jobs[0].waited, "a free slot in its lane");
	assert_int_equal(json_int(rig_stats(g, 0), "results", -1), 0);
}

static void
a_page_given_twice_is_kept_once(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	rig_page(g, 1, 1, "old", 3);
	rig_page(g, 1, 1, "newer", 5);
	store_spooled(g->store, rig_id(1), 0, false, "", 1, 1, rig_done, g);
	rig_wait(g, g->answers + 3);
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 1);
	assert_memory_equal(g->results[0].blob, "newer", 5);
	assert_int_equal(json_int(rig_stats(g, 0), "result_bytes", -1), 5);
}

static void
tries_and_doubts_are_remembered(void **state)
{
	struct rig *g = *state;

	rig_spooled(g, 1, "x");
	rig_results(g, 0, 10, 1000);
	store_result_tried(g->store, g->results[0].n, true, rig_done, g);
	rig_last(g);
	rig_reopen(g);
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->results[0].tries, 1);
	assert_true(g->results[0].unsure);
}

static void
a_cancelled_job_leaves_nothing_to_deliver(void **state)
{
	struct rig *g = *state;

	rig_spooled(g, 1, "x");
	store_cancelled(g->store, rig_id(1), "taken back", 9000, rig_done, g);
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(stage_of(g, 1), STAGE_CANCELLED);
	assert_string_equal(g->jobs[0].error, "taken back");
	rig_results(g, 0, 10, 1000);
	assert_int_equal(g->n, 0);
}

/* Else a crash before its outcome would make it run once more. */
static void
a_death_is_counted_without_a_step_back(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	store_started(g->store, rig_id(1), 6000, NULL, rig_done, g);
	rig_page(g, 1, 1, "half", 4);
	store_died(g->store, rig_id(1), rig_done, g);
	rig_wait(g, g->answers + 3);
	assert_int_equal(g->failures, 0);
	assert_int_equal(stage_of(g, 1), STAGE_STARTED);
	assert_int_equal(g->jobs[0].deaths, 1);
	assert_int_equal(json_int(rig_stats(g, 0), "results", -1), 0);
}

/* Its claim came to nothing and the note of that was lost: the row comes again. */
static void
an_intent_nobody_follows_is_not_known(void **state)
{
	struct rig *g = *state;
	const char *ids[1] = { rig_id(1) };

	rig_intend(g, 1, "old");
	rig_last(g);
	rig_seen(g, ids, 1);
	assert_int_equal(g->n, 0);
	rig_intend(g, 1, "new");
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(stage_of(g, 1), STAGE_INTENT);
	assert_memory_equal(g->jobs[0].payload, "new", 3);
	assert_int_equal(json_int(json_get(rig_stats(g, 0), "jobs"), "intent", -1), 1);
}

static void
a_poisonous_job_is_quarantined(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	store_again(g->store, rig_id(1), true, rig_done, g);
	store_again(g->store, rig_id(1), true, rig_done, g);
	rig_page(g, 1, 1, "error", 5);
	store_spooled(g->store, rig_id(1), 14, false, "it kills workers", 1, 7000, rig_done, g);
	rig_wait(g, g->answers + 4);
	rig_results(g, 0, 10, 1000);
	store_delivered(g->store, g->results[0].n, rig_id(1), 8000, rig_done, g);
	rig_last(g);
	assert_int_equal(stage_of(g, 1), STAGE_QUARANTINED);
	assert_int_equal(json_int(json_get(rig_stats(g, 0), "today"), "quarantined", -1), 1);
	store_again(g->store, rig_id(1), false, rig_done, g);	/* a person has it tried again */
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(stage_of(g, 1), STAGE_ACCEPTED);
	assert_memory_equal(g->jobs[0].payload, "payload", 7);
}

static void
an_outcome_without_any_result_is_refused(void **state)
{
	struct rig *g = *state;

	rig_accepted(g, 1);
	store_spooled(g->store, rig_id(1), 0, false, "", 1, 1, rig_done, g);
	assert_int_equal(rig_last(g), -E_BAD);
	assert_int_equal(stage_of(g, 1), STAGE_ACCEPTED);
}

static void
reads_results_in_portions_but_at_least_one(void **state)
{
	struct rig *g = *state;

	for (int i = 1; i <= 5; i++)
		rig_spooled(g, i, "0123456789");
	rig_results(g, 0, 100, 1);
	assert_int_equal(g->n, 1);
	rig_results(g, 0, 100, 25);
	assert_int_equal(g->n, 3);
	rig_results(g, g->results[2].n, 1, 1000);
	assert_int_equal(g->n, 1);
	assert_string_equal(g->results[0].job, rig_id(4));
}

static void
counts_survive_a_restart(void **state)
{
	struct rig *g = *state;
	struct json_object *o;

	for (int i = 1; i <= 4; i++)
		rig_spooled(g, i, "0123456789");
	rig_accepted(g, 5);
	for (int round = 0; round < 2; round++) {
		o = rig_stats(g, 1);
		assert_int_equal(json_int(json_get(o, "jobs"), "spooled", -1), 4);
		assert_int_equal(json_int(json_get(o, "jobs"), "accepted", -1), 1);
		assert_int_equal(json_int(o, "results", -1), 4);
		assert_int_equal(json_int(o, "result_bytes", -1), 40);
		assert_int_equal(json_int(json_get(o, "today"), "ok", -1), 4);
		assert_true(json_int(o, "file_bytes", 0) > 4096);
		rig_reopen(g);
	}
}

static void
a_job_that_becomes_partial_later_is_counted_so_at_once(void **state)
{
	struct rig *g = *state;
	struct json_object *o;

	rig_spooled(g, 1, "0123456789");
	rig_spooled(g, 2, "0123456789");
	assert_int_equal(json_int(json_get(rig_stats(g, 1), "today"), "ok", -1), 2);
	for (int twice = 0; twice < 2; twice++) {
		store_partial(g->store, rig_id(2), "some CIs are refused", rig_done, g);
		assert_int_equal(rig_last(g), 0);
		o = json_get(rig_stats(g, 1), "today");
		assert_int_equal(json_int(o, "ok", -1), 1);
		assert_int_equal(json_int(o, "partial", -1), 1);
		assert_int_equal(json_int(o, "jobs", -1), 2);
	}
}

/* An instance that is away for an hour leaves more results than one answer of rows may have. */
static void
jobs_behind_any_number_of_results_are_loaded(void **state)
{
	struct rig *g = *state;
	int n;

	for (n = 1; n <= 10100; n++) {
		rig_intend(g, n, "p");
		store_accept(g->store, rig_id(n), 5000, rig_done, g);
		rig_page(g, n, 1, "x", 1);
		store_spooled(g->store, rig_id(n), 0, false, "", 1, 6000, rig_done, g);
	}
	rig_wait(g, 4 * 10100);
	assert_int_equal(g->failures, 0);
	rig_accepted(g, n);
	rig_reopen(g);
	rig_load(g);
	assert_int_equal(g->n, 1);
	assert_string_equal(g->jobs[0].id, rig_id(n));
	assert_memory_equal(g->jobs[0].payload, "payload", 7);
}

static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	T(keeps_a_job_with_its_payload_over_a_restart),
	T(refuses_an_id_it_knows_and_nothing_else_of_that_turn),
	T(an_intent_can_be_forgotten_and_an_accepted_job_cannot),
	T(steps_of_an_unknown_job_are_refused),
	T(results_show_only_when_the_outcome_is_known),
	T(numbers_follow_the_order_of_outcomes),
	T(is_done_when_the_last_page_is_delivered),
	T(running_again_drops_the_pages_of_the_run_that_died),
	T(a_page_given_twice_is_kept_once),
	T(tries_and_doubts_are_remembered),
	T(a_cancelled_job_leaves_nothing_to_deliver),
	T(a_death_is_counted_without_a_step_back),
	T(an_intent_nobody_follows_is_not_known),
	T(a_poisonous_job_is_quarantined),
	T(an_outcome_without_any_result_is_refused),
	T(reads_results_in_portions_but_at_least_one),
	T(counts_survive_a_restart),
	T(a_job_that_becomes_partial_later_is_counted_so_at_once),
	T(jobs_behind_any_number_of_results_are_loaded),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

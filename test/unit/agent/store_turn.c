/* SPDX-License-Identifier: Apache-2.0 */
/* store: turns, commits and answers; small things by name; one midd a folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_vfs.h"
#include "json.h"
#include "loop.h"
#include "store_rig.h"
#include "xalloc.h"

static struct store_state
now(struct rig *g)
{
	struct store_state st;

	store_state(g->store, &st);
	return st;
}

static void
one_turn_is_one_commit_and_one_sync(void **state)
{
	struct rig *g = *state;
	uint64_t commits;
	int syncs;

	(void)rig_job(g, 1);		/* all is quiet */
	commits = now(g).commits;
	syncs = fault_calls(FAULT_SYNC);
	for (int i = 1; i <= 100; i++)
		rig_intend(g, i, "p");
	rig_wait(g, g->answers + 100);
	assert_int_equal(now(g).commits, commits + 1);
	assert_int_equal(fault_calls(FAULT_SYNC), syncs + 1);
	assert_true(now(g).operations >= 100);
	assert_true(now(g).commit_ms >= 0);
}

struct order {
	int next, wrong;
	struct rig *g;
};

struct numbered {
	struct order *order;
	int n;
};

static void
in_order(void *arg, int r, const struct err *err)
{
	struct numbered *me = arg;

	(void)r, (void)err;
	me->order->wrong += me->n != me->order->next++;
}

static void
answers_come_in_the_order_of_asking_over_many_turns(void **state)
{
	struct rig *g = *state;
	struct order order = { .g = g };
	struct numbered *all = xcalloc(500, sizeof(*all));

	for (int i = 0; i < 500; i++) {
		all[i] = (struct numbered){ &order, i };
		store_set(g->store, "key", "value", in_order, &all[i]);
		if (i % 7 == 0)
			loop_turn(g->loop, false);
	}
	while (order.next < 500)
		loop_turn(g->loop, true);
	assert_int_equal(order.wrong, 0);
	free(all);
}

static void
closing_commits_and_answers_what_was_posted(void **state)
{
	struct rig *g = *state;

	rig_intend(g, 1, "p");
	rig_intend(g, 2, "p");
	rig_close(g);
	assert_int_equal(g->answers, 2);
	assert_int_equal(g->failures, 0);
	rig_reopen(g);
	assert_non_null(rig_job(g, 2));
}

static void
post_more(void *arg, int r, const struct err *err)
{
	struct rig *g = arg;

	rig_done(g, r, err);
	if (g->answers < 100)
		store_set(g->store, "more", "and more", post_more, g);
}

static void
who_posts_on_while_it_closes_is_told_so_once(void **state)
{
	struct rig *g = *state;

	store_set(g->store, "first", "one", post_more, g);
	rig_close(g);
	assert_int_equal(g->answers, 2);
	assert_int_equal(g->r, -E_CANCELLED);
}

static void
remembers_small_things_by_name(void **state)
{
	struct rig *g = *state;
	char *value;

	assert_null(store_get_now(g->store, "pause"));
	store_set(g->store, "pause", "yes", rig_done, g);
	store_set(g->store, "pause", "no", rig_done, g);
	rig_wait(g, 2);
	value = store_get_now(g->store, "pause");
	assert_string_equal(value, "no");
	free(value);
	rig_reopen(g);
	value = store_get_now(g->store, "pause");
	assert_string_equal(value, "no");
	free(value);
	store_set(g->store, "pause", NULL, rig_done, g);
	rig_last(g);
	assert_null(store_get_now(g->store, "pause"));
}

static void
a_second_midd_on_the_same_folder_is_refused_by_the_firsts_number(void **state)
{
	struct rig *g = *state;
	char number[32];
	pid_t pid;
	int status;

	snprintf(number, sizeof(number), "process %d", (int)getpid());
	pid = fork();
	if (pid == 0) {
		g->store = NULL;
		_exit(rig_open(g) == -E_EXISTS && strstr(g->err.text, number) != NULL ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	rig_intend(g, 1, "p");		/* and the first is not harmed */
	assert_int_equal(rig_last(g), 0);
}

static void
nobody_else_may_read_its_files(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".reserve", ".lock" };
	struct rig *g = *state;
	struct stat st;
	char *path;

	rig_accepted(g, 1);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		path = xasprintf("%s%s", g->path, suffixes[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		free(path);
	}
	path = xasprintf("%s/state", g->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	free(path);
}

static void
the_spool_has_a_limit_that_small_outcomes_may_pass(void **state)
{
	struct rig *g = *state;
	char big[40000];

	memset(big, 'x', sizeof(big));
	g->cfg.size_max = 100000;
	rig_reopen(g);
	rig_accepted(g, 1);
	rig_page(g, 1, 1, big, sizeof(big));
	rig_page(g, 1, 2, big, sizeof(big));
	rig_wait(g, g->answers + 2);
	assert_int_equal(g->failures, 0);
	rig_page(g, 1, 3, big, sizeof(big));
	assert_int_equal(rig_last(g), -E_FULL);
	assert_non_null(strstr(g->err.text, "80000 of its 100000"));
	for (int i = 3; i < 12; i++)
		rig_page(g, 1, i, big, 4000);
	rig_wait(g, g->answers + 9);
	assert_int_equal(g->failures, 1);
	assert_int_equal(now(g).result_bytes, 80000 + 9 * 4000);
	assert_int_equal(now(g).results, 11);
	assert_int_equal(now(g).trouble_code, 0);	/* a full spool is not a failing disk */
}

static void
lists_jobs_newest_first_by_what_is_asked(void **state)
{
	struct rig *g = *state;
	struct job_filter open = { .open = true, .limit = 3 };
	const struct job_row *j;

	for (int i = 1; i <= 6; i++)
		rig_accepted(g, i);
	rig_page(g, 4, 1, "x", 1);
	store_spooled(g->store, rig_id(4), 5, false, "no credential", 1, 1, rig_done, g);
	rig_wait(g, g->answers + 2);
	rig_list(g, &open);
	assert_int_equal(g->n, 3);
	assert_string_equal(g->jobs[0].id, rig_id(6));
	assert_null(g->jobs[0].payload);
	rig_list(g, &(struct job_filter){ .failed = true });
	assert_int_equal(g->n, 1);
	assert_string_equal(g->jobs[0].error, "no credential");
	rig_list(g, &(struct job_filter){ .correlator = "odd" });
	assert_int_equal(g->n, 3);
	rig_list(g, &(struct job_filter){ .stage = STAGE_SPOOLED, .payload = true });
	assert_int_equal(g->n, 1);
	assert_int_equal(g->jobs[0].payload_len, 7);
	rig_list(g, &(struct job_filter){ .id = rig_id(77) });
	assert_int_equal(g->n, 0);
	j = rig_job(g, 2);
	assert_string_equal(j->id, rig_id(2));
}

static void
tells_which_ids_it_has_seen(void **state)
{
	struct rig *g = *state;
	const char *ids[3] = { rig_id(1), rig_id(2), rig_id(3) };

	rig_accepted(g, 1);
	rig_accepted(g, 3);
	rig_seen(g, ids, 3);
	assert_int_equal(g->n, 2);
	assert_string_equal(g->jobs[1].id, rig_id(3));
	assert_int_equal(strlen(g->jobs[1].hash), 32);
}

/* After a kill -9 somebody looks in with sqlite3, which plays the WAL into the file when it leaves. */
static void
another_program_may_look_in_after_a_crash(void **state)
{
	struct rig *g = *state;
	sqlite3 *db = NULL;
	pid_t pid;

	rig_close(g);
	pid = fork();
	if (pid == 0) {
		if (rig_open(g) == 0)
			for (int i = 1; i <= 50; i++)
				rig_spooled(g, i, "result");
		_exit(0);		/* no store_close(): the WAL stays */
	}
	waitpid(pid, NULL, 0);
	fault_remove();
	assert_int_equal(sqlite3_open(g->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT * FROM job", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	fault_install();
	rig_reopen(g);
	assert_null(g->note);
	rig_results(g, 0, 100, 100000);
	assert_int_equal(g->n, 50);
}

static int
setup(void **state)
{
	fault_install();
	return rig_setup(state);
}

static int
teardown(void **state)
{
	rig_teardown(state);
	fault_remove();
	return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(one_turn_is_one_commit_and_one_sync),
	T(answers_come_in_the_order_of_asking_over_many_turns),
	T(closing_commits_and_answers_what_was_posted),
	T(who_posts_on_while_it_closes_is_told_so_once),
	T(remembers_small_things_by_name),
	T(a_second_midd_on_the_same_folder_is_refused_by_the_firsts_number),
	T(nobody_else_may_read_its_files),
	T(the_spool_has_a_limit_that_small_outcomes_may_pass),
	T(lists_jobs_newest_first_by_what_is_asked),
	T(tells_which_ids_it_has_seen),
	T(another_program_may_look_in_after_a_crash),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

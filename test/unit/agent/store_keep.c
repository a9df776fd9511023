/* SPDX-License-Identifier: Apache-2.0 */
/* store: how long ended jobs stay, whatever the wall clock does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "store/db.h"
#include "store_rig.h"

#define DAY (24 * 3600 * 1000LL)
#define YEAR (365 * DAY)

/* Here the database alone is used, on this thread, with clocks of our own. */
struct fixture {
	struct rig rig;
	struct db *db;
	int64_t wall, mono;
};

static int
setup(void **state)
{
	static struct fixture f;
	char *note = NULL;

	memset(&f, 0, sizeof(f));
	rig_make(&f.rig);
	assert_int_equal(rig_open(&f.rig), 0);	/* makes the folder */
	rig_close(&f.rig);
	f.wall = 1700000000000;
	f.mono = 1000;
	*state = &f;
	return db_open(&f.db, &f.rig.cfg, f.wall, &note, &f.rig.err);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	db_close(f->db);
	rig_free(&f->rig);
	return 0;
}

/* Time goes by: MONO really, WALL as the wall clock has it. Housekeeping runs until it has nothing to do. */
static void
pass(struct fixture *f, int64_t mono, int64_t wall)
{
	f->mono += mono;
	f->wall += wall;
	keep_clock(f->db, f->mono, f->wall);
	assert_int_equal(db_begin(f->db, true), 0);
	keep_save(f->db);
	assert_int_equal(db_commit(f->db), 0);
	do
		keep_house(f->db);
	while (f->db->keep_more);
}

static void
restart(struct fixture *f, int64_t wall)
{
	char *note = NULL;

	db_close(f->db);
	f->db = NULL;
	f->wall += wall;
	f->mono = 5;
	assert_int_equal(db_open(&f->db, &f->rig.cfg, f->wall, &note, &f->rig.err), 0);
	assert_null(note);
}

static void
end_jobs(struct fixture *f, int n)
{
	assert_int_equal(db_begin(f->db, true), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(db_run(f->db, "INSERT INTO job(id, stage, ended, finished_ms) VALUES(?1, 5, ?2, ?3)", "sll",
		    rig_id((int)f->wall / 1000 + i), f->db->clock_ms, f->wall), 1);
	assert_int_equal(db_commit(f->db), 0);
	tally_load(f->db);
}

static int64_t
jobs(struct fixture *f)
{
	int64_t n = db_number(f->db, "SELECT count(*) FROM job", -1);

	assert_int_equal(n, f->db->tally.jobs[STAGE_DONE]);
	return n;
}

static void
ended_jobs_go_after_thirty_days_and_not_before(void **state)
{
	struct fixture *f = *state;

	pass(f, DAY, DAY);
	end_jobs(f, 1000);
	pass(f, 29 * DAY, 29 * DAY);
	assert_int_equal(jobs(f), 1000);
	pass(f, 2 * DAY, 2 * DAY);
	assert_int_equal(jobs(f), 0);
}

/* Each part is a transaction: jobs that come meanwhile wait for one of them only. */
static void
targets_of_a_very_large_discovery_go_in_parts(void **state)
{
	struct fixture *f = *state;
	char id[33];

	pass(f, DAY, DAY);
	snprintf(id, sizeof(id), "%s", rig_id((int)f->wall / 1000));
	end_jobs(f, 1);
	assert_int_equal(db_begin(f->db, true), 0);
	assert_int_equal(db_run(f->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
	    " INSERT INTO aim(parent, address, state, child, class, ms, sure) SELECT ?1, 'a' || i, 6, '', 0, 1, 0 FROM n", "s", id), 20000);
	assert_int_equal(db_commit(f->db), 0);
	f->mono += 31 * DAY;
	f->wall += 31 * DAY;
	keep_clock(f->db, f->mono, f->wall);
	assert_int_equal(keep_house(f->db), 0);
	assert_in_range(db_number(f->db, "SELECT count(*) FROM aim", -1), 10000, 19999);
	assert_true(f->db->keep_more);
	assert_int_equal(jobs(f), 1);		/* it goes last, so that a next life goes on */
	pass(f, 1, 1);
	assert_int_equal(db_number(f->db, "SELECT count(*) FROM aim", -1), 0);
	assert_int_equal(jobs(f), 0);
}

/* The targets of a discovery go with its job, those of another stay. */
static void
targets_go_with_their_discovery(void **state)
{
	static const char aim[] = "INSERT INTO aim(parent, address, state, child, class, ms, sure) VALUES(?1, ?2, 6, '', 0, 1, 0)";
	struct fixture *f = *state;
	char old[33], young[33];

	pass(f, DAY, DAY);
	snprintf(old, sizeof(old), "%s", rig_id((int)f->wall / 1000));
	end_jobs(f, 1);
	pass(f, 29 * DAY, 29 * DAY);
	snprintf(young, sizeof(young), "%s", rig_id((int)f->wall / 1000));
	end_jobs(f, 1);
	assert_int_equal(db_begin(f->db, true), 0);
	assert_int_equal(db_run(f->db, aim, "ss", old, "10.0.0.1"), 1);
	assert_int_equal(db_run(f->db, aim, "ss", old, "10.0.0.2"), 1);
	assert_int_equal(db_run(f->db, aim, "ss", young, "10.0.0.1"), 1);
	assert_int_equal(db_commit(f->db), 0);
	pass(f, DAY / 2, DAY / 2);
	assert_int_equal(db_number(f->db, "SELECT count(*) FROM aim", -1), 3);
	pass(f, 2 * DAY, 2 * DAY);
	assert_int_equal(jobs(f), 1);
	assert_int_equal(db_number(f->db, "SELECT count(*) FROM aim", -1), 1);
	pass(f, 31 * DAY, 31 * DAY);
	assert_int_equal(db_number(f->db, "SELECT count(*) FROM aim", -1), 0);
}

static void
a_wall_clock_that_jumps_ten_years_changes_nothing(void **state)
{
	struct fixture *f = *state;

	pass(f, DAY, DAY);
	end_jobs(f, 10);
	pass(f, 60000, 10 * YEAR);
	assert_int_equal(jobs(f), 10);
	pass(f, 60000, -20 * YEAR);
	assert_int_equal(jobs(f), 10);
	pass(f, 31 * DAY, 31 * DAY);
	assert_int_equal(jobs(f), 0);
}

static void
a_jump_while_stopped_changes_nothing_either(void **state)
{
	struct fixture *f = *state;

	pass(f, DAY, DAY);
	end_jobs(f, 10);
	restart(f, 10 * YEAR);
	pass(f, 60000, 60000);
	assert_int_equal(jobs(f), 10);
	restart(f, -20 * YEAR);
	pass(f, 60000, 60000);
	assert_int_equal(jobs(f), 10);
}

static void
believable_stops_count_as_time(void **state)
{
	struct fixture *f = *state;

	pass(f, DAY, DAY);
	end_jobs(f, 10);
	for (int i = 0; i < 4; i++) {
		restart(f, 6 * DAY);
		pass(f, 120000, 120000);
	}
	assert_int_equal(jobs(f), 10);
	restart(f, 7 * DAY);
	pass(f, 120000, 120000);
	assert_int_equal(jobs(f), 0);
}

static void
open_jobs_never_go(void **state)
{
	struct fixture *f = *state;

	end_jobs(f, 1);
	assert_int_equal(db_run(f->db, "UPDATE job SET stage = 3, ended = 0", ""), 1);
	tally_load(f->db);
	pass(f, 400 * DAY, 400 * DAY);
	assert_int_equal(db_number(f->db, "SELECT count(*) FROM job", -1), 1);
}

static void
gives_room_back_to_the_disk(void **state)
{
	struct fixture *f = *state;
	int64_t before;

	pass(f, DAY, DAY);
	end_jobs(f, 20000);
	before = db_number(f->db, "PRAGMA page_count", 0);
	pass(f, 40 * DAY, 40 * DAY);
	assert_int_equal(jobs(f), 0);
	assert_true(db_number(f->db, "PRAGMA page_count", 0) < before / 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(ended_jobs_go_after_thirty_days_and_not_before),
	T(targets_go_with_their_discovery),
	T(targets_of_a_very_large_discovery_go_in_parts),
	T(a_wall_clock_that_jumps_ten_years_changes_nothing),
	T(a_jump_while_stopped_changes_nothing_either),
	T(believable_stops_count_as_time),
	T(open_jobs_never_go),
	T(gives_room_back_to_the_disk),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

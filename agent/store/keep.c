/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep - how long ended jobs stay, and the clock that says so.
 *
 * Ended jobs are how a job that is handed out a second time is known, so a
 * wall clock set ten years ahead must not sweep them away. The store has a
 * clock of its own: it goes with the loop's (forward only) while we run; over
 * a stop it takes the wall clock's difference if that is believable, else
 * nothing. A machine that was off for a month keeps its rows a little longer.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"

#define BELIEVABLE_MS (7 * 24 * 3600 * 1000LL)
#define SAVE_MS 60000		/* the clock is written with another commit, so often at most */
#define HOUSE_MS 60000		/* housekeeping, unless there is more to do */
#define SLICE 200
#define AIMS_SLICE 5000		/* targets that go with them, in one transaction */
#define ENDED_MAX 1000000	/* ended jobs, whatever their age */
#define VACUUM_PAGES 128

void
keep_clock(struct db *db, int64_t mono_ms, int64_t wall_ms)
{
	if (db->clock_mono != 0 && mono_ms > db->clock_mono)
		db->clock_ms += mono_ms - db->clock_mono;
	db->clock_mono = mono_ms;
	db->wall_ms = wall_ms;
}

/* "store clock" and "wall clock", in ms. */
int
keep_load(struct db *db, int64_t wall_ms)
{
	sqlite3_stmt *st = db_ask(db, "SELECT value FROM kv WHERE key = 'clock'", "");
	long long clock = 0, wall = 0;

	if (db_next(db, st) == 1 && sscanf(db_text(st, 0), "%lld %lld", &clock, &wall) != 2)
		clock = wall = 0;
	db_end(st);
	db->clock_ms = clock > 0 ? clock : 1;	/* 0 means "not ended" in a row */
	if (wall > 0 && wall_ms > wall && wall_ms - wall <= BELIEVABLE_MS)
		db->clock_ms += wall_ms - wall;
	db->clock_saved = 0;		/* with the first commit, so that each start counts from the last one */
	return db->broken ? -db->err.code : 0;
}

/* Goes along with a transaction that is made anyway. */
int
keep_save(struct db *db)
{
	char value[48];
	int r;

	if (db->clock_saved != 0 && db->clock_ms - db->clock_saved < SAVE_MS)
		return 0;
	snprintf(value, sizeof(value), "%lld %lld", (long long)db->clock_ms, (long long)db->wall_ms);
	r = db_run(db, "INSERT INTO kv(key, value) VALUES('clock', ?1)"
	    " ON CONFLICT(key) DO UPDATE SET value = excluded.value", "s", value);
	if (r >= 0)
		db->clock_saved = db->clock_ms;
	return r < 0 ? r : 0;
}

/* --- housekeeping ----------------------------------------------------------------- */

static int64_t
ended_count(const struct db *db)
{
	return db->tally.jobs[STAGE_DONE] + db->tally.jobs[STAGE_CANCELLED] + db->tally.jobs[STAGE_QUARANTINED];
}

/* Targets of job SEQ, LEFT at most: there may be 300,000. True: none is left. */
static bool
sweep_aims(struct db *db, int64_t seq, int *left)
{
	int n = db_run(db, "DELETE FROM aim WHERE k IN (SELECT k FROM aim WHERE parent = (SELECT id FROM job WHERE seq = ?1)"
	    " LIMIT ?2)", "ld", seq, *left);

	*left -= n > 0 ? n : 0;
	return *left > 0;
}

/* The oldest of those ended; true when there may be more to do. */
static bool
sweep_jobs(struct db *db)
{
	int64_t upto = ended_count(db) > ENDED_MAX ? INT64_MAX : db->clock_ms - db->cfg.keep_done_ms;
	int64_t seq[SLICE];
	int n = 0, stage[SLICE], left = AIMS_SLICE;
	sqlite3_stmt *st = db_ask(db, "SELECT seq, stage FROM job WHERE ended > 0 AND ended <= ?1"
	    " ORDER BY ended LIMIT ?2", "ld", upto, SLICE);

	for (; n < SLICE && db_next(db, st) == 1; n++) {
		seq[n] = sqlite3_column_int64(st, 0);
		stage[n] = sqlite3_column_int(st, 1);
	}
	db_end(st);
	for (int i = 0; i < n && !db->broken; i++) {
		if (!sweep_aims(db, seq[i], &left))
			return true;
		db_run(db, "DELETE FROM payload WHERE job = ?1", "l", seq[i]);
		db_run(db, "DELETE FROM job WHERE seq = ?1", "l", seq[i]);
		tally_move(db, stage[i], 0);
	}
	return n == SLICE;
}

/* Gives pages back to the file system when a quarter of the file is empty. */
static void
shrink(struct db *db)
{
	int64_t empty = db_number(db, "PRAGMA freelist_count", 0), all = db_number(db, "PRAGMA page_count", 0);
	char sql[64];
	int rc;

	if (db->broken || empty < VACUUM_PAGES || empty * 4 < all)
		return;
	snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
	rc = sqlite3_exec(db->sq, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		(void)db_broken(db, rc, "shrink");
	db->keep_more = true;
}

int
keep_house(struct db *db)
{
	bool due = db->keep_more || db->clock_ms - db->kept_at >= HOUSE_MS || db->kept_at == 0;
	int r;

	if (!due || db->cfg.keep_done_ms <= 0)
		return 0;
	db->kept_at = db->clock_ms;
	if (db_begin(db, true) == 0) {
		db->keep_more = sweep_jobs(db);
		audit_trim(db);
	}
	r = db_commit(db);
	if (r == 0)
		shrink(db);
	if (db->broken) {
		r = -db->err.code;
		db->keep_more = false;
		db_rollback(db);
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally - how many of what, kept as ops go by and taken back with a
 * transaction that fails: status must not scan tables while jobs commit.
 */
#include <string.h>

#include "store/db.h"

/* Counting today's jobs starts at the newest and ends after so many older ones in a row. */
#define OLD_IN_A_ROW 2000

int
tally_load(struct db *db)
{
	sqlite3_stmt *st = db_ask(db, "SELECT stage, count(*) FROM job GROUP BY stage", "");
	int64_t stage;

	memset(&db->tally, 0, sizeof(db->tally));
	db->tally.since_ms = -1;
	while (db_next(db, st) == 1) {
		stage = sqlite3_column_int64(st, 0);
		if (stage >= 0 && stage < 8)
			db->tally.jobs[stage] = sqlite3_column_int64(st, 1);
	}
	db_end(st);
	st = db_ask(db, "SELECT count(*), coalesce(sum(len), 0) FROM result", "");
	if (db_next(db, st) == 1) {
		db->tally.results = sqlite3_column_int64(st, 0);
		db->tally.result_bytes = sqlite3_column_int64(st, 1);
	}
	db_end(st);
	db->tally_kept = db->tally;
	return db->broken ? -db->err.code : 0;
}

/* Which of the five a finished job belongs to. */
static int
kind_of(int class, bool partial)
{
	if (class != 0)
		return class == CLASS_QUARANTINED ? TODAY_QUARANTINED : TODAY_FAILED;
	return partial ? TODAY_PARTIAL : TODAY_OK;
}

/* Since SINCE_MS: counted once, then kept up by tally_ended(). */
int
tally_today(struct db *db, int64_t since_ms)
{
	struct tally *t = &db->tally;
	sqlite3_stmt *st;
	int old = 0, r;

	if (t->since_ms == since_ms)
		return 0;
	memset(t->today, 0, sizeof(t->today));
	st = db_ask(db, "SELECT finished_ms, class, partial FROM job ORDER BY seq DESC", "");
	while ((r = db_next(db, st)) == 1 && old < OLD_IN_A_ROW) {
		if (sqlite3_column_int64(st, 0) == 0)
			continue;
		if (sqlite3_column_int64(st, 0) < since_ms) {
			old++;
			continue;
		}
		old = 0;
		t->today[TODAY_JOBS]++;
		t->today[kind_of(sqlite3_column_int(st, 1), sqlite3_column_int(st, 2) != 0)]++;
	}
	db_end(st);
	if (r >= 0)
		t->since_ms = since_ms;
	return r < 0 ? r : 0;
}

void
tally_move(struct db *db, int from, int to)
{
	if (from > 0 && from < 8)
		db->tally.jobs[from]--;
	if (to > 0 && to < 8)
		db->tally.jobs[to]++;
}

void
tally_ended(struct db *db, int class, bool partial, int64_t now_ms)
{
	if (db->tally.since_ms < 0 || now_ms < db->tally.since_ms)
		return;
	db->tally.today[TODAY_JOBS]++;
	db->tally.today[kind_of(class, partial)]++;
}

void
tally_partial(struct db *db, int64_t finished_ms)
{
	if (db->tally.since_ms < 0 || finished_ms < db->tally.since_ms)
		return;
	db->tally.today[TODAY_OK]--;
	db->tally.today[TODAY_PARTIAL]++;
}

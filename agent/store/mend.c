/* SPDX-License-Identifier: Apache-2.0 */
/* mend - see mend.h. */
#include "store/mend.h"

#include <stdio.h>

#include "store/db.h"
#include "xalloc.h"

int
mend_note(struct db *to, int64_t wall_ms, const char *table, const char *what)
{
	int r = db_run(to, "INSERT INTO quarantine(ms, tab, what) VALUES(?1, ?2, ?3)", "lss", wall_ms, table, what);

	return r < 0 ? r : 0;
}

/*
 * Jobs whose row could not be read but whose id stands in the index: kept for
 * people to see. For the road they are unknown (JOB_UNKNOWN), so the instance
 * decides: what it calls ready is new, what it calls ours and processing was
 * interrupted, and the rest has had its answer.
 */
static int
jobs_by_index(struct db *from, struct db *to, int64_t wall_ms, struct mend *m)
{
	sqlite3_stmt *st = NULL;
	int r = 0;

	if (sqlite3_prepare_v2(from->sq, "SELECT id FROM job INDEXED BY job_id WHERE id >= '' ORDER BY id", -1, &st, NULL)
	    != SQLITE_OK)
		return 0;
	while (r >= 0 && sqlite3_step(st) == SQLITE_ROW) {
		r = db_run(to, "INSERT OR IGNORE INTO job(id, stage, class, error, ended)"
		    " SELECT ?1, 7, 12, 'the record of this job was lost to damage of the store', ?2"
		    " WHERE length(?1) BETWEEN 1 AND 32", "sl", db_text(st, 0), to->clock_ms);
		if (r > 0) {
			m->jobs_lost++;
			r = mend_note(to, wall_ms, "job", db_text(st, 0));
		}
	}
	sqlite3_finalize(st);
	return r < 0 ? r : 0;
}

/* Before its outcome a job needs its payload to run: without it the road says so to the instance. */
static int
count_payloads(struct db *to, struct mend *m)
{
	m->payloads_lost = db_number(to, "SELECT count(*) FROM job WHERE stage BETWEEN 1 AND 3"
	    " AND seq NOT IN (SELECT job FROM payload)", 0);
	return to->broken ? -to->err.code : 0;
}

#define INCOMPLETE "(SELECT seq FROM job WHERE stage = 4 AND pages - sent <>" \
	" (SELECT count(*) FROM result JOIN body USING(k) WHERE result.job = job.seq AND result.n IS NOT NULL))"

/* An answer that lacks a page is none: the job is where a crash in mid-run would have left it. */
static int
incomplete_results(struct db *to, struct mend *m)
{
	int r;

	m->results_lost = db_number(to, "SELECT count(*) FROM " INCOMPLETE, 0);
	r = db_run(to, "DELETE FROM result WHERE job IN " INCOMPLETE, "");
	if (r >= 0)
		r = db_run(to, "UPDATE job SET stage = 3, pages = 0, sent = 0, class = 0, partial = 0, error = NULL,"
		    " finished_ms = 0 WHERE seq IN " INCOMPLETE, "");
	return r < 0 ? r : 0;
}

/* What belongs to nothing any more. */
static int
orphans(struct db *to)
{
	int r = db_run(to, "DELETE FROM result WHERE k NOT IN (SELECT k FROM body)"
	    " OR job NOT IN (SELECT seq FROM job WHERE stage < 5)", "");

	if (r >= 0)
		r = db_run(to, "DELETE FROM body WHERE k NOT IN (SELECT k FROM result)", "");
	if (r >= 0)
		r = db_run(to, "DELETE FROM payload WHERE job NOT IN (SELECT seq FROM job)", "");
	return r < 0 ? r : 0;
}

int
mend(struct db *from, struct db *to, int64_t wall_ms, struct mend *m)
{
	int r = keep_load(to, wall_ms);

	if (r == 0)
		r = jobs_by_index(from, to, wall_ms, m);
	if (r == 0)
		r = incomplete_results(to, m);
	if (r == 0)
		r = orphans(to);
	if (r == 0)
		r = count_payloads(to, m);
	return r;
}

char *
mend_sentence(const struct mend *m, const char *aside, const char *why)
{
	if (!m->openable && m->rows == 0)
		return xasprintf("the store was beyond repair (%s): it is kept as %s and a new one was begun; "
		    "jobs that were under way are asked for again", why, aside);
	return xasprintf("the store was damaged (%s): %lld rows were saved; lost were %lld job records, %lld payloads "
	    "and %lld results, each is answered with an error or run again; the damaged file is kept as %s",
	    why, (long long)m->rows, (long long)m->jobs_lost, (long long)m->payloads_lost,
	    (long long)m->results_lost, aside);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome - how a job ends: its outcome with all pages, page after page
 * delivered, or taken back.
 */
#include "store/job_step.h"

#define PAYLOAD_KEPT 65536	/* of failed jobs, so that a person can have them tried again */

/* --- the outcome --------------------------------------------------------------------------- */

/* Numbers in the order of arrival: a reader that goes by them finds each result once. */
static int
number_pages(struct db *db, int64_t seq, int *pages)
{
	int64_t k[64];
	int n, r = 0;
	sqlite3_stmt *st;

	*pages = 0;
	do {
		st = db_ask(db, "SELECT k FROM result WHERE job = ?1 AND n IS NULL ORDER BY k LIMIT 64", "l", seq);
		for (n = 0; n < 64 && (r = db_next(db, st)) == 1; n++)
			k[n] = sqlite3_column_int64(st, 0);
		db_end(st);
		for (int i = 0; i < n && r >= 0; i++)
			r = db_run(db, "UPDATE result SET n = ?2 WHERE k = ?1", "ll", k[i], (int64_t)db->next_n++);
		*pages += n;
	} while (n == 64 && r >= 0);
	return job_count(r);
}

static int
end_job(struct db *db, const struct job_known *k, int64_t now_ms)
{
	int to = k->class == CLASS_QUARANTINED ? STAGE_QUARANTINED : STAGE_DONE;
	int r = db_run(db, "UPDATE job SET stage = ?2, delivered_ms = ?3, ended = ?4, sent = pages WHERE seq = ?1",
	    "ldll", k->seq, to, now_ms, db->clock_ms);

	if (r >= 0)
		r = db_run(db, "DELETE FROM payload WHERE job = ?1 AND (?2 = 0 OR length(data) > ?3)", "ldd",
		    k->seq, k->class, PAYLOAD_KEPT);
	return r < 0 ? r : job_move(db, k, to);
}

/* From any open stage: a job may fail before it ever started. */
static int
run_spooled(struct db *db, struct op *op)
{
	struct job_known k;
	int pages = 0, r = job_find(db, op, STAGES_OPEN & ~STAGE_BIT(STAGE_SPOOLED), &k);

	if (r == 0)
		r = number_pages(db, k.seq, &pages);
	if (r < 0)
		return r;
	if (pages == 0 && !k.own)
		return op_refuse(op, E_BAD, "store: job %s has an outcome but no result to deliver", op->id);
	r = db_run(db, "UPDATE job SET stage = 4, class = ?2, partial = ?3, error = ?4, run_ms = ?5,"
	    " finished_ms = ?6, pages = ?7, sent = 0,"
	    " answers = (SELECT count(*) FROM result WHERE job = ?1 AND sink = 0),"
	    " bytes = (SELECT coalesce(sum(len), 0) FROM result WHERE job = ?1) WHERE seq = ?1", "lddslld",
	    k.seq, (int)op->num[0], (int)op->num[1], op->text[0], op->num[2], op->num[3], pages);
	if (r < 0)
		return r;
	tally_ended(db, (int)op->num[0], op->num[1] != 0, op->num[3]);
	if (pages == 0) {	/* of our own, and nobody is to be told */
		k.class = (int)op->num[0];
		return end_job(db, &k, op->num[3]);
	}
	return job_move(db, &k, STAGE_SPOOLED);
}

static int
run_delivered(struct db *db, struct op *op)
{
	struct job_known k;
	int64_t key, len;
	sqlite3_stmt *st;
	int r = job_find(db, op, STAGE_BIT(STAGE_SPOOLED) | STAGE_BIT(STAGE_DONE) | STAGE_BIT(STAGE_QUARANTINED), &k);

	if (r < 0)
		return r;
	st = db_ask(db, "SELECT k, len FROM result WHERE n = ?1 AND job = ?2", "ll", op->num[0], k.seq);
	r = db_next(db, st);
	key = r == 1 ? sqlite3_column_int64(st, 0) : 0;
	len = r == 1 ? sqlite3_column_int64(st, 1) : 0;
	db_end(st);
	if (r <= 0)
		return r;	/* told before: nothing to do */
	r = db_run(db, "DELETE FROM body WHERE k = ?1", "l", key);
	if (r >= 0)
		r = db_run(db, "DELETE FROM result WHERE k = ?1", "l", key);
	db->tally.results--;
	db->tally.result_bytes -= len;
	if (r >= 0 && ++k.sent >= k.pages)
		return end_job(db, &k, op->num[1]);
	return r < 0 ? r : job_count(db_run(db, "UPDATE job SET sent = ?2 WHERE seq = ?1", "ld", k.seq, k.sent));
}

static int
run_cancelled(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGES_OPEN, &k);

	if (r == 0)
		r = job_drop_results(db, k.seq);
	if (r == 0)
		r = job_count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", k.seq));
	if (r == 0)
		r = job_count(db_run(db, "UPDATE job SET stage = 6, error = ?2, finished_ms = ?3, ended = ?4 WHERE seq = ?1",
		    "lsll", k.seq, op->text[0], op->num[0], db->clock_ms));
	return r < 0 ? r : job_move(db, &k, STAGE_CANCELLED);
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_spooled = { "outcome", OP_PAGES, run_spooled, tell_done };
static const struct op_kind op_delivered = { "delivered", 0, run_delivered, tell_done };
static const struct op_kind op_cancelled = { "cancel", 0, run_cancelled, tell_done };

void
store_spooled(struct store *s, const char *id, int class, bool partial, const char *error,
    int64_t run_ms, int64_t now_ms, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_spooled, id, fn, arg);

	op->num[0] = class;
	op->num[1] = partial;
	op->num[2] = run_ms;
	op->num[3] = now_ms;
	op_text(op, 0, error);
	store_post(s, op);
}

/* Once the instance has refused part of it; it stays so, however often it is said. */
static int
run_partial(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "SELECT finished_ms FROM job WHERE id = ?1 AND class = 0 AND partial = 0", "s", op->id);
	int r = db_next(db, st);
	int64_t finished_ms = r == 1 ? sqlite3_column_int64(st, 0) : 0;

	db_end(st);
	if (r != 1)
		return r;
	r = db_run(db, "UPDATE job SET partial = 1, error = ?2 WHERE id = ?1", "ss", op->id, op->text[0]);
	if (r < 0)
		return r;
	tally_partial(db, finished_ms);
	return 0;
}

static const struct op_kind op_partial = { "partial", 0, run_partial, tell_done };

void
store_partial(struct store *s, const char *id, const char *why, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_partial, id, fn, arg);

	op_text(op, 0, why);
	store_post(s, op);
}

void
store_delivered(struct store *s, uint64_t n, const char *job, int64_t now_ms, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_delivered, job, fn, arg);

	op->num[0] = (int64_t)n;
	op->num[1] = now_ms;
	store_post(s, op);
}

void
store_cancelled(struct store *s, const char *id, const char *why, int64_t now_ms, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_cancelled, id, fn, arg);

	op->num[0] = now_ms;
	op_text(op, 0, why);
	store_post(s, op);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - the table job and its payload: each step of the road that is kept on
 * the disk, and from which stages it may be taken.
 */
#include <stdio.h>
#include <string.h>

#include "store/job_row.h"
#include "store/job_step.h"
#include "xalloc.h"

/* --- intend, forget, accept, start ---------------------------------------------------- */

/*
 * What is not known: no row, an intent nobody follows any more, or a record
 * that was lost to damage. The flow never has two intents of one id at once.
 */
static int
forget_unknown(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "SELECT seq, stage FROM job WHERE id = ?1 AND " JOB_UNKNOWN, "s", op->id);
	int64_t seq = 0;
	int stage = 0, r = db_next(db, st);

	if (r == 1) {
		seq = sqlite3_column_int64(st, 0);
		stage = sqlite3_column_int(st, 1);
	}
	db_end(st);
	if (r <= 0)
		return r;
	r = job_count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", seq));
	if (r == 0)
		r = job_count(db_run(db, "DELETE FROM job WHERE seq = ?1", "l", seq));
	tally_move(db, stage, 0);
	return r;
}

static int
insert_job(struct db *db, const struct op *op)
{
	const struct job_row *j = op->job;

	return db_run(db, "INSERT OR IGNORE INTO job(id, stage, priority, agent, topic, name, source,"
	    " correlator, sequence, hash, created_ms, parent) VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, coalesce(?11, ''))",
	    "sdsssssssls", op->id, j->priority, j->agent, j->topic, j->name, j->source,
	    j->correlator, j->sequence, j->hash, j->created_ms, j->parent);
}

static int
run_intend(struct db *db, struct op *op)
{
	int r = insert_job(db, op);

	if (r == 0) {
		r = forget_unknown(db, op);
		if (r == 0)
			r = insert_job(db, op);
	}
	if (r < 0)
		return r;
	if (r == 0)
		return op_refuse(op, E_EXISTS, "store: job %s is known already", op->id);
	tally_move(db, 0, STAGE_INTENT);
	if (op->blob == NULL)
		return 0;
	return job_count(db_run(db, "INSERT OR REPLACE INTO payload(job, data) VALUES(?1, ?2)", "lb",
	    (int64_t)sqlite3_last_insert_rowid(db->sq), op->blob, op->blob_len));
}

static int
run_forget(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGE_BIT(STAGE_INTENT), &k);

	if (r == 0)
		r = job_count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", k.seq));
	if (r == 0)
		r = job_count(db_run(db, "DELETE FROM job WHERE seq = ?1", "l", k.seq));
	if (r == 0)
		tally_move(db, STAGE_INTENT, 0);
	return r;
}

static int
run_accept(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGE_BIT(STAGE_INTENT) | STAGE_BIT(STAGE_ACCEPTED), &k);

	if (r == 0)
		r = job_count(db_run(db, "UPDATE job SET stage = 2, accepted_ms = ?2 WHERE seq = ?1", "ll", k.seq, op->num[0]));
	return r < 0 ? r : job_move(db, &k, STAGE_ACCEPTED);
}

static int
run_started(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGE_BIT(STAGE_ACCEPTED) | STAGE_BIT(STAGE_STARTED), &k);

	if (r == 0)
		r = job_count(db_run(db, "UPDATE job SET stage = 3, started_ms = ?2, attempts = attempts + 1, waited = ?3 WHERE seq = ?1",
		    "lls", k.seq, op->num[0], op->text[0]));
	return r < 0 ? r : job_move(db, &k, STAGE_STARTED);
}

/* --- again, or no more ------------------------------------------------------------- */

static int
run_drop_results(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGES_OPEN & ~STAGE_BIT(STAGE_SPOOLED), &k);

	return r < 0 ? r : job_drop_results(db, k.seq);
}

/* A worker has died of it, and it will not run again: only counted, so that a crash finds it "started" still. */
static int
run_died(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGE_BIT(STAGE_ACCEPTED) | STAGE_BIT(STAGE_STARTED), &k);

	if (r == 0)
		r = job_drop_results(db, k.seq);
	return r < 0 ? r : job_count(db_run(db, "UPDATE job SET deaths = deaths + 1 WHERE seq = ?1", "l", k.seq));
}

/* An ended job comes this way too, when a person has it tried again: its payload must be there still. */
static int
run_again(struct db *db, struct op *op)
{
	struct job_known k;
	int r = job_find(db, op, STAGE_BIT(STAGE_ACCEPTED) | STAGE_BIT(STAGE_STARTED) | STAGE_BIT(STAGE_DONE) | STAGE_BIT(STAGE_QUARANTINED), &k);
	bool ended = r == 0 && k.stage >= STAGE_DONE;
	sqlite3_stmt *st;

	if (ended) {
		st = db_ask(db, "SELECT 1 FROM payload WHERE job = ?1", "l", k.seq);
		r = db_next(db, st);
		db_end(st);
		if (r == 0)
			return op_refuse(op, E_NONE, "job %s has ended and what it asked for is no longer kept:"
			    " have the instance ask again", op->id);
	}
	if (r >= 0)
		r = job_drop_results(db, k.seq);
	if (r == 0)
		r = job_count(db_run(db, "UPDATE job SET stage = 2, deaths = CASE ?3 WHEN 1 THEN 0 ELSE deaths + ?2 END,"
		    " class = 0, partial = 0, error = NULL, finished_ms = 0, delivered_ms = 0,"
		    " run_ms = 0, pages = 0, sent = 0, ended = 0 WHERE seq = ?1",
		    "ldd", k.seq, (int)op->num[0], (int)ended));
	return r < 0 ? r : job_move(db, &k, STAGE_ACCEPTED);
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_intend = { "claim", OP_GROW, run_intend, tell_done };
static const struct op_kind op_forget = { "forget", 0, run_forget, tell_done };
static const struct op_kind op_accept = { "accept", 0, run_accept, tell_done };
static const struct op_kind op_started = { "start", 0, run_started, tell_done };
static const struct op_kind op_again = { "run again", 0, run_again, tell_done };
static const struct op_kind op_died = { "death", 0, run_died, tell_done };
static const struct op_kind op_drop = { "drop results", 0, run_drop_results, tell_done };

struct op *
job_op(const struct op_kind *kind, const char *id, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(kind, id);

	op->fn.done = fn;
	op->arg = arg;
	return op;
}

void
store_intend(struct store *s, const struct job_row *row, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_intend, row->id, fn, arg);

	op->job = xcalloc(1, sizeof(*op->job));
	job_row_copy(op->job, row);
	if (row->payload != NULL) {
		op->blob_len = row->payload_len;
		op->blob = xcalloc(1, row->payload_len + 1);
		memcpy(op->blob, row->payload, row->payload_len);
	}
	store_post(s, op);
}

void
store_forget(struct store *s, const char *id, store_done_fn *fn, void *arg)
{
	store_post(s, job_op(&op_forget, id, fn, arg));
}

void
store_accept(struct store *s, const char *id, int64_t now_ms, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_accept, id, fn, arg);

	op->num[0] = now_ms;
	store_post(s, op);
}

void
store_started(struct store *s, const char *id, int64_t now_ms, const char *waited, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_started, id, fn, arg);

	op->num[0] = now_ms;
	op_text(op, 0, waited);
	store_post(s, op);
}

void
store_again(struct store *s, const char *id, bool died, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_again, id, fn, arg);

	op->num[0] = died;
	store_post(s, op);
}

void
store_died(struct store *s, const char *id, store_done_fn *fn, void *arg)
{
	store_post(s, job_op(&op_died, id, fn, arg));
}

void
store_drop_results(struct store *s, const char *id, store_done_fn *fn, void *arg)
{
	store_post(s, job_op(&op_drop, id, fn, arg));
}


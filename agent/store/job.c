/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - the table job and its payload: each step of the road that is kept on
 * the disk, and from which stages it may be taken.
 */
#include <stdio.h>
#include <string.h>

#include "store/inside.h"
#include "store/job_row.h"
#include "xalloc.h"

#define PAYLOAD_KEPT 65536	/* of failed jobs, so that a person can have them tried again */

/* What a step needs to know of its job before it writes. */
struct known {
	int64_t seq;
	int stage, class, pages, sent;
};

#define IN(stage) (1u << (stage))
#define IN_OPEN (IN(STAGE_INTENT) | IN(STAGE_ACCEPTED) | IN(STAGE_STARTED) | IN(STAGE_SPOOLED))

/* 0, or refused: not known, or not in one of STAGES. */
static int
find(struct db *db, struct op *op, unsigned stages, struct known *k)
{
	sqlite3_stmt *st = db_ask(db,
	    "SELECT seq, stage, class, pages, sent FROM job WHERE id = ?1", "s", op->id);
	int r = db_next(db, st);

	if (r == 1) {
		k->seq = sqlite3_column_int64(st, 0);
		k->stage = sqlite3_column_int(st, 1);
		k->class = sqlite3_column_int(st, 2);
		k->pages = sqlite3_column_int(st, 3);
		k->sent = sqlite3_column_int(st, 4);
	}
	db_end(st);
	if (r < 0)
		return r;
	if (r == 0)
		return op_refuse(op, E_NONE, "store: job %s is not known", op->id);
	if (!(stages & IN(k->stage)))
		return op_refuse(op, E_BAD, "store: job %s is %s, which does not go with \"%s\"",
		    op->id, stage_name((enum stage)k->stage), op->kind->name);
	return 0;
}

static int
count(int r)
{
	return r < 0 ? r : 0;
}

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
	r = count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", seq));
	if (r == 0)
		r = count(db_run(db, "DELETE FROM job WHERE seq = ?1", "l", seq));
	tally_move(db, stage, 0);
	return r;
}

static int
insert_job(struct db *db, const struct op *op)
{
	const struct job_row *j = op->job;

	return db_run(db, "INSERT OR IGNORE INTO job(id, stage, priority, agent, topic, name, source,"
	    " correlator, sequence, hash, created_ms) VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	    "sdsssssssl", op->id, j->priority, j->agent, j->topic, j->name, j->source,
	    j->correlator, j->sequence, j->hash, j->created_ms);
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
	return count(db_run(db, "INSERT OR REPLACE INTO payload(job, data) VALUES(?1, ?2)", "lb",
	    (int64_t)sqlite3_last_insert_rowid(db->sq), op->blob, op->blob_len));
}

static int
run_forget(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN(STAGE_INTENT), &k);

	if (r == 0)
		r = count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", k.seq));
	if (r == 0)
		r = count(db_run(db, "DELETE FROM job WHERE seq = ?1", "l", k.seq));
	if (r == 0)
		tally_move(db, STAGE_INTENT, 0);
	return r;
}

static int
move(struct db *db, const struct known *k, int to)
{
	tally_move(db, k->stage, to);
	return 0;
}

static int
run_accept(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN(STAGE_INTENT) | IN(STAGE_ACCEPTED), &k);

	if (r == 0)
		r = count(db_run(db, "UPDATE job SET stage = 2, accepted_ms = ?2 WHERE seq = ?1", "ll", k.seq, op->num[0]));
	return r < 0 ? r : move(db, &k, STAGE_ACCEPTED);
}

static int
run_started(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN(STAGE_ACCEPTED) | IN(STAGE_STARTED), &k);

	if (r == 0)
		r = count(db_run(db, "UPDATE job SET stage = 3, started_ms = ?2, attempts = attempts + 1 WHERE seq = ?1",
		    "ll", k.seq, op->num[0]));
	return r < 0 ? r : move(db, &k, STAGE_STARTED);
}

/* --- results of a job, as far as they concern it ------------------------------------------ */

static int
drop_results(struct db *db, int64_t seq)
{
	sqlite3_stmt *st = db_ask(db, "SELECT count(*), coalesce(sum(len), 0) FROM result WHERE job = ?1", "l", seq);
	int64_t n = 0, bytes = 0;
	int r;

	if (db_next(db, st) == 1) {
		n = sqlite3_column_int64(st, 0);
		bytes = sqlite3_column_int64(st, 1);
	}
	db_end(st);
	if (db->broken || n == 0)
		return db->broken ? -db->err.code : 0;
	r = db_run(db, "DELETE FROM body WHERE k IN (SELECT k FROM result WHERE job = ?1)", "l", seq);
	if (r >= 0)
		r = db_run(db, "DELETE FROM result WHERE job = ?1", "l", seq);
	db->tally.results -= n;
	db->tally.result_bytes -= bytes;
	return count(r);
}

static int
run_drop_results(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN_OPEN & ~IN(STAGE_SPOOLED), &k);

	return r < 0 ? r : drop_results(db, k.seq);
}

/* A worker has died of it, and it will not run again: only counted, so that a crash finds it "started" still. */
static int
run_died(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN(STAGE_ACCEPTED) | IN(STAGE_STARTED), &k);

	if (r == 0)
		r = drop_results(db, k.seq);
	return r < 0 ? r : count(db_run(db, "UPDATE job SET deaths = deaths + 1 WHERE seq = ?1", "l", k.seq));
}

/* An ended job comes this way too, when a person has it tried again: its payload must be there still. */
static int
run_again(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN(STAGE_ACCEPTED) | IN(STAGE_STARTED) | IN(STAGE_DONE) | IN(STAGE_QUARANTINED), &k);
	bool ended = r == 0 && k.stage >= STAGE_DONE;
	sqlite3_stmt *st;

	if (ended) {
		st = db_ask(db, "SELECT 1 FROM payload WHERE job = ?1", "l", k.seq);
		r = db_next(db, st);
		db_end(st);
		if (r == 0)
			return op_refuse(op, E_NONE, "store: job %s has ended and its payload is no longer kept", op->id);
	}
	if (r >= 0)
		r = drop_results(db, k.seq);
	if (r == 0)
		r = count(db_run(db, "UPDATE job SET stage = 2, deaths = CASE ?3 WHEN 1 THEN 0 ELSE deaths + ?2 END,"
		    " class = 0, partial = 0, error = NULL, finished_ms = 0, delivered_ms = 0,"
		    " run_ms = 0, pages = 0, sent = 0, ended = 0 WHERE seq = ?1",
		    "ldd", k.seq, (int)op->num[0], (int)ended));
	return r < 0 ? r : move(db, &k, STAGE_ACCEPTED);
}

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
	return count(r);
}

static int
end_job(struct db *db, const struct known *k, int64_t now_ms)
{
	int to = k->class == CLASS_QUARANTINED ? STAGE_QUARANTINED : STAGE_DONE;
	int r = db_run(db, "UPDATE job SET stage = ?2, delivered_ms = ?3, ended = ?4, sent = pages WHERE seq = ?1",
	    "ldll", k->seq, to, now_ms, db->clock_ms);

	if (r >= 0)
		r = db_run(db, "DELETE FROM payload WHERE job = ?1 AND (?2 = 0 OR length(data) > ?3)", "ldd",
		    k->seq, k->class, PAYLOAD_KEPT);
	return r < 0 ? r : move(db, k, to);
}

/* From any open stage: a job may fail before it ever started. */
static int
run_spooled(struct db *db, struct op *op)
{
	struct known k;
	int pages = 0, r = find(db, op, IN_OPEN & ~IN(STAGE_SPOOLED), &k);

	if (r == 0)
		r = number_pages(db, k.seq, &pages);
	if (r < 0)
		return r;
	if (pages == 0)
		return op_refuse(op, E_BAD, "store: job %s has an outcome but no result to deliver", op->id);
	r = db_run(db, "UPDATE job SET stage = 4, class = ?2, partial = ?3, error = ?4, run_ms = ?5,"
	    " finished_ms = ?6, pages = ?7, sent = 0 WHERE seq = ?1", "lddslld",
	    k.seq, (int)op->num[0], (int)op->num[1], op->text[0], op->num[2], op->num[3], pages);
	if (r < 0)
		return r;
	tally_ended(db, (int)op->num[0], op->num[1] != 0, op->num[3]);
	return move(db, &k, STAGE_SPOOLED);
}

static int
run_delivered(struct db *db, struct op *op)
{
	struct known k;
	int64_t key, len;
	sqlite3_stmt *st;
	int r = find(db, op, IN(STAGE_SPOOLED) | IN(STAGE_DONE) | IN(STAGE_QUARANTINED), &k);

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
	return r < 0 ? r : count(db_run(db, "UPDATE job SET sent = ?2 WHERE seq = ?1", "ld", k.seq, k.sent));
}

static int
run_cancelled(struct db *db, struct op *op)
{
	struct known k;
	int r = find(db, op, IN_OPEN, &k);

	if (r == 0)
		r = drop_results(db, k.seq);
	if (r == 0)
		r = count(db_run(db, "DELETE FROM payload WHERE job = ?1", "l", k.seq));
	if (r == 0)
		r = count(db_run(db, "UPDATE job SET stage = 6, error = ?2, finished_ms = ?3, ended = ?4 WHERE seq = ?1",
		    "lsll", k.seq, op->text[0], op->num[0], db->clock_ms));
	return r < 0 ? r : move(db, &k, STAGE_CANCELLED);
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_intend = { "claim", OP_GROW, run_intend, tell_done };
static const struct op_kind op_forget = { "forget", 0, run_forget, tell_done };
static const struct op_kind op_accept = { "accept", 0, run_accept, tell_done };
static const struct op_kind op_started = { "start", 0, run_started, tell_done };
static const struct op_kind op_again = { "run again", 0, run_again, tell_done };
static const struct op_kind op_died = { "death", 0, run_died, tell_done };
static const struct op_kind op_drop = { "drop results", 0, run_drop_results, tell_done };
static const struct op_kind op_spooled = { "outcome", OP_PAGES, run_spooled, tell_done };
static const struct op_kind op_delivered = { "delivered", 0, run_delivered, tell_done };
static const struct op_kind op_cancelled = { "cancel", 0, run_cancelled, tell_done };

static struct op *
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
store_started(struct store *s, const char *id, int64_t now_ms, store_done_fn *fn, void *arg)
{
	struct op *op = job_op(&op_started, id, fn, arg);

	op->num[0] = now_ms;
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result - the spool: pages that wait until the instance has them. Nothing in
 * this file takes one away; only "delivered" and the job's own steps do (job.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "store/job_row.h"
#include "xalloc.h"

#define PAGE_MAX (64 * 1024 * 1024)
#define READ_ROWS_MAX 1000
/* Over size_max there is still so much room for results of SMALL_BYTES: what runs can end with a few words. */
#define SIZE_RESERVE (1024 * 1024)

static int
fits(struct db *db, struct op *op, int64_t was)
{
	int64_t max = db->cfg.size_max, would = db->tally.result_bytes - was + (int64_t)op->blob_len;

	if (op->blob_len > PAGE_MAX)
		return op_refuse(op, E_FULL, "store: a page of %zu bytes is larger than the %d allowed", op->blob_len, PAGE_MAX);
	if (max <= 0 || would <= max)
		return 0;
	if (op->blob_len <= SMALL_BYTES && would <= max + SIZE_RESERVE)
		return 0;
	return op_refuse(op, E_FULL, "the spool holds %lld of its %lld bytes: it takes no more until the instance has "
	    "fetched some (results.spool_max in the configuration)", (long long)db->tally.result_bytes, (long long)max);
}

/* The job must be open and not spooled yet. */
static int
owner(struct db *db, struct op *op, int64_t *seq)
{
	sqlite3_stmt *st = db_ask(db, "SELECT seq, stage FROM job WHERE id = ?1", "s", op->id);
	int r = db_next(db, st), stage = 0;

	if (r == 1) {
		*seq = sqlite3_column_int64(st, 0);
		stage = sqlite3_column_int(st, 1);
	}
	db_end(st);
	if (r < 0)
		return r;
	if (r == 0)
		return op_refuse(op, E_NONE, "store: a result for job %s, which is not known", op->id);
	if (stage >= STAGE_SPOOLED)
		return op_refuse(op, E_BAD, "store: a result for job %s, which is %s", op->id, stage_name((enum stage)stage));
	return 0;
}

/* The same page from an earlier try is replaced. *K 0: none. */
static int
earlier(struct db *db, int64_t seq, const struct result_row *row, int64_t *k, int64_t *len)
{
	sqlite3_stmt *st = db_ask(db, "SELECT k, len FROM result WHERE job = ?1 AND sink = ?2 AND page = ?3",
	    "ldd", seq, row->sink, row->page);
	int r = db_next(db, st);

	*k = r == 1 ? sqlite3_column_int64(st, 0) : 0;
	*len = r == 1 ? sqlite3_column_int64(st, 1) : 0;
	db_end(st);
	return r < 0 ? r : 0;
}

static int
remove_earlier(struct db *db, int64_t k, int64_t len)
{
	int r = db_run(db, "DELETE FROM body WHERE k = ?1", "l", k);

	if (r >= 0)
		r = db_run(db, "DELETE FROM result WHERE k = ?1", "l", k);
	db->tally.results--;
	db->tally.result_bytes -= len;
	return r < 0 ? r : 0;
}

static int
run_result(struct db *db, struct op *op)
{
	const struct result_row *row = op->result;
	int64_t seq = 0, k = 0, len = 0;
	int r = owner(db, op, &seq);

	if (r == 0)
		r = earlier(db, seq, row, &k, &len);
	if (r == 0)
		r = fits(db, op, len);
	if (r == 0 && k != 0)
		r = remove_earlier(db, k, len);
	if (r < 0)
		return r;
	r = db_run(db, "INSERT INTO result(job, page, sink, id, sealed, meta, len) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    "lddsdsl", seq, row->page, row->sink, row->id, (int)row->sealed, row->meta, (int64_t)op->blob_len);
	if (r >= 0)
		r = db_run(db, "INSERT OR REPLACE INTO body(k, data) VALUES(?1, ?2)", "lb",
		    (int64_t)sqlite3_last_insert_rowid(db->sq), op->blob, op->blob_len);
	db->tally.results++;
	db->tally.result_bytes += (int64_t)op->blob_len;
	return r < 0 ? r : 0;
}

static int
run_tried(struct db *db, struct op *op)
{
	int r = db_run(db, "UPDATE result SET tries = tries + 1, unsure = ?2 WHERE n = ?1", "ld",
	    op->num[0], (int)op->num[1]);

	return r < 0 ? r : 0;
}

/* --- reading -------------------------------------------------------------------------- */

static void
read_result(sqlite3_stmt *st, struct result_row *out)
{
	const void *p = sqlite3_column_blob(st, 8);

	out->n = (uint64_t)sqlite3_column_int64(st, 0);
	out->page = sqlite3_column_int(st, 1);
	out->sink = sqlite3_column_int(st, 2);
	db_id(st, 3, out->id);
	out->sealed = sqlite3_column_int(st, 4) != 0;
	out->meta = db_text_copy(st, 5);
	out->tries = sqlite3_column_int(st, 6);
	out->unsure = sqlite3_column_int(st, 7) != 0;
	out->blob_len = (size_t)sqlite3_column_bytes(st, 8);
	out->blob = xcalloc(1, out->blob_len + 1);
	if (p != NULL)
		memcpy(out->blob, p, out->blob_len);
	job_row_read(st, 9, &out->of);
	memcpy(out->job, out->of.id, sizeof(out->job));
}

/* num: after, limit, bytes. At least one row, whatever its size. */
static int
run_results(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "SELECT result.n, result.page, result.sink, result.id, result.sealed,"
	    " result.meta, result.tries, result.unsure, body.data, " JOB_COLUMNS
	    " FROM result JOIN job ON job.seq = result.job JOIN body ON body.k = result.k"
	    " WHERE result.n > ?1 AND job.stage = 4 ORDER BY result.n LIMIT ?2", "ll", op->num[0], op->num[1]);
	struct result_row *rows = xcalloc((size_t)op->num[1], sizeof(*rows));
	int64_t bytes = 0;
	int r = 0;

	op->rows = rows;
	while ((op->rows_n == 0 || bytes < op->num[2]) && (r = db_next(db, st)) == 1) {
		read_result(st, &rows[op->rows_n]);
		bytes += (int64_t)rows[op->rows_n++].blob_len;
	}
	db_end(st);
	return r < 0 ? r : 0;
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_result = { "result", OP_GROW | OP_PAGES, run_result, tell_done };
static const struct op_kind op_tried = { "tried", 0, run_tried, tell_done };
static const struct op_kind op_results = { "results", OP_READ, run_results, tell_results };

void
store_result_take(struct store *s, const struct result_row *row, void *blob, size_t len, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_result, row->job);

	op->result = xcalloc(1, sizeof(*op->result));
	op->result->page = row->page;
	op->result->sink = row->sink;
	op->result->sealed = row->sealed;
	memcpy(op->result->id, row->id, sizeof(row->id));
	op->result->meta = xstrdup(row->meta);
	op->blob = blob == NULL ? xcalloc(1, 1) : blob;
	op->blob_len = blob == NULL ? 0 : len;
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_result_tried(struct store *s, uint64_t n, bool unsure, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_tried, NULL);

	op->num[0] = (int64_t)n;
	op->num[1] = unsure;
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_results(struct store *s, uint64_t after, int limit, size_t bytes, store_results_fn *fn, void *arg)
{
	struct op *op = op_new(&op_results, NULL);

	op->num[0] = (int64_t)after;
	op->num[1] = limit <= 0 || limit > READ_ROWS_MAX ? READ_ROWS_MAX : limit;
	op->num[2] = bytes > PAGE_MAX ? PAGE_MAX : (int64_t)bytes;
	op->fn.results = fn;
	op->arg = arg;
	store_post(s, op);
}

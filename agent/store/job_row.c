/* SPDX-License-Identifier: Apache-2.0 */
/* job_row - see job_row.h; and the questions that are answered with such rows. */
#include "store/job_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "xalloc.h"

#define ROWS_MAX 10000		/* in one answer to a person */

void
job_row_read(sqlite3_stmt *st, int first, struct job_row *out)
{
	int c = first;

	db_id(st, c++, out->id);
	out->stage = (enum stage)sqlite3_column_int(st, c++);
	out->priority = sqlite3_column_int(st, c++);
	out->attempts = sqlite3_column_int(st, c++);
	out->deaths = sqlite3_column_int(st, c++);
	out->agent = db_text_copy(st, c++);
	out->topic = db_text_copy(st, c++);
	out->name = db_text_copy(st, c++);
	out->source = db_text_copy(st, c++);
	out->correlator = db_text_copy(st, c++);
	out->sequence = db_text_copy(st, c++);
	db_id(st, c++, out->hash);
	out->class = sqlite3_column_int(st, c++);
	out->partial = sqlite3_column_int(st, c++) != 0;
	out->error = db_text_copy(st, c++);
	out->created_ms = sqlite3_column_int64(st, c++);
	out->accepted_ms = sqlite3_column_int64(st, c++);
	out->started_ms = sqlite3_column_int64(st, c++);
	out->finished_ms = sqlite3_column_int64(st, c++);
	out->delivered_ms = sqlite3_column_int64(st, c++);
	out->run_ms = sqlite3_column_int64(st, c++);
	out->pages = sqlite3_column_int(st, c++);
	out->answers = sqlite3_column_int(st, c++);
	out->parent = db_text_copy(st, c++);
	out->bytes = sqlite3_column_int64(st, c++);
	out->waited = db_text_copy(st, c++);
}

void
job_row_copy(struct job_row *to, const struct job_row *from)
{
	memcpy(to->id, from->id, sizeof(to->id));
	memcpy(to->hash, from->hash, sizeof(to->hash));
	to->priority = from->priority;
	to->agent = xstrdup(from->agent);
	to->topic = xstrdup(from->topic);
	to->name = xstrdup(from->name);
	to->source = xstrdup(from->source);
	to->correlator = xstrdup(from->correlator);
	to->sequence = xstrdup(from->sequence);
	to->parent = xstrdup(from->parent);
	to->created_ms = from->created_ms;
}

/* One more row in OP's answer, zeroed. */
static struct job_row *
add_row(struct op *op)
{
	struct job_row *rows = op->rows;

	if ((op->rows_n & (op->rows_n - 1)) == 0)
		op->rows = rows = xrealloc(rows, (op->rows_n ? 2 * op->rows_n : 1) * sizeof(*rows));
	memset(&rows[op->rows_n], 0, sizeof(*rows));
	return &rows[op->rows_n++];
}

/* A payload that is lost leaves NULL: its reader says so to the instance. */
static void
read_payload(sqlite3_stmt *st, int col, struct job_row *row)
{
	const void *p = sqlite3_column_blob(st, col);
	int n = sqlite3_column_bytes(st, col);

	if (p == NULL)
		return;
	row->payload = xcalloc(1, (size_t)n + 1);
	memcpy(row->payload, p, (size_t)n);
	row->payload_len = (size_t)n;
}

/* The question limits how many. */
static int
read_rows(struct db *db, struct op *op, sqlite3_stmt *st, bool payload)
{
	struct job_row *row;
	int r;

	while ((r = db_next(db, st)) == 1) {
		row = add_row(op);
		job_row_read(st, 0, row);
		if (payload)
			read_payload(st, JOB_COLUMNS_N, row);
	}
	return r < 0 ? r : 0;
}

/* --- load: where the road goes on after a start ---------------------------------------- */

#define WITH_PAYLOAD "SELECT " JOB_COLUMNS ", payload.data FROM job LEFT JOIN payload ON payload.job = job.seq"
#define WITHOUT_PAYLOAD "SELECT " JOB_COLUMNS " FROM job"

/* All of them: one that is left out would be neither run nor answered. */
static int
run_load(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, WITH_PAYLOAD " WHERE job.stage < 5 AND job.stage <> 4 ORDER BY job.seq", "");
	int r = read_rows(db, op, st, true);

	db_end(st);
	return r;
}

/* --- list ---------------------------------------------------------------------------------- */

enum { F_STAGE, F_FAILED, F_OPEN, F_LIMIT };	/* in num[] */
#define F_PAYLOAD 4				/* a bit in num[F_OPEN] */

/* Only the conditions asked for, so that the index of each can serve. */
static sqlite3_stmt *
prepare_list(struct db *db, const struct op *op)
{
	bool payload = (op->num[F_OPEN] & F_PAYLOAD) != 0;
	char *sql = xasprintf("%s WHERE 1%s%s%s%s%s ORDER BY job.seq DESC LIMIT ?3",
	    payload ? WITH_PAYLOAD : WITHOUT_PAYLOAD,
	    op->id[0] != '\0' ? " AND job.id >= ?1 AND job.id < ?1 || 'g'" : "",
	    op->text[0] != NULL ? " AND job.correlator = ?2 AND job.correlator <> ''" : "",
	    op->num[F_STAGE] > 0 ? " AND job.stage = ?4" : "",
	    op->num[F_FAILED] ? " AND job.class <> 0" : "",
	    (op->num[F_OPEN] & 1) ? " AND job.stage < 5" : "");
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL);

	free(sql);
	if (rc != SQLITE_OK) {
		db_broken(db, rc, "prepare");
		return NULL;
	}
	/* A parameter the text does not name is no error here: it can't be bound, and is not needed. */
	(void)sqlite3_bind_text(st, 1, op->id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(st, 2, op->text[0], -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(st, 3, op->num[F_LIMIT]);
	(void)sqlite3_bind_int64(st, 4, op->num[F_STAGE]);
	return st;
}

static int
run_list(struct db *db, struct op *op)
{
	sqlite3_stmt *st = prepare_list(db, op);
	int r = st == NULL ? -db->err.code : read_rows(db, op, st, (op->num[F_OPEN] & F_PAYLOAD) != 0);

	sqlite3_finalize(st);
	return r;
}

/* --- seen ------------------------------------------------------------------------------------- */

/* blob: ids of 33 bytes each. */
static int
run_seen(struct db *db, struct op *op)
{
	const char (*ids)[33] = op->blob;
	sqlite3_stmt *st;
	int r = 0;

	for (size_t i = 0; i < op->blob_len / 33 && r >= 0; i++) {
		st = db_ask(db, WITHOUT_PAYLOAD " WHERE job.id = ?1 AND NOT " JOB_UNKNOWN, "s", ids[i]);
		r = read_rows(db, op, st, false);
		db_end(st);
	}
	return r;
}

/* --- what the loop calls ------------------------------------------------------------------- */

static const struct op_kind op_load = { "load", OP_READ, run_load, tell_jobs };
static const struct op_kind op_list = { "list", OP_READ, run_list, tell_jobs };
static const struct op_kind op_seen = { "seen", OP_READ, run_seen, tell_jobs };

static struct op *
rows_op(const struct op_kind *kind, const char *id, store_jobs_fn *fn, void *arg)
{
	struct op *op = op_new(kind, id);

	op->fn.jobs = fn;
	op->arg = arg;
	return op;
}

void
store_load(struct store *s, store_jobs_fn *fn, void *arg)
{
	store_post(s, rows_op(&op_load, NULL, fn, arg));
}

void
store_jobs(struct store *s, const struct job_filter *f, store_jobs_fn *fn, void *arg)
{
	struct op *op = rows_op(&op_list, f->id, fn, arg);

	op->num[F_STAGE] = f->stage;
	op->num[F_FAILED] = f->failed;
	op->num[F_OPEN] = (f->open ? 1 : 0) | (f->payload ? F_PAYLOAD : 0);
	op->num[F_LIMIT] = f->limit <= 0 || f->limit > ROWS_MAX ? ROWS_MAX : f->limit;
	op_text(op, 0, f->correlator);
	store_post(s, op);
}

void
store_seen(struct store *s, const char *const *ids, size_t n, store_jobs_fn *fn, void *arg)
{
	struct op *op = rows_op(&op_seen, NULL, fn, arg);
	char (*copy)[33];

	copy = xcalloc(n, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		snprintf(copy[i], sizeof(copy[i]), "%s", ids[i]);
	op->blob = copy;
	op->blob_len = n * sizeof(*copy);
	store_post(s, op);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* job_step - see job_step.h. */
#include "store/job_step.h"

int
job_find(struct db *db, struct op *op, unsigned stages, struct job_known *k)
{
	sqlite3_stmt *st = db_ask(db,
	    "SELECT seq, stage, class, pages, sent, parent <> '' FROM job WHERE id = ?1", "s", op->id);
	int r = db_next(db, st);

	if (r == 1) {
		k->seq = sqlite3_column_int64(st, 0);
		k->stage = sqlite3_column_int(st, 1);
		k->class = sqlite3_column_int(st, 2);
		k->pages = sqlite3_column_int(st, 3);
		k->sent = sqlite3_column_int(st, 4);
		k->own = sqlite3_column_int(st, 5) != 0;
	}
	db_end(st);
	if (r < 0)
		return r;
	if (r == 0)
		return op_refuse(op, E_NONE, "store: job %s is not known", op->id);
	if (!(stages & STAGE_BIT(k->stage)))
		return op_refuse(op, E_BAD, "store: job %s is %s, which does not go with \"%s\"",
		    op->id, stage_name((enum stage)k->stage), op->kind->name);
	return 0;
}

int
job_count(int r)
{
	return r < 0 ? r : 0;
}

int
job_move(struct db *db, const struct job_known *k, int to)
{
	tally_move(db, k->stage, to);
	return 0;
}

int
job_drop_results(struct db *db, int64_t seq)
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
	return job_count(r);
}

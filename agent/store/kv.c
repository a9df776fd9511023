/* SPDX-License-Identifier: Apache-2.0 */
/* kv - small things of our own by name; see store.h. */
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "xalloc.h"

static int
run_set(struct db *db, struct op *op)
{
	int r;

	if (op->text[1] == NULL)
		r = db_run(db, "DELETE FROM kv WHERE key = ?1", "s", op->text[0]);
	else
		r = db_run(db, "INSERT INTO kv(key, value) VALUES(?1, ?2)"
		    " ON CONFLICT(key) DO UPDATE SET value = excluded.value", "ss", op->text[0], op->text[1]);
	return r < 0 ? r : 0;
}

static int
run_get(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "SELECT value FROM kv WHERE key = ?1", "s", op->text[0]);
	int r = db_next(db, st);

	if (r == 1)
		op_text(op, 1, db_text(st, 0));
	db_end(st);
	return r < 0 ? r : 0;
}

/* Whether anything that is still on its way is sealed with our key: payloads of jobs, results that are not sealed to the instance. */
static int
run_waits(struct db *db, struct op *op)
{
	op->num[0] = db_number(db, "SELECT EXISTS (SELECT 1 FROM job WHERE stage IN (2, 3)) OR EXISTS (SELECT 1 FROM result WHERE sealed = 0)", 0);
	return db->broken ? -db->err.code : 0;
}

static const struct op_kind op_waits = { "what waits", OP_READ, run_waits, tell_done };
static const struct op_kind op_set = { "set", 0, run_set, tell_done };
static const struct op_kind op_get = { "get", OP_READ, run_get, tell_done };

void
store_set(struct store *s, const char *key, const char *value, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_set, NULL);

	op_text(op, 0, key);
	op_text(op, 1, value);
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

char *
store_get_now(struct store *s, const char *key)
{
	struct op *op = op_new(&op_get, NULL);
	char *value;

	op_text(op, 0, key);
	store_post(s, op);
	queue_wait(s, op);
	value = op->r < 0 ? NULL : op->text[1];
	if (value != NULL)
		op->text[1] = NULL;
	return value;
}

bool
store_waits_now(struct store *s)
{
	struct op *op = op_new(&op_waits, NULL);

	store_post(s, op);
	queue_wait(s, op);
	return op->r < 0 || op->num[0] != 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target - what is known of targets: rows by kind and key. The oldest of a
 * kind go beyond TARGETS_KEPT, so that no address range fills the disk.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "store/inside.h"
#include "xalloc.h"

#define TARGETS_KEPT 200000
#define TARGETS_SWEPT 1024	/* a look at the number once in so many changes */
#define TARGETS_READ_MAX 10000	/* for people */

static int
trim(struct db *db, const char *kind)
{
	if (db_number(db, "SELECT max(k) FROM target", 0) % TARGETS_SWEPT != 0)
		return 0;
	return db_run(db, "DELETE FROM target WHERE kind = ?1 AND ms < (SELECT ms FROM target WHERE kind = ?1"
	    " ORDER BY ms DESC LIMIT 1 OFFSET ?2)", "sl", kind, (int64_t)TARGETS_KEPT);
}

static int
run_target_set(struct db *db, struct op *op)
{
	int r;

	if (op->num[1] != 0)
		r = db_run(db, "INSERT INTO target(kind, key, value, ms) VALUES(?1, ?2, ?3, ?4)"
		    " ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value", "sssl", op->text[0], op->text[1], op->text[2], op->num[0]);
	else if (op->text[2] == NULL)
		r = db_run(db, "DELETE FROM target WHERE kind = ?1 AND key = ?2", "ss", op->text[0], op->text[1]);
	else
		r = db_run(db, "INSERT INTO target(kind, key, value, ms) VALUES(?1, ?2, ?3, ?4)"
		    " ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value, ms = excluded.ms", "sssl",
		    op->text[0], op->text[1], op->text[2], op->num[0]);
	if (r >= 0 && op->text[2] != NULL)
		r = trim(db, op->text[0]);
	return r < 0 ? r : 0;
}

static int
run_targets(struct db *db, struct op *op)
{
	char *end = xasprintf("%s\xff", op->text[1]);
	sqlite3_stmt *st = db_ask(db, "SELECT key, value, ms FROM target WHERE kind = ?1 AND key >= ?2 AND key < ?3"
	    " AND ms >= ?4 ORDER BY key LIMIT ?5", "sssll", op->text[0], op->text[1], end, op->num[0], op->num[1]);
	struct json_object *o;
	int r;

	op->json = json_object_new_array();
	while ((r = db_next(db, st)) == 1) {
		o = json_object_new_object();
		json_put_str(o, "key", db_text(st, 0));
		json_put_str(o, "value", db_text(st, 1));
		json_put_int(o, "ms", sqlite3_column_int64(st, 2));
		json_add_take(op->json, o);
	}
	db_end(st);
	free(end);
	return r;
}

static const struct op_kind op_target_set = { "target-set", 0, run_target_set, tell_done };
static const struct op_kind op_targets = { "targets", OP_READ, run_targets, tell_json };

void
store_target_set(struct store *s, const char *kind, const char *key, const char *value, int64_t ms,
    store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_target_set, NULL);

	op_text(op, 0, kind);
	op_text(op, 1, key);
	op_text(op, 2, value);
	op->num[0] = ms;
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_target_renew(struct store *s, const char *kind, const char *key, const char *value, int64_t ms)
{
	struct op *op = op_new(&op_target_set, NULL);

	op_text(op, 0, kind);
	op_text(op, 1, key);
	op_text(op, 2, value);
	op->num[0] = ms;
	op->num[1] = 1;
	store_post(s, op);
}

void
store_targets(struct store *s, const char *kind, const char *prefix, int64_t since_ms, int limit,
    store_json_fn *fn, void *arg)
{
	struct op *op = op_new(&op_targets, NULL);

	op_text(op, 0, kind);
	op_text(op, 1, prefix);
	op->num[0] = since_ms;
	op->num[1] = limit < 1 ? TARGETS_READ_MAX : limit;
	op->fn.json = fn;
	op->arg = arg;
	store_post(s, op);
}

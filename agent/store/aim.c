/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aim - what a discovery knows of each of its targets: one row an address, written
 * in the transaction of the job that has told it, so that a crash finds both or
 * neither.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "xalloc.h"

#define GONE_LINKS_MAX (64u << 20)	/* the rest is missed another time */
#define DROPPED_MAX 20000	/* in one transaction; the rest goes with its job */
#define AIMS_MAX 1000000	/* parts of the ranges, and machines that are missed, are rows too */
#define AROUND_MAX (8u << 20)	/* of what those that are in no discovery now have said */

void
aim_row_fini(struct aim_row *a)
{
	free(a->address);
	free(a->ways);
	free(a->topic);
	free(a->what);
	free(a->name);
	free(a->why);
	free(a->whose);
	free(a->who);
	free(a->links);
	memset(a, 0, sizeof(*a));
}

static void *
copy_of(const void *p, size_t n)
{
	void *to = p == NULL ? NULL : xcalloc(1, n + 1);

	if (to != NULL)
		memcpy(to, p, n);
	return to;
}

static int
run_aim(struct db *db, struct op *op)
{
	const struct aim_row *a = op->aim;
	int r = db_run(db, "INSERT INTO aim(parent, address, state, ways, child, topic, what, name, sure, class, why, ms, whose, who)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
	    " ON CONFLICT(parent, address) DO UPDATE SET state = excluded.state, ways = excluded.ways, child = excluded.child,"
	    " topic = excluded.topic, what = excluded.what, name = excluded.name, sure = excluded.sure, class = excluded.class,"
	    " why = excluded.why, ms = excluded.ms, whose = excluded.whose, who = excluded.who", "ssdsssssddslss", a->parent, a->address, a->state,
	    a->ways, a->child, a->topic, a->what, a->name, a->sure, a->class, a->why, a->ms, a->whose, a->who);

	if (r >= 0 && a->links != NULL)
		r = db_run(db, "UPDATE aim SET links = ?3 WHERE parent = ?1 AND address = ?2", "ssb", a->parent, a->address,
		    a->links, a->links_len);
	return r < 0 ? r : 0;
}

/* What was not said comes back as not said. */
static char *
text_or_none(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? NULL : db_text_copy(st, column);
}

static void
read_aim(sqlite3_stmt *st, struct aim_row *a, size_t *left)
{
	db_id(st, 0, a->parent);
	a->address = db_text_copy(st, 1);
	a->state = sqlite3_column_int(st, 2);
	a->ways = db_text_copy(st, 3);
	db_id(st, 4, a->child);
	a->topic = db_text_copy(st, 5);
	a->what = db_text_copy(st, 6);
	a->name = db_text_copy(st, 7);
	a->sure = sqlite3_column_int(st, 8);
	a->class = sqlite3_column_int(st, 9);
	a->why = text_or_none(st, 10);
	a->ms = sqlite3_column_int64(st, 11);
	a->links_len = (size_t)sqlite3_column_bytes(st, 12);
	a->whose = text_or_none(st, 13);
	a->who = text_or_none(st, 14);
	if (a->links_len <= *left) {
		a->links = copy_of(sqlite3_column_blob(st, 12), a->links_len);
		*left -= a->links_len;
	}
}

#define AIM(links) "SELECT parent, address, state, ways, child, topic, what, name, sure, class, why, ms, " links ", whose, who" \
	" FROM aim WHERE parent = ?1"

/* The rows of ST, with LEFT bytes of links in all; ALL: those too whose links are more. */
static int
take_aims(struct db *db, struct op *op, sqlite3_stmt *st, size_t *left, bool all)
{
	struct aim_row *rows = op->rows;
	int r = 0;

	while (op->rows_n < AIMS_MAX && (r = db_next(db, st)) == 1) {
		if ((op->rows_n & (op->rows_n - 1)) == 0)
			op->rows = rows = xrealloc(rows, (op->rows_n ? 2 * op->rows_n : 1) * sizeof(*rows));
		memset(&rows[op->rows_n], 0, sizeof(*rows));
		read_aim(st, &rows[op->rows_n++], left);
		if (!all && rows[op->rows_n - 1].links == NULL)
			break;
	}
	db_end(st);
	return r < 0 ? r : 0;
}

/* What A has said, in the discovery that has it. */
static void
read_links(struct db *db, struct aim_row *a)
{
	sqlite3_stmt *st = db_ask(db, "SELECT links FROM aim WHERE parent = ?1 AND who = ?2 AND who <> '' AND links IS NOT NULL LIMIT 1", "ss",
	    a->child, a->who);

	if (db_next(db, st) == 1) {
		a->links_len = (size_t)sqlite3_column_bytes(st, 0);
		a->links = copy_of(sqlite3_column_blob(st, 0), a->links_len);
	}
	db_end(st);
}

/* Links are not sorted: that would keep all of them in memory. */
static int
take_own(struct db *db, struct op *op, size_t *left)
{
	return take_aims(db, op, db_ask(db, op->num[0] > 0 ? AIM("links") " ORDER BY address" : AIM("NULL") " ORDER BY k", "s", op->id), left, true);
}

static int
run_aims(struct db *db, struct op *op)
{
	size_t left = (size_t)op->num[0];

	return take_own(db, op, &left);
}

/* And then those that were there when they were last looked for, by other discoveries (run_present()), with what they said: the newest first. */
static int
run_around(struct db *db, struct op *op)
{
	size_t left = (size_t)op->num[0];
	int r = take_own(db, op, &left);

	left = left < AROUND_MAX ? left : AROUND_MAX;
	return r < 0 ? r : take_aims(db, op, db_ask(db, "SELECT a.parent, a.address, a.state, a.ways, a.child, a.topic, a.what, a.name, a.sure,"
	    " a.class, a.why, a.ms, a.links, a.whose, a.who FROM target t CROSS JOIN aim a ON a.parent = substr(t.value, 3, 32) AND a.who = t.key AND a.who <> ''"
	    " WHERE t.kind = 'present' AND t.value LIKE '0 %' AND substr(t.value, 3, 32) <> ?1 AND a.state = 6 AND a.links IS NOT NULL"
	    " AND NOT EXISTS (SELECT 1 FROM aim n WHERE n.parent = ?1 AND n.who = t.key AND n.who <> '' AND n.state = 6) ORDER BY t.ms DESC", "s", op->id),
	    &left, false);
}

/* Known, and missed less than so often before; not here, or here again after more. Of kind "present" the key is who it is, the value
 * how often it was missed, the discovery that has what it said (32 digits), and its address. State 6 is AIM_DONE. */
static int
run_gone(struct db *db, struct op *op)
{
	sqlite3_stmt *st = db_ask(db, "WITH known AS (SELECT key, CAST(value AS INTEGER) AS n,"
	    " substr(value, instr(value, ' ') + 1, 32) AS parent, substr(value, instr(value, ' ') + 34) AS address"
	    " FROM target WHERE kind = 'present'),"
	    " here AS (SELECT who, min(address) AS address FROM aim WHERE parent = ?1 AND state = 6 AND who <> '' GROUP BY who)"
	    " SELECT key, n, parent, known.address, here.address FROM known LEFT JOIN here ON who = key"
	    " WHERE n < ?2 AND here.address IS NULL OR n >= ?2 AND here.address IS NOT NULL", "sd", op->id, (int)op->num[0]);
	struct aim_row *rows = NULL, *a;
	size_t read = 0;
	int r;

	while ((r = db_next(db, st)) == 1 && op->rows_n < AIMS_MAX && read < GONE_LINKS_MAX) {
		if (sqlite3_column_type(st, 4) == SQLITE_NULL && op->wanted != NULL && !op->wanted(op->arg, db_text(st, 3)))
			continue;
		if ((op->rows_n & (op->rows_n - 1)) == 0)
			op->rows = rows = xrealloc(rows, (op->rows_n ? 2 * op->rows_n : 1) * sizeof(*rows));
		a = &rows[op->rows_n++];
		memset(a, 0, sizeof(*a));
		a->who = db_text_copy(st, 0);
		a->sure = sqlite3_column_int(st, 1);
		db_id(st, 2, a->child);
		a->address = db_text_copy(st, 3);
		a->name = text_or_none(st, 4);
		if (a->name == NULL)
			read_links(db, a);
		read += a->links_len;
	}
	db_end(st);
	return r < 0 ? r : 0;
}

/* What those that are here have said earlier: nobody asks for it again, once that discovery has ended. */
static int
drop_old_links(struct db *db, const char *parent)
{
	return db_run(db, "UPDATE aim SET links = NULL WHERE k IN (SELECT a.k FROM aim h"
	    " JOIN target t ON t.kind = 'present' AND t.key = h.who"
	    " JOIN aim a ON a.parent = substr(t.value, instr(t.value, ' ') + 1, 32) AND a.who = h.who"
	    " WHERE h.parent = ?1 AND h.state = 6 AND h.who <> '' AND a.who <> '' AND a.parent <> ?1 AND a.links IS NOT NULL"
	    " AND coalesce((SELECT stage FROM job WHERE id = a.parent), 4) >= 4 LIMIT ?2)", "sl", parent, (int64_t)DROPPED_MAX);
}

static int
run_present(struct db *db, struct op *op)
{
	int r = drop_old_links(db, op->id);

	if (r >= 0)
		r = db_run(db, "INSERT INTO target(kind, key, value, ms) SELECT 'present', who, '0 ' || parent || ' ' || min(address), ?2"
		    " FROM aim WHERE parent = ?1 AND state = 6 AND who <> '' GROUP BY who"
		    " ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value, ms = excluded.ms", "sl", op->id, op->num[0]);
	return r < 0 ? r : 0;
}

/* Kept by who it is (agent/discovery/params.c), or by the name of the job. */
static int
run_not_taken(struct db *db, struct op *op)
{
	int r = db_run(db, "DELETE FROM target WHERE kind = 'sent' AND key IN (SELECT name FROM job WHERE id = ?1 UNION"
	    " SELECT j.topic || ' ' || a.who FROM job j JOIN aim a ON a.parent = j.parent AND a.address = j.source WHERE j.id = ?1)", "s", op->id);

	return r < 0 ? r : 0;
}

static const struct op_kind op_not_taken = { "not taken", 0, run_not_taken, tell_done };
static const struct op_kind op_gone = { "targets that are gone", OP_READ, run_gone, tell_aims };
static const struct op_kind op_present = { "targets that are there", 0, run_present, tell_done };
static const struct op_kind op_aim = { "target", 0, run_aim, tell_done };
static const struct op_kind op_around = { "targets and those around", OP_READ, run_around, tell_aims };
static const struct op_kind op_aims = { "targets of a discovery", OP_READ, run_aims, tell_aims };

void
store_aim(struct store *s, const struct aim_row *a, store_done_fn *fn, void *arg)
{
	struct op *op = op_new(&op_aim, NULL);

	op->aim = xcalloc(1, sizeof(*op->aim));
	*op->aim = *a;
	op->aim->address = xstrdup(a->address);
	op->aim->ways = xstrdup(a->ways);
	op->aim->topic = xstrdup(a->topic);
	op->aim->what = xstrdup(a->what);
	op->aim->name = xstrdup(a->name);
	op->aim->why = xstrdup(a->why);
	op->aim->whose = xstrdup(a->whose);
	op->aim->who = xstrdup(a->who);
	op->aim->links = copy_of(a->links, a->links_len);
	op->fn.done = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_aims(struct store *s, const char *parent, size_t links, store_aims_fn *fn, void *arg)
{
	struct op *op = op_new(&op_aims, parent);

	op->num[0] = (int64_t)links;
	op->fn.aims = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_around(struct store *s, const char *parent, size_t links, store_aims_fn *fn, void *arg)
{
	struct op *op = op_new(&op_around, parent);

	op->num[0] = (int64_t)links;
	op->fn.aims = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_gone(struct store *s, const char *parent, int missed, store_wanted_fn *wanted, store_aims_fn *fn, void *arg)
{
	struct op *op = op_new(&op_gone, parent);

	op->num[0] = missed;
	op->wanted = wanted;
	op->fn.aims = fn;
	op->arg = arg;
	store_post(s, op);
}

void
store_present(struct store *s, const char *parent, int64_t ms)
{
	struct op *op = op_new(&op_present, parent);

	op->num[0] = ms;
	store_post(s, op);
}

void
store_missed(struct store *s, const struct aim_row *a, const char *address)
{
	char *value = xasprintf("%d %s %s", a->sure, a->parent, address);

	store_target_set(s, "present", a->who, value, a->ms, NULL, NULL);
	free(value);
}

void
store_not_taken(struct store *s, const char *job)
{
	store_post(s, op_new(&op_not_taken, job));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db - the connection: opening, transactions, and statements that stay
 * prepared because the same dozen shapes are asked thousands of times.
 */
#include "db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

int
db_say(struct db *db, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(db->error, sizeof(db->error), fmt, ap);
	va_end(ap);
	return code;
}

const char *
db_error(const struct db *db)
{
	return db->error;
}

static int
say_sqlite(struct db *db, const char *doing)
{
	return db_say(db, DB_E_FAILED, "the database could not %s: %s", doing,
	    sqlite3_errmsg(db->sq));
}

int
db_exec(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->sq, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return say_sqlite(db, sql);
}

static int
open_file(struct db *db, const char *path)
{
	int r;

	if (sqlite3_open_v2(path, &db->sq,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	    NULL) != SQLITE_OK)
		return say_sqlite(db, "be opened");
	sqlite3_busy_timeout(db->sq, 10000);
	r = db_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;"
	    "PRAGMA foreign_keys=OFF");
	if (r == 0)
		r = catalog_bootstrap(db);
	if (r == 0)
		r = catalog_load(db);
	return r;
}

int
db_open(struct db **out, const char *path, char **why)
{
	struct db *db = xcalloc(1, sizeof(*db));
	int r;

	db->now_ms = clock_ms;
	db_set_user(db, "system", "");
	r = open_file(db, path);
	if (r < 0) {
		struct text t = { 0 };

		text_addf(&t, "%s: %s", path, db->error);
		*why = text_take(&t);
		db_close(db);
		return r;
	}
	*out = db;
	return 0;
}

void
db_close(struct db *db)
{
	size_t i;

	if (db == NULL)
		return;
	for (i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(db->statements[i].st);
		free(db->statements[i].sql);
	}
	catalog_fini(&db->cat);
	sqlite3_close(db->sq);
	free(db);
}

void
db_set_user(struct db *db, const char *user, const char *user_sys_id)
{
	snprintf(db->user, sizeof(db->user), "%s", user);
	snprintf(db->user_sys_id, sizeof(db->user_sys_id), "%s", user_sys_id);
}

const char *
db_user(const struct db *db)
{
	return db->user;
}

void
db_set_clock(struct db *db, int64_t (*now_ms)(void))
{
	db->now_ms = now_ms;
}

int64_t
db_now_ms(const struct db *db)
{
	return db->now_ms();
}

/* --- transactions -------------------------------------------------------- */

/* SAVEPOINT, RELEASE or ROLLBACK TO the one of the present depth. */
static int
savepoint(struct db *db, const char *verb)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "%s depth%d", verb, db->depth);
	return db_exec(db, sql);
}

int
db_begin(struct db *db)
{
	int r = db->depth == 0 ? db_exec(db, "BEGIN IMMEDIATE") :
	    savepoint(db, "SAVEPOINT");

	if (r == 0)
		db->depth++;
	return r;
}

int
db_commit(struct db *db)
{
	assert(db->depth > 0);
	if (--db->depth > 0)
		return savepoint(db, "RELEASE");
	if (db_exec(db, "COMMIT") == 0)
		return 0;
	if (!sqlite3_get_autocommit(db->sq))
		(void)sqlite3_exec(db->sq, "ROLLBACK", NULL, NULL, NULL);
	return DB_E_FAILED;
}

void
db_rollback(struct db *db)
{
	assert(db->depth > 0);
	if (--db->depth > 0) {
		(void)savepoint(db, "ROLLBACK TO");
		(void)savepoint(db, "RELEASE");
	} else if (!sqlite3_get_autocommit(db->sq)) {
		(void)sqlite3_exec(db->sq, "ROLLBACK", NULL, NULL, NULL);
	}
}

int
db_end(struct db *db, int r)
{
	if (r == 0)
		return db_commit(db);
	db_rollback(db);
	return r;
}

/* --- statements ---------------------------------------------------------- */

void
sql_bind(struct sql *q, const char *value)
{
	text_add(&q->text, "?");
	q->binds = xrealloc(q->binds, (q->bind_count + 1) * sizeof(char *));
	q->binds[q->bind_count++] = xstrdup(value);
}

void
sql_fini(struct sql *q)
{
	size_t i;

	for (i = 0; i < q->bind_count; i++)
		free(q->binds[i]);
	free(q->binds);
	text_fini(&q->text);
	memset(q, 0, sizeof(*q));
}

/* The slot that holds SQL already, or the one unused for longest. */
static struct statement *
statement_slot(struct db *db, const char *sql)
{
	struct statement *s, *oldest = NULL;
	size_t i;

	for (i = 0; i < STATEMENTS; i++) {
		s = &db->statements[i];
		if (s->busy)
			continue;
		if (s->sql != NULL && strcmp(s->sql, sql) == 0)
			return s;
		if (oldest == NULL || s->used < oldest->used)
			oldest = s;
	}
	assert(oldest != NULL);
	sqlite3_finalize(oldest->st);
	free(oldest->sql);
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

int
db_prepare(struct db *db, const struct sql *q, sqlite3_stmt **out)
{
	struct statement *s = statement_slot(db, text_str(&q->text));
	size_t i;

	if (s->st == NULL && sqlite3_prepare_v3(db->sq, text_str(&q->text), -1,
	    SQLITE_PREPARE_PERSISTENT, &s->st, NULL) != SQLITE_OK)
		return say_sqlite(db, "understand a statement");
	if (s->sql == NULL)
		s->sql = xstrdup(text_str(&q->text));
	for (i = 0; i < q->bind_count; i++)
		sqlite3_bind_text(s->st, (int)i + 1, q->binds[i], -1,
		    SQLITE_STATIC);
	s->busy = true;
	s->used = ++db->tick;
	*out = s->st;
	return 0;
}

void
db_done(struct db *db, sqlite3_stmt *st)
{
	size_t i;

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	for (i = 0; i < STATEMENTS; i++)
		if (db->statements[i].st == st)
			db->statements[i].busy = false;
}

int
db_run(struct db *db, const struct sql *q)
{
	sqlite3_stmt *st;
	int r;

	r = db_prepare(db, q, &st);
	if (r < 0)
		return r;
	r = sqlite3_step(st);
	if (r == SQLITE_CONSTRAINT)
		r = db_say(db, DB_E_DUPLICATE,
		    "a record with this sys_id is there already");
	else if (r != SQLITE_DONE && r != SQLITE_ROW)
		r = say_sqlite(db, "write a record");
	else
		r = 0;
	db_done(db, st);
	return r;
}

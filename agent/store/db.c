/* SPDX-License-Identifier: Apache-2.0 */
/* db - see db.h: statements, errors, transactions. */
#include "store/db.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "xalloc.h"

/* --- errors ------------------------------------------------------------------ */

static const struct {
	int rc, code;
	const char *advice;
} reasons[] = {
	{ SQLITE_FULL, E_FULL, "the disk is full: make room on its file system, nothing is lost meanwhile" },
	{ SQLITE_CORRUPT, E_DAMAGED, "the file is damaged: a start of midd repairs it" },
	{ SQLITE_NOTADB, E_DAMAGED, "the file is damaged: a start of midd repairs it" },
	{ SQLITE_READONLY, E_OS, "it can't be written: check its mode and that its file system is not read-only" },
	{ SQLITE_CANTOPEN, E_OS, "it can't be opened: check that its folder is there and ours" },
	{ SQLITE_PERM, E_OS, "access is not permitted" },
	{ SQLITE_BUSY, E_OS, "another program holds it locked" },
	{ SQLITE_LOCKED, E_OS, "another program holds it locked" },
	{ SQLITE_PROTOCOL, E_OS, "its locks don't work: is it on a network file system?" },
	{ SQLITE_IOERR, E_OS, "the disk reports an error" },
	{ SQLITE_NOLFS, E_OS, "the file system can't hold a file of this size" },
	{ SQLITE_NOMEM, E_OS, "out of memory" },
};

int
db_code(int rc, int sys_errno)
{
	if ((rc & 0xff) == SQLITE_IOERR && (sys_errno == ENOSPC || sys_errno == EDQUOT))
		return E_FULL;
	if (rc == SQLITE_IOERR_CORRUPTFS || rc == SQLITE_IOERR_DATA)
		return E_DAMAGED;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].rc == (rc & 0xff))
			return reasons[i].code;
	return E_INTERNAL;
}

static const char *
advice_for(int rc, int code)
{
	if (code == E_FULL)
		rc = SQLITE_FULL;
	if (code == E_DAMAGED)
		rc = SQLITE_CORRUPT;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].rc == (rc & 0xff))
			return reasons[i].advice;
	return "this should not happen, please report it";
}

int
db_broken(struct db *db, int rc, const char *doing)
{
	int os = sqlite3_system_errno(db->sq);
	int code = db_code(rc, os);

	if (!db->broken) {
		err_set(&db->err, code, "store %s: %s: %s (%s%s%s)", db->path, doing, advice_for(rc, code),
		    sqlite3_errmsg(db->sq), (rc & 0xff) == SQLITE_IOERR && os != 0 ? ", " : "",
		    (rc & 0xff) == SQLITE_IOERR && os != 0 ? strerror(os) : "");
		db->broken = true;
	}
	return -db->err.code;
}

/* --- statements ---------------------------------------------------------------- */

static sqlite3_stmt *
prepared(struct db *db, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 3) * 2654435761u % DB_STATEMENTS;
	int rc, tries;

	for (tries = 0; tries < DB_STATEMENTS; tries++, i = (i + 1) % DB_STATEMENTS) {
		if (db->cache[i].sql == sql)
			return db->cache[i].st;
		if (db->cache[i].sql == NULL)
			break;
	}
	assert(tries < DB_STATEMENTS);
	rc = sqlite3_prepare_v3(db->sq, sql, -1, SQLITE_PREPARE_PERSISTENT, &db->cache[i].st, NULL);
	if (rc != SQLITE_OK) {
		db_broken(db, rc, "prepare");
		return NULL;
	}
	db->cache[i].sql = sql;
	return db->cache[i].st;
}

static int
bind_blob(sqlite3_stmt *st, int i, const void *p, size_t n)
{
	return p == NULL ? sqlite3_bind_null(st, i) : sqlite3_bind_blob64(st, i, p, n, SQLITE_STATIC);
}

/* Values are borrowed until the statement is reset: it never outlives its caller's arguments. */
static int
bind_all(sqlite3_stmt *st, const char *types, va_list ap)
{
	const void *p;
	int rc = SQLITE_OK;

	for (int i = 1; *types != '\0' && rc == SQLITE_OK; i++, types++) {
		if (*types == 'd')
			rc = sqlite3_bind_int(st, i, va_arg(ap, int));
		else if (*types == 'l')
			rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
		else if (*types == 's')
			rc = sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
		else if (*types == 'b')
			p = va_arg(ap, const void *), rc = bind_blob(st, i, p, va_arg(ap, size_t));
		else
			assert(!"a type letter of db_run()");
	}
	return rc;
}

static sqlite3_stmt *
ready(struct db *db, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *st = prepared(db, sql);
	int rc;

	if (st == NULL)
		return NULL;
	rc = bind_all(st, types, ap);
	if (rc != SQLITE_OK) {
		db_broken(db, rc, "bind");
		db_end(st);
		return NULL;
	}
	return st;
}

int
db_run(struct db *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int r;

	va_start(ap, types);
	st = ready(db, sql, types, ap);
	va_end(ap);
	do
		r = db_next(db, st);
	while (r == 1);
	db_end(st);
	return r < 0 ? r : sqlite3_changes(db->sq);
}

sqlite3_stmt *
db_ask(struct db *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, types);
	st = ready(db, sql, types, ap);
	va_end(ap);
	return st;
}

int
db_next(struct db *db, sqlite3_stmt *st)
{
	int rc;

	if (st == NULL)
		return -db->err.code;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return db_broken(db, rc, sqlite3_stmt_readonly(st) ? "read" : "write");
}

void
db_end(sqlite3_stmt *st)
{
	if (st == NULL)
		return;
	(void)sqlite3_reset(st);
	(void)sqlite3_clear_bindings(st);
}

int64_t
db_number(struct db *db, const char *sql, int64_t dflt)
{
	sqlite3_stmt *st = db_ask(db, sql, "");

	if (db_next(db, st) == 1 && sqlite3_column_type(st, 0) != SQLITE_NULL)
		dflt = sqlite3_column_int64(st, 0);
	db_end(st);
	return dflt;
}

const char *
db_text(sqlite3_stmt *st, int col)
{
	const unsigned char *s = sqlite3_column_text(st, col);

	return s == NULL ? "" : (const char *)s;
}

char *
db_text_copy(sqlite3_stmt *st, int col)
{
	return xstrdup(db_text(st, col));
}

void
db_id(sqlite3_stmt *st, int col, char out[33])
{
	snprintf(out, 33, "%s", db_text(st, col));
}

/* --- transactions ----------------------------------------------------------------- */

static int
simple(struct db *db, const char *sql, const char *doing)
{
	int rc = sqlite3_exec(db->sq, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_broken(db, rc, doing);
}

int
db_begin(struct db *db, bool write)
{
	db->tally_kept = db->tally;
	return simple(db, write ? "BEGIN IMMEDIATE" : "BEGIN", "begin");
}

int
db_commit(struct db *db)
{
	return db->broken ? -db->err.code : simple(db, "COMMIT", "commit");
}

void
db_rollback(struct db *db)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		if (db->cache[i].sql != NULL)
			(void)sqlite3_reset(db->cache[i].st);
	if (!sqlite3_get_autocommit(db->sq))
		(void)sqlite3_exec(db->sq, "ROLLBACK", NULL, NULL, NULL);
	db->tally = db->tally_kept;
	db->broken = false;
}

int
db_checkpoint(struct db *db)
{
	int rc = sqlite3_wal_checkpoint_v2(db->sq, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	int r;

	if (rc == SQLITE_OK || rc == SQLITE_BUSY) {
		db->frames = 0;
		return 0;
	}
	r = db_broken(db, rc, "checkpoint");
	db->broken = false;
	return r;
}

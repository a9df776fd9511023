/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blob - see the header.
 */
#include "blob.h"

#include <string.h>

#include "db_inside.h"

int
blob_create(struct db *db)
{
	return db_exec(db, "CREATE TABLE IF NOT EXISTS midlab_blob"
	    " (sys_id TEXT PRIMARY KEY, data BLOB NOT NULL)");
}

int
blob_put(struct db *db, const char *sys_id, const void *p, size_t n)
{
	struct sql q = { 0 };
	sqlite3_stmt *st;
	int r;

	text_add(&q.text, "INSERT INTO midlab_blob (sys_id, data)"
	    " VALUES (");
	sql_bind(&q, sys_id);
	text_add(&q.text, ", ?)");
	r = db_prepare(db, &q, &st);
	if (r == 0) {
		sqlite3_bind_blob64(st, 2, p, n, SQLITE_STATIC);
		if (sqlite3_step(st) != SQLITE_DONE)
			r = db_say(db, DB_E_FAILED, "could not keep the"
			    " attachment: %s", sqlite3_errmsg(db->sq));
		db_done(db, st);
	}
	sql_fini(&q);
	return r;
}

int
blob_get(struct db *db, const char *sys_id, char **out, size_t *n)
{
	struct sql q = { 0 };
	sqlite3_stmt *st;
	int r;

	text_add(&q.text, "SELECT data FROM midlab_blob WHERE sys_id=");
	sql_bind(&q, sys_id);
	r = db_prepare(db, &q, &st);
	if (r == 0 && sqlite3_step(st) != SQLITE_ROW) {
		db_done(db, st);
		r = db_say(db, DB_E_NONE, "No Record found");
	} else if (r == 0) {
		*n = (size_t)sqlite3_column_bytes(st, 0);
		*out = xcalloc(*n + 1, 1);
		if (*n > 0)
			memcpy(*out, sqlite3_column_blob(st, 0), *n);
		db_done(db, st);
	}
	sql_fini(&q);
	return r;
}

int
blob_delete(struct db *db, const char *sys_id)
{
	struct sql q = { 0 };
	int r;

	text_add(&q.text, "DELETE FROM midlab_blob WHERE sys_id=");
	sql_bind(&q, sys_id);
	r = db_run(db, &q);
	sql_fini(&q);
	return r;
}

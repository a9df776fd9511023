/* SPDX-License-Identifier: Apache-2.0 */
/*
 * salvage - a damaged database: what can be read goes row by row into a new
 * one, the damaged file is put aside for a person, and what is missing is
 * written into the table quarantine.
 *
 * The new file is complete and on the disk before the old one is moved, so a
 * death at any point leaves a state that the next start understands: PATH
 * there - begin again; PATH gone and PATH.new there - put it in place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "os.h"
#include "store/db.h"
#include "store/mend.h"
#include "store/sums.h"
#include "xalloc.h"

#define GAP_MAX 4096		/* a hole wider than this is halved, a narrower one tried row by row */
#define PROBES_MAX 200000	/* reads that may fail, for one table */

/* Parents before what hangs on them: mend.c looks for what has lost its parent. */
static const char *const tables[] = {
	"job", "payload", "result", "body", "kv", "event", "audit", "quarantine", "target", "aim",
};

struct salvage {
	struct db *from, *to;
	const char *table;
	sqlite3_stmt *put;
	int64_t rows, probes;
	bool holes;
};

/* --- one table ------------------------------------------------------------------- */

/* BEFORE and AFTER are ours, and so is the name of the table. */
static sqlite3_stmt *
prepare(struct db *db, const char *before, const char *table, const char *after)
{
	char *sql = xasprintf("%s%s%s", before, table, after);
	sqlite3_stmt *st = NULL;

	(void)sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL);
	free(sql);
	return st;
}

static sqlite3_stmt *
prepare_put(struct db *to, const char *table)
{
	sqlite3_stmt *st = prepare(to, "SELECT * FROM ", table, "");
	int n = sqlite3_column_count(st);
	char *marks = xcalloc((size_t)n + 1, 3), *sql;

	sqlite3_finalize(st);
	for (int i = 0; i < n; i++)
		memcpy(marks + 2 * i, i + 1 < n ? "?," : "?", i + 1 < n ? 2 : 1);
	sql = xasprintf("INSERT OR IGNORE INTO %s VALUES(%s)", table, marks);
	st = NULL;
	(void)sqlite3_prepare_v2(to->sq, sql, -1, &st, NULL);
	free(marks);
	free(sql);
	return st;
}

static int
put_row(struct salvage *s, sqlite3_stmt *row)
{
	int n = sqlite3_column_count(row) - 1;	/* the first is the rowid */
	int rc = SQLITE_OK;

	for (int i = 0; i < n && rc == SQLITE_OK; i++)
		rc = sqlite3_bind_value(s->put, i + 1, sqlite3_column_value(row, i + 1));
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s->put);
	(void)sqlite3_reset(s->put);
	(void)sqlite3_clear_bindings(s->put);
	/* A row that breaks a rule of its table is as good as unreadable. */
	if ((rc & 0xff) == SQLITE_CONSTRAINT) {
		s->holes = true;
		return 0;
	}
	if (rc != SQLITE_DONE)
		return db_broken(s->to, rc, "copy to the new file");
	s->rows += sqlite3_changes(s->to->sq);
	return 0;
}

/*
 * Rows from FROM on in the direction of ST. *END: the last rowid seen. 0: to
 * the end; 1: stopped by damage; <0: the new file can't be written.
 */
static int
copy_run(struct salvage *s, sqlite3_stmt *st, int64_t from, int64_t to, int64_t *end)
{
	int rc, r = 0;

	if (st == NULL)
		return 1;
	(void)sqlite3_bind_int64(st, 1, from);
	(void)sqlite3_bind_int64(st, 2, to);
	while (r == 0 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		*end = sqlite3_column_int64(st, 0);
		r = put_row(s, st);
	}
	(void)sqlite3_reset(st);
	s->probes++;
	return r < 0 ? r : rc == SQLITE_DONE ? 0 : 1;
}

struct ways {
	sqlite3_stmt *up, *down;
};

static int
copy_singly(struct salvage *s, struct ways *w, int64_t lo, int64_t hi)
{
	int64_t end;
	int r = 0;

	s->holes = true;
	for (int64_t i = lo; i <= hi && r >= 0 && s->probes < PROBES_MAX; i++)
		r = copy_run(s, w->up, i, i, &end);
	return r < 0 ? r : 0;
}

/* From both ends to the damage; what lies between is halved until it is small. */
static int
copy_range(struct salvage *s, struct ways *w, int64_t lo, int64_t hi)
{
	int64_t low_end = lo - 1, high_end = hi + 1;
	int r = copy_run(s, w->up, lo, hi, &low_end);

	if (r <= 0 || s->probes >= PROBES_MAX)
		return r < 0 ? r : 0;
	r = copy_run(s, w->down, low_end + 1, hi, &high_end);
	if (r < 0)
		return r;
	lo = low_end + 1;
	hi = high_end - 1;
	if (lo > hi)
		return 0;
	if (hi - lo < GAP_MAX)
		return copy_singly(s, w, lo, hi);
	r = copy_range(s, w, lo, lo + (hi - lo) / 2);
	return r < 0 ? r : copy_range(s, w, lo + (hi - lo) / 2 + 1, hi);
}

static int
copy_table(struct salvage *s, const char *table)
{
	struct ways w;
	int r = 0;

	s->table = table;
	s->rows = s->probes = 0;
	w.up = prepare(s->from, "SELECT rowid, * FROM ", table, " WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid");
	w.down = prepare(s->from, "SELECT rowid, * FROM ", table, " WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid DESC");
	s->put = prepare_put(s->to, table);
	if (w.up == NULL || w.down == NULL || s->put == NULL)
		s->holes = true;
	else
		r = copy_range(s, &w, 1, INT64_MAX - 1);
	sqlite3_finalize(w.up);
	sqlite3_finalize(w.down);
	sqlite3_finalize(s->put);
	s->put = NULL;
	return r;
}

/* --- the new file ---------------------------------------------------------------------- */

static int
copy_all(struct salvage *s, struct mend *m, int64_t wall_ms)
{
	int r = db_begin(s->to, true);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && r == 0; i++) {
		s->holes = false;
		r = copy_table(s, tables[i]);
		m->rows += s->rows;
		if (r == 0 && s->holes)
			r = mend_note(s->to, wall_ms, tables[i], "some rows could not be read");
	}
	if (r == 0)
		r = mend(s->from, s->to, wall_ms, m);
	if (r == 0)
		r = db_commit(s->to);
	if (r < 0)
		db_rollback(s->to);
	return r;
}

/* A schema version that can't be read is taken for ours. */
static int
old_version(struct db *from)
{
	sqlite3_stmt *st = prepare(from, "PRAGMA user_version", "", "");
	int v = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int(st, 0) : 0;
	int known = 0;

	sqlite3_finalize(st);
	while (schema_steps[known] != NULL)
		known++;
	return v > 0 && v <= known ? v : 0;
}

static void
remove_all(const char *path)
{
	static const char *const with[] = { "", "-wal", "-shm", "-journal" };
	char *name;

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		name = xasprintf("%s%s", path, with[i]);
		(void)remove(name);
		free(name);
	}
}

/* Nothing may be left in a WAL: only the file itself is put in place. */
static int
settle(struct db *db)
{
	int rc = sqlite3_wal_checkpoint_v2(db->sq, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_broken(db, rc, "checkpoint");
}

/*
 * No settings that write. writable_schema is how SQLite is told to go on where
 * it can, also when the file is shorter than its first page says.
 */
static int
open_damaged(struct db *db, struct err *err)
{
	int rc = sqlite3_open_v2(db->path, &db->sq, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    sums_vfs());

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->sq, "PRAGMA writable_schema=ON; PRAGMA user_version", NULL, NULL, NULL);
	/* Evidence stays as it is: no checkpoint into a damaged file. */
	if (db->sq != NULL)
		(void)sqlite3_db_config(db->sq, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (rc == SQLITE_OK)
		return 0;
	(void)db_broken(db, rc, "open");
	*err = db->err;
	return -err->code;
}

/* The damaged file may be beyond opening: then the new one begins empty. */
static int
build(const struct store_config *cfg, const char *new_path, int64_t wall_ms, struct mend *m, struct err *err)
{
	struct salvage s = { .from = NULL };
	struct store_config to_cfg = { .path = new_path };
	int r;

	remove_all(new_path);
	s.from = db_new(cfg, wall_ms);
	s.to = db_new(&to_cfg, wall_ms);
	r = open_damaged(s.from, err);
	m->openable = r == 0;
	/* Unreadable is not damaged: another time it may be read. */
	if (r == 0 || r == -E_DAMAGED)
		r = db_connect(s.to, new_path, err);
	if (r == 0)
		r = db_migrate(s.to, m->openable ? old_version(s.from) : 0, err);
	if (r == 0) {
		r = copy_all(&s, m, wall_ms);
		if (r == 0)
			r = settle(s.to);
		if (r < 0)
			*err = s.to->err;
	}
	db_close(s.from);
	db_close(s.to);
	if (r < 0)
		remove_all(new_path);
	return r;
}

/* --- in place ------------------------------------------------------------------------------ */

static int
move_file(const char *from, const char *to, struct err *err)
{
	return rename(from, to) == 0 ? 0 : err_os(err, "rename %s to %s", from, to);
}

static bool
exists(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f != NULL)
		fclose(f);
	return f != NULL;
}

/* A WAL left beside the new file would be played into it: it must be gone first. */
static int
put_in_place(const char *path, const char *aside, const char *new_path, struct err *err)
{
	char *wal = xasprintf("%s-wal", path), *wal_aside = xasprintf("%s-wal", aside);
	char *shm = xasprintf("%s-shm", path);
	int r = 0;

	if (exists(path))
		r = move_file(path, aside, err);
	if (r == 0 && exists(wal))
		r = move_file(wal, wal_aside, err);
	if (r == 0) {
		(void)remove(shm);
		r = move_file(new_path, path, err);
	}
	free(wal);
	free(wal_aside);
	free(shm);
	return r;
}

static char *
aside_name(const char *path, int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);
	char stamp[24] = "";
	struct tm tm;
	char *name = NULL;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 0; i < 1000 && (name == NULL || exists(name)); i++) {
		free(name);
		name = i == 0 ? xasprintf("%s.damaged-%s", path, stamp) : xasprintf("%s.damaged-%s-%d", path, stamp, i);
	}
	return name;
}

int
db_salvage_finish(const char *path, struct err *err)
{
	char *new_path = xasprintf("%s.new", path), *aside = aside_name(path, os_time_ms());
	int r = 0;

	if (!exists(path) && exists(new_path))
		r = put_in_place(path, aside, new_path, err);
	free(new_path);
	free(aside);
	return r;
}

int
db_salvage(const struct store_config *cfg, int64_t wall_ms, const char *why, char **note, struct err *err)
{
	char *new_path = xasprintf("%s.new", cfg->path), *aside = aside_name(cfg->path, wall_ms);
	struct mend m = { .rows = 0 };
	int r = build(cfg, new_path, wall_ms, &m, err);

	if (r == 0)
		r = put_in_place(cfg->path, aside, new_path, err);
	if (r < 0) {
		err_in(err, "the store is damaged (%s) and can't be repaired", why);
	} else {
		free(*note);
		*note = mend_sentence(&m, aside, why);
	}
	free(new_path);
	free(aside);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open - how a database file becomes one we trust: connect, check, repair,
 * bring the schema up to date, count what is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "log.h"
#include "os.h"
#include "store/db.h"
#include "store/sums.h"
#include "xalloc.h"

/* Above this size a start would take seconds, so only the cheaper check is made. */
#define FULL_CHECK_PAGES (64 * 1024 * 1024 / 4096)

#define IOERR "266"		/* SQLITE_IOERR_READ, as integrity_check words it */
#define RETRIES 3
#define RETRY_MS 300

/* Page size and auto_vacuum count only before the first table is made. cell_size_check finds damage before it is followed. */
static const char *const settings[] = {
	"PRAGMA page_size=4096",	/* SUMS_PAGE */
	"PRAGMA auto_vacuum=INCREMENTAL",
	"PRAGMA journal_mode=WAL",
	"PRAGMA synchronous=FULL",
	"PRAGMA wal_autocheckpoint=0",	/* the writer does it, after the answers have gone out */
	"PRAGMA journal_size_limit=2097152",
	"PRAGMA cell_size_check=ON",
	"PRAGMA trusted_schema=OFF",
	"PRAGMA temp_store=MEMORY",
	"PRAGMA cache_size=-1024",
	"PRAGMA secure_delete=OFF",	/* what is secret in it is sealed */
};

static int
note_frames(void *arg, sqlite3 *sq, const char *name, int frames)
{
	(void)sq, (void)name;
	((struct db *)arg)->frames = frames;
	return SQLITE_OK;
}

/* Made by us so that nobody else may read it; SQLite gives its other files the same mode. */
static int
make_private(const char *path, struct err *err)
{
	FILE *f = fopen(path, "rb");

	if (f != NULL) {
		fclose(f);
		return 0;
	}
	return os_write_file(path, "", 0, 0600, err);
}

int
db_connect(struct db *db, const char *path, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc, reserved = SUMS_RESERVED, r = make_private(path, err);

	if (r < 0)
		return r;
	rc = sqlite3_open_v2(path, &db->sq, flags, sums_vfs());
	if (rc == SQLITE_OK)
		rc = sqlite3_file_control(db->sq, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
	for (size_t i = 0; rc == SQLITE_OK && i < sizeof(settings) / sizeof(settings[0]); i++)
		rc = sqlite3_exec(db->sq, settings[i], NULL, NULL, NULL);
	if (rc == SQLITE_OK && sqlite3_db_readonly(db->sq, "main") == 1)
		rc = SQLITE_READONLY;
	if (rc != SQLITE_OK) {
		r = db_broken(db, rc, "open");
		*err = db->err;
		db->broken = false;
		return r;
	}
	(void)sqlite3_busy_timeout(db->sq, 5000);
	(void)sqlite3_db_config(db->sq, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_wal_hook(db->sq, note_frames, db);
	return 0;
}

static void
disconnect(struct db *db)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		sqlite3_finalize(db->cache[i].st);
	memset(db->cache, 0, sizeof(db->cache));
	sqlite3_close(db->sq);
	db->sq = NULL;
}

/* --- check and migrate -------------------------------------------------------------- */

/* 0, -E_DAMAGED with what SQLite found first, or -E_OS: it could not read. */
static int
check_once(struct db *db, struct err *err)
{
	bool big = db_number(db, "PRAGMA page_count", 0) > FULL_CHECK_PAGES;
	sqlite3_stmt *st = db_ask(db, big ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", "");
	int r = db_next(db, st);

	if (r == 1 && strcmp(db_text(st, 0), "ok") != 0)
		r = err_set(err, strstr(db_text(st, 0), "error code=" IOERR) != NULL ? E_OS : E_DAMAGED,
		    "store %s: %.300s", db->path, db_text(st, 0));
	else if (r < 0)
		*err = db->err;
	db_end(st);
	if (db->broken)
		db_rollback(db);
	return r < 0 ? r : 0;
}

/*
 * A disk that can't be read just now may be well again in a moment; a page
 * that stays unreadable is damage, and all others are worth saving.
 */
static int
check(struct db *db, struct err *err)
{
	int r = check_once(db, err);

	for (int i = 0; i < RETRIES && r == -E_OS; i++) {
		uv_sleep(RETRY_MS);
		r = check_once(db, err);
	}
	if (r != -E_OS)
		return r;
	err->code = E_DAMAGED;
	return -E_DAMAGED;
}

static int
migrate_step(struct db *db, int to)
{
	char set[48];
	int rc, r = db_begin(db, true);

	if (r < 0)
		return r;
	rc = sqlite3_exec(db->sq, schema_steps[to - 1], NULL, NULL, NULL);
	snprintf(set, sizeof(set), "PRAGMA user_version=%d", to);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->sq, set, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_broken(db, rc, "new schema");
	return db_commit(db);
}

static int
version_newest(void)
{
	int n = 0;

	while (schema_steps[n] != NULL)
		n++;
	return n;
}

int
db_migrate(struct db *db, int version, struct err *err)
{
	int r = 0, at = (int)db_number(db, "PRAGMA user_version", 0);

	if (version == 0)
		version = version_newest();
	if (!db->broken && at > version)
		return err_set(err, E_BAD, "store %s is of version %d, this midd knows %d: "
		    "install the newer midd again, or give it another state folder", db->path, at, version);
	while (!db->broken && at < version && r == 0)
		r = migrate_step(db, ++at);
	if (db->broken) {
		r = -db->err.code;
		*err = db->err;
		db_rollback(db);
	}
	return r;
}

int
db_load_state(struct db *db)
{
	int r = tally_load(db);

	if (r == 0)
		r = keep_load(db, db->wall_ms);
	if (r == 0)
		r = audit_load(db);
	db->next_n = (uint64_t)db_number(db, "SELECT max(n) FROM result", 0) + 1;
	db->event_n = db_number(db, "SELECT max(n) FROM event", 0);
	return db->broken ? -db->err.code : r;
}

/* --- open --------------------------------------------------------------------------------- */

struct db *
db_new(const struct store_config *cfg, int64_t wall_ms)
{
	struct db *db = xcalloc(1, sizeof(*db));

	db->path = xstrdup(cfg->path);
	db->cfg = *cfg;
	db->cfg.path = db->path;
	db->wall_ms = wall_ms;
	return db;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	free(db->path);
	free(db);
}

static int
try_open(struct db **out, const struct store_config *cfg, int64_t wall_ms, struct err *err)
{
	struct db *db = db_new(cfg, wall_ms);
	int r = db_connect(db, cfg->path, err);

	if (r == 0)
		r = check(db, err);
	if (r == 0)
		r = db_migrate(db, 0, err);
	if (r == 0) {
		r = db_load_state(db);
		if (r < 0)
			*err = db->err;
	}
	if (r < 0) {
		db_close(db);
		return r;
	}
	reserve_make(db);
	*out = db;
	return 0;
}

int
db_open(struct db **out, const struct store_config *cfg, int64_t wall_ms, char **note, struct err *err)
{
	char why[ERR_TEXT_MAX];
	int r = db_salvage_finish(cfg->path, err);

	if (r < 0)
		return r;
	r = try_open(out, cfg, wall_ms, err);
	if (r != -E_DAMAGED)
		return r;
	snprintf(why, sizeof(why), "%s", err->text);
	log_err("store", "%s; this one copies what can be read", why);
	r = db_salvage(cfg, wall_ms, why, note, err);
	if (r == 0)
		r = try_open(out, cfg, wall_ms, err);
	return r;
}

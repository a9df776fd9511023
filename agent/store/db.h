/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db - the connection to SQLite, used by one thread: statements that are
 * prepared once, errors in our own words, transactions.
 *
 * A failure of SQLite breaks the transaction: db->broken stays set until
 * db_rollback(), so no op can take it for its own.
 */
#ifndef MID_STORE_DB_H
#define MID_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "store/store.h"

#define DB_STATEMENTS 128	/* slots of the cache, a power of two */

/* Counted as ops go by, so that status never scans a table. */
struct tally {
	int64_t jobs[8];		/* by stage */
	int64_t results, result_bytes;
	int64_t since_ms;		/* of the five below; -1: not counted yet */
	int64_t today[5];
};
/* CLASS_POISON of flow/errors.h, a number fixed for ever: such a job is kept for a person. */
#define CLASS_QUARANTINED 14
enum { TODAY_JOBS, TODAY_OK, TODAY_PARTIAL, TODAY_FAILED, TODAY_QUARANTINED };

struct db {
	sqlite3 *sq;
	char *path;
	struct store_config cfg;
	struct { const char *sql; sqlite3_stmt *st; } cache[DB_STATEMENTS];
	bool broken;			/* this transaction cannot be committed */
	struct err err;			/* why */
	struct tally tally, tally_kept;
	uint64_t next_n;		/* for results, in the order of spooling */
	int frames;			/* in the WAL */
	bool tight;			/* the disk is full: only what ends jobs */
	bool reserve;			/* PATH.reserve is there */
	unsigned char audit_head[32];
	int64_t audit_n, event_n;	/* newest rows */

	/* A clock for ageing that no jump of the wall clock can move: keep.c */
	int64_t clock_ms, clock_mono, clock_saved;
	int64_t wall_ms;
	bool keep_more;
	int64_t kept_at;
};

/* --- open.c -------------------------------------------------------------------- */

/* Opens, checks, repairs, migrates. *NOTE: see store_open(). */
int db_open(struct db **out, const struct store_config *cfg, int64_t wall_ms, char **note, struct err *err);
struct db *db_new(const struct store_config *cfg, int64_t wall_ms);	/* not connected yet */
void db_close(struct db *db);
/* PATH as a fresh connection with our settings; nothing is checked. */
int db_connect(struct db *db, const char *path, struct err *err);
/* Brings the schema of DB to VERSION (0: the newest). */
int db_migrate(struct db *db, int version, struct err *err);
int db_load_state(struct db *db);

/* --- salvage.c ----------------------------------------------------------------- */

/* Copies what can be read into a new file, puts the damaged one aside. *NOTE: what was lost. */
int db_salvage(const struct store_config *cfg, int64_t wall_ms, const char *why, char **note, struct err *err);
/* A start that died while it put files in place is finished. */
int db_salvage_finish(const char *path, struct err *err);

/* --- db.c ---------------------------------------------------------------------- */

/*
 * TYPES has a letter for each value: d int, l int64_t, s const char * (NULL
 * allowed), b const void * and size_t. SQL must be a static text: it is the
 * key of its prepared statement.
 */
/* Runs to the end. Rows changed, or -E_* with db->broken. */
int db_run(struct db *db, const char *sql, const char *types, ...);
/* Begins a query; NULL with db->broken. End it with db_end(). */
sqlite3_stmt *db_ask(struct db *db, const char *sql, const char *types, ...);
/* 1 a row, 0 no more, -E_* with db->broken. ST may be NULL. */
int db_next(struct db *db, sqlite3_stmt *st);
void db_end(sqlite3_stmt *st);		/* NULL is fine */
/* One number: first column of the first row, DFLT when there is none. */
int64_t db_number(struct db *db, const char *sql, int64_t dflt);
const char *db_text(sqlite3_stmt *st, int col);		/* borrowed, never NULL */
char *db_text_copy(sqlite3_stmt *st, int col);		/* never NULL */
void db_id(sqlite3_stmt *st, int col, char out[33]);

int db_begin(struct db *db, bool write);
int db_commit(struct db *db);
void db_rollback(struct db *db);
/* Our code and sentence for SQLite's RC; marks the transaction broken. */
int db_broken(struct db *db, int rc, const char *doing);
/* Moves the WAL into the database; not a part of any transaction. */
int db_checkpoint(struct db *db);
/* The E_* for an SQLite result. */
int db_code(int rc, int sys_errno);

/* --- reserve.c ------------------------------------------------------------------ */

#define RESERVE_BYTES (1024 * 1024)
#define SMALL_BYTES 4096		/* a result of this size is an outcome in a few words */

void reserve_make(struct db *db);
bool reserve_release(struct db *db);	/* false: it was spent already */
/* Looks at the disk: sets and clears db->tight. */
void reserve_look(struct db *db);

/* --- tally.c, keep.c ---------------------------------------------------------------- */

int tally_load(struct db *db);
int tally_today(struct db *db, int64_t since_ms);
void tally_move(struct db *db, int from, int to);	/* a job's stage; 0: none */
void tally_ended(struct db *db, int class, bool partial, int64_t now_ms);
void tally_partial(struct db *db, int64_t finished_ms);	/* one that was counted as ok */

void keep_clock(struct db *db, int64_t mono_ms, int64_t wall_ms);
int keep_load(struct db *db, int64_t wall_ms);
int keep_save(struct db *db);
int keep_house(struct db *db);		/* one slice of housekeeping */
int audit_load(struct db *db);
int audit_trim(struct db *db);		/* inside a transaction */

extern const char *const schema_steps[];	/* the SQL that leads to version 1, 2, ...; ends with NULL */

#endif

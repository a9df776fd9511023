/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db - the records of the stand-in instance, in one SQLite file.
 *
 * A record is a json-c object of string -> string. A class that extends
 * another is stored in the SQLite table of its topmost ancestor, and
 * sys_class_name says which class a row is; so a query of a class finds the
 * rows of all its descendants. What tables and fields there are stands in
 * sys_db_object and sys_dictionary: names from outside are only used when
 * found there, and values are always bound.
 *
 * One thread owns a struct db. All functions give 0 or a negative DB_E_*;
 * db_error() is then one sentence about it.
 */
#ifndef LAB_DB_H
#define LAB_DB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util.h"

struct json_object;
struct db;

enum {
	DB_E_NONE = -1,		/* no such record */
	DB_E_TABLE = -2,	/* no such table */
	DB_E_DUPLICATE = -3,	/* the sys_id is taken */
	DB_E_BAD = -4,		/* the request makes no sense */
	DB_E_FAILED = -5,	/* SQLite said no: disk, corruption */
	DB_E_GONE = -6,		/* the work is another agent's now */
};

/* Opens or creates PATH; *WHY (caller frees) is set when it fails. */
int db_open(struct db **out, const char *path, char **why);
void db_close(struct db *db);
const char *db_error(const struct db *db);
/* For rules that refuse: CODE, with the sentence that db_error() gives. */
int db_say(struct db *db, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Who is noted in sys_created_by and sys_updated_by from now on. */
void db_set_user(struct db *db, const char *user, const char *user_sys_id);
const char *db_user(const struct db *db);
/* For tests: where the time comes from. */
void db_set_clock(struct db *db, int64_t (*now_ms)(void));
int64_t db_now_ms(const struct db *db);

/* Nest freely: an inner rollback undoes only what was done since the inner
 * begin; only the outermost commit reaches the disk. */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db);
/* Commits when R is 0, else rolls back: R, or why it could not be committed. */
int db_end(struct db *db, int r);

/* --- tables -------------------------------------------------------------- */

struct field {
	char *name;
	char *type;		/* string integer decimal boolean glide_date_time
				 * reference choice GUID ... */
	char *reference;	/* table it points to, or "" */
	int max_length;		/* characters; longer text is cut on write */
};

bool db_has_table(const struct db *db, const char *table);
/* The field as CLASS or an ancestor has it; NULL when there is none. */
const struct field *db_field(const struct db *db, const char *class,
    const char *name);
/* Fields of CLASS with those it inherits, by index; NULL at the end. */
const struct field *db_field_at(const struct db *db, const char *class,
    size_t i);
bool db_is_a(const struct db *db, const char *class, const char *ancestor);
const char *db_super_of(const struct db *db, const char *class); /* or NULL */
const char *db_root_of(const struct db *db, const char *class);
const char *db_label_of(const struct db *db, const char *class);
/* The column a reference to TABLE is shown by: name, number, ... */
const char *db_display_of(const struct db *db, const char *table);

/* SUPER may be NULL. A table or column that is there already is left alone. */
int db_create_table(struct db *db, const char *name, const char *super,
    const char *label);
int db_create_column(struct db *db, const char *table, const char *name,
    const char *type, const char *reference, int max_length);
/* COLUMNS: comma list of fields of TABLE. */
int db_create_index(struct db *db, const char *table, const char *columns);

/* --- records ------------------------------------------------------------- */

/* All fields of TABLE in *OUT (caller puts); DB_E_NONE when not there. */
int db_get(struct db *db, const char *table, const char *sys_id,
    struct json_object **out);

/* Unknown fields are ignored, sys_* set; a sys_id in VALUES is honoured.
 * SYS_ID may be NULL when the caller does not care. */
int db_insert(struct db *db, const char *table, struct json_object *values,
    char sys_id[SYS_ID_LEN + 1]);
/* The row that QUERY finds, or a new one of VALUES (taken): its id in SYS_ID, which may be NULL. */
int db_ensure(struct db *db, const char *table, const char *query,
    struct json_object *values, char sys_id[SYS_ID_LEN + 1]);
/* Changes only the fields in VALUES. sys_class_name may move the row to
 * another class of the same hierarchy. */
int db_update(struct db *db, const char *table, const char *sys_id,
    struct json_object *values);
/* The same, but sys_updated_on, sys_updated_by and sys_mod_count stay. */
int db_touch(struct db *db, const char *table, const char *sys_id,
    struct json_object *values);
int db_delete(struct db *db, const char *table, const char *sys_id);

/* --- queries ------------------------------------------------------------- */

struct db_select {
	const char *table;
	const char *query;	/* encoded query, NULL = all rows */
	const char *const *fields; /* dot-walks allowed; unknown ones ignored;
				    * NULL = all of the table */
	size_t field_count;
	long limit;		/* 0 = 10000 */
	long offset;
	bool display;		/* also "field\x01dv": the display value */
};
#define DB_DISPLAY "\x01" "dv"

/* Rows in an array (caller puts). */
int db_select(struct db *db, const struct db_select *sel,
    struct json_object **rows);
int db_query(struct db *db, const char *table, const char *query, long limit,
    struct json_object **rows);
/* The first row of QUERY, or DB_E_NONE. */
int db_first(struct db *db, const char *table, const char *query,
    struct json_object **row);
int db_count(struct db *db, const char *table, const char *query, long *count);

/* GROUPBY fields and functions over the rows of a query: each row of *ROWS is
 * an object of field -> value and "count", "sum.f", "avg.f", "min.f", "max.f". */
struct db_stats {
	const char *table, *query;
	const char *group_by;		/* comma list, or NULL */
	const char *sum, *avg, *min, *max; /* comma lists, or NULL */
};
int db_stats(struct db *db, const struct db_stats *st,
    struct json_object **rows);

/* A value for an encoded query: ^ is doubled. Caller frees. */
char *db_quote(const char *value);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_inside - the insides of struct db, shared by the few files that make the
 * database layer (db, catalog, record, select, query) and by no other.
 */
#ifndef LAB_DB_INSIDE_H
#define LAB_DB_INSIDE_H
#include <sqlite3.h>

#include "db.h"

#define STATEMENTS 256		/* prepared and kept */

struct table {
	char *name, *label;
	const struct table *super;	/* NULL for a root */
	const struct table *root;
	const struct field **fields;	/* own and inherited, by name */
	size_t field_count;
	char *class_list;		/* 'a','b': itself and all below */
	char display[64];
};

struct catalog {
	struct table **tables;		/* by name */
	size_t table_count;
	struct field **owned;		/* every field once, to free */
	size_t owned_count;
};

struct statement {
	char *sql;
	sqlite3_stmt *st;
	uint64_t used;			/* tick of last use; the oldest goes */
	bool busy;
};

struct db {
	sqlite3 *sq;
	struct catalog cat;
	struct statement statements[STATEMENTS];
	uint64_t tick;
	int depth;			/* of transactions, 0 = none */
	int64_t (*now_ms)(void);
	char user[128];
	char user_sys_id[SYS_ID_LEN + 1];
	char error[512];
};

/* SQL text and the values to bind to its question marks. */
struct sql {
	struct text text;
	char **binds;
	size_t bind_count;
};
void sql_bind(struct sql *q, const char *value);	/* adds "?" */
void sql_fini(struct sql *q);

/* Ready to step, values bound; db_done() when finished with it. */
int db_prepare(struct db *db, const struct sql *q, sqlite3_stmt **out);
void db_done(struct db *db, sqlite3_stmt *st);
int db_exec(struct db *db, const char *sql);
int db_run(struct db *db, const struct sql *q);		/* no rows wanted */

int catalog_load(struct db *db);
void catalog_fini(struct catalog *cat);
int catalog_bootstrap(struct db *db);
void catalog_know_column(struct db *db, const char *table, const char *name,
    const char *type, const char *reference, int max_length);
const struct table *catalog_table(const struct db *db, const char *name);
const struct field *table_field(const struct table *t, const char *name);

/*
 * An SQL expression for PATH ("name", "cmdb_ci.name") of a row called ALIAS
 * of T. *LAST is the field at the end. False when some name is unknown.
 */
bool path_sql(const struct db *db, const struct table *t, const char *alias,
    const char *path, bool display, struct text *out,
    const struct field **last);

/* WHERE and ORDER BY of an encoded query over rows called "t". */
void query_where(const struct db *db, const struct table *t,
    const char *encoded, struct sql *out);
void query_order(const struct db *db, const struct table *t,
    const char *encoded, struct sql *out);
#endif

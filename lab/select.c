/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select - reading records: which columns, dot-walks as sub-selects, display
 * values, and counts.
 */
#include "db.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

#define WALK_MAX 4		/* dots in a path */
#define LIMIT_DEFAULT 10000
#define FIELDS_MAX 500

/* What a reference at the end of a path is shown by. */
static bool
display_sql(const struct db *db, const struct field *f, const char *alias,
    int depth, struct text *out)
{
	const struct table *to = catalog_table(db, f->reference);

	if (strcmp(f->type, "reference") != 0 || to == NULL)
		return false;
	text_addf(out, "coalesce((SELECT d%d.\"%s\" FROM \"%s\" d%d WHERE"
	    " d%d.sys_id=%s.\"%s\"),'')", depth, to->display, to->root->name,
	    depth, depth, alias, f->name);
	return true;
}

static bool
walk_sql(const struct db *db, const struct table *t, const char *alias,
    const char *path, bool display, int depth, struct text *out,
    const struct field **last)
{
	const char *dot = strchr(path, '.');
	size_t n = dot != NULL ? (size_t)(dot - path) : strlen(path);
	const struct field *f;
	const struct table *to;
	char name[96], inner[16];
	bool ok;

	if (n == 0 || n >= sizeof(name) || depth > WALK_MAX)
		return false;
	memcpy(name, path, n);
	name[n] = '\0';
	f = table_field(t, name);
	if (f == NULL)
		return false;
	if (dot == NULL) {
		*last = f;
		if (!display || !display_sql(db, f, alias, depth, out))
			text_addf(out, "%s.\"%s\"", alias, f->name);
		return true;
	}
	to = catalog_table(db, f->reference);
	if (to == NULL)
		return false;
	snprintf(inner, sizeof(inner), "w%d", depth);
	text_add(out, "coalesce((SELECT ");
	ok = walk_sql(db, to, inner, dot + 1, display, depth + 1, out, last);
	text_addf(out, " FROM \"%s\" %s WHERE %s.sys_id=%s.\"%s\"),'')",
	    to->root->name, inner, inner, alias, f->name);
	return ok;
}

bool
path_sql(const struct db *db, const struct table *t, const char *alias,
    const char *path, bool display, struct text *out,
    const struct field **last)
{
	struct text one = { 0 };
	bool ok;

	ok = walk_sql(db, t, alias, path, display, 0, &one, last);
	if (ok) {
		text_add(out, text_str(&one));
		/* A sub-select forgets how its column compares. */
		if (one.len > 0 && one.at[0] == 'c')
			text_add(out, " COLLATE NOCASE");
	}
	text_fini(&one);
	return ok;
}

/* The columns of the SELECT and the JSON keys they go to. */
struct columns {
	struct text sql;
	char **names;
	size_t count;
};

static void
columns_add(struct columns *c, const char *expr, const char *name,
    const char *suffix)
{
	struct text key = { 0 };

	text_addf(&c->sql, "%s%s", c->count > 0 ? "," : "", expr);
	text_addf(&key, "%s%s", name, suffix);
	c->names = xrealloc(c->names, (c->count + 1) * sizeof(char *));
	c->names[c->count++] = text_take(&key);
}

static void
columns_path(const struct db *db, const struct table *t, const char *path,
    bool display, struct columns *c)
{
	const struct field *f;
	struct text e = { 0 };

	if (path_sql(db, t, "t", path, false, &e, &f) &&
	    c->count < FIELDS_MAX) {
		columns_add(c, text_str(&e), path, "");
		text_fini(&e);
		if (display && strcmp(f->type, "reference") == 0 &&
		    path_sql(db, t, "t", path, true, &e, &f))
			columns_add(c, text_str(&e), path, DB_DISPLAY);
	}
	text_fini(&e);
}

static void
columns_fini(struct columns *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		free(c->names[i]);
	free(c->names);
	text_fini(&c->sql);
}

static void
columns_of(const struct db *db, const struct db_select *sel,
    const struct table *t, struct columns *c)
{
	size_t i;

	if (sel->fields == NULL)
		for (i = 0; i < t->field_count; i++)
			columns_path(db, t, t->fields[i]->name, sel->display,
			    c);
	for (i = 0; sel->fields != NULL && i < sel->field_count; i++)
		columns_path(db, t, sel->fields[i], sel->display, c);
}

static struct json_object *
read_row(sqlite3_stmt *st, const struct columns *c)
{
	struct json_object *row = json_object_new_object();
	size_t i;

	for (i = 0; i < c->count; i++)
		json_object_object_add(row, c->names[i],
		    json_object_new_string_len(
			(const char *)sqlite3_column_text(st, (int)i),
			sqlite3_column_bytes(st, (int)i)));
	return row;
}

static int
read_rows(struct db *db, const struct sql *q, const struct columns *c,
    struct json_object **rows)
{
	struct json_object *a;
	sqlite3_stmt *st;
	int r, s;

	r = db_prepare(db, q, &st);
	if (r < 0)
		return r;
	a = json_object_new_array();
	while ((s = sqlite3_step(st)) == SQLITE_ROW)
		json_object_array_add(a, read_row(st, c));
	if (s != SQLITE_DONE) {
		r = db_say(db, DB_E_FAILED, "the database could not be read:"
		    " %s", sqlite3_errmsg(db->sq));
		json_object_put(a);
	} else {
		*rows = a;
	}
	db_done(db, st);
	return r;
}

/*
 * The rows are found and sorted by number first, and only the few that are
 * wanted are read: sorting would else carry every payload along.
 */
static void
select_sql(const struct db *db, const struct db_select *sel,
    const struct table *t, const struct columns *c, struct sql *q)
{
	char num[32];

	text_addf(&q->text, "SELECT %s FROM \"%s\" t WHERE t.rowid IN"
	    " (SELECT t.rowid FROM \"%s\" t WHERE ",
	    c->count > 0 ? text_str(&c->sql) : "t.sys_id", t->root->name,
	    t->root->name);
	query_where(db, t, sel->query, q);
	query_order(db, t, sel->query, q);
	text_add(&q->text, " LIMIT ");
	snprintf(num, sizeof(num), "%ld",
	    sel->limit > 0 ? sel->limit : LIMIT_DEFAULT);
	sql_bind(q, num);
	text_add(&q->text, "+0 OFFSET ");
	snprintf(num, sizeof(num), "%ld", sel->offset > 0 ? sel->offset : 0);
	sql_bind(q, num);
	text_add(&q->text, "+0)");
	query_order(db, t, sel->query, q);
}

int
db_select(struct db *db, const struct db_select *sel,
    struct json_object **rows)
{
	const struct table *t = catalog_table(db, sel->table);
	struct columns c = { 0 };
	struct sql q = { 0 };
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s",
		    sel->table);
	columns_of(db, sel, t, &c);
	select_sql(db, sel, t, &c, &q);
	r = read_rows(db, &q, &c, rows);
	columns_fini(&c);
	sql_fini(&q);
	return r;
}

int
db_query(struct db *db, const char *table, const char *query, long limit,
    struct json_object **rows)
{
	struct db_select sel = { .table = table, .query = query,
	    .limit = limit };

	return db_select(db, &sel, rows);
}

int
db_first(struct db *db, const char *table, const char *query,
    struct json_object **row)
{
	struct json_object *rows;
	int r;

	r = db_query(db, table, query, 1, &rows);
	if (r < 0)
		return r;
	if (json_object_array_length(rows) == 0)
		r = db_say(db, DB_E_NONE, "No Record found");
	else
		*row = json_object_get(json_object_array_get_idx(rows, 0));
	json_object_put(rows);
	return r;
}

int
db_get(struct db *db, const char *table, const char *sys_id,
    struct json_object **out)
{
	char query[16 + SYS_ID_LEN];

	if (!db_has_table(db, table))
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", table);
	if (!is_sys_id(sys_id))
		return db_say(db, DB_E_NONE, "No Record found");
	snprintf(query, sizeof(query), "sys_id=%s", sys_id);
	return db_first(db, table, query, out);
}

int
db_count(struct db *db, const char *table, const char *query, long *count)
{
	const struct table *t = catalog_table(db, table);
	struct sql q = { 0 };
	sqlite3_stmt *st;
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", table);
	text_addf(&q.text, "SELECT count(*) FROM \"%s\" t WHERE ",
	    t->root->name);
	query_where(db, t, query, &q);
	r = db_prepare(db, &q, &st);
	if (r == 0) {
		if (sqlite3_step(st) == SQLITE_ROW)
			*count = (long)sqlite3_column_int64(st, 0);
		else
			r = db_say(db, DB_E_FAILED, "could not count: %s",
			    sqlite3_errmsg(db->sq));
		db_done(db, st);
	}
	sql_fini(&q);
	return r;
}

/* --- figures ------------------------------------------------------------- */

static void
stats_add(const struct db *db, const struct table *t, const char *list,
    const char *format, const char *prefix, struct columns *c)
{
	char *copy = xstrdup(list != NULL ? list : ""), *name, *save = NULL;
	const struct field *f;

	for (name = strtok_r(copy, ",", &save);
	    name != NULL && c->count < FIELDS_MAX;
	    name = strtok_r(NULL, ",", &save)) {
		struct text path = { 0 }, e = { 0 };

		if (path_sql(db, t, "t", name, false, &path, &f)) {
			text_addf(&e, "%s%s)", format, text_str(&path));
			columns_add(c, text_str(&e), prefix, name);
		}
		text_fini(&path);
		text_fini(&e);
	}
	free(copy);
}

int
db_stats(struct db *db, const struct db_stats *st, struct json_object **rows)
{
	const struct table *t = catalog_table(db, st->table);
	struct columns c = { 0 };
	struct sql q = { 0 };
	size_t i, groups;
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", st->table);
	stats_add(db, t, st->group_by, "(", "", &c);
	groups = c.count;
	columns_add(&c, "count(*)", "count", "");
	stats_add(db, t, st->sum, "sum(1.0*", "sum.", &c);
	stats_add(db, t, st->avg, "avg(1.0*", "avg.", &c);
	stats_add(db, t, st->min, "min(", "min.", &c);
	stats_add(db, t, st->max, "max(", "max.", &c);
	text_addf(&q.text, "SELECT %s FROM \"%s\" t WHERE ", text_str(&c.sql),
	    t->root->name);
	query_where(db, t, st->query, &q);
	for (i = 0; i < groups; i++)
		text_addf(&q.text, "%s%zu", i == 0 ? " GROUP BY " : ",", i + 1);
	r = read_rows(db, &q, &c, rows);
	columns_fini(&c);
	sql_fini(&q);
	return r;
}

char *
db_quote(const char *value)
{
	struct text t = { 0 };

	for (; *value != '\0'; value++)
		text_add(&t, *value == '^' ? "^^" : (char[2]){ *value, 0 });
	return text_take(&t);
}

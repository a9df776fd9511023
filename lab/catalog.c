/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalog - what tables and fields there are, kept in memory beside
 * sys_db_object and sys_dictionary, and the making of new ones.
 */
#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_priv.h"

#define NAME_MAX_LEN 80

/* Columns that every table has, the same that a real instance gives. */
static const struct {
	const char *name, *type;
} system_fields[] = {
	{ "sys_id", "GUID" },
	{ "sys_class_name", "string" },
	{ "sys_created_on", "glide_date_time" },
	{ "sys_created_by", "string" },
	{ "sys_updated_on", "glide_date_time" },
	{ "sys_updated_by", "string" },
	{ "sys_mod_count", "integer" },
};

/* The first of these that a table has is what its rows are shown by. */
static const char *const display_order[] = {
	"name", "number", "user_name", "file_name", "label", "ip_address",
	"serial_number", "topic", "short_description", "sys_id",
};

static bool
name_ok(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return s[0] >= 'a' && s[0] <= 'z' && s[n] == '\0' && n <= NAME_MAX_LEN;
}

/* --- looking up ---------------------------------------------------------- */

static int
table_cmp(const void *a, const void *b)
{
	return strcmp((*(struct table *const *)a)->name,
	    (*(struct table *const *)b)->name);
}

static int
field_cmp(const void *a, const void *b)
{
	return strcmp((*(const struct field *const *)a)->name,
	    (*(const struct field *const *)b)->name);
}

const struct table *
catalog_table(const struct db *db, const char *name)
{
	struct table key = { .name = (char *)(uintptr_t)name }, *k = &key;
	struct table **t;

	if (name == NULL || db->cat.table_count == 0)
		return NULL;
	t = bsearch(&k, db->cat.tables, db->cat.table_count, sizeof(k),
	    table_cmp);
	return t != NULL ? *t : NULL;
}

const struct field *
table_field(const struct table *t, const char *name)
{
	struct field key = { .name = (char *)(uintptr_t)name };
	const struct field *k = &key, **f;

	if (t->field_count == 0)
		return NULL;
	f = bsearch(&k, t->fields, t->field_count, sizeof(k), field_cmp);
	return f != NULL ? *f : NULL;
}

bool
db_has_table(const struct db *db, const char *table)
{
	return catalog_table(db, table) != NULL;
}

const struct field *
db_field(const struct db *db, const char *class, const char *name)
{
	const struct table *t = catalog_table(db, class);

	return t != NULL ? table_field(t, name) : NULL;
}

const struct field *
db_field_at(const struct db *db, const char *class, size_t i)
{
	const struct table *t = catalog_table(db, class);

	return t != NULL && i < t->field_count ? t->fields[i] : NULL;
}

bool
db_is_a(const struct db *db, const char *class, const char *ancestor)
{
	const struct table *t = catalog_table(db, class);

	for (; t != NULL; t = t->super)
		if (strcmp(t->name, ancestor) == 0)
			return true;
	return false;
}

const char *
db_super_of(const struct db *db, const char *class)
{
	const struct table *t = catalog_table(db, class);

	return t != NULL && t->super != NULL ? t->super->name : NULL;
}

const char *
db_root_of(const struct db *db, const char *class)
{
	const struct table *t = catalog_table(db, class);

	return t != NULL ? t->root->name : NULL;
}

const char *
db_label_of(const struct db *db, const char *class)
{
	const struct table *t = catalog_table(db, class);

	return t != NULL ? t->label : NULL;
}

const char *
db_display_of(const struct db *db, const char *table)
{
	const struct table *t = catalog_table(db, table);

	return t != NULL ? t->display : NULL;
}

const char *
db_table_at(const struct db *db, size_t i)
{
	return i < db->cat.table_count ? db->cat.tables[i]->name : NULL;
}

/* --- loading ------------------------------------------------------------- */

void
catalog_fini(struct catalog *cat)
{
	size_t i;

	for (i = 0; i < cat->table_count; i++) {
		free(cat->tables[i]->name);
		free(cat->tables[i]->label);
		free(cat->tables[i]->fields);
		free(cat->tables[i]->class_list);
		free(cat->tables[i]);
	}
	for (i = 0; i < cat->owned_count; i++) {
		free(cat->owned[i]->name);
		free(cat->owned[i]->type);
		free(cat->owned[i]->reference);
		free(cat->owned[i]);
	}
	free(cat->tables);
	free(cat->owned);
	memset(cat, 0, sizeof(*cat));
}

static char *
column_dup(sqlite3_stmt *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st, i);

	return xstrdup(s != NULL ? s : "");
}

static void
add_field(struct table *t, const struct field *f)
{
	t->fields = xrealloc(t->fields,
	    (t->field_count + 1) * sizeof(*t->fields));
	t->fields[t->field_count++] = f;
}

/* SUPER is put in by name later: the row may come before its parent's. */
static void
load_table(struct db *db, sqlite3_stmt *st)
{
	struct catalog *cat = &db->cat;
	struct table *t = xcalloc(1, sizeof(*t));

	t->name = column_dup(st, 0);
	t->label = column_dup(st, 2);
	cat->tables = xrealloc(cat->tables,
	    (cat->table_count + 1) * sizeof(*cat->tables));
	cat->tables[cat->table_count++] = t;
}

static void
link_table(struct db *db, sqlite3_stmt *st)
{
	struct table *t = (struct table *)(uintptr_t)catalog_table(db,
	    (const char *)sqlite3_column_text(st, 0));
	const char *super = (const char *)sqlite3_column_text(st, 1);

	t->super = super != NULL && super[0] != '\0' ?
	    catalog_table(db, super) : NULL;
}

static void
load_field(struct db *db, sqlite3_stmt *st)
{
	struct catalog *cat = &db->cat;
	struct field *f = xcalloc(1, sizeof(*f));
	const char *owner = (const char *)sqlite3_column_text(st, 0);
	size_t i;

	f->name = column_dup(st, 1);
	f->type = column_dup(st, 2);
	f->reference = column_dup(st, 3);
	f->max_length = sqlite3_column_int(st, 4);
	cat->owned = xrealloc(cat->owned,
	    (cat->owned_count + 1) * sizeof(*cat->owned));
	cat->owned[cat->owned_count++] = f;
	for (i = 0; i < cat->table_count; i++)
		if (db_is_a(db, cat->tables[i]->name, owner))
			add_field(cat->tables[i], f);
}

static int
each_row(struct db *db, const char *sql,
    void (*row)(struct db *, sqlite3_stmt *))
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL) != SQLITE_OK)
		return db_say(db, DB_E_FAILED, "the catalogue is damaged: %s",
		    sqlite3_errmsg(db->sq));
	while (sqlite3_step(st) == SQLITE_ROW)
		row(db, st);
	sqlite3_finalize(st);
	return 0;
}

/* What can only be known when all tables and fields are there. */
static void
finish_table(struct db *db, struct table *t)
{
	struct text list = { 0 };
	size_t i;

	for (t->root = t; t->root->super != NULL;)
		t->root = t->root->super;
	if (t->field_count > 0)
		qsort(t->fields, t->field_count, sizeof(*t->fields), field_cmp);
	for (i = 0; i < COUNT(display_order); i++)
		if (table_field(t, display_order[i]) != NULL)
			break;
	snprintf(t->display, sizeof(t->display), "%s",
	    i < COUNT(display_order) ? display_order[i] : "sys_id");
	for (i = 0; i < db->cat.table_count; i++) {
		const struct table *o = db->cat.tables[i];

		if (!db_is_a(db, o->name, t->name))
			continue;
		t->has_children = t->has_children || o != t;
		text_addf(&list, "%s'%s'", list.len > 0 ? "," : "", o->name);
	}
	t->class_list = text_take(&list);
}

int
catalog_load(struct db *db)
{
	size_t i;
	int r;

	catalog_fini(&db->cat);
	r = each_row(db, "SELECT name, super_class, label FROM sys_db_object",
	    load_table);
	if (r == 0 && db->cat.table_count > 0)
		qsort(db->cat.tables, db->cat.table_count,
		    sizeof(*db->cat.tables), table_cmp);
	if (r == 0)
		r = each_row(db, "SELECT name, super_class FROM sys_db_object",
		    link_table);
	if (r == 0)
		r = each_row(db, "SELECT name, element, internal_type,"
		    " reference, max_length FROM sys_dictionary", load_field);
	for (i = 0; r == 0 && i < db->cat.table_count; i++)
		finish_table(db, db->cat.tables[i]);
	return r;
}

/* --- making -------------------------------------------------------------- */

#define COLUMN "TEXT COLLATE NOCASE NOT NULL DEFAULT ''"

static int
add_row(struct db *db, const char *table, const char *const *pairs)
{
	struct sql q = { 0 };
	char id[SYS_ID_LEN + 1];
	size_t i;
	int r;

	sys_id_make(id);
	text_addf(&q.text, "INSERT OR IGNORE INTO %s (sys_id", table);
	for (i = 0; pairs[i] != NULL; i += 2)
		text_addf(&q.text, ",%s", pairs[i]);
	text_add(&q.text, ") VALUES (");
	sql_bind(&q, id);
	for (i = 0; pairs[i] != NULL; i += 2) {
		text_add(&q.text, ",");
		sql_bind(&q, pairs[i + 1]);
	}
	text_add(&q.text, ")");
	r = db_run(db, &q);
	sql_fini(&q);
	return r;
}

/* SQLite's own table; a class that extends another has none of its own. */
static int
make_physical(struct db *db, const char *name)
{
	struct text t = { 0 };
	size_t i;
	int r;

	text_addf(&t, "CREATE TABLE IF NOT EXISTS \"%s\" ("
	    "sys_id TEXT COLLATE NOCASE NOT NULL PRIMARY KEY", name);
	for (i = 1; i < COUNT(system_fields); i++)
		text_addf(&t, ", %s " COLUMN, system_fields[i].name);
	text_add(&t, ")");
	r = db_exec(db, text_str(&t));
	text_fini(&t);
	return r;
}

static int
note_column(struct db *db, const char *table, const char *name,
    const char *type, const char *reference, int max_length)
{
	char len[16];
	const char *pairs[] = { "name", table, "element", name,
	    "internal_type", type, "reference", reference,
	    "max_length", len, NULL };

	snprintf(len, sizeof(len), "%d", max_length);
	return add_row(db, "sys_dictionary", pairs);
}

static int
note_table(struct db *db, const char *name, const char *super,
    const char *label)
{
	const char *root = super[0] != '\0' ? db_root_of(db, super) : name;
	const char *pairs[] = { "name", name, "super_class", super,
	    "root", root, "label", label, NULL };
	size_t i;
	int r;

	r = add_row(db, "sys_db_object", pairs);
	for (i = 0; r == 0 && super[0] == '\0' && i < COUNT(system_fields); i++)
		r = note_column(db, name, system_fields[i].name,
		    system_fields[i].type, "", 255);
	return r;
}

int
db_create_table(struct db *db, const char *name, const char *super,
    const char *label)
{
	int r = 0;

	if (db_has_table(db, name))
		return 0;
	if (!name_ok(name))
		return db_say(db, DB_E_BAD, "\"%.80s\" cannot be the name of a"
		    " table: use a-z, 0-9 and _, a letter first", name);
	if (super != NULL && !db_has_table(db, super))
		return db_say(db, DB_E_TABLE, "table %s cannot extend %.80s:"
		    " there is no such table", name, super);
	if (super == NULL)
		r = make_physical(db, name);
	if (r == 0)
		r = note_table(db, name, super != NULL ? super : "", label);
	return r == 0 ? catalog_load(db) : r;
}

/* Two classes of a hierarchy may have a field of the same name: one column. */
static int
add_column(struct db *db, const char *root, const char *name)
{
	struct text t = { 0 };
	int r = 0;

	if (sqlite3_table_column_metadata(db->sq, NULL, root, name, NULL, NULL,
	    NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	text_addf(&t, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" " COLUMN, root,
	    name);
	r = db_exec(db, text_str(&t));
	text_fini(&t);
	return r;
}

int
db_create_column(struct db *db, const char *table, const char *name,
    const char *type, const char *reference, int max_length)
{
	const char *root = db_root_of(db, table);
	int r;

	if (root == NULL)
		return db_say(db, DB_E_TABLE, "there is no table %.80s", table);
	if (db_field(db, table, name) != NULL)
		return 0;
	if (!name_ok(name))
		return db_say(db, DB_E_BAD, "\"%.80s\" cannot be the name of a"
		    " column: use a-z, 0-9 and _, a letter first", name);
	r = add_column(db, root, name);
	if (r == 0)
		r = note_column(db, table, name, type, reference, max_length);
	return r == 0 ? catalog_load(db) : r;
}

int
db_create_index(struct db *db, const char *table, const char *columns)
{
	const struct table *t = catalog_table(db, table);
	struct text sql = { 0 };
	char *copy, *name, *save = NULL;
	int r = 0;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "there is no table %.80s", table);
	copy = xstrdup(columns);
	text_addf(&sql, "CREATE INDEX IF NOT EXISTS \"%s", t->root->name);
	for (name = strtok_r(copy, ",", &save); name != NULL && r == 0;
	    name = strtok_r(NULL, ",", &save)) {
		text_addf(&sql, "_%s", name);
		if (table_field(t, name) == NULL)
			r = db_say(db, DB_E_BAD, "%s has no column %.80s",
			    table, name);
	}
	text_addf(&sql, "\" ON \"%s\" (%s)", t->root->name, columns);
	if (r == 0)
		r = db_exec(db, text_str(&sql));
	text_fini(&sql);
	free(copy);
	return r;
}

/* The two tables that describe all tables also describe themselves. */
int
catalog_bootstrap(struct db *db)
{
	static const char *const own[][2] = {
		{ "sys_db_object", "name" },
		{ "sys_db_object", "super_class" },
		{ "sys_db_object", "root" },
		{ "sys_db_object", "label" },
		{ "sys_dictionary", "name" },
		{ "sys_dictionary", "element" },
		{ "sys_dictionary", "internal_type" },
		{ "sys_dictionary", "reference" },
		{ "sys_dictionary", "max_length" },
	};
	size_t i;
	int r;

	if (sqlite3_table_column_metadata(db->sq, NULL, "sys_dictionary",
	    "max_length", NULL, NULL, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	r = make_physical(db, "sys_db_object");
	if (r == 0)
		r = make_physical(db, "sys_dictionary");
	for (i = 0; r == 0 && i < COUNT(own); i++)
		r = add_column(db, own[i][0], own[i][1]);
	if (r == 0)
		r = db_exec(db, "CREATE UNIQUE INDEX sys_db_object_name ON"
		    " sys_db_object (name); CREATE UNIQUE INDEX"
		    " sys_dictionary_element ON sys_dictionary (name, element)");
	if (r == 0)
		r = note_table(db, "sys_db_object", "", "Table");
	if (r == 0)
		r = note_table(db, "sys_dictionary", "", "Dictionary");
	for (i = 0; r == 0 && i < COUNT(own); i++)
		r = note_column(db, own[i][0], own[i][1], "string", "", 255);
	return r;
}

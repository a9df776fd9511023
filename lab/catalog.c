/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalog - what tables and fields there are, kept in memory beside
 * sys_db_object and sys_dictionary.
 */
#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

/* The first of these that a table has is what its rows are shown by. */
static const char *const display_order[] = {
	"name", "number", "user_name", "file_name", "label", "ip_address",
	"serial_number", "topic", "short_description", "sys_id",
};

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

/* F (taken) belongs to OWNER and to all that extend it. */
static void
give_field(struct db *db, const char *owner, struct field *f)
{
	struct catalog *cat = &db->cat;
	const struct table *o = catalog_table(db, owner), *t;
	size_t i;

	cat->owned = xrealloc(cat->owned,
	    (cat->owned_count + 1) * sizeof(*cat->owned));
	cat->owned[cat->owned_count++] = f;
	for (i = 0; i < cat->table_count; i++) {
		for (t = cat->tables[i]; t != NULL && t != o;)
			t = t->super;
		if (t != NULL)
			add_field(cat->tables[i], f);
	}
}

static void
load_field(struct db *db, sqlite3_stmt *st)
{
	struct field *f = xcalloc(1, sizeof(*f));

	f->name = column_dup(st, 1);
	f->type = column_dup(st, 2);
	f->reference = column_dup(st, 3);
	f->max_length = sqlite3_column_int(st, 4);
	give_field(db, (const char *)sqlite3_column_text(st, 0), f);
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

/* Fields in order, and the one that rows are shown by. */
static void
finish_fields(struct table *t)
{
	size_t i;

	if (t->field_count > 0)
		qsort(t->fields, t->field_count, sizeof(*t->fields), field_cmp);
	for (i = 0; i < COUNT(display_order); i++)
		if (table_field(t, display_order[i]) != NULL)
			break;
	snprintf(t->display, sizeof(t->display), "%s",
	    i < COUNT(display_order) ? display_order[i] : "sys_id");
}

/* What can only be known when all tables are there. */
static void
finish_table(struct db *db, struct table *t)
{
	struct text list = { 0 };
	const struct table *o;
	size_t i;

	for (t->root = t; t->root->super != NULL;)
		t->root = t->root->super;
	for (i = 0; i < db->cat.table_count; i++) {
		for (o = db->cat.tables[i]; o != NULL && o != t;)
			o = o->super;
		if (o != NULL)
			text_addf(&list, "%s'%s'", list.len > 0 ? "," : "",
			    db->cat.tables[i]->name);
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
	for (i = 0; r == 0 && i < db->cat.table_count; i++) {
		finish_fields(db->cat.tables[i]);
		finish_table(db, db->cat.tables[i]);
	}
	return r;
}

void
catalog_know_column(struct db *db, const char *table, const char *name,
    const char *type, const char *reference, int max_length)
{
	struct field *f = xcalloc(1, sizeof(*f));
	size_t i;

	f->name = xstrdup(name);
	f->type = xstrdup(type);
	f->reference = xstrdup(reference);
	f->max_length = max_length;
	give_field(db, table, f);
	for (i = 0; i < db->cat.table_count; i++)
		finish_fields(db->cat.tables[i]);
}

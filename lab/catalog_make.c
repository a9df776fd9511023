/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalog_make - new tables and columns, in SQLite and in the two tables
 * that describe all tables.
 */
#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

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

static bool
name_ok(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return s[0] >= 'a' && s[0] <= 'z' && s[n] == '\0' && n <= NAME_MAX_LEN;
}

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
	if (r == 0)
		catalog_know_column(db, table, name, type, reference, max_length);
	return r;
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

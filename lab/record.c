/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - one record written: what a client may set, what the server sets,
 * and how a JSON value becomes the string that is stored.
 */
#include "db.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inside.h"

static const char *const server_sets[] = {
	"sys_id", "sys_class_name", "sys_created_on", "sys_created_by",
	"sys_updated_on", "sys_updated_by", "sys_mod_count",
};

static bool
set_by_server(const char *name)
{
	size_t i;

	if (!str_prefix(name, "sys_"))
		return false;
	for (i = 0; i < COUNT(server_sets); i++)
		if (strcmp(server_sets[i], name) == 0)
			return true;
	return false;
}

/* Bytes of S that hold at most MAX characters of UTF-8. */
static size_t
cut_at(const char *s, int max)
{
	size_t i = 0;

	if (max <= 0)
		return strlen(s);
	while (s[i] != '\0') {
		if (((unsigned char)s[i] & 0xc0) != 0x80 && max-- == 0)
			break;
		i++;
	}
	return i;
}

/* References may come as {"value": ...}; booleans in several words. */
static char *
value_text(const struct field *f, struct json_object *v)
{
	const char *s;

	if (json_object_is_type(v, json_type_object))
		s = json_str(v, "value", "");
	else
		s = v != NULL ? json_object_get_string(v) : "";
	if (strcmp(f->type, "boolean") == 0) {
		if (strcmp(s, "1") == 0 || strcasecmp(s, "true") == 0)
			return xstrdup("true");
		if (strcmp(s, "0") == 0 || strcasecmp(s, "false") == 0)
			return xstrdup("false");
	}
	return xstrndup(s, cut_at(s, f->max_length));
}

/* Calls ADD for each field of VALUES that T has and the client may set. */
static void
each_value(const struct table *t, struct json_object *values,
    void (*add)(void *, const char *, const char *), void *arg)
{
	const struct field *f;

	json_object_object_foreach(values, key, v) {
		char *s;

		f = table_field(t, key);
		if (f == NULL || set_by_server(key))
			continue;
		s = value_text(f, v);
		add(arg, f->name, s);
		free(s);
	}
}

struct insert {
	struct sql q;
	size_t n;
};

static void
insert_name(void *arg, const char *name, const char *value)
{
	struct insert *ins = arg;

	(void)value;
	text_addf(&ins->q.text, "%s\"%s\"", ins->n++ > 0 ? "," : "", name);
}

static void
insert_value(void *arg, const char *name, const char *value)
{
	struct insert *ins = arg;

	(void)name;
	if (ins->n++ > 0)
		text_add(&ins->q.text, ",");
	sql_bind(&ins->q, value);
}

/* The class the row gets: the table asked for, or one that extends it. */
static const struct table *
class_wanted(const struct db *db, const struct table *t,
    struct json_object *values)
{
	const char *c = json_str(values, "sys_class_name", "");

	return db_is_a(db, c, t->name) ? catalog_table(db, c) : t;
}

static void
system_values(struct db *db, const struct table *t, const char *id,
    void (*add)(void *, const char *, const char *), void *arg)
{
	char now[DATE_SIZE];

	date_format(now, (time_t)(db->now_ms() / 1000));
	add(arg, "sys_id", id);
	add(arg, "sys_class_name", t->name);
	add(arg, "sys_created_on", now);
	add(arg, "sys_created_by", db->user);
	add(arg, "sys_updated_on", now);
	add(arg, "sys_updated_by", db->user);
	add(arg, "sys_mod_count", "0");
}

static int
pick_id(struct db *db, struct json_object *values, char id[SYS_ID_LEN + 1])
{
	const char *sent = json_str(values, "sys_id", "");

	if (sent[0] == '\0') {
		sys_id_make(id);
		return 0;
	}
	if (!is_sys_id(sent))
		return db_say(db, DB_E_BAD, "sys_id must be 32 hex digits, not"
		    " \"%.64s\"", sent);
	memcpy(id, sent, SYS_ID_LEN + 1);
	return 0;
}

int
db_insert(struct db *db, const char *table, struct json_object *values,
    char sys_id[SYS_ID_LEN + 1])
{
	const struct table *t = catalog_table(db, table);
	struct insert ins = { 0 };
	char id[SYS_ID_LEN + 1];
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", table);
	r = pick_id(db, values, id);
	if (r < 0)
		return r;
	t = class_wanted(db, t, values);
	text_addf(&ins.q.text, "INSERT INTO \"%s\" (", t->root->name);
	system_values(db, t, id, insert_name, &ins);
	each_value(t, values, insert_name, &ins);
	text_add(&ins.q.text, ") VALUES (");
	ins.n = 0;
	system_values(db, t, id, insert_value, &ins);
	each_value(t, values, insert_value, &ins);
	text_add(&ins.q.text, ")");
	r = db_run(db, &ins.q);
	sql_fini(&ins.q);
	if (r == 0 && sys_id != NULL)
		memcpy(sys_id, id, sizeof(id));
	return r;
}

int
db_ensure(struct db *db, const char *table, const char *query,
    struct json_object *values, char sys_id[SYS_ID_LEN + 1])
{
	struct json_object *row;
	int r;

	r = db_first(db, table, query, &row);
	if (r == 0) {
		if (sys_id != NULL)
			(void)snprintf(sys_id, SYS_ID_LEN + 1, "%s",
			    json_str(row, "sys_id", ""));
		json_object_put(row);
	} else if (r == DB_E_NONE) {
		r = db_insert(db, table, values, sys_id);
	}
	json_object_put(values);
	return r;
}

static void
update_value(void *arg, const char *name, const char *value)
{
	struct insert *up = arg;

	text_addf(&up->q.text, "%s\"%s\"=", up->n++ > 0 ? "," : "", name);
	sql_bind(&up->q, value);
}

static void
where_row(struct sql *q, const struct table *t, const char *sys_id)
{
	text_add(&q->text, " WHERE sys_id=");
	sql_bind(q, sys_id);
	if (t->super != NULL)
		text_addf(&q->text, " AND sys_class_name IN (%s)",
		    t->class_list);
}

/* The class the row has now decides which fields may be set. */
static int
class_of(struct db *db, const struct table *t, const char *sys_id,
    const struct table **out)
{
	struct sql q = { 0 };
	sqlite3_stmt *st;
	int r;

	text_addf(&q.text, "SELECT sys_class_name FROM \"%s\"", t->root->name);
	where_row(&q, t, sys_id);
	r = db_prepare(db, &q, &st);
	if (r == 0) {
		if (sqlite3_step(st) == SQLITE_ROW) {
			*out = catalog_table(db,
			    (const char *)sqlite3_column_text(st, 0));
			if (*out == NULL)
				*out = t;
		} else {
			r = db_say(db, DB_E_NONE, "No Record found");
		}
		db_done(db, st);
	}
	sql_fini(&q);
	return r;
}

/* Who changed it and when: left alone by a touch. */
static void
update_stamps(struct db *db, struct insert *up)
{
	char now[DATE_SIZE];

	date_format(now, (time_t)(db->now_ms() / 1000));
	text_add(&up->q.text, " sys_mod_count=sys_mod_count+1,");
	update_value(up, "sys_updated_on", now);
	update_value(up, "sys_updated_by", db->user);
}

static int
update(struct db *db, const char *table, const char *sys_id,
    struct json_object *values, bool touch)
{
	const struct table *t = catalog_table(db, table), *class = t;
	struct insert up = { 0 };
	const char *move;
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", table);
	r = class_of(db, t, sys_id, &class);
	if (r < 0)
		return r;
	move = json_str(values, "sys_class_name", "");
	if (db_is_a(db, move, t->root->name))
		class = catalog_table(db, move);
	text_addf(&up.q.text, "UPDATE \"%s\" SET ", t->root->name);
	if (!touch)
		update_stamps(db, &up);
	update_value(&up, "sys_class_name", class->name);
	each_value(class, values, update_value, &up);
	where_row(&up.q, t->root, sys_id);
	r = db_run(db, &up.q);
	sql_fini(&up.q);
	return r;
}

int
db_update(struct db *db, const char *table, const char *sys_id,
    struct json_object *values)
{
	return update(db, table, sys_id, values, false);
}

int
db_touch(struct db *db, const char *table, const char *sys_id,
    struct json_object *values)
{
	return update(db, table, sys_id, values, true);
}

int
db_delete(struct db *db, const char *table, const char *sys_id)
{
	const struct table *t = catalog_table(db, table);
	struct sql q = { 0 };
	int r;

	if (t == NULL)
		return db_say(db, DB_E_TABLE, "Invalid table %.80s", table);
	text_addf(&q.text, "DELETE FROM \"%s\"", t->root->name);
	where_row(&q, t, sys_id);
	r = db_run(db, &q);
	sql_fini(&q);
	if (r == 0 && sqlite3_changes(db->sq) == 0)
		return db_say(db, DB_E_NONE, "No Record found");
	return r;
}

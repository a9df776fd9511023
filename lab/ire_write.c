/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_write - what identification decided, done: a row inserted, changed
 * where it differs, moved to another class, or only seen again.
 */
#include "ire_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a new row has when the sender does not say. */
static const struct {
	const char *class, *field, *value;
} defaults[] = {
	{ "cmdb_ci", "install_status", "1" },
	{ "cmdb_ci", "operational_status", "1" },
	{ "cmdb_serial_number", "valid", "true" },
	{ "cmdb_serial_number", "absent", "false" },
	{ "cmdb_running_process", "absent", "false" },
	{ "cmdb_tcp", "absent", "false" },
};

static bool
setting(const struct item *it, const char *name)
{
	struct json_object *settings, *v;

	return json_object_object_get_ex(it->raw, "settings", &settings) &&
	    json_object_object_get_ex(settings, name, &v) &&
	    json_object_get_boolean(v);
}

/* Who says so and when; not a change of the CI itself. */
static void
seen_now(const struct run *run, const struct item *it,
    struct json_object *values)
{
	if (!setting(it, "skipUpdatingSourceLastDiscoveredToCurrent"))
		json_put(values, "last_discovered", run->now);
	if (run->opt->data_source != NULL)
		json_put(values, "discovery_source", run->opt->data_source);
}

/* --- the source's own name for it --------------------------------------------- */

static struct json_object *
source_row(const struct run *run, const struct item *it,
    struct json_object *info)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "name", json_str(info, "source_name", ""));
	json_put(o, "id", json_str(info, "source_native_key", ""));
	json_put(o, "source_feed", json_str(info, "source_feed", ""));
	json_put(o, "source_recency_timestamp",
	    json_str(info, "source_recency_timestamp", ""));
	json_put(o, "last_scan", run->now);
	json_put(o, "target_table", it->class);
	json_put(o, "target_sys_id", it->sys_id);
	return o;
}

static int
write_source(struct run *run, const struct item *it)
{
	struct json_object *info, *row, *found = NULL;
	struct text query = { 0 };
	char *name, *id;
	int r;

	if (!json_object_object_get_ex(it->raw, "sys_object_source_info",
	    &info) || json_str(info, "source_name", "")[0] == '\0')
		return 0;
	name = db_quote(json_str(info, "source_name", ""));
	id = db_quote(json_str(info, "source_native_key", ""));
	text_addf(&query, "name=%s^id=%s^target_sys_id=%s", name, id,
	    it->sys_id);
	free(name);
	free(id);
	row = source_row(run, it, info);
	r = db_first(run->db, "sys_object_source", text_str(&query), &found);
	if (r == 0)
		r = db_touch(run->db, "sys_object_source",
		    json_str(found, "sys_id", ""), row);
	else if (r == DB_E_NONE)
		r = db_insert(run->db, "sys_object_source", row, NULL);
	text_fini(&query);
	json_object_put(row);
	json_object_put(found);
	return r < 0 ? run_db_failed(run) : 0;
}

/* --- insert --------------------------------------------------------------------- */

static int
insert(struct run *run, struct item *it)
{
	size_t i;

	for (i = 0; i < COUNT(defaults); i++)
		if (db_is_a(run->db, it->class, defaults[i].class) &&
		    !json_object_object_get_ex(it->values, defaults[i].field,
		    NULL))
			json_put(it->values, defaults[i].field,
			    defaults[i].value);
	if (is_ci(run, it->class)) {
		seen_now(run, it, it->values);
		json_put(it->values, "first_discovered", run->now);
	}
	it->op = OP_INSERT;
	if (db_insert(run->db, it->class, it->values, it->sys_id) < 0)
		return run_db_failed(run);
	return is_ci(run, it->class) ? sources_note_insert(run, it) : 0;
}

/* --- update --------------------------------------------------------------------- */

/* The class the row has after this, and what that step is called. */
static const char *
class_after(const struct run *run, const struct item *it, const char *was,
    enum ire_op *op)
{
	const char *refuse;

	*op = OP_UPDATE;
	if (strcmp(was, it->class) == 0)
		return was;
	if (db_is_a(run->db, it->class, was)) {
		*op = OP_UPGRADE;
		refuse = "updateWithoutUpgrade";
	} else if (db_is_a(run->db, was, it->class)) {
		*op = OP_DOWNGRADE;
		refuse = "updateWithoutDowngrade";
	} else {
		*op = OP_SWITCH;
		refuse = "updateWithoutSwitch";
	}
	if (!setting(it, refuse))
		return it->class;
	*op = OP_UPDATE;
	return was;
}

/* The fields of row SYS_ID that VALUES names, as they are now. */
static int
read_row(struct run *run, const char *class, const char *sys_id,
    struct json_object *values, struct json_object **rows)
{
	const char **fields;
	struct text query = { 0 };
	struct db_select sel = { .table = class, .limit = 1 };
	int r;

	fields = xcalloc((size_t)json_object_object_length(values) + 3,
	    sizeof(*fields));
	json_object_object_foreach(values, key, v) {
		(void)v;
		fields[sel.field_count++] = key;
	}
	fields[sel.field_count++] = "sys_id";
	fields[sel.field_count++] = "sys_class_name";
	fields[sel.field_count++] = "discovery_source";
	sel.fields = fields;
	text_addf(&query, "sys_id=%s", sys_id);
	sel.query = text_str(&query);
	r = db_select(run->db, &sel, rows);
	text_fini(&query);
	free(fields);
	return r < 0 ? run_db_failed(run) : 0;
}

struct change {				/* of a row's class; often none */
	const char *was, *class, *sys_id;
};

/* The fields of VALUES that CLASS has and ROW says otherwise. */
static struct json_object *
differing(const struct run *run, const char *class, struct json_object *row,
    struct json_object *values)
{
	struct json_object *diff = json_object_new_object();

	json_object_object_foreach(values, key, v) {
		if (db_field(run->db, class, key) != NULL &&
		    strcmp(json_str(row, key, ""),
		    json_object_get_string(v)) != 0)
			json_put(diff, key, json_object_get_string(v));
	}
	return diff;
}

/* DIFF is to be written over the row K by IT: what a mightier source said
 * stays, what is left is noted in its history. */
static int
judge(struct run *run, struct item *it, const struct known *k,
    const char *class, struct json_object *diff)
{
	int r;

	if (strcmp(k->class, class) != 0)
		json_put(diff, "sys_class_name", class);
	if (!is_ci(run, class))
		return 0;
	r = sources_judge(run, it, k, diff);
	if (strcmp(k->class, class) != 0 &&
	    !json_object_object_get_ex(diff, "sys_class_name", NULL))
		it->op = OP_UPDATE;	/* its class stays */
	return r == 0 ? sources_note(run, k, diff) : r;
}

/* The CI was seen; its source is the mightiest that has seen it. */
static void
note_seen(struct run *run, const struct item *it, const struct known *k,
    struct json_object *diff)
{
	seen_now(run, it, diff);
	if (!sources_outranks(run, k->class,
	    json_str(k->row, "discovery_source", "")))
		json_object_object_del(diff, "discovery_source");
}

/* Writes what differs; *CHANGED says whether anything did. */
static int
change(struct run *run, struct item *it, const struct change *c,
    struct json_object *values, bool *changed)
{
	struct known k = { .class = c->was, .sys_id = c->sys_id };
	struct json_object *rows, *diff;
	int r;

	r = read_row(run, c->was, c->sys_id, values, &rows);
	if (r < 0)
		return r;
	k.row = json_object_array_get_idx(rows, 0);
	diff = differing(run, c->class, k.row, values);
	r = judge(run, it, &k, c->class, diff);
	*changed = json_object_object_length(diff) > 0;
	if (is_ci(run, c->class))
		note_seen(run, it, &k, diff);
	if (r == 0 && *changed)
		r = db_update(run->db, c->was, c->sys_id, diff);
	else if (r == 0 && json_object_object_length(diff) > 0)
		r = db_touch(run->db, c->was, c->sys_id, diff);
	json_object_put(diff);
	json_object_put(rows);
	return r < 0 ? run_db_failed(run) : 0;
}

static int
update(struct run *run, struct item *it, const char *sys_id, const char *was)
{
	const char *class;
	bool changed;
	int r;

	class = class_after(run, it, was, &it->op);
	memcpy(it->sys_id, sys_id, sizeof(it->sys_id));
	r = change(run, it, &(struct change){ was, class, sys_id },
	    it->values, &changed);
	if (r == 0 && !changed)
		it->op = OP_NO_CHANGE;
	return r;
}

int
ire_write(struct run *run, struct item *it, const char *sys_id,
    const char *class)
{
	int r;

	r = sys_id[0] == '\0' ? insert(run, it) :
	    update(run, it, sys_id, class);
	return r < 0 ? r : write_source(run, it);
}

/* --- later and again -------------------------------------------------------------- */

static void
mark_changed(struct item *it)
{
	if (it->op == OP_NO_CHANGE)
		it->op = OP_UPDATE;
}

int
ire_write_late(struct run *run, struct item *it, struct ref *ref)
{
	const struct item *to = &run->items[ref->referenced];
	struct json_object *values;
	bool changed = false;
	int r;

	if (it->sys_id[0] == '\0' || to->sys_id[0] == '\0')
		return 0;
	values = json_object_new_object();
	json_put(values, ref->field, to->sys_id);
	r = change(run, it, &(struct change){ it->class, it->class,
	    it->sys_id }, values, &changed);
	if (changed)
		mark_changed(it);
	json_object_put(values);
	return r;
}

/* The first of two that are the same CI has the word; the second adds to it. */
int
ire_merge(struct run *run, struct item *it, struct item *into,
    const char *class)
{
	struct json_object *more = json_object_new_object();
	bool changed = false;
	int r;

	json_object_object_foreach(it->values, key, v) {
		if (!json_object_object_get_ex(into->values, key, NULL)) {
			json_object_object_add(more, key, json_object_get(v));
			json_put(into->values, key, json_object_get_string(v));
		}
	}
	memcpy(it->sys_id, into->sys_id, sizeof(it->sys_id));
	it->op = OP_NO_CHANGE;
	it->state = IRE_DONE;
	r = change(run, into, &(struct change){ class, class, it->sys_id },
	    more, &changed);
	if (changed)
		mark_changed(into);
	json_object_put(more);
	return r < 0 ? r : write_source(run, it);
}

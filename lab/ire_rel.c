/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_rel - the relations of a payload, written once every item has its
 * sys_id; one that is there already stays as it is, but for the port it says.
 */
#include "ire_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
refuse(struct relation *rel, const char *code, const char *message)
{
	json_object_array_add(rel->errors, ire_note(code, message));
}

/* The sys_id of a relation type by its name, "" when there is none. */
static int
type_id(struct run *run, const char *name, const char **id)
{
	struct json_object *row = NULL;
	struct text query = { 0 };
	char *quoted;
	int r = 0;

	if (!json_object_object_get_ex(run->rel_types, name, NULL)) {
		quoted = db_quote(name);
		text_addf(&query, "name=%s", quoted);
		free(quoted);
		r = db_first(run->db, "cmdb_rel_type", text_str(&query), &row);
		text_fini(&query);
		json_put(run->rel_types, name, json_str(row, "sys_id", ""));
		json_object_put(row);
	}
	*id = json_str(run->rel_types, name, "");
	return r < 0 && r != DB_E_NONE ? run_db_failed(run) : 0;
}

static int
set_port(struct run *run, struct relation *rel, const char *port)
{
	struct json_object *row = json_object_new_object();
	int r;

	json_put(row, "port", port);
	rel->op = OP_UPDATE;
	r = db_update(run->db, "cmdb_rel_ci", rel->sys_id, row);
	json_object_put(row);
	return r;
}

static int
write_relation(struct run *run, struct relation *rel, const char *parent,
    const char *child, const char *type)
{
	struct json_object *row = NULL;
	struct text query = { 0 };
	const char *port = json_str(rel->raw, "port", "");
	int r;

	text_addf(&query, "parent=%s^child=%s^type=%s", parent, child, type);
	r = db_first(run->db, "cmdb_rel_ci", text_str(&query), &row);
	text_fini(&query);
	if (r == 0) {
		rel->op = OP_NO_CHANGE;
		(void)snprintf(rel->sys_id, sizeof(rel->sys_id), "%s",
		    json_str(row, "sys_id", ""));
		if (port[0] != '\0' && strcmp(port, json_str(row, "port", "")) != 0)
			r = set_port(run, rel, port);
	} else if (r == DB_E_NONE) {
		row = json_object_new_object();
		json_put(row, "parent", parent);
		json_put(row, "child", child);
		json_put(row, "type", type);
		json_put(row, "port", port);
		rel->op = OP_INSERT;
		r = db_insert(run->db, "cmdb_rel_ci", row, rel->sys_id);
	}
	json_object_put(row);
	return r < 0 ? run_db_failed(run) : 0;
}

static bool
is_held(const struct item *it)
{
	return it->op == OP_PARTIAL || it->op == OP_INCOMPLETE;
}

static int
relate(struct run *run, struct relation *rel)
{
	const struct item *parent = &run->items[rel->parent];
	const struct item *child = &run->items[rel->child];
	const char *type;
	int r;

	r = type_id(run, rel->type, &type);
	if (r < 0)
		return r;
	if (type[0] == '\0')
		refuse(rel, "INVALID_INPUT_DATA", "type is no cmdb_rel_type:"
		    " write it as \"Parent::Child\", letter by letter");
	else if (parent->state == IRE_FAILED || child->state == IRE_FAILED)
		refuse(rel, "ABANDONED", "an item at one end has errors");
	else if (!is_ci(run, parent->class) || !is_ci(run, child->class))
		refuse(rel, "INVALID_INPUT_DATA", "only CIs can be related; at"
		    " one end is a row of another table");
	else if (is_held(parent) || is_held(child))
		rel->op = OP_PARTIAL;
	else if (strcmp(parent->sys_id, child->sys_id) == 0)
		refuse(rel, "INVALID_INPUT_DATA", "a CI cannot be related to"
		    " itself");
	else
		r = write_relation(run, rel, parent->sys_id, child->sys_id,
		    type);
	return r;
}

int
ire_relate(struct run *run)
{
	size_t i;
	int r = 0;

	for (i = 0; i < run->relation_count && r == 0; i++)
		if (json_object_array_length(run->relations[i].errors) == 0)
			r = relate(run, &run->relations[i]);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_sources - which source may overwrite what another one wrote, by the rows
 * of cmdb_reconciliation_definition, and the history of values in sys_audit:
 * each change of a CI with who said so. The history is also what knows whose
 * word a value is: the last row of the field, else the one of the insert.
 */
#include "ire_inside.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- precedence ----------------------------------------------------------------- */

static bool
names(const char *list, const char *word)
{
	size_t n = strlen(word), len;

	for (; *list != '\0'; list += len) {
		list += strspn(list, ", ");
		len = strcspn(list, ", ");
		if (len == n && strncmp(list, word, n) == 0)
			return true;
	}
	return false;
}

/* How near ROW speaks of CLASS and FIELD; 0: not at all. */
static int
nearness(const struct run *run, struct json_object *row, const char *class,
    const char *field)
{
	const char *of = json_str(row, "applies_to", "");
	const char *attributes = json_str(row, "attributes", "");
	int depth = 0;

	if (!db_is_a(run->db, class, of) ||
	    (attributes[0] != '\0' && !names(attributes, field)))
		return 0;
	for (; of != NULL; of = db_super_of(run->db, of))
		depth++;
	return depth * 2 + (attributes[0] != '\0');
}

/* The smaller the mightier. */
static int
rank(const struct run *run, const char *source, const char *class,
    const char *field)
{
	int best = 0, near, n = INT_MAX;
	size_t i;

	for (i = 0; i < json_object_array_length(run->precedence); i++) {
		struct json_object *row = json_object_array_get_idx(
		    run->precedence, i);

		if (strcmp(json_str(row, "discovery_source", ""), source) != 0)
			continue;
		near = nearness(run, row, class, field);
		if (near > best) {
			best = near;
			n = atoi(json_str(row, "priority", "0"));
		}
	}
	return n;
}

int
sources_load(struct run *run)
{
	return db_query(run->db, "cmdb_reconciliation_definition",
	    "active=true", 0, &run->precedence) < 0 ? run_db_failed(run) : 0;
}

/* Whose word the value of FIELD is, "" when nobody knows. */
static int
writer_of(struct run *run, const char *sys_id, const char *field,
    char source[SOURCE_MAX])
{
	const char *const fields[] = { "u_source" };
	struct db_select sel = { .table = "sys_audit", .fields = fields,
	    .field_count = 1, .limit = 1 };
	struct json_object *rows;
	struct text query = { 0 };
	int r;

	text_addf(&query, "documentkey=%s^fieldnameIN%s," AUDIT_INSERTED
	    "^ORDERBYDESCu_sequence", sys_id, field);
	sel.query = text_str(&query);
	r = db_select(run->db, &sel, &rows);
	text_fini(&query);
	if (r < 0)
		return run_db_failed(run);
	(void)snprintf(source, SOURCE_MAX, "%s", json_str(
	    json_object_array_get_idx(rows, 0), "u_source", ""));
	json_object_put(rows);
	return 0;
}

static const char *
own_source(const struct run *run)
{
	return run->opt->data_source != NULL ? run->opt->data_source : "";
}

/* 1 when the source of this payload may change FIELD, 0 when not; WRITER is
 * whose word stands. */
static int
may_change(struct run *run, const char *class, const char *sys_id,
    const char *field, char writer[SOURCE_MAX])
{
	int r = writer_of(run, sys_id, field, writer);

	if (r < 0)
		return r;
	return writer[0] == '\0' || strcmp(writer, own_source(run)) == 0 ||
	    rank(run, own_source(run), class, field) <=
	    rank(run, writer, class, field);
}

int
sources_judge(struct run *run, struct item *it, const struct known *k,
    struct json_object *diff)
{
	struct json_object *kept = json_object_new_array();
	char writer[SOURCE_MAX];
	size_t i;
	int r = 0;

	json_object_object_foreach(diff, field, v) {
		const char *was = json_str(k->row, field, "");

		(void)v;
		if (was[0] == '\0')
			continue;
		r = may_change(run, k->class, k->sys_id, field, writer);
		if (r < 0)
			break;
		if (r > 0)
			continue;
		item_warn(it, "LOWER_PRECEDENCE", "%s: \"%.80s\" is the word of"
		    " %s, which %s may not overwrite; left as it is", field,
		    was, writer, own_source(run));
		json_object_array_add(kept, json_object_new_string(field));
	}
	for (i = 0; i < json_object_array_length(kept); i++)
		json_object_object_del(diff, json_object_get_string(
		    json_object_array_get_idx(kept, i)));
	json_object_put(kept);
	return r < 0 ? r : 0;
}

/* --- history ---------------------------------------------------------------------- */

int
sources_note(struct run *run, const struct known *k, struct json_object *diff)
{
	struct audit a = { .table = k->class, .sys_id = k->sys_id,
	    .source = own_source(run) };
	int r = 0;

	json_object_object_foreach(diff, field, v) {
		a.field = field;
		a.was = json_str(k->row, field, "");
		a.is = json_object_get_string(v);
		if (r == 0)
			r = audit(run->db, &a);
	}
	return r < 0 ? run_db_failed(run) : 0;
}

int
sources_note_insert(struct run *run, const struct item *it)
{
	struct audit a = { .table = it->class, .sys_id = it->sys_id,
	    .was = "", .is = "", .source = own_source(run) };

	return audit(run->db, &a) < 0 ? run_db_failed(run) : 0;
}

bool
sources_outranks(struct run *run, const char *class, const char *source)
{
	return source[0] == '\0' || rank(run, own_source(run), class, "") <=
	    rank(run, source, class, "");
}

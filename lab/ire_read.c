/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_read - a payload into items, relations and references. Everything is
 * counted before it is kept: who sends it chooses the size.
 */
#include "ire_inside.h"

#include <stdlib.h>
#include <string.h>

/* The array in KEY, or NULL; *N is 0 then. */
static struct json_object *
array_of(struct json_object *o, const char *key, size_t *n)
{
	struct json_object *a;

	*n = 0;
	if (!json_object_object_get_ex(o, key, &a) ||
	    !json_object_is_type(a, json_type_array))
		return NULL;
	*n = json_object_array_length(a);
	return a;
}

bool
is_ci(const struct run *run, const char *class)
{
	return db_is_a(run->db, class, "cmdb_ci");
}

/* --- items ------------------------------------------------------------------ */

static int
check_item(struct run *run, struct json_object *raw, const char *where,
    size_t index)
{
	struct json_object *values;
	const char *class;

	if (!json_object_is_type(raw, json_type_object))
		return run_fail(run, IRE_E_BAD, "%s[%zu] is not an object",
		    where, index);
	class = json_str(raw, "className", "");
	if (class[0] == '\0' || strlen(class) >= IRE_CLASS_MAX)
		return run_fail(run, IRE_E_BAD, "%s[%zu] has no className of"
		    " 1 to %d characters", where, index, IRE_CLASS_MAX - 1);
	if (!json_object_object_get_ex(raw, "values", &values))
		return 0;
	if (!json_object_is_type(values, json_type_object) ||
	    json_object_object_length(values) > IRE_VALUES_MAX)
		return run_fail(run, IRE_E_BAD, "%s[%zu]: values must be an"
		    " object of at most %d fields", where, index,
		    IRE_VALUES_MAX);
	return 0;
}

static int
add_item(struct run *run, struct json_object *raw, const char *where,
    size_t index, size_t parent)
{
	struct item *it;
	int r;

	r = check_item(run, raw, where, index);
	if (r < 0)
		return r;
	if (run->count == IRE_ITEMS_MAX)
		return run_fail(run, IRE_E_BAD, "more than %d items with their"
		    " related ones: send them in several payloads",
		    IRE_ITEMS_MAX);
	if (run->count % 256 == 0)
		run->items = xrealloc(run->items,
		    (run->count + 256) * sizeof(*run->items));
	it = &run->items[run->count++];
	memset(it, 0, sizeof(*it));
	it->raw = raw;
	it->class = json_str(raw, "className", "");
	it->index = index;
	it->parent = parent;
	it->merged_into = NOWHERE;
	it->attempts = json_object_new_array();
	it->errors = json_object_new_array();
	it->warnings = json_object_new_array();
	return 0;
}

/* What hangs on an item inside it: related rows, and lookup rows that are no
 * CIs of their own (serial numbers), which are kept as well as looked up. */
static int
add_nested(struct run *run, size_t parent, const char *key, bool keep_ci)
{
	struct json_object *raw = run->items[parent].raw, *a, *o;
	size_t i, n;
	int r = 0;

	a = array_of(raw, key, &n);
	for (i = 0; i < n && r == 0; i++) {
		o = json_object_array_get_idx(a, i);
		r = check_item(run, o, key, i);
		if (r == 0 && (keep_ci ||
		    !is_ci(run, json_str(o, "className", ""))))
			r = add_item(run, o, key, i, parent);
	}
	return r;
}

static int
name_item(struct run *run, size_t index)
{
	const char *id = json_str(run->items[index].raw, "internal_id", "");

	if (id[0] == '\0')
		return 0;
	if (json_object_object_get_ex(run->ids, id, NULL))
		return run_fail(run, IRE_E_BAD, "two items have the"
		    " internal_id \"%.80s\"", id);
	json_object_object_add(run->ids, id,
	    json_object_new_int64((int64_t)index));
	return 0;
}

int
ire_read(struct run *run)
{
	struct json_object *a;
	size_t i, n;
	int r = 0;

	a = array_of(run->payload, "items", &n);
	if (a == NULL)
		return run_fail(run, IRE_E_BAD, "the payload has no array"
		    " \"items\"");
	if (n > IRE_TOP_ITEMS_MAX)
		return run_fail(run, IRE_E_BAD, "%zu items; at most %d in one"
		    " payload, and 500 are advised", n, IRE_TOP_ITEMS_MAX);
	for (i = 0; i < n && r == 0; i++) {
		r = add_item(run, json_object_array_get_idx(a, i), "items", i,
		    NOWHERE);
		if (r == 0)
			r = name_item(run, i);
	}
	run->top_count = n;
	for (i = 0; i < n && r == 0; i++) {
		r = add_nested(run, i, "lookup", false);
		if (r == 0)
			r = add_nested(run, i, "related", true);
	}
	return r;
}

/* --- links ------------------------------------------------------------------- */

/* The item that V means: an index, or an internal_id. */
static size_t
item_meant(const struct run *run, struct json_object *v, bool index_allowed)
{
	struct json_object *i;
	int64_t n;

	if (index_allowed && json_object_is_type(v, json_type_int)) {
		n = json_object_get_int64(v);
		return n >= 0 && (size_t)n < run->top_count ? (size_t)n :
		    NOWHERE;
	}
	if (v == NULL || !json_object_object_get_ex(run->ids,
	    json_object_get_string(v), &i))
		return NOWHERE;
	return (size_t)json_object_get_int64(i);
}

/* "parent_id" by internal_id, or "parent" by index. */
static size_t
end_of(const struct run *run, struct json_object *raw, const char *by_id,
    const char *by_index)
{
	struct json_object *v;

	if (json_object_object_get_ex(raw, by_id, &v))
		return item_meant(run, v, false);
	if (json_object_object_get_ex(raw, by_index, &v))
		return item_meant(run, v, true);
	return NOWHERE;
}

static void
add_edge(struct run *run, size_t from, size_t to, const char *type,
    bool other_is_parent)
{
	struct edge *e = xcalloc(1, sizeof(*e));

	e->other = to;
	e->type = type;
	e->other_is_parent = other_is_parent;
	e->next = run->items[from].edges;
	run->items[from].edges = e;
}

static void
read_relation(struct run *run, struct relation *rel, struct json_object *raw)
{
	rel->raw = raw;
	rel->errors = json_object_new_array();
	rel->parent = end_of(run, raw, "parent_id", "parent");
	rel->child = end_of(run, raw, "child_id", "child");
	rel->type = json_str(raw, "type", "");
	if (rel->parent == NOWHERE || rel->child == NOWHERE) {
		json_object_array_add(rel->errors, ire_note(
		    "INVALID_INPUT_DATA", "parent or child is no item of this"
		    " payload: give parent_id and child_id, or parent and child"
		    " as indices of top-level items"));
		return;
	}
	add_edge(run, rel->child, rel->parent, rel->type, true);
	add_edge(run, rel->parent, rel->child, rel->type, false);
}

static int
read_reference(struct run *run, struct json_object *raw, size_t index)
{
	size_t from = end_of(run, raw, "", "referencedBy");
	size_t to = end_of(run, raw, "", "referenced");
	const char *field = json_str(raw, "referenceField", "");
	struct ref *ref;

	if (from == NOWHERE || to == NOWHERE || field[0] == '\0')
		return run_fail(run, IRE_E_BAD, "referenceItems[%zu] needs"
		    " referenceField, and referenced and referencedBy that"
		    " name items of this payload", index);
	ref = xcalloc(1, sizeof(*ref));
	ref->referenced = to;
	ref->field = field;
	ref->next = run->items[from].refs;
	run->items[from].refs = ref;
	return 0;
}

int
ire_read_links(struct run *run)
{
	struct json_object *relations, *references;
	size_t i, n, m;
	int r = 0;

	relations = array_of(run->payload, "relations", &n);
	references = array_of(run->payload, "referenceItems", &m);
	if (n > IRE_RELATIONS_MAX || m > IRE_RELATIONS_MAX)
		return run_fail(run, IRE_E_BAD, "at most %d relations and as"
		    " many referenceItems in one payload", IRE_RELATIONS_MAX);
	run->relations = xcalloc(n + 1, sizeof(*run->relations));
	run->relation_count = n;
	for (i = 0; i < n; i++)
		read_relation(run, &run->relations[i],
		    json_object_array_get_idx(relations, i));
	for (i = 0; i < m && r == 0; i++)
		r = read_reference(run,
		    json_object_array_get_idx(references, i), i);
	return r;
}

/* --- the end ------------------------------------------------------------------ */

static void
item_fini(struct item *it)
{
	struct edge *e;
	struct ref *ref;

	while ((e = it->edges) != NULL) {
		it->edges = e->next;
		free(e);
	}
	while ((ref = it->refs) != NULL) {
		it->refs = ref->next;
		free(ref);
	}
	json_object_put(it->values);
	json_object_put(it->attempts);
	json_object_put(it->errors);
	json_object_put(it->warnings);
	json_object_put(it->info);
}

void
ire_read_fini(struct run *run)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		item_fini(&run->items[i]);
	for (i = 0; i < run->relation_count; i++)
		json_object_put(run->relations[i].errors);
	free(run->items);
	free(run->relations);
}

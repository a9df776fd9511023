/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_answer - what was done with each item and relation, in the words of the
 * instance's API.
 */
#include "ire_inside.h"

#include <stdlib.h>

static const char *const op_names[] = {
	[OP_NONE] = "",
	[OP_INSERT] = "INSERT",
	[OP_UPDATE] = "UPDATE",
	[OP_NO_CHANGE] = "NO_CHANGE",
	[OP_UPGRADE] = "UPDATE_WITH_UPGRADE",
	[OP_DOWNGRADE] = "UPDATE_WITH_DOWNGRADE",
	[OP_SWITCH] = "UPDATE_WITH_SWITCH",
	[OP_PARTIAL] = "INSERT_AS_PARTIAL",
	[OP_INCOMPLETE] = "INSERT_AS_INCOMPLETE",
};

const char *
ire_op_name(enum ire_op op)
{
	return op_names[op];
}

static void
put_array(struct json_object *o, const char *key, struct json_object *array)
{
	json_object_object_add(o, key, json_object_get(array));
}

static void
put_new_array(struct json_object *o, const char *key)
{
	json_object_object_add(o, key, json_object_new_array());
}

/* A dry run has no sys_id for what it would insert. */
static const char *
id_or_unknown(const struct run *run, enum ire_op op, const char *sys_id)
{
	return sys_id[0] == '\0' || (run->opt->dry_run && op == OP_INSERT) ?
	    "Unknown" : sys_id;
}

static void
put_outcome(const struct run *run, struct json_object *o,
    const struct item *it)
{
	bool failed = it->state == IRE_FAILED;

	json_put(o, "className", it->class);
	if (!failed)
		json_put(o, "operation", ire_op_name(it->op));
	json_put(o, "sysId", failed ? "Unknown" :
	    id_or_unknown(run, it->op, it->sys_id));
	put_array(o, "errors", it->errors);
	json_object_object_add(o, "errorCount", json_object_new_int(
	    (int)json_object_array_length(it->errors)));
	put_array(o, "warnings", it->warnings);
}

/* --- items ----------------------------------------------------------------------- */

static void
put_related(const struct run *run, struct json_object *o, size_t of)
{
	struct json_object *items = json_object_new_array();
	struct json_object *ids = json_object_new_array(), *one;
	size_t i;

	for (i = run->top_count; i < run->count; i++) {
		if (run->items[i].parent != of)
			continue;
		one = json_object_new_object();
		put_outcome(run, one, &run->items[i]);
		json_object_array_add(ids, json_object_new_string(
		    json_str(one, "sysId", "")));
		json_object_array_add(items, one);
	}
	json_object_object_add(o, "relatedItems", items);
	json_object_object_add(o, "relatedSysIds", ids);
}

static struct json_object *
item_answer(const struct run *run, size_t i)
{
	const struct item *it = &run->items[i];
	struct json_object *o = json_object_new_object();
	struct json_object *inputs = json_object_new_array();

	put_outcome(run, o, it);
	json_put(o, "identifierEntrySysId",
	    it->entry[0] != '\0' ? it->entry : "Unknown");
	put_array(o, "identificationAttempts", it->attempts);
	json_object_array_add(inputs, json_object_new_int64((int64_t)i));
	json_object_object_add(o, "inputIndices", inputs);
	put_new_array(o, "mergedPayloadIds");
	put_new_array(o, "info");
	put_new_array(o, "markers");
	return o;
}

static void
put_merged(struct json_object *into, const struct item *it)
{
	struct json_object *a;
	const char *id = json_str(it->raw, "internal_id", "");

	if (json_object_object_get_ex(into, "inputIndices", &a))
		json_object_array_add(a,
		    json_object_new_int64((int64_t)it->index));
	if (id[0] != '\0' &&
	    json_object_object_get_ex(into, "mergedPayloadIds", &a))
		json_object_array_add(a, json_object_new_string(id));
}

/* An item merged into another shows there only; BY_INDEX borrows. */
static struct json_object *
items_answer(const struct run *run)
{
	struct json_object *all = json_object_new_array(), *o;
	struct json_object **by_index;
	size_t i, into;

	by_index = xcalloc(run->top_count + 1, sizeof(struct json_object *));
	for (i = 0; i < run->top_count; i++) {
		if (run->items[i].merged_into != NOWHERE)
			continue;
		o = by_index[i] = item_answer(run, i);
		json_object_array_add(all, o);
	}
	for (i = 0; i < run->top_count; i++) {
		into = run->items[i].merged_into;
		if (into < run->top_count && by_index[into] != NULL)
			put_merged(by_index[into], &run->items[i]);
	}
	for (i = 0; i < run->top_count; i++)
		if (by_index[i] != NULL)
			put_related(run, by_index[i], i);
	free(by_index);
	return all;
}

/* --- relations ------------------------------------------------------------------- */

static struct json_object *
relation_answer(const struct run *run, size_t index)
{
	const struct relation *rel = &run->relations[index];
	struct json_object *o = json_object_new_object();
	struct json_object *inputs = json_object_new_array();
	size_t errors = json_object_array_length(rel->errors);

	json_put(o, "className", "cmdb_rel_ci");
	if (errors == 0)
		json_put(o, "operation", ire_op_name(rel->op));
	json_put(o, "sysId", id_or_unknown(run, rel->op,
	    errors == 0 ? rel->sys_id : ""));
	if (rel->parent != NOWHERE)
		json_object_object_add(o, "parentIndex",
		    json_object_new_int64((int64_t)rel->parent));
	if (rel->child != NOWHERE)
		json_object_object_add(o, "childIndex",
		    json_object_new_int64((int64_t)rel->child));
	json_object_array_add(inputs, json_object_new_int64((int64_t)index));
	json_object_object_add(o, "inputIndices", inputs);
	put_array(o, "errors", rel->errors);
	json_object_object_add(o, "errorCount",
	    json_object_new_int((int)errors));
	put_new_array(o, "warnings");
	return o;
}

/* --- the whole -------------------------------------------------------------------- */

static void
count_up(struct json_object *summary, const char *class, const char *op)
{
	struct json_object *of, *n;

	if (!json_object_object_get_ex(summary, class, &of)) {
		of = json_object_new_object();
		json_object_object_add(summary, class, of);
	}
	if (json_object_object_get_ex(of, op, &n))
		(void)json_object_int_inc(n, 1);
	else
		json_object_object_add(of, op, json_object_new_int(1));
}

static struct json_object *
summary(const struct run *run)
{
	struct json_object *s = json_object_new_object();
	size_t i;

	for (i = 0; i < run->count; i++)
		if (run->items[i].merged_into == NOWHERE)
			count_up(s, run->items[i].class,
			    run->items[i].state == IRE_FAILED ? "ERROR" :
			    ire_op_name(run->items[i].op));
	for (i = 0; i < run->relation_count; i++)
		count_up(s, "cmdb_rel_ci",
		    json_object_array_length(run->relations[i].errors) > 0 ?
		    "ERROR" : ire_op_name(run->relations[i].op));
	return s;
}

static bool
any_note(const struct run *run, bool errors)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		if (json_object_array_length(errors ? run->items[i].errors :
		    run->items[i].warnings) > 0)
			return true;
	for (i = 0; errors && i < run->relation_count; i++)
		if (json_object_array_length(run->relations[i].errors) > 0)
			return true;
	return false;
}

struct json_object *
ire_answer(const struct run *run)
{
	struct json_object *o = json_object_new_object();
	struct json_object *relations = json_object_new_array();
	size_t i;

	for (i = 0; i < run->relation_count; i++)
		json_object_array_add(relations, relation_answer(run, i));
	json_object_object_add(o, "items", items_answer(run));
	json_object_object_add(o, "relations", relations);
	put_new_array(o, "additionalCommittedItems");
	put_new_array(o, "additionalCommittedRelations");
	json_object_object_add(o, "hasError",
	    json_object_new_boolean(any_note(run, true)));
	json_object_object_add(o, "hasWarning",
	    json_object_new_boolean(any_note(run, false)));
	if (run->opt->generate_summary)
		json_object_object_add(o, "summary", summary(run));
	return o;
}

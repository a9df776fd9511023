/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_order - an item is placed after all it refers to and hangs on, so that
 * it is recognised as a part of just that host. Circles of references are
 * closed once everything is written.
 */
#include "ire_inside.h"

#include <stdio.h>
#include <string.h>

static int resolve(struct run *run, struct item *it, int depth);

/* --- what an item refers to --------------------------------------------------- */

static int
follow_ref(struct run *run, struct item *it, struct ref *ref, int depth)
{
	struct item *to = &run->items[ref->referenced];
	int r;

	if (db_field(run->db, it->class, ref->field) == NULL) {
		item_warn(it, "UNKNOWN_FIELD", "%s has no field %.80s; the"
		    " reference is left out", it->class, ref->field);
		return 0;
	}
	r = resolve(run, to, depth + 1);
	if (r < 0)
		return r;
	if (to->state == IRE_VISITING)
		ref->late = true;
	else if (to->state == IRE_DONE && to->sys_id[0] != '\0')
		json_put(it->values, ref->field, to->sys_id);
	else if (to->op == OP_PARTIAL || to->op == OP_INCOMPLETE)
		it->op = OP_PARTIAL;
	else
		item_error(it, "ABANDONED", "%s refers to an item with errors",
		    ref->field);
	return 0;
}

static int
follow_refs(struct run *run, struct item *it, int depth)
{
	struct ref *ref;
	int r = 0;

	for (ref = it->refs; ref != NULL && r == 0; ref = ref->next)
		r = follow_ref(run, it, ref, depth);
	return r;
}

/* --- what an item hangs on ------------------------------------------------------ */

/* May an item of CLASS be what the rule's host field points to? */
static bool
fits_host_field(const struct run *run, const struct item *it,
    const char *class)
{
	const struct field *f;

	if (it->rule->host_field[0] == '\0')
		return false;
	f = db_field(run->db, it->class, it->rule->host_field);
	return f != NULL && f->reference != NULL &&
	    db_is_a(run->db, class, f->reference);
}

/*
 * The relation that says what IT hangs on. The rule's own kind first; then any
 * to an item that may stand in the host field, as senders differ in taste.
 */
static const struct edge *
host_edge(const struct run *run, const struct item *it)
{
	const struct edge *e, *second = NULL, *third = NULL;

	for (e = it->edges; e != NULL; e = e->next) {
		bool fits = fits_host_field(run, it,
		    run->items[e->other].class);
		bool ruled = strcmp(e->type, it->rule->relation) == 0 &&
		    e->other_is_parent == !it->rule->host_is_child;

		if (fits && ruled)
			return e;
		if (fits)
			second = e;
		else if (ruled)
			third = e;
	}
	return second != NULL ? second : third;
}

static void
missing_host(struct item *it, const struct item *host)
{
	if (host != NULL && host->state == IRE_FAILED) {
		item_error(it, "ABANDONED", "the %s it hangs on has errors",
		    host->class);
		return;
	}
	it->op = OP_PARTIAL;
}

static int
hang_on(struct run *run, struct item *it, const struct edge *e, int depth)
{
	struct item *host = &run->items[e->other];
	int r;

	r = resolve(run, host, depth + 1);
	if (r < 0)
		return r;
	if (host->state != IRE_DONE || host->sys_id[0] == '\0') {
		missing_host(it, host);
		return 0;
	}
	memcpy(it->host, host->sys_id, sizeof(it->host));
	if (fits_host_field(run, it, host->class))
		json_put(it->values, it->rule->host_field, it->host);
	else
		it->host_relation = it->rule->relation;
	return 0;
}

/* A related item hangs on the one it is written in. */
static void
hang_on_parent(struct run *run, struct item *it)
{
	const struct item *parent = &run->items[it->parent];

	if (parent->state != IRE_DONE || parent->sys_id[0] == '\0')
		missing_host(it, parent);
	else if (fits_host_field(run, it, parent->class))
		json_put(it->values, it->rule->host_field, parent->sys_id);
}

static int
find_host(struct run *run, struct item *it, int depth)
{
	const struct edge *e;
	const char *told;

	if (it->parent != NOWHERE)
		hang_on_parent(run, it);
	told = json_str(it->values, it->rule->host_field, "");
	if (it->rule->host_field[0] != '\0' && told[0] != '\0') {
		(void)snprintf(it->host, sizeof(it->host), "%s", told);
		return 0;
	}
	e = host_edge(run, it);
	if (e != NULL)
		return hang_on(run, it, e, depth);
	if (it->state != IRE_FAILED)
		it->op = OP_PARTIAL;
	return 0;
}

/* --- one item -------------------------------------------------------------------- */

static int
held(struct run *run, struct item *it, const char *table, const char *code,
    const char *message)
{
	if (!run->opt->partial_payloads) {
		item_error(it, code, "%s", message);
		return 0;
	}
	item_warn(it, code, "%s", message);
	it->state = IRE_DONE;
	return ire_hold(run, it->raw, table, message);
}

static int
hold_partial(struct run *run, struct item *it)
{
	char message[400];

	(void)snprintf(message, sizeof(message), "%s is a part of something"
	    " else: the payload must hold that item and a relation \"%s\" or a"
	    " referenceItem %s", it->class, it->rule->relation,
	    it->rule->host_field);
	return held(run, it, "cmdb_ire_partial_payloads", "MISSING_DEPENDENCY",
	    message);
}

/* No attribute to know it by: kept aside when that was asked for. */
static int
hold_incomplete(struct run *run, struct item *it)
{
	if (!run->opt->partial_payloads)
		return 0;
	it->op = OP_INCOMPLETE;
	it->state = IRE_DONE;
	json_object_put(it->errors);
	it->errors = json_object_new_array();
	item_warn(it, "MISSING_MATCHING_ATTRIBUTES", "nothing to recognise it"
	    " by: kept in cmdb_ire_incomplete_payloads");
	return ire_hold(run, it->raw, "cmdb_ire_incomplete_payloads",
	    "no identification attribute has a value");
}

static bool
lacks_identity(const struct item *it)
{
	struct json_object *e = json_object_array_get_idx(it->errors, 0);

	return e != NULL && strcmp(json_str(e, "error", ""),
	    "MISSING_MATCHING_ATTRIBUTES") == 0;
}

/* SYS_ID was already met in this payload, as another item. */
static int
same_again(struct run *run, struct item *it, const char *sys_id,
    const char *class)
{
	struct json_object *i = NULL;
	size_t first;

	(void)json_object_object_get_ex(run->claimed, sys_id, &i);
	first = (size_t)json_object_get_int64(i);
	/* A related row may stand under several items: that is one fact. */
	if (it->parent == NOWHERE && !run->opt->deduplicate_payloads) {
		item_error(it, "DUPLICATE_PAYLOAD_RECORDS", "items %zu and %zu"
		    " are the same CI: send it once, or ask for"
		    " deduplicate_payloads", run->items[first].index,
		    it->index);
		return 0;
	}
	it->merged_into = first;
	return ire_merge(run, it, &run->items[first], class);
}

static int
place(struct run *run, struct item *it)
{
	char sys_id[SYS_ID_LEN + 1], class[IRE_CLASS_MAX];
	int r;

	r = ire_find(run, it, sys_id, class);
	if (r < 0)
		return r;
	if (it->state == IRE_FAILED)
		return lacks_identity(it) ? hold_incomplete(run, it) : 0;
	if (sys_id[0] != '\0' &&
	    json_object_object_get_ex(run->claimed, sys_id, NULL))
		return same_again(run, it, sys_id, class);
	r = ire_write(run, it, sys_id, class);
	if (r == 0 && it->state != IRE_FAILED) {
		it->state = IRE_DONE;
		json_object_object_add(run->claimed, it->sys_id,
		    json_object_new_int64(it - run->items));
	}
	return r;
}

static int
prepare(struct run *run, struct item *it)
{
	if (!db_has_table(run->db, it->class)) {
		item_error(it, "INVALID_INPUT_DATA", "there is no class %s",
		    it->class);
		return 0;
	}
	it->rule = rules_for(&run->rules, run->db, it->class);
	if (it->rule == NULL) {
		item_error(it, "IDENTIFICATION_RULE_MISSING", "no rule says how"
		    " to recognise a %s", it->class);
		return 0;
	}
	return ire_values(run, it);
}

static int
resolve(struct run *run, struct item *it, int depth)
{
	int r;

	if (it->state != IRE_WAITING)
		return 0;
	if (depth > IRE_DEPTH_MAX) {
		item_error(it, "QUALIFICATION_LOOP", "more than %d items hang"
		    " on one another in a row", IRE_DEPTH_MAX);
		return 0;
	}
	it->state = IRE_VISITING;
	r = prepare(run, it);
	if (r == 0 && it->state != IRE_FAILED)
		r = follow_refs(run, it, depth);
	if (r == 0 && it->state != IRE_FAILED && it->rule->dependent)
		r = find_host(run, it, depth);
	if (r < 0 || it->state == IRE_FAILED)
		return r;
	return it->op == OP_PARTIAL ? hold_partial(run, it) : place(run, it);
}

int
ire_order(struct run *run)
{
	struct ref *ref;
	size_t i;
	int r = 0;

	/* Related items come after all top-level ones: see ire_read(). */
	for (i = 0; i < run->count && r == 0; i++)
		r = resolve(run, &run->items[i], 0);
	for (i = 0; i < run->count && r == 0; i++)
		for (ref = run->items[i].refs; ref != NULL && r == 0;
		    ref = ref->next)
			if (ref->late)
				r = ire_write_late(run, &run->items[i], ref);
	return r;
}

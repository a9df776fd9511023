/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_find - who is this? The entries of an item's rule are tried in order;
 * the first that finds a row decides. Every try is told in the answer.
 */
#include "ire_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct matches {
	char ids[IRE_MATCH_MAX][SYS_ID_LEN + 1];
	char classes[IRE_MATCH_MAX][IRE_CLASS_MAX];
	size_t count;
};

/* --- attributes ---------------------------------------------------------------- */

/* "a,b,c" one by one into NAME; gives what follows, NULL at the end. */
static const char *
next_word(const char *list, char name[IRE_CLASS_MAX])
{
	size_t n;

	list += strspn(list, ", ");
	n = strcspn(list, ", ");
	if (n == 0 || n >= IRE_CLASS_MAX)
		return NULL;
	memcpy(name, list, n);
	name[n] = '\0';
	return list + n;
}

static void
add_condition(struct text *query, const char *field, const char *value)
{
	char *quoted = db_quote(value);

	text_addf(query, "%s%s=%s", query->len > 0 ? "^" : "", field, quoted);
	free(quoted);
}

/* Conditions for all ATTRIBUTES, or false when VALUES lacks one of them. */
static bool
conditions(struct json_object *values, const char *attributes,
    struct text *query)
{
	char name[IRE_CLASS_MAX];
	const char *value;

	while ((attributes = next_word(attributes, name)) != NULL) {
		value = json_str(values, name, "");
		if (value[0] == '\0')
			return false;
		add_condition(query, name, value);
	}
	return query->len > 0;
}

/* The database compares without case; "/Data" and "/data" are two mounts. */
static bool
exactly(struct json_object *row, struct json_object *values,
    const char *attributes)
{
	char name[IRE_CLASS_MAX];

	while ((attributes = next_word(attributes, name)) != NULL)
		if (strcmp(json_str(row, name, ""),
		    json_str(values, name, "")) != 0)
			return false;
	return true;
}

/* --- matches ------------------------------------------------------------------ */

static bool
has_match(const struct matches *m, const char *id)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (strcmp(m->ids[i], id) == 0)
			return true;
	return false;
}

static void
add_match(struct matches *m, const char *id, const char *class)
{
	if (m->count == IRE_MATCH_MAX || has_match(m, id))
		return;
	(void)snprintf(m->ids[m->count], SYS_ID_LEN + 1, "%s", id);
	(void)snprintf(m->classes[m->count], IRE_CLASS_MAX, "%s", class);
	m->count++;
}

/* Is CHILD at the other end of the relation that IT hangs by? */
static int
hangs_there(struct run *run, const struct item *it, const char *id, bool *yes)
{
	struct text query = { 0 };
	long count = 0;
	int r;

	add_condition(&query, it->rule->host_is_child ? "child" : "parent",
	    it->host);
	add_condition(&query, it->rule->host_is_child ? "parent" : "child", id);
	add_condition(&query, "type.name", it->host_relation);
	r = db_count(run->db, "cmdb_rel_ci", text_str(&query), &count);
	text_fini(&query);
	*yes = count > 0;
	return r < 0 ? run_db_failed(run) : 0;
}

/* --- own attributes ------------------------------------------------------------ */

static const char *
search_table(const struct item *it, const struct rule_entry *e)
{
	/* The rule of all CIs must not find a CI of a strange class. */
	return strcmp(e->table, "cmdb_ci") == 0 ? it->class : e->table;
}

static int
rows_of(struct run *run, const char *table, const char *query,
    const char *attributes, const char *host_field, struct json_object **rows)
{
	const char *fields[16] = { "sys_id", "sys_class_name", host_field };
	char names[12][IRE_CLASS_MAX];
	struct db_select sel = { .table = table, .query = query,
	    .fields = fields, .field_count = 3, .limit = IRE_MATCH_MAX };
	size_t n;

	for (n = 0; n < COUNT(names); n++) {
		attributes = next_word(attributes, names[n]);
		if (attributes == NULL)
			break;
		fields[sel.field_count++] = names[n];
	}
	return db_select(run->db, &sel, rows) < 0 ? run_db_failed(run) : 0;
}

/* Exact spellings, or where there are none and the CI stands alone, any. */
static int
collect(struct run *run, struct item *it, const struct rule_entry *e,
    struct json_object *rows, bool exact, struct matches *m)
{
	size_t i, n = json_object_array_length(rows);
	bool yes = true;
	int r = 0;

	for (i = 0; i < n && r == 0; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const char *id = json_str(row, "sys_id", "");

		if (exact && !exactly(row, it->values, e->attributes))
			continue;
		if (it->host_relation != NULL)
			r = hangs_there(run, it, id, &yes);
		if (r == 0 && yes)
			add_match(m, id, json_str(row, "sys_class_name",
			    it->class));
	}
	return r;
}

static int
find_own(struct run *run, struct item *it, const struct rule_entry *e,
    struct matches *m, bool *tried)
{
	const char *table = search_table(it, e);
	struct text query = { 0 };
	struct json_object *rows = NULL;
	int r = 0;

	*tried = conditions(it->values, e->attributes, &query);
	if (*tried) {
		if (it->host[0] != '\0' && it->host_relation == NULL)
			add_condition(&query, it->rule->host_field, it->host);
		if (e->condition[0] != '\0')
			text_addf(&query, "^%s", e->condition);
		if (is_ci(run, table))
			text_add(&query, "^duplicate_ofISEMPTY");
		text_add(&query, "^ORDERBYsys_created_on^ORDERBYsys_id");
		r = rows_of(run, table, text_str(&query), e->attributes, "",
		    &rows);
	}
	text_fini(&query);
	if (r == 0 && *tried)
		r = collect(run, it, e, rows, true, m);
	if (r == 0 && *tried && m->count == 0 && !it->rule->dependent)
		r = collect(run, it, e, rows, false, m);
	json_object_put(rows);
	return r;
}

/* --- lookups ------------------------------------------------------------------- */

/* The CI a row of a lookup table belongs to, if it is one the rule is for. */
static int
owner_of(struct run *run, const struct item *it, const char *id,
    struct matches *m)
{
	struct json_object *rows;
	struct text query = { 0 };
	int r;

	if (id[0] == '\0')
		return 0;
	add_condition(&query, "sys_id", id);
	r = rows_of(run, it->rule->applies_to, text_str(&query), "", "", &rows);
	text_fini(&query);
	if (r < 0)
		return r;
	if (json_object_array_length(rows) > 0)
		add_match(m, id, json_str(json_object_array_get_idx(rows, 0),
		    "sys_class_name", ""));
	json_object_put(rows);
	return 0;
}

/* The CIs that one lookup item of the payload points to. */
static int
find_owners(struct run *run, const struct item *it,
    const struct rule_entry *e, const char *conditions_text, struct matches *m)
{
	const struct rule *of = rules_for(&run->rules, run->db, e->table);
	const char *field = of != NULL ? of->host_field : "cmdb_ci";
	struct text query = { 0 };
	struct json_object *rows = NULL;
	size_t i;
	int r;

	text_add(&query, conditions_text);
	if (e->condition[0] != '\0')
		text_addf(&query, "^%s", e->condition);
	text_add(&query, "^ORDERBYsys_created_on^ORDERBYsys_id");
	r = rows_of(run, e->table, text_str(&query), "", field, &rows);
	text_fini(&query);
	for (i = 0; r == 0 && i < json_object_array_length(rows); i++)
		r = owner_of(run, it, json_str(json_object_array_get_idx(rows,
		    i), field, ""), m);
	json_object_put(rows);
	return r;
}

static void
keep_common(struct matches *all, const struct matches *these)
{
	size_t i, n = 0;

	for (i = 0; i < all->count; i++)
		if (has_match(these, all->ids[i])) {
			memmove(all->ids[n], all->ids[i], sizeof(all->ids[n]));
			memmove(all->classes[n], all->classes[i],
			    sizeof(all->classes[n]));
			n++;
		}
	all->count = n;
}

/* "Exact count": a CI with other lookup rows than those sent is another CI. */
static int
keep_counted(struct run *run, const struct rule_entry *e, size_t sent,
    struct matches *m)
{
	const struct rule *of = rules_for(&run->rules, run->db, e->table);
	size_t i, n = 0;
	int r = 0;

	for (i = 0; i < m->count && r == 0; i++) {
		struct text query = { 0 };
		long count = 0;

		add_condition(&query, of != NULL ? of->host_field : "cmdb_ci",
		    m->ids[i]);
		if (e->condition[0] != '\0')
			text_addf(&query, "^%s", e->condition);
		r = db_count(run->db, e->table, text_str(&query), &count);
		text_fini(&query);
		if (r < 0)
			return run_db_failed(run);
		if (count < 0 || (size_t)count != sent)
			continue;
		memmove(m->ids[n], m->ids[i], sizeof(m->ids[n]));
		memmove(m->classes[n], m->classes[i], sizeof(m->classes[n]));
		n++;
	}
	m->count = n;
	return 0;
}

static int
find_lookup_one(struct run *run, const struct item *it,
    const struct rule_entry *e, struct json_object *lookup, bool first,
    struct matches *m, size_t *sent)
{
	struct matches *these;
	struct json_object *values;
	struct text query = { 0 };
	size_t i;
	int r = 0;

	if (strcmp(json_str(lookup, "className", ""), e->table) != 0 ||
	    !json_object_object_get_ex(lookup, "values", &values) ||
	    !conditions(values, e->attributes, &query)) {
		text_fini(&query);
		return 0;
	}
	these = xcalloc(1, sizeof(*these));
	r = find_owners(run, it, e, text_str(&query), these);
	if (e->exact && !first)
		keep_common(m, these);
	else
		for (i = 0; i < these->count; i++)
			add_match(m, these->ids[i], these->classes[i]);
	(*sent)++;
	free(these);
	text_fini(&query);
	return r;
}

static int
find_lookup(struct run *run, struct item *it, const struct rule_entry *e,
    struct matches *m, bool *tried)
{
	struct json_object *lookups;
	size_t i, sent = 0;
	int r = 0;

	if (json_object_object_get_ex(it->raw, "lookup", &lookups) &&
	    json_object_is_type(lookups, json_type_array))
		for (i = 0; r == 0 && i < json_object_array_length(lookups);
		    i++)
			r = find_lookup_one(run, it, e,
			    json_object_array_get_idx(lookups, i), sent == 0, m,
			    &sent);
	*tried = sent > 0;
	if (r == 0 && sent > 0 && e->exact)
		r = keep_counted(run, e, sent, m);
	return r;
}

/* --- the whole ------------------------------------------------------------------ */

static void
note_attempt(struct item *it, const struct rule_entry *e, const char *table,
    const char *result)
{
	struct json_object *o = json_object_new_object();
	struct json_object *attributes = json_object_new_array();
	const char *list = e->attributes;
	char name[IRE_CLASS_MAX];

	while ((list = next_word(list, name)) != NULL)
		json_object_array_add(attributes, json_object_new_string(name));
	json_put(o, "identifierName", it->rule->name);
	json_put(o, "attemptResult", result);
	json_object_object_add(o, "attributes", attributes);
	json_object_object_add(o, "hybridEntryCiAttributes",
	    json_object_new_array());
	json_put(o, "searchOnTable", table);
	json_object_array_add(it->attempts, o);
}

static int
try_entry(struct run *run, struct item *it, const struct rule_entry *e,
    struct matches *m, bool *tried)
{
	int r;

	m->count = 0;
	r = e->lookup ? find_lookup(run, it, e, m, tried) :
	    find_own(run, it, e, m, tried);
	if (r == 0)
		note_attempt(it, e, e->lookup ? e->table : search_table(it, e),
		    !*tried ? "SKIPPED" : m->count == 0 ? "NO_MATCH" :
		    m->count == 1 ? "MATCHED" : "MULTI_MATCH");
	return r;
}

/* Lookup rows have ages of their own: here only the CIs' counts. */
static int
oldest(struct run *run, const struct item *it, const struct matches *m,
    char sys_id[SYS_ID_LEN + 1], char class[IRE_CLASS_MAX])
{
	struct text query = { 0 };
	struct json_object *rows, *row;
	size_t i;
	int r;

	for (i = 0; i < m->count; i++)
		text_addf(&query, "%s%s", i == 0 ? "sys_idIN" : ",", m->ids[i]);
	text_add(&query, "^ORDERBYsys_created_on^ORDERBYsys_id");
	r = rows_of(run, it->rule->applies_to, text_str(&query), "", "", &rows);
	text_fini(&query);
	if (r < 0)
		return r;
	row = json_object_array_get_idx(rows, 0);
	if (row != NULL) {
		(void)snprintf(sys_id, SYS_ID_LEN + 1, "%s",
		    json_str(row, "sys_id", ""));
		(void)snprintf(class, IRE_CLASS_MAX, "%s",
		    json_str(row, "sys_class_name", ""));
	}
	json_object_put(rows);
	return 0;
}

/* One row is it; few rows: the oldest is it and somebody is asked to look. */
static int
decide(struct run *run, struct item *it, const struct rule_entry *e,
    const struct matches *m, char sys_id[SYS_ID_LEN + 1],
    char class[IRE_CLASS_MAX])
{
	int r;

	if (m->count >= IRE_DUPLICATES) {
		item_error(it, "MULTIPLE_DUPLICATE_RECORDS", "%zu records of"
		    " %s fit by %s: merge them, then send again", m->count,
		    e->table, e->attributes);
		return 0;
	}
	memcpy(sys_id, m->ids[0], SYS_ID_LEN + 1);
	memcpy(class, m->classes[0], IRE_CLASS_MAX);
	(void)snprintf(it->entry, sizeof(it->entry), "%s", e->sys_id);
	if (m->count == 1)
		return 0;
	item_warn(it, "DUPLICATE_RECORDS", "%zu records of %s fit by %s: the"
	    " oldest was taken", m->count, e->table, e->attributes);
	r = oldest(run, it, m, sys_id, class);
	return r < 0 ? r : ire_duplicates(run, class, m->ids, m->count);
}

int
ire_find(struct run *run, struct item *it, char sys_id[SYS_ID_LEN + 1],
    char class[IRE_CLASS_MAX])
{
	struct matches *m = xcalloc(1, sizeof(*m));
	bool tried, any = false;
	size_t i;
	int r = 0;

	sys_id[0] = class[0] = '\0';
	for (i = 0; i < it->rule->entry_count && r == 0; i++) {
		r = try_entry(run, it, &it->rule->entries[i], m, &tried);
		any |= tried;
		if (r == 0 && m->count > 0) {
			r = decide(run, it, &it->rule->entries[i], m, sys_id,
			    class);
			break;
		}
	}
	free(m);
	if (r == 0 && !any)
		item_error(it, "MISSING_MATCHING_ATTRIBUTES", "none of the"
		    " attributes by which %s recognises a %s has a value",
		    it->rule->name, it->class);
	return r;
}

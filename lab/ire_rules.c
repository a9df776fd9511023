/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ire_rules - the rules of identification as cmdb_identifier and
 * cmdb_identifier_entry have them now; so a user may change a row and the
 * next payload is judged by it.
 */
#include "ire_inside.h"

#include <stdlib.h>
#include <string.h>

static bool
is_true(struct json_object *row, const char *key)
{
	return strcmp(json_str(row, key, ""), "true") == 0;
}

static void
rule_read(struct rule *rule, struct json_object *row)
{
	rule->name = json_str(row, "name", "");
	rule->applies_to = json_str(row, "applies_to", "");
	rule->host_field = json_str(row, "u_host_field", "");
	rule->relation = json_str(row, "u_relation", "");
	rule->host_is_child =
	    strcmp(json_str(row, "u_host_end", ""), "child") == 0;
	rule->dependent = !is_true(row, "independent");
}

static void
entry_read(struct rule *rule, struct json_object *row)
{
	struct rule_entry *e;

	rule->entries = xrealloc(rule->entries,
	    (rule->entry_count + 1) * sizeof(*e));
	e = &rule->entries[rule->entry_count++];
	e->sys_id = json_str(row, "sys_id", "");
	e->table = json_str(row, "table", "");
	e->attributes = json_str(row, "attributes", "");
	e->condition = json_str(row, "optional_condition", "");
	e->exact = is_true(row, "exact_count_match");
	e->lookup = strcmp(e->table, rule->applies_to) != 0;
}

/* The entries come sorted by order, so each rule gets its own sorted. */
static void
entries_read(struct rules *rules)
{
	size_t i, k, n = json_object_array_length(rules->entries);

	for (i = 0; i < n; i++) {
		struct json_object *row =
		    json_object_array_get_idx(rules->entries, i);
		const char *of = json_str(row, "identifier", "");

		for (k = 0; k < rules->count; k++) {
			struct json_object *id =
			    json_object_array_get_idx(rules->identifiers, k);

			if (strcmp(json_str(id, "sys_id", ""), of) == 0)
				entry_read(&rules->at[k], row);
		}
	}
}

int
rules_load(struct db *db, struct rules *rules)
{
	size_t i;
	int r;

	r = db_query(db, "cmdb_identifier", "active=true", 0,
	    &rules->identifiers);
	if (r == 0)
		r = db_query(db, "cmdb_identifier_entry",
		    "active=true^ORDERBYorder", 0, &rules->entries);
	if (r != 0)
		return r;
	rules->count = json_object_array_length(rules->identifiers);
	rules->at = xcalloc(rules->count + 1, sizeof(*rules->at));
	for (i = 0; i < rules->count; i++)
		rule_read(&rules->at[i],
		    json_object_array_get_idx(rules->identifiers, i));
	entries_read(rules);
	return 0;
}

void
rules_fini(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++)
		free(rules->at[i].entries);
	free(rules->at);
	json_object_put(rules->identifiers);
	json_object_put(rules->entries);
}

const struct rule *
rules_for(const struct rules *rules, const struct db *db, const char *class)
{
	size_t i;

	for (; class != NULL; class = db_super_of(db, class))
		for (i = 0; i < rules->count; i++)
			if (strcmp(rules->at[i].applies_to, class) == 0)
				return &rules->at[i];
	return NULL;
}

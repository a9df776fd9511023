/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - see the header.
 */
#include "rules.h"

#include <json-c/json.h>
#include <string.h>

#include "audit.h"
#include "db.h"
#include "instance.h"

static int
run_rules(struct rule_run *run, const char *table, enum rule_when when)
{
	const struct business_rule *rule;
	int r = 0;

	for (rule = ecc_rules; rule < ecc_rules + ecc_rule_count && r == 0;
	    rule++)
		if (rule->when == when && strcmp(rule->table, table) == 0 &&
		    (rule->applies == NULL || rule->applies(run)))
			r = rule->act(run);
	return r;
}

int
record_insert(struct instance *in, const char *table,
    struct json_object *values, char sys_id[SYS_ID_LEN + 1])
{
	struct rule_run run = { .in = in, .values = values };
	char id[SYS_ID_LEN + 1];
	int r;

	r = run_rules(&run, table, BEFORE_INSERT);
	if (r == 0)
		r = db_insert(in->db, table, values, id);
	run.sys_id = id;
	if (r == 0)
		r = run_rules(&run, table, AFTER_INSERT);
	if (r == 0 && sys_id != NULL)
		memcpy(sys_id, id, sizeof(id));
	return r;
}

int
record_update(struct instance *in, const char *table, const char *sys_id,
    struct json_object *values)
{
	struct rule_run run = { .in = in, .values = values, .sys_id = sys_id };
	int r;

	r = audit_typed(in->db, table, sys_id, values);
	if (r == 0)
		r = db_update(in->db, table, sys_id, values);
	if (r == 0)
		r = run_rules(&run, table, AFTER_UPDATE);
	return r;
}

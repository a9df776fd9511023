/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - records written the way an instance does it: with the business
 * rules of their table around the write. The caller has begun a transaction.
 */
#ifndef LAB_RULES_H
#define LAB_RULES_H
#include <stdbool.h>

#include "util.h"

struct instance;
struct json_object;

/* What a rule is given. VALUES: what is written; a "before" rule may change
 * it, an "after" rule reads it beside SYS_ID. */
struct rule_run {
	struct instance *in;
	struct json_object *values;
	const char *sys_id;
};

enum rule_when { BEFORE_INSERT, AFTER_INSERT, AFTER_UPDATE };

struct business_rule {
	const char *table;
	enum rule_when when;
	bool (*applies)(const struct rule_run *run);	/* NULL: always */
	int (*act)(struct rule_run *run);		/* 0 or DB_E_* */
	const char *name;
};
extern const struct business_rule ecc_rules[];
extern const size_t ecc_rule_count;

/* As db_insert() and db_update(); VALUES may be changed by the rules. */
int record_insert(struct instance *in, const char *table,
    struct json_object *values, char sys_id[SYS_ID_LEN + 1]);
int record_update(struct instance *in, const char *table, const char *sys_id,
    struct json_object *values);

/* HeartbeatProbe for every agent; those that left the last one unanswered
 * are Down. Called when heartbeat_next_ms has come. */
int heartbeat_beat(struct instance *in);
#endif

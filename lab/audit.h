/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit - the history of values: rows of sys_audit.
 */
#ifndef LAB_AUDIT_H
#define LAB_AUDIT_H

struct db;
struct json_object;

#define AUDIT_INSERTED "*"	/* fieldname of the row that an insert leaves */

struct audit {
	const char *table, *sys_id;
	const char *field;		/* NULL: the record was made */
	const char *was, *is;
	const char *source;		/* a discovery_source */
};
int audit(struct db *db, const struct audit *a);	/* 0 or DB_E_* */

/* What a person types in over the row SYS_ID of TABLE, before it is written;
 * nothing when TABLE is no CI. */
int audit_typed(struct db *db, const char *table, const char *sys_id,
    struct json_object *values);
#endif

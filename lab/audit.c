/* SPDX-License-Identifier: Apache-2.0 */
/* audit - see the header. */
#include "audit.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

/* Rows of one second keep their order. */
static void
put_sequence(struct db *db, struct json_object *o)
{
	static int64_t last;
	static unsigned counter;
	int64_t now = db_now_ms(db);
	char s[40];

	counter = now == last ? counter + 1 : 1;
	last = now;
	(void)snprintf(s, sizeof(s), "%012llx%07x", (unsigned long long)now,
	    counter & 0xfffffff);
	json_put(o, "u_sequence", s);
}

int
audit(struct db *db, const struct audit *a)
{
	struct json_object *o = json_object_new_object();
	int r;

	json_put(o, "tablename", a->table);
	json_put(o, "documentkey", a->sys_id);
	json_put(o, "fieldname", a->field != NULL ? a->field : AUDIT_INSERTED);
	json_put(o, "oldvalue", a->was);
	json_put(o, "newvalue", a->is);
	json_put(o, "user", db_user(db));
	json_put(o, "u_source", a->source);
	json_put(o, "reason", a->field != NULL ? "update" : "insert");
	put_sequence(db, o);
	r = db_insert(db, "sys_audit", o, NULL);
	json_object_put(o);
	return r;
}

int
audit_typed(struct db *db, const char *table, const char *sys_id,
    struct json_object *values)
{
	struct audit a = { .table = table, .sys_id = sys_id,
	    .source = "Manual Entry" };
	struct json_object *row;
	int r;

	if (!db_is_a(db, table, "cmdb_ci"))
		return 0;
	r = db_get(db, table, sys_id, &row);
	if (r < 0)
		return r;
	json_object_object_foreach(values, field, v) {
		if (v == NULL || json_object_is_type(v, json_type_object) ||
		    db_field(db, table, field) == NULL ||
		    str_prefix(field, "sys_"))
			continue;
		a.field = field;
		a.was = json_str(row, field, "");
		a.is = json_object_get_string(v);
		if (r == 0 && strcmp(a.was, a.is) != 0)
			r = audit(db, &a);
	}
	json_object_put(row);
	return r;
}

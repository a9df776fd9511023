/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_cmdb - CIs for the web page: how many of each class, a list with
 * search, and one with all that is known of it.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "db.h"
#include "http.h"
#include "instance.h"
#include "page.h"

#define LIST_MAX 100
#define OFFSET_MAX 1000000
#define RELATIONS_MAX 500
#define HISTORY_MAX 200

static const char *const searched[] = { "name", "ip_address",
    "serial_number", "mac_address", "fqdn" };

/* The class asked for, or all of them: never a table that holds no CIs. */
static const char *
class_asked(const struct request *req)
{
	const char *class = request_arg(req, "class", "cmdb_ci");

	return db_has_table(req->in->db, class) &&
	    db_is_a(req->in->db, class, "cmdb_ci") ? class : "cmdb_ci";
}

static void
label(const struct request *req, struct json_object *row)
{
	const char *class = json_str(row, "sys_class_name", "");

	json_put(row, "label", db_has_table(req->in->db, class) ?
	    db_label_of(req->in->db, class) : class);
}

static struct json_object *
labelled(const struct request *req, struct json_object *rows)
{
	size_t i;

	for (i = 0; rows != NULL && i < json_object_array_length(rows); i++)
		label(req, json_object_array_get_idx(rows, i));
	return rows;
}

static char *
search(const char *words)
{
	char *quoted = db_quote(words);
	struct text q = { 0 };
	size_t i;

	for (i = 0; words[0] != '\0' && i < COUNT(searched); i++)
		text_addf(&q, "%s%sLIKE%s", i == 0 ? "" : "^OR", searched[i],
		    quoted);
	free(quoted);
	return text_take(&q);
}

static bool
refused(const struct request *req, struct answer *a)
{
	if (acl_table(req->caller, "cmdb_ci", false))
		return false;
	answer_error(a, 403, "User Not Authorized",
	    "The CMDB may be read with the role itil.");
	return true;
}

/* "sys_class_nameNOT INa,b": ADDED to QUERY for the classes of parts among
 * COUNTS, and how many CIs these are. */
static long
leave_out_parts(const struct request *req, struct json_object *counts,
    struct text *query)
{
	long parts = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(counts); i++) {
		struct json_object *row = json_object_array_get_idx(counts, i);
		const char *class = json_str(row, "sys_class_name", "");

		if (!page_is_part(req->in->db, class))
			continue;
		text_addf(query, "%s%s", parts == 0 ? "sys_class_nameNOT IN" :
		    ",", class);
		parts += atol(json_str(row, "count", "0"));
	}
	return parts;
}

/* Each class that has CIs, of its own or of classes below it, with how many;
 * COUNTS are those of their own. */
static struct json_object *
with_ancestors(const struct request *req, struct json_object *counts)
{
	struct json_object *sums = json_object_new_object(), *n, *row;
	struct json_object *out = json_object_new_array();
	const char *class;
	size_t i;

	for (i = 0; i < json_object_array_length(counts); i++) {
		row = json_object_array_get_idx(counts, i);
		class = json_str(row, "sys_class_name", "");
		if (!db_has_table(req->in->db, class))
			continue;
		for (; class != NULL && strcmp(class, "cmdb_ci") != 0;
		    class = db_super_of(req->in->db, class)) {
			n = NULL;
			(void)json_object_object_get_ex(sums, class, &n);
			json_object_object_add(sums, class,
			    json_object_new_int64(json_object_get_int64(n) +
			    atol(json_str(row, "count", "0"))));
		}
	}
	json_object_object_foreach(sums, name, sum) {
		row = json_object_new_object();
		json_put(row, "sys_class_name", name);
		json_object_object_add(row, "count", json_object_get(sum));
		json_object_array_add(out, row);
	}
	json_object_put(sums);
	return labelled(req, out);
}

/* Who names neither a class nor words sees machines and programs: the parts of
 * machines are many, and come first by their names. */
void
page_cis(struct request *req, struct answer *a)
{
	const char *class = class_asked(req), *words;
	struct json_object *o, *counts;
	struct text query = { 0 };
	char *found;
	long total = 0, all = 0, parts;
	bool whole;

	if (refused(req, a))
		return;
	counts = page_counts(req, "cmdb_ci", "", "sys_class_name");
	if (counts == NULL)
		counts = json_object_new_array();
	words = request_arg(req, "q", "");
	whole = words[0] != '\0' || request_arg(req, "class", "")[0] != '\0';
	parts = leave_out_parts(req, counts, &query);
	if (whole) {
		text_fini(&query);
		found = search(words);
		text_add(&query, found != NULL ? found : "");
		free(found);
	}
	o = json_object_new_object();
	json_put(o, "class", whole ? class : "");
	(void)db_count(req->in->db, "cmdb_ci", "", &all);
	(void)db_count(req->in->db, class, text_str(&query), &total);
	json_object_object_add(o, "total", json_object_new_int64(total));
	json_object_object_add(o, "all", json_object_new_int64(all));
	json_object_object_add(o, "parts", json_object_new_int64(parts));
	json_object_object_add(o, "classes", with_ancestors(req, counts));
	text_add(&query, "^ORDERBYname^ORDERBYsys_id");
	page_add(o, "rows", labelled(req, page_rows(req, class,
	    text_str(&query), "sys_id name sys_class_name ip_address"
	    " serial_number model_id os install_status last_discovered",
	    LIST_MAX, request_number(req, "offset", 0, OFFSET_MAX))));
	json_object_put(counts);
	text_fini(&query);
	answer_result(a, 200, o);
}

/* --- one CI -------------------------------------------------------------- */

/* Values that are not empty, in the order of the class's fields. */
static struct json_object *
values(const struct request *req, const char *class, const char *sys_id)
{
	struct json_object *out = json_object_new_array(), *rows, *row, *o;
	const struct field *f;
	struct text shown = { 0 };
	struct db_select sel = { .table = class, .limit = 1, .display = true };
	char query[64];
	size_t i;

	snprintf(query, sizeof(query), "sys_id=%s", sys_id);
	sel.query = query;
	if (db_select(req->in->db, &sel, &rows) < 0)
		return out;
	row = json_object_array_get_idx(rows, 0);
	for (i = 0; row != NULL &&
	    (f = db_field_at(req->in->db, class, i)) != NULL; i++) {
		if (json_str(row, f->name, "")[0] == '\0')
			continue;
		o = json_object_new_object();
		text_addf(&shown, "%s" DB_DISPLAY, f->name);
		json_put(o, "name", f->name);
		json_put(o, "value", json_str(row, f->name, ""));
		json_put(o, "shown", json_str(row, text_str(&shown),
		    json_str(row, f->name, "")));
		if (strcmp(f->reference, "cmdb_ci") == 0 ||
		    str_prefix(f->reference, "cmdb_ci_"))
			json_put(o, "ci", json_str(row, f->name, ""));
		json_object_array_add(out, o);
		text_fini(&shown);
	}
	json_object_put(rows);
	return out;
}

/* Relations with SYS_ID at END; the CI at the OTHER end is named in the row. */
static struct json_object *
relations(const struct request *req, const char *sys_id, const char *end,
    const char *other)
{
	struct text query = { 0 }, fields = { 0 };
	struct json_object *rows;

	text_addf(&query, "%s=%s^ORDERBYtype.name^ORDERBY%s.name", end,
	    sys_id, other);
	text_addf(&fields, "type.name port %s %s.name %s.sys_class_name",
	    other, other, other);
	rows = page_rows(req, "cmdb_rel_ci", text_str(&query),
	    text_str(&fields), RELATIONS_MAX, 0);
	text_fini(&query);
	text_fini(&fields);
	return rows;
}

void
page_ci(struct request *req, struct answer *a)
{
	struct json_object *row, *o;
	const char *id = req->params[0], *class;
	char query[128];
	int r;

	if (refused(req, a))
		return;
	r = is_sys_id(id) ? db_get(req->in->db, "cmdb_ci", id, &row) :
	    DB_E_NONE;
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	o = json_object_new_object();
	class = json_str(row, "sys_class_name", "cmdb_ci");
	json_put(o, "sys_id", id);
	json_put(o, "name", json_str(row, "name", ""));
	json_put(o, "sys_class_name", class);
	label(req, o);
	json_object_object_add(o, "part", json_object_new_boolean(
	    page_is_part(req->in->db, class)));
	json_object_object_add(o, "values", values(req, class, id));
	page_add(o, "children", relations(req, id, "parent", "child"));
	page_add(o, "parents", relations(req, id, "child", "parent"));
	snprintf(query, sizeof(query), "documentkey=%s"
	    "^ORDERBYDESCsys_created_on^ORDERBYDESCu_sequence", id);
	page_add(o, "history", page_rows(req, "sys_audit", query,
	    "fieldname oldvalue newvalue user u_source sys_created_by"
	    " sys_created_on reason", HISTORY_MAX, 0));
	snprintf(query, sizeof(query), "target_sys_id=%s", id);
	page_add(o, "sources", page_rows(req, "sys_object_source", query,
	    "name id last_scan", 20, 0));
	json_object_put(row);
	answer_result(a, 200, o);
}

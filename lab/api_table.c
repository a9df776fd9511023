/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_table - the Table API: records read and written as JSON.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "http.h"
#include "instance.h"
#include "rules.h"
#include "shape.h"

#define LIMIT_DEFAULT 10000
#define LIMIT_MAX 100000

/* sysparm_query, or plain field=value arguments in its place. */
static char *
query_of(const struct request *req)
{
	const char *q = request_arg(req, "sysparm_query", NULL);
	struct text t = { 0 };
	size_t i;

	if (q != NULL)
		return xstrdup(q);
	for (i = 0; i < req->args.count; i++) {
		char *v;

		if (str_prefix(req->args.at[i].name, "sysparm_"))
			continue;
		v = db_quote(req->args.at[i].value);
		text_addf(&t, "%s%s=%s", t.len > 0 ? "^" : "",
		    req->args.at[i].name, v);
		free(v);
	}
	return text_take(&t);
}

/* The request's URL again, with another offset. */
static void
link_to(const struct request *req, long offset, const char *rel,
    struct text *out)
{
	struct text args = { 0 };
	size_t i;

	for (i = 0; i < req->args.count; i++)
		if (strcmp(req->args.at[i].name, "sysparm_offset") != 0)
			url_encode(&args, req->args.at[i].name,
			    req->args.at[i].value);
	text_addf(out, "%s<%s%s?%s%ssysparm_offset=%ld>;rel=\"%s\"",
	    out->len > 0 ? "," : "", req->in->base_url, req->path,
	    text_str(&args), args.len > 0 ? "&" : "", offset, rel);
	text_fini(&args);
}

static void
add_links(const struct request *req, long limit, long offset, long total,
    struct answer *a)
{
	long last = total > 0 ? (total - 1) / limit * limit : 0;
	struct text t = { 0 };

	link_to(req, 0, "first", &t);
	if (offset > 0)
		link_to(req, offset > limit ? offset - limit : 0, "prev", &t);
	if (offset + limit < total)
		link_to(req, offset + limit, "next", &t);
	link_to(req, last, "last", &t);
	pairs_add(&a->headers, "Link", text_str(&t));
	text_fini(&t);
}

static int
add_count(struct request *req, const char *query, const struct db_select *sel,
    struct answer *a)
{
	char n[24];
	long total;
	int r;

	if (request_flag(req, "sysparm_no_count"))
		return 0;
	r = db_count(req->in->db, sel->table, query, &total);
	if (r < 0)
		return r;
	snprintf(n, sizeof(n), "%ld", total);
	pairs_add(&a->headers, "X-Total-Count", n);
	if (!request_flag(req, "sysparm_suppress_pagination_header"))
		add_links(req, sel->limit, sel->offset, total, a);
	return 0;
}

void
table_list(struct request *req, struct answer *a)
{
	struct db_select sel = { .table = req->params[0] };
	struct json_object *rows;
	struct shape shape;
	char *query = query_of(req);
	int r;

	shape_init(&shape, req);
	sel.query = query;
	sel.fields = (const char *const *)shape.fields;
	sel.field_count = shape.field_count;
	sel.display = shape.display != SHOW_VALUE;
	sel.limit = request_number(req, "sysparm_limit", LIMIT_DEFAULT, LIMIT_MAX);
	sel.offset = request_number(req, "sysparm_offset", 0, INT32_MAX);
	if (sel.limit == 0)
		sel.limit = LIMIT_DEFAULT;
	r = db_select(req->in->db, &sel, &rows);
	/* The first version of the API calls an empty list an error. */
	if (r == 0 && json_object_array_length(rows) == 0 &&
	    str_prefix(req->path, "/api/now/v1/")) {
		json_object_put(rows);
		r = DB_E_NONE;
	}
	if (r == 0) {
		answer_result(a, 200, shape_rows(&shape, req, rows));
		json_object_put(rows);
		r = add_count(req, query, &sel, a);
	}
	if (r < 0)
		answer_db(a, req->in, r);
	shape_fini(&shape);
	free(query);
}

/* The record SYS_ID as REQ wants to see it. */
static void
answer_record(struct request *req, const char *sys_id, int status,
    struct answer *a)
{
	char query[16 + SYS_ID_LEN];
	struct db_select sel = { .table = req->params[0], .query = query,
	    .limit = 1 };
	struct json_object *rows;
	struct shape shape;
	int r = DB_E_NONE;

	shape_init(&shape, req);
	sel.fields = (const char *const *)shape.fields;
	sel.field_count = shape.field_count;
	sel.display = shape.display != SHOW_VALUE;
	if (is_sys_id(sys_id)) {
		snprintf(query, sizeof(query), "sys_id=%s", sys_id);
		r = db_select(req->in->db, &sel, &rows);
	}
	if (r == 0 && json_object_array_length(rows) == 0) {
		json_object_put(rows);
		r = DB_E_NONE;
	}
	if (r < 0) {
		answer_db(a, req->in, r);
	} else {
		answer_result(a, status, shape_row(&shape, req,
		    json_object_array_get_idx(rows, 0)));
		json_object_put(rows);
	}
	shape_fini(&shape);
}

void
table_read(struct request *req, struct answer *a)
{
	answer_record(req, req->params[1], 200, a);
}

/* The sys_id of the record of TABLE that is shown as VALUE, or NULL. */
static struct json_object *
id_shown_as(struct db *db, const char *table, const char *value)
{
	struct text query = { 0 };
	struct json_object *row, *id = NULL;
	char *quoted = db_quote(value);

	text_addf(&query, "%s=%s", db_display_of(db, table), quoted);
	if (db_first(db, table, text_str(&query), &row) == 0) {
		id = json_object_new_string(json_str(row, "sys_id", ""));
		json_object_put(row);
	}
	text_fini(&query);
	free(quoted);
	return id;
}

/* sysparm_input_display_value: references are sent by the name they are shown
 * by. One that nothing is shown by becomes empty. */
static void
read_shown(struct request *req)
{
	struct json_object *ids = json_object_new_object();
	const struct field *f;

	if (!request_flag(req, "sysparm_input_display_value")) {
		json_object_put(ids);
		return;
	}
	json_object_object_foreach(req->json, name, v) {
		f = db_field(req->in->db, req->params[0], name);
		if (f == NULL || strcmp(f->type, "reference") != 0 ||
		    !json_object_is_type(v, json_type_string) ||
		    is_sys_id(json_object_get_string(v)))
			continue;
		json_object_object_add(ids, name, id_shown_as(req->in->db,
		    f->reference, json_object_get_string(v)));
	}
	json_object_object_foreach(ids, changed, id)
		json_object_object_add(req->json, changed,
		    json_object_get(id));
	json_object_put(ids);
}

void
table_create(struct request *req, struct answer *a)
{
	struct db *db = req->in->db;
	char id[SYS_ID_LEN + 1];
	struct text where = { 0 };
	int r;

	read_shown(req);
	r = db_begin(db);
	if (r == 0)
		r = db_end(db, record_insert(req->in, req->params[0], req->json, id));
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	answer_record(req, id, 201, a);
	text_addf(&where, "%s/api/now/table/%s/%s", req->in->base_url,
	    req->params[0], id);
	pairs_add(&a->headers, "Location", text_str(&where));
	text_fini(&where);
}

void
table_change(struct request *req, struct answer *a)
{
	struct db *db = req->in->db;
	int r;

	read_shown(req);
	r = db_begin(db);
	if (r == 0)
		r = db_end(db, is_sys_id(req->params[1]) ? record_update(req->in,
		    req->params[0], req->params[1], req->json) : DB_E_NONE);
	if (r < 0)
		answer_db(a, req->in, r);
	else
		answer_record(req, req->params[1], 200, a);
}

void
table_delete(struct request *req, struct answer *a)
{
	struct db *db = req->in->db;
	int r;

	r = db_begin(db);
	if (r == 0)
		r = db_end(db, is_sys_id(req->params[1]) ?
		    db_delete(db, req->params[0], req->params[1]) : DB_E_NONE);
	if (r < 0)
		answer_db(a, req->in, r);
	else
		a->status = 204;
}

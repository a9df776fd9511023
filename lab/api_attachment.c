/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_attachment - the Attachment API: files of any type, up and down.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "attach.h"
#include "blob.h"
#include "db.h"
#include "form.h"
#include "http.h"
#include "instance.h"

/* Who may not see a record may not see what hangs on it either. */
static bool
may(const struct request *req, const char *table, bool write,
    struct answer *a)
{
	if (acl_table(req->caller, table, write))
		return true;
	answer_error(a, 403, "User Not Authorized",
	    "Failed API level ACL Validation");
	return false;
}

static struct json_object *
describe(const struct request *req, struct json_object *row)
{
	struct text link = { 0 };

	text_addf(&link, "%s/api/now/attachment/%s/file", req->in->base_url,
	    json_str(row, "sys_id", ""));
	json_object_object_del(row, "sys_class_name");
	json_put(row, "download_link", text_str(&link));
	text_fini(&link);
	return json_object_get(row);
}

void
attachment_list(struct request *req, struct answer *a)
{
	struct db_select sel = { .table = "sys_attachment",
	    .query = request_arg(req, "sysparm_query", "") };
	struct json_object *rows, *out, *row;
	size_t i;
	int r;

	sel.limit = request_number(req, "sysparm_limit", 1000, 10000);
	sel.offset = request_number(req, "sysparm_offset", 0, INT32_MAX);
	r = db_select(req->in->db, &sel, &rows);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	out = json_object_new_array();
	for (i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (acl_table(req->caller, json_str(row, "table_name", ""),
		    false))
			json_object_array_add(out, describe(req, row));
	}
	json_object_put(rows);
	answer_result(a, 200, out);
}

/* The record named in the path, or NULL with the answer made. */
static struct json_object *
find(struct request *req, bool write, struct answer *a)
{
	struct json_object *row;
	int r;

	r = db_get(req->in->db, "sys_attachment", req->params[0], &row);
	if (r < 0) {
		answer_db(a, req->in, r);
		return NULL;
	}
	if (may(req, json_str(row, "table_name", ""), write, a))
		return row;
	json_object_put(row);
	return NULL;
}

void
attachment_read(struct request *req, struct answer *a)
{
	struct json_object *row = find(req, false, a);

	if (row == NULL)
		return;
	answer_result(a, 200, describe(req, row));
	json_object_put(row);
}

/* Foreign bytes, of what their owner calls a type: a browser keeps them as a
 * file, and neither runs them nor takes them for something else. */
static void
as_file(struct answer *a, const char *type, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct text how = { 0 };
	const char *p;

	for (p = type; *p >= ' ' && *p <= '~'; p++)
		;
	pairs_add(&a->headers, "Content-Type",
	    p > type && *p == '\0' ? type : "application/octet-stream");
	text_add(&how, "attachment; filename=\"");
	for (p = name; *p != '\0'; p++)
		text_add_mem(&how, strchr(plain, *p) != NULL ? p : "_", 1);
	text_add(&how, "\"");
	pairs_add(&a->headers, "Content-Disposition", text_str(&how));
	text_fini(&how);
	pairs_add(&a->headers, "X-Content-Type-Options", "nosniff");
	pairs_add(&a->headers, "Content-Security-Policy",
	    "default-src 'none'; sandbox");
}

void
attachment_bytes(struct request *req, struct answer *a)
{
	struct json_object *row = find(req, false, a);
	int r;

	if (row == NULL)
		return;
	r = blob_get(req->in->db, json_str(row, "sys_id", ""), &a->bytes,
	    &a->bytes_len);
	if (r < 0) {
		answer_db(a, req->in, r);
		json_object_put(row);
		return;
	}
	a->status = 200;
	as_file(a, json_str(row, "content_type", ""),
	    json_str(row, "file_name", ""));
	json_object_put(describe(req, row));
	pairs_add(&a->headers, "X-Attachment-Metadata",
	    json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN |
		JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(row);
}

static int
create(struct request *req, const struct attachment *at,
    char id[SYS_ID_LEN + 1])
{
	int r;

	r = db_begin(req->in->db);
	return r < 0 ? r : db_end(req->in->db, attach(req->in, at, id));
}

static void
create_and_tell(struct request *req, const struct attachment *at,
    struct answer *a)
{
	char id[SYS_ID_LEN + 1];
	struct json_object *row;
	struct text where = { 0 };
	int r;

	if (!may(req, at->table, true, a))
		return;
	r = create(req, at, id);
	if (r == 0)
		r = db_get(req->in->db, "sys_attachment", id, &row);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	answer_result(a, 201, describe(req, row));
	json_object_put(row);
	text_addf(&where, "%s/api/now/attachment/%s", req->in->base_url, id);
	pairs_add(&a->headers, "Location", text_str(&where));
	text_fini(&where);
}

void
attachment_create(struct request *req, struct answer *a)
{
	char type[80];
	struct attachment at = {
		.table = request_arg(req, "table_name", ""),
		.record = request_arg(req, "table_sys_id", ""),
		.name = request_arg(req, "file_name", ""),
		.type = type,
		.bytes = req->body,
		.len = req->body_len,
	};

	request_type(req, type);
	if (type[0] == '\0') {
		answer_error(a, 400, "Content-Type is missing",
		    "It becomes the attachment's type.");
		return;
	}
	create_and_tell(req, &at, a);
}

/* As a browser's form sends it: two fields, then the file. */
void
attachment_upload(struct request *req, struct answer *a)
{
	struct form form;
	struct attachment at = { 0 };

	if (!form_read(&form, request_header(req, "Content-Type"), req->body,
	    req->body_len)) {
		answer_error(a, 400, "Exception while reading request",
		    "The body must be multipart/form-data: table_name,"
		    " table_sys_id and uploadFile.");
		form_fini(&form);
		return;
	}
	at.table = form_text(&form, "table_name");
	at.record = form_text(&form, "table_sys_id");
	at.name = form.file_name;
	at.type = form.file_type;
	at.bytes = form.file;
	at.len = form.file_len;
	create_and_tell(req, &at, a);
	form_fini(&form);
}

/* Its name and its type: the bytes stay. */
void
attachment_change(struct request *req, struct answer *a)
{
	static const char *const may_change[] = { "file_name",
	    "content_type" };
	struct json_object *row = find(req, true, a), *values, *v;
	size_t i;
	int r;

	if (row == NULL)
		return;
	json_object_put(row);
	values = json_object_new_object();
	for (i = 0; i < COUNT(may_change); i++)
		if (json_object_object_get_ex(req->json, may_change[i], &v))
			json_object_object_add(values, may_change[i],
			    json_object_get(v));
	r = db_update(req->in->db, "sys_attachment", req->params[0], values);
	json_object_put(values);
	if (r < 0)
		answer_db(a, req->in, r);
	else
		attachment_read(req, a);
}

void
attachment_delete(struct request *req, struct answer *a)
{
	struct json_object *row = find(req, true, a);
	struct db *db = req->in->db;
	int r;

	if (row == NULL)
		return;
	r = db_begin(db);
	if (r == 0) {
		r = db_delete(db, "sys_attachment", req->params[0]);
		if (r == 0)
			r = blob_delete(db, json_str(row, "sys_id", ""));
		r = db_end(db, r);
	}
	if (r < 0)
		answer_db(a, req->in, r);
	else
		a->status = 204;
	json_object_put(row);
}

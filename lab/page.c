/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - serves the files of the web page, and reads rows for its JSON.
 */
#include "page.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"
#include "db.h"
#include "http.h"
#include "instance.h"

#define FIELDS_MAX 40

/* Names of machines are foreign text. Were one ever taken for markup, it could
 * still neither run nor load anything. */
static const struct {
	const char *name, *value;
} headers[] = {
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self';"
	  " style-src 'self'; connect-src 'self'; img-src data:;"
	  " base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cache-Control", "no-store" },
};

void
page_file(struct request *req, struct answer *a)
{
	const struct page_file *f = page_files;
	size_t i;

	for (i = 0; i < page_file_count; i++)
		if (strcmp(page_files[i].path, req->path) == 0)
			f = &page_files[i];
	a->status = 200;
	a->bytes_len = (size_t)(f->end - f->begin);
	a->bytes = xcalloc(a->bytes_len + 1, 1);
	memcpy(a->bytes, f->begin, a->bytes_len);
	pairs_add(&a->headers, "Content-Type", f->type);
	for (i = 0; i < COUNT(headers); i++)
		pairs_add(&a->headers, headers[i].name, headers[i].value);
}

void
page_add(struct json_object *to, const char *key, struct json_object *value)
{
	if (value != NULL)
		json_object_object_add(to, key, value);
}

/* "field\x01dv" becomes "field_shown", and goes where it says nothing new. */
static struct json_object *
plain_row(struct json_object *row)
{
	struct json_object *out = json_object_new_object();
	size_t n = strlen(DB_DISPLAY);
	struct text name = { 0 };

	json_object_object_foreach(row, key, v) {
		const char *s = v != NULL ? json_object_get_string(v) : "";

		if (!str_suffix(key, DB_DISPLAY)) {
			json_put(out, key, s);
			continue;
		}
		text_add_mem(&name, key, strlen(key) - n);
		if (strcmp(s, json_str(row, text_str(&name), "")) != 0) {
			text_add(&name, "_shown");
			json_put(out, text_str(&name), s);
		}
		text_fini(&name);
	}
	return out;
}

static bool
readable(const struct request *req, const char *table)
{
	return db_has_table(req->in->db, table) &&
	    acl_table(req->caller, table, false);
}

struct json_object *
page_rows(const struct request *req, const char *table, const char *query,
    const char *fields, long limit, long offset)
{
	const char *names[FIELDS_MAX];
	struct db_select sel = { .table = table, .query = query,
	    .fields = names, .limit = limit, .offset = offset,
	    .display = true };
	struct json_object *rows, *out = NULL;
	char *copy = xstrdup(fields), *word, *save = NULL;
	size_t i;

	for (word = strtok_r(copy, " ", &save);
	    word != NULL && sel.field_count < FIELDS_MAX;
	    word = strtok_r(NULL, " ", &save))
		names[sel.field_count++] = word;
	if (readable(req, table) && db_select(req->in->db, &sel, &rows) == 0) {
		out = json_object_new_array();
		for (i = 0; i < json_object_array_length(rows); i++)
			json_object_array_add(out, plain_row(
			    json_object_array_get_idx(rows, i)));
		json_object_put(rows);
	}
	free(copy);
	return out;
}

struct json_object *
page_counts(const struct request *req, const char *table, const char *query,
    const char *group_by)
{
	const struct db_stats st = { .table = table, .query = query,
	    .group_by = group_by };
	struct json_object *rows = NULL;

	if (!readable(req, table) || db_stats(req->in->db, &st, &rows) < 0)
		return NULL;
	return rows;
}

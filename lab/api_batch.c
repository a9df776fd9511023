/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_batch - the Batch API: many requests in one, all in one transaction of
 * the database; one that fails is undone alone.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "http.h"
#include "instance.h"

#define PARTS_MAX 1000
#define PART_MAX (5U << 20)	/* of one part, decoded */
#define ANSWERS_MAX (10U << 20)	/* of all answers together */
#define BATCH_MS_MAX 30000

static bool
read_headers(struct request *sub, struct json_object *part)
{
	struct json_object *list, *h;
	size_t i;

	if (!json_object_object_get_ex(part, "headers", &list) ||
	    !json_object_is_type(list, json_type_array))
		return true;
	for (i = 0; i < json_object_array_length(list); i++) {
		h = json_object_array_get_idx(list, i);
		if (!json_object_is_type(h, json_type_object) ||
		    !pairs_add(&sub->headers, json_str(h, "name", ""),
			json_str(h, "value", "")))
			return false;
	}
	return true;
}

static bool
read_part(struct request *sub, struct json_object *part)
{
	const char *body = json_str(part, "body", "");

	sub->method = xstrdup(json_str(part, "method", "GET"));
	if (!request_url(sub, json_str(part, "url", "")) ||
	    !read_headers(sub, part) || strlen(sub->method) > 16)
		return false;
	sub->body = base64_decode(body, strlen(body), &sub->body_len);
	return sub->body != NULL;
}

static void
put_body(struct json_object *out, const struct answer *a)
{
	const char *s;
	char *b64;
	size_t n = 0;

	if (a->json != NULL) {
		s = json_object_to_json_string_length(a->json,
		    JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE, &n);
		b64 = base64_encode(s, n);
	} else {
		b64 = base64_encode(a->bytes != NULL ? a->bytes : "",
		    a->bytes_len);
	}
	json_put(out, "body", b64);
	free(b64);
}

static struct json_object *
put_headers(const struct answer *a)
{
	struct json_object *list = json_object_new_array(), *h;
	size_t i;

	if (a->json != NULL) {
		h = json_object_new_object();
		json_put(h, "name", "Content-Type");
		json_put(h, "value", "application/json;charset=UTF-8");
		json_object_array_add(list, h);
	}
	for (i = 0; i < a->headers.count; i++) {
		h = json_object_new_object();
		json_put(h, "name", a->headers.at[i].name);
		json_put(h, "value", a->headers.at[i].value);
		json_object_array_add(list, h);
	}
	return list;
}

static struct json_object *
describe(struct json_object *part, const struct answer *a, bool no_headers)
{
	struct json_object *out = json_object_new_object();

	json_put(out, "id", json_str(part, "id", ""));
	put_body(out, a);
	json_object_object_add(out, "status_code",
	    json_object_new_int(a->status));
	json_put(out, "status_text", status_text(a->status));
	json_object_object_add(out, "headers",
	    no_headers ? json_object_new_array() : put_headers(a));
	return out;
}

static bool
wants_no_headers(struct json_object *part)
{
	struct json_object *v;

	return json_object_object_get_ex(part, "exclude_response_headers",
	    &v) && json_object_get_boolean(v);
}

static struct json_object *
serve_part(struct request *req, struct json_object *part)
{
	struct request sub = { .in = req->in, .caller = req->caller,
	    .depth = req->depth + 1 };
	struct answer a = { 0 };
	struct json_object *out;

	if (!read_part(&sub, part))
		answer_error(&a, 400, "Bad request in the batch",
		    "url, headers or base64 body cannot be read.");
	else if (sub.body_len > PART_MAX)
		answer_error(&a, 413, "Request too large",
		    "One request of a batch may hold 5 MB.");
	else
		route_serve(&sub, &a);
	out = describe(part, &a, wants_no_headers(part));
	answer_fini(&a);
	request_fini(&sub);
	return out;
}

static bool
parts_ok(struct request *req, struct json_object **list, struct answer *a)
{
	size_t i, n = 0;
	bool ok = req->depth == 0 &&
	    json_object_object_get_ex(req->json, "rest_requests", list) &&
	    json_object_is_type(*list, json_type_array);

	if (ok)
		n = json_object_array_length(*list);
	for (i = 0; ok && i < n; i++)
		ok = json_object_is_type(json_object_array_get_idx(*list, i),
		    json_type_object);
	if (ok && n <= PARTS_MAX)
		return true;
	answer_error(a, 400, "Invalid batch",
	    "rest_requests must be an array of at most 1000 requests, and a"
	    " batch cannot hold another.");
	return false;
}

/* Serves the parts in order. Those that no size or time is left for are named
 * in LEFT; one that was served is always told of. */
static void
serve_parts(struct request *req, struct json_object *list,
    struct json_object *done, struct json_object *left)
{
	int64_t end_ms = clock_ms() + BATCH_MS_MAX;
	struct json_object *part, *out;
	size_t i, bytes = 0;

	for (i = 0; i < json_object_array_length(list); i++) {
		part = json_object_array_get_idx(list, i);
		if (bytes > ANSWERS_MAX || clock_ms() > end_ms) {
			json_object_array_add(left, json_object_new_string(
			    json_str(part, "id", "")));
			continue;
		}
		out = serve_part(req, part);
		bytes += strlen(json_str(out, "body", ""));
		json_object_array_add(done, out);
	}
}

void
batch_serve(struct request *req, struct answer *a)
{
	struct json_object *list, *done, *left, *out;
	struct db *db = req->in->db;
	int r;

	if (!parts_ok(req, &list, a))
		return;
	r = db_begin(db);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	done = json_object_new_array();
	left = json_object_new_array();
	serve_parts(req, list, done, left);
	r = db_commit(db);
	if (r < 0) {
		json_object_put(done);
		json_object_put(left);
		answer_db(a, req->in, r);
		return;
	}
	out = json_object_new_object();
	json_put(out, "batch_request_id",
	    json_str(req->json, "batch_request_id", ""));
	json_object_object_add(out, "serviced_requests", done);
	json_object_object_add(out, "unserviced_requests", left);
	a->status = 200;
	a->json = out;
}

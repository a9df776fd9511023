/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - see the header.
 */
#include "http.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "instance.h"

bool
pairs_add(struct pairs *p, const char *name, const char *value)
{
	if (p->count == PAIRS_MAX)
		return false;
	p->at = xrealloc(p->at, (p->count + 1) * sizeof(*p->at));
	p->at[p->count].name = xstrdup(name);
	p->at[p->count++].value = xstrdup(value);
	return true;
}

const char *
pairs_get(const struct pairs *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (strcasecmp(p->at[i].name, name) == 0)
			return p->at[i].value;
	return NULL;
}

void
pairs_fini(struct pairs *p)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		free(p->at[i].name);
		free(p->at[i].value);
	}
	free(p->at);
	memset(p, 0, sizeof(*p));
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 and + taken out of the N bytes at S; NULL when wrong. */
static char *
url_decode(const char *s, size_t n)
{
	char *out = xcalloc(n + 1, 1), *o = out;
	size_t i;

	for (i = 0; i < n; i++) {
		int hi, lo;

		if (s[i] != '%') {
			*o++ = s[i] == '+' ? ' ' : s[i];
			continue;
		}
		hi = i + 2 < n ? hex_digit(s[i + 1]) : -1;
		lo = hi >= 0 ? hex_digit(s[i + 2]) : -1;
		if (lo < 0 || (hi == 0 && lo == 0)) {
			free(out);
			return NULL;
		}
		*o++ = (char)(hi << 4 | lo);
		i += 2;
	}
	return out;
}

static bool
add_argument(struct request *req, const char *s, size_t n)
{
	const char *eq = memchr(s, '=', n);
	size_t m = eq != NULL ? (size_t)(eq - s) : n;
	char *name = url_decode(s, m);
	char *value = eq != NULL ? url_decode(eq + 1, n - m - 1) : xstrdup("");
	bool ok = name != NULL && value != NULL &&
	    pairs_add(&req->args, name, value);

	free(name);
	free(value);
	return ok;
}

bool
request_url(struct request *req, const char *url)
{
	const char *q = strchr(url, '?');
	size_t n;

	req->path = q != NULL ? xstrndup(url, (size_t)(q - url)) : xstrdup(url);
	for (q = q != NULL ? q + 1 : ""; *q != '\0'; q += n + (q[n] == '&')) {
		n = strcspn(q, "&");
		if (n > 0 && !add_argument(req, q, n))
			return false;
	}
	return true;
}

void
request_fini(struct request *req)
{
	free(req->method);
	free(req->path);
	free(req->body);
	free(req->params_held);
	pairs_fini(&req->args);
	pairs_fini(&req->headers);
	json_object_put(req->json);
}

const char *
request_arg(const struct request *req, const char *name, const char *def)
{
	const char *v = pairs_get(&req->args, name);

	return v != NULL ? v : def;
}

bool
request_flag(const struct request *req, const char *name)
{
	return strcasecmp(request_arg(req, name, ""), "true") == 0;
}

long
request_number(const struct request *req, const char *name, long def, long max)
{
	const char *s = request_arg(req, name, "");
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end != '\0' || n < 0)
		return def;
	return n > max ? max : n;
}

const char *
request_header(const struct request *req, const char *name)
{
	const char *v = pairs_get(&req->headers, name);

	return v != NULL ? v : "";
}

void
request_type(const struct request *req, char out[80])
{
	const char *v = request_header(req, "Content-Type");
	size_t i;

	for (i = 0; i < 79 && v[i] != '\0' && v[i] != ';' && v[i] != ' '; i++)
		out[i] = (char)tolower((unsigned char)v[i]);
	out[i] = '\0';
}

void
answer_fini(struct answer *a)
{
	json_object_put(a->json);
	free(a->bytes);
	pairs_fini(&a->headers);
	memset(a, 0, sizeof(*a));
}

void
answer_error(struct answer *a, int status, const char *message,
    const char *detail)
{
	struct json_object *error = json_object_new_object();

	answer_fini(a);
	a->status = status;
	a->json = json_object_new_object();
	json_put(error, "message", message);
	json_put(error, "detail", detail);
	json_object_object_add(a->json, "error", error);
	json_put(a->json, "status", "failure");
}

void
answer_result(struct answer *a, int status, struct json_object *result)
{
	json_object_put(a->json);
	a->status = status;
	a->json = json_object_new_object();
	json_object_object_add(a->json, "result", result);
}

static const struct {
	int error, status;
	const char *message, *detail;
} db_errors[] = {
	{ DB_E_NONE, 404, "No Record found",
	  "Record doesn't exist or ACL restricts the record retrieval" },
	{ DB_E_TABLE, 400, NULL, "" },
	{ DB_E_DUPLICATE, 403, "Operation Failed", "Error during insert of"
	  " record: Unique Key violation detected by database (sys_id)" },
	{ DB_E_BAD, 400, NULL, "" },
	{ DB_E_GONE, 410, NULL, "Do not send it again" },
};

void
answer_db(struct answer *a, struct instance *in, int error)
{
	size_t i;

	for (i = 0; i < COUNT(db_errors); i++)
		if (db_errors[i].error == error) {
			answer_error(a, db_errors[i].status,
			    db_errors[i].message != NULL ?
			    db_errors[i].message : db_error(in->db),
			    db_errors[i].detail);
			return;
		}
	answer_error(a, 500, "Internal error", db_error(in->db));
}

static const struct {
	int status;
	const char *text;
} texts[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 204, "No Content" }, { 400, "Bad Request" },
	{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
	{ 410, "Gone" }, { 413, "Payload Too Large" }, { 415, "Unsupported Media Type" },
	{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

const char *
status_text(int status)
{
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Unknown";
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - from method and path to the function that serves them, and what is
 * checked on the way for all of them alike: login, roles, types, faults.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acl.h"
#include "db.h"
#include "fault.h"
#include "http.h"
#include "instance.h"
#include "unseal.h"

#define JSON_DEPTH 64
#define ANYBODY (1U << 31)	/* also without a login */

/* A * stands for one part of the path. TABLE: roles are looked up by the
 * first parameter; else any of ROLES will do. */
static const struct route {
	const char *method, *path;
	void (*serve)(struct request *, struct answer *);
	bool table;
	unsigned roles;
	bool raw;			/* the body may be of any type */
} routes[] = {
	{ "GET", "/api/now/table/*", table_list, true, 0, false },
	{ "POST", "/api/now/table/*", table_create, true, 0, false },
	{ "GET", "/api/now/table/*/*", table_read, true, 0, false },
	{ "PUT", "/api/now/table/*/*", table_change, true, 0, false },
	{ "PATCH", "/api/now/table/*/*", table_change, true, 0, false },
	{ "DELETE", "/api/now/table/*/*", table_delete, true, 0, false },
	{ "GET", "/api/now/stats/*", stats_read, true, 0, false },
	{ "POST", "/api/now/batch", batch_serve, false, ~0U, false },
	{ "GET", "/api/now/attachment", attachment_list, false,
	  ROLE_MID | ROLE_ITIL, false },
	{ "POST", "/api/now/attachment/file", attachment_create, false,
	  ROLE_MID | ROLE_ITIL, true },
	{ "POST", "/api/now/attachment/upload", attachment_upload, false,
	  ROLE_MID | ROLE_ITIL, true },
	{ "GET", "/api/now/attachment/*", attachment_read, false,
	  ROLE_MID | ROLE_ITIL, false },
	{ "GET", "/api/now/attachment/*/file", attachment_bytes, false,
	  ROLE_MID | ROLE_ITIL, true },
	{ "PATCH", "/api/now/attachment/*", attachment_change, false,
	  ROLE_MID | ROLE_ITIL, false },
	{ "PUT", "/api/now/attachment/*", attachment_change, false,
	  ROLE_MID | ROLE_ITIL, false },
	{ "DELETE", "/api/now/attachment/*", attachment_delete, false,
	  ROLE_MID | ROLE_ITIL, false },
	{ "POST", "/api/now/identifyreconcile", identify, false, ROLE_ITIL,
	  false },
	{ "POST", "/api/now/identifyreconcile/enhanced", identify_enhanced,
	  false, ROLE_ITIL, false },
	{ "POST", "/api/now/identifyreconcile/query", identify_query, false,
	  ROLE_ITIL, false },
	{ "POST", "/api/now/identifyreconcile/queryEnhanced", identify_query,
	  false, ROLE_ITIL, false },
	{ "GET", "/api/midlab/fault", fault_api_list, false, 0, false },
	{ "POST", "/api/midlab/fault", fault_api_add, false, 0, false },
	{ "DELETE", "/api/midlab/fault", fault_api_clear, false, 0, false },
	{ "POST", "/api/midlab/enroll", enroll_ask, false, ANYBODY, false },
	{ "GET", "/api/midlab/enroll/*", enroll_state, false, ANYBODY, false },
	{ "GET", "/api/midlab/enroll", enroll_list, false, 0, false },
	{ "POST", "/api/midlab/enroll/token", enroll_token, false, 0, false },
	{ "POST", "/api/midlab/enroll/*/*", enroll_decide, false, 0, false },
	{ "POST", "/api/midlab/renew", enroll_renew, false, ROLE_MID, false },
	{ "GET", "/api/midlab/result/*", result_read, false, 0, false },
	{ "GET", "/", page_file, false, ~0U, true },
	{ "GET", "/page.css", page_file, false, ~0U, true },
	{ "GET", "/page.js", page_file, false, ~0U, true },
	{ "GET", "/graph.js", page_file, false, ~0U, true },
	{ "GET", "/api/midlab/page/now", page_now, false, ~0U, false },
	{ "GET", "/api/midlab/page/cis", page_cis, false, ~0U, false },
	{ "GET", "/api/midlab/page/ci/*", page_ci, false, ~0U, false },
	{ "GET", "/api/midlab/page/graph", page_graph, false, ~0U, false },
};

/* Compares part by part and notes what the stars stand for. PATH is ours. */
static bool
path_fits(const char *pattern, char *path, const char **params)
{
	size_t n = 0, len;

	while (*pattern != '\0' && *path != '\0') {
		if (*pattern != '*') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		len = strcspn(path, "/");
		if (len == 0 || n == PARAMS_MAX)
			return false;
		params[n++] = path;
		path += len;
		pattern++;
	}
	return *pattern == '\0' && *path == '\0';
}

static void
end_params(struct request *req)
{
	size_t i;

	for (i = 0; i < PARAMS_MAX && req->params[i] != NULL; i++)
		req->params_held[(size_t)(req->params[i] - req->params_held) +
		    strcspn(req->params[i], "/")] = '\0';
}

/* /api/now/v2/table/x is /api/now/table/x. */
static char *
plain_path(const char *path)
{
	struct text t = { 0 };
	size_t n = strlen("/api/now/");

	if (str_prefix(path, "/api/now/v") && path[n + 1] >= '1' &&
	    path[n + 1] <= '9' && path[n + 2] == '/') {
		text_add(&t, "/api/now/");
		text_add(&t, path + n + 3);
	} else {
		text_add(&t, path);
	}
	if (t.len > 1 && t.at[t.len - 1] == '/')
		t.at[--t.len] = '\0';
	return text_take(&t);
}

/* The route, or NULL with the answer already made: 404 or 405. */
static const struct route *
find_route(struct request *req, struct answer *a)
{
	bool path_known = false;
	size_t i;

	free(req->params_held);
	req->params_held = plain_path(req->path);
	for (i = 0; i < COUNT(routes); i++) {
		memset(req->params, 0, sizeof(req->params));
		if (!path_fits(routes[i].path, req->params_held, req->params))
			continue;
		path_known = true;
		if (strcmp(routes[i].method, req->method) == 0) {
			end_params(req);
			return &routes[i];
		}
	}
	if (path_known)
		answer_error(a, 405, "Method not supported", req->method);
	else
		answer_error(a, 404, "Requested URI does not represent any"
		    " resource", req->path);
	return NULL;
}

static bool
allowed(const struct request *req, const struct route *r, struct answer *a)
{
	const struct caller *c = req->caller;
	const char *table = req->params[0];
	bool ok = r->table ?
	    acl_table(c, table, strcmp(req->method, "GET") != 0) :
	    (c->roles & (r->roles | ROLE_ADMIN)) != 0;

	if (r->roles == ANYBODY)
		return true;
	if (!c->known) {
		answer_error(a, 401, "User is not authenticated",
		    "Required to provide Auth information");
		pairs_add(&a->headers, "WWW-Authenticate",
		    "Basic realm=\"midstub\"");
		return false;
	}
	if (r->table && !db_has_table(req->in->db, table)) {
		struct text t = { 0 };

		text_addf(&t, "Invalid table %.80s", table);
		answer_error(a, 400, text_str(&t), "");
		text_fini(&t);
		return false;
	}
	if (!ok)
		answer_error(a, 403, "User Not Authorized",
		    "Failed API level ACL Validation");
	return ok;
}

static bool
accepts_json(const struct request *req)
{
	const char *accept = request_header(req, "Accept");

	return accept[0] == '\0' || strstr(accept, "*/*") != NULL ||
	    strstr(accept, "application/*") != NULL ||
	    strstr(accept, "application/json") != NULL;
}

static bool
parse_json(struct request *req, struct answer *a)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH);

	if (req->body_len < INT32_MAX)
		req->json = json_tokener_parse_ex(tok, req->body,
		    (int)req->body_len + 1);
	json_tokener_free(tok);
	if (json_object_is_type(req->json, json_type_object))
		return true;
	answer_error(a, 400, "Exception while reading request",
	    "The payload is not valid JSON.");
	return false;
}

static bool
has_body(const struct request *req)
{
	return strcmp(req->method, "GET") != 0 &&
	    strcmp(req->method, "DELETE") != 0;
}

/* Opens a sealed body, and reads JSON from the others. */
static bool
body_ready(struct request *req, const struct route *r, struct answer *a)
{
	char type[80];

	if (!has_body(req))
		return true;
	if (request_header(req, "Content-Encoding")[0] != '\0' &&
	    strcasecmp(request_header(req, "Content-Encoding"),
	    "identity") != 0) {
		answer_error(a, 415, "Unsupported media type",
		    "A body must come without Content-Encoding.");
		return false;
	}
	request_type(req, type);
	if (strcmp(type, SEALED_TYPE) == 0 && !req->unsealed &&
	    !unseal_request(req, a))
		return false;
	if (r->raw)
		return true;
	if (req->unsealed || strcmp(type, "application/json") == 0 ||
	    strcmp(type, "text/json") == 0)
		return req->json != NULL || parse_json(req, a);
	if (type[0] == '\0')
		answer_error(a, 400, "Exception while reading request",
		    "A body needs the header Content-Type:"
		    " application/json.");
	else
		answer_error(a, 415, "Unsupported media type", type);
	return false;
}

static void
override_method(struct request *req)
{
	const char *m = request_header(req, "X-HTTP-Method-Override");

	if (m[0] != '\0' && strcmp(req->method, "POST") == 0 &&
	    strlen(m) < 16) {
		free(req->method);
		req->method = xstrdup(m);
	}
}

/* A browser sends its login with whatever a page of another site asks for. */
static bool
is_foreign_page(const struct request *req)
{
	const char *origin = request_header(req, "Origin"), *at;
	const char *host = request_header(req, "Host");

	if (origin == NULL || origin[0] == '\0' ||
	    strcmp(req->method, "GET") == 0)
		return false;
	at = strstr(origin, "://");
	return at == NULL || host == NULL || strcasecmp(at + 3, host) != 0;
}

void
route_serve(struct request *req, struct answer *a)
{
	const struct route *r;
	int fault = 0;

	override_method(req);
	if (is_foreign_page(req)) {
		answer_error(a, 403, "Forbidden",
		    "A page of another site may not change anything here.");
		return;
	}
	r = find_route(req, a);
	if (r == NULL || !allowed(req, r, a))
		return;
	if (!r->raw && !accepts_json(req)) {
		answer_error(a, 406, "Not acceptable",
		    "Only application/json can be given.");
		return;
	}
	if (!body_ready(req, r, a))
		return;
	if (fault_answers(req, a, &fault))
		return;
	db_set_user(req->in->db, req->caller->user, req->caller->sys_id);
	req->fault = fault;
	r->serve(req, a);
	if (fault == FAULT_DID)
		answer_error(a, 500, "Internal error",
		    "It was done, and this says that it was not.");
}

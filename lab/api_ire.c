/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_ire - the paths of Identification and Reconciliation; the engine is in
 * ire.h. One payload is one transaction; a dry run is undone.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "disco.h"
#include "files.h"
#include "http.h"
#include "instance.h"
#include "ire.h"

#define TOLD_MAX 3		/* errors of items in one row of the log */

/* --- what a person is to see ----------------------------------------------------- */

/* The first errors of ITEMS (or relations), as one text. */
static void
tell_errors(struct json_object *items, struct text *t, int *told)
{
	struct json_object *errors;
	size_t i;

	for (i = 0; items != NULL && i < json_object_array_length(items) &&
	    *told < TOLD_MAX; i++) {
		struct json_object *it = json_object_array_get_idx(items, i),
		    *first;

		if (!json_object_object_get_ex(it, "errors", &errors) ||
		    json_object_array_length(errors) == 0)
			continue;
		first = json_object_array_get_idx(errors, 0);
		text_addf(t, "%s%s %zu: %s: %s", (*told)++ > 0 ? "; " : "",
		    json_str(it, "className", ""), i,
		    json_str(first, "error", ""),
		    json_str(first, "message", ""));
	}
}

/* A payload that was refused, or of which something was, leaves a row in
 * discovery_log: whoever sent it may not be looked at. */
static void
log_errors(struct request *req, const struct ire_options *opt,
    struct json_object *answer, int r)
{
	struct json_object *o, *part = NULL;
	struct text t = { 0 };
	int told = 0;

	if (r == IRE_E_BAD && json_object_object_get_ex(answer, "error", &part))
		text_add(&t, json_str(part, "detail", ""));
	if (json_object_object_get_ex(answer, "items", &part))
		tell_errors(part, &t, &told);
	if (json_object_object_get_ex(answer, "relations", &part))
		tell_errors(part, &t, &told);
	if (t.len > 0) {
		o = json_object_new_object();
		json_put(o, "level", "Error");
		json_put(o, "source",
		    opt->data_source != NULL ? opt->data_source : "");
		json_put(o, "message", text_str(&t));
		if (db_insert(req->in->db, "discovery_log", o, NULL) < 0)
			complain("%s", db_error(req->in->db));
		json_object_put(o);
	}
	text_fini(&t);
}

/* How many of LIST, and of what hangs on them, were treated as OPERATION; all of them: "". */
static int
count_of(struct json_object *list, const char *operation)
{
	struct json_object *more;
	size_t i;
	int n = 0;

	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		struct json_object *it = json_object_array_get_idx(list, i);

		n += operation[0] == '\0' ||
		    strcmp(json_str(it, "operation", ""), operation) == 0;
		if (json_object_object_get_ex(it, "relatedItems", &more))
			n += count_of(more, operation);
	}
	return n;
}

static void
log_counts(const struct ire_options *opt, struct json_object *answer)
{
	struct json_object *items = NULL, *relations = NULL;

	(void)json_object_object_get_ex(answer, "items", &items);
	(void)json_object_object_get_ex(answer, "relations", &relations);
	fprintf(stderr, "CIs of %s: %d items, %d new, %d the same;"
	    " %d relations, %d new\n",
	    opt->data_source != NULL ? opt->data_source : "nobody",
	    count_of(items, ""), count_of(items, "INSERT"),
	    count_of(items, "NO_CHANGE"), count_of(relations, ""),
	    count_of(relations, "INSERT"));
}

static void
apply(struct request *req, struct ire_options *opt, struct answer *a)
{
	struct db *db = req->in->db;
	struct json_object *answer = NULL;
	int r;

	opt->data_source = request_arg(req, "sysparm_data_source", NULL);
	r = disco_check_fence(db, request_arg(req, "sysparm_fence", ""));
	if (r == DB_E_GONE)
		disco_remember(req->in, req->caller->user);
	if (r == 0)
		r = db_begin(db);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	r = ire_apply(db, req->json, opt, &answer);
	if (r == 0 && !opt->dry_run) {
		if (db_commit(db) < 0) {
			json_object_put(answer);
			answer_db(a, req->in, DB_E_FAILED);
			return;
		}
	} else {
		db_rollback(db);
	}
	if (!opt->dry_run)
		log_errors(req, opt, answer, r);
	if (!opt->dry_run && req->in->log && r == 0)
		log_counts(opt, answer);
	if (r == 0) {
		answer_result(a, 200, answer);
		return;
	}
	a->status = r == IRE_E_BAD ? 400 : 500;
	a->json = answer;
}

void
identify(struct request *req, struct answer *a)
{
	struct ire_options opt = { 0 };

	apply(req, &opt, a);
}

void
identify_enhanced(struct request *req, struct answer *a)
{
	struct ire_options opt = { 0 };

	ire_options_parse(&opt, request_arg(req, "options", ""));
	apply(req, &opt, a);
}

void
identify_query(struct request *req, struct answer *a)
{
	struct ire_options opt = { 0 };

	ire_options_parse(&opt, request_arg(req, "options", ""));
	opt.dry_run = true;
	apply(req, &opt, a);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_ire - the paths of Identification and Reconciliation; the engine is in
 * ire.h. One payload is one transaction; a dry run is undone.
 */
#include <json-c/json.h>

#include "db.h"
#include "http.h"
#include "instance.h"
#include "ire.h"

static void
apply(struct request *req, struct ire_options *opt, struct answer *a)
{
	struct db *db = req->in->db;
	struct json_object *answer = NULL;
	int r;

	opt->data_source = request_arg(req, "sysparm_data_source", NULL);
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

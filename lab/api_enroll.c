/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_enroll - how an agent comes by its certificate. It asks with a token of
 * one use and its request for a certificate; a person compares the words of
 * the key and decides; the agent comes back for the answer. Later it renews
 * with the certificate it has.
 */
#include <json-c/json.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "enrol.h"
#include "fault.h"
#include "http.h"
#include "instance.h"
#include "words.h"

#define REQUESTS "midlab_enroll_request"
#define TOKENS "midlab_enroll_token"
#define TOKEN_MINUTES 60
#define WRONG_MAX 5		/* wrong tokens in a minute, from all together */
#define WAITING_MAX 50
#define MINUTE_MS 60000

/* Guessing is slow for all: whoever guesses has many addresses. */
static bool
too_many(struct instance *in, struct answer *a)
{
	if (db_now_ms(in->db) - in->enroll_wrong_ms >= MINUTE_MS) {
		in->enroll_wrong_ms = db_now_ms(in->db);
		in->enroll_wrong = 0;
	}
	if (in->enroll_wrong < WRONG_MAX)
		return false;
	answer_error(a, 429, "Too many wrong tokens", "Try again in a minute.");
	pairs_add(&a->headers, "Retry-After", "60");
	return true;
}

static bool
room(struct instance *in, struct answer *a)
{
	long n = 0;

	if (db_count(in->db, REQUESTS, "state=pending", &n) == 0 && n < WAITING_MAX)
		return true;
	answer_error(a, 429, "Too many requests wait", "Approve or reject some: midlab enroll list.");
	return false;
}

static void
keep_request(struct request *req, struct answer *a, const char *name, const char *csr, const char *words)
{
	struct json_object *o = json_object_new_object();
	char id[SYS_ID_LEN + 1];
	int r;

	json_put(o, "name", name);
	json_put(o, "state", "pending");
	json_put(o, "words", words);
	json_put(o, "csr", csr);
	r = db_insert(req->in->db, REQUESTS, o, id);
	json_object_put(o);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	o = json_object_new_object();
	json_put(o, "id", id);
	json_put(o, "state", "pending");
	json_put(o, "words", words);
	answer_result(a, 201, o);
}

/* POST /api/midlab/enroll {"name", "token", "csr"}: by anybody. */
void
enroll_ask(struct request *req, struct answer *a)
{
	const char *name = json_str(req->json, "name", ""), *csr = json_str(req->json, "csr", ""), *why;
	char words[WORDS_SIZE];
	EVP_PKEY *key = NULL;

	if (too_many(req->in, a) || !room(req->in, a))
		return;
	if (!enrol_name_ok(name))
		answer_error(a, 400, "No agent can have this name", "Use letters, digits, . _ - and at most 63 of them.");
	else if ((key = enrol_key(csr, &why)) == NULL || !words_of_key(key, words))
		answer_error(a, 400, "The request cannot be used", why != NULL ? why : "");
	else if (!enrol_token_use(req->in, json_str(req->json, "token", ""), name, &why)) {
		req->in->enroll_wrong++;
		answer_error(a, 403, "The token was refused", why);
	} else
		keep_request(req, a, name, csr, words);
	EVP_PKEY_free(key);
}

/* GET /api/midlab/enroll/ID: by whoever knows the id, which only the asker was told. */
void
enroll_state(struct request *req, struct answer *a)
{
	struct json_object *row = NULL, *o;
	const char *state;

	if (!is_sys_id(req->params[0]) || db_get(req->in->db, REQUESTS, req->params[0], &row) < 0) {
		answer_error(a, 404, "There is no such request", "");
		return;
	}
	state = json_str(row, "state", "");
	if (strcmp(state, "approved") == 0)
		o = enrol_given(req->in, json_str(row, "certificate", ""));
	else
		o = json_object_new_object();
	json_put(o, "state", state);
	json_put(o, "name", json_str(row, "name", ""));
	answer_result(a, 200, o);
	json_object_put(row);
}

/* GET /api/midlab/enroll: by an administrator, as all below but the last. */
void
enroll_list(struct request *req, struct answer *a)
{
	static const char *const shown[] = { "sys_id", "name", "state", "words", "sys_created_on" };
	struct db_select sel = { .table = REQUESTS, .query = "ORDERBYsys_created_on", .fields = shown, .field_count = COUNT(shown) };
	struct json_object *rows = NULL;
	int r = db_select(req->in->db, &sel, &rows);

	if (r < 0)
		answer_db(a, req->in, r);
	else
		answer_result(a, 200, rows);
}

/* POST /api/midlab/enroll/token {"sha256", "agent"}: the token itself is made by the asker and stays there. */
void
enroll_token(struct request *req, struct answer *a)
{
	struct json_object *o = json_object_new_object();
	char date[DATE_SIZE];
	int r;

	date_format(date, (time_t)(db_now_ms(req->in->db) / 1000 + TOKEN_MINUTES * 60));
	json_put(o, "token_sha256", json_str(req->json, "sha256", ""));
	json_put(o, "agent", json_str(req->json, "agent", ""));
	json_put(o, "expires", date);
	r = db_insert(req->in->db, TOKENS, o, NULL);
	json_object_put(o);
	if (r < 0) {
		answer_db(a, req->in, r);
		return;
	}
	o = json_object_new_object();
	json_put(o, "expires", date);
	answer_result(a, 201, o);
}

/* 0, or -1 with the answer made. */
static int
approve(struct request *req, struct answer *a, struct json_object *row, struct json_object *change)
{
	const char *why = "";
	EVP_PKEY *key = enrol_key(json_str(row, "csr", ""), &why);
	char *pem = key != NULL ? enrol_issue(req->in, json_str(row, "name", ""), key, ENROL_AT_ONCE) : NULL;

	if (pem != NULL)
		json_put(change, "certificate", pem);
	else
		answer_error(a, 500, "The certificate could not be made", why != NULL ? why : "");
	EVP_PKEY_free(key);
	free(pem);
	return pem != NULL ? 0 : -1;
}

/* POST /api/midlab/enroll/ID/approve or /reject */
void
enroll_decide(struct request *req, struct answer *a)
{
	struct json_object *row = NULL, *change;
	bool yes = strcmp(req->params[1], "approve") == 0;
	int r;

	if ((!yes && strcmp(req->params[1], "reject") != 0) || !is_sys_id(req->params[0]) ||
	    db_get(req->in->db, REQUESTS, req->params[0], &row) < 0) {
		answer_error(a, 404, "There is no such request", "");
		return;
	}
	change = json_object_new_object();
	json_put(change, "state", yes ? "approved" : "rejected");
	if (strcmp(json_str(row, "state", ""), "pending") != 0) {
		answer_error(a, 409, "It is decided already", json_str(row, "state", ""));
	} else if (!yes || approve(req, a, row, change) == 0) {
		r = db_update(req->in->db, REQUESTS, req->params[0], change);
		if (r < 0)
			answer_db(a, req->in, r);
		else
			answer_result(a, 200, json_object_get(change));
	}
	json_object_put(change);
	json_object_put(row);
}

/* POST /api/midlab/renew {"csr"}: by an agent, for itself. The certificate it has stays good, and what is sealed goes to it until the new one has logged in. */
void
enroll_renew(struct request *req, struct answer *a)
{
	const char *why = "";
	EVP_PKEY *key = enrol_key(json_str(req->json, "csr", ""), &why);
	enum enrol_when when = req->fault == FAULT_REFUSE ? ENROL_NEVER : ENROL_AT_LOGIN;
	char *pem = NULL;

	if (key == NULL)
		answer_error(a, 400, "The request cannot be used", why);
	else if (!enrol_name_ok(req->caller->user) || (pem = enrol_issue(req->in, req->caller->user, key, when)) == NULL)
		answer_error(a, 403, "There is no certificate for this user", req->caller->user);
	else
		answer_result(a, 201, enrol_given(req->in, pem));
	EVP_PKEY_free(key);
	free(pem);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_result - the answers to one job as an administrator may read them:
 * attachments fetched, seals opened, pages in order.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach.h"
#include "db.h"
#include "http.h"
#include "instance.h"
#include "unseal.h"

static const char *const copied[] = {
	"sys_id", "agent", "topic", "name", "source", "state", "error_string",
	"sys_created_on",
};

/* The payload as it was meant: from the attachment, and unsealed. */
static char *
opened(struct instance *in, struct json_object *row, char signer[128],
    const char **why)
{
	const char *payload = json_str(row, "payload", "");
	char *whole = NULL, *text;
	size_t n = 0;

	signer[0] = '\0';
	if (strstr(payload, "<see_attachment/>") != NULL) {
		*why = "The attachment payload.txt is not there yet.";
		if (attached(in, "ecc_queue", json_str(row, "sys_id", ""),
		    "payload.txt", &whole, &n) < 0)
			return NULL;
		payload = whole;
	}
	/* An attachment may also be the sealed bytes themselves (DER). */
	if (whole != NULL && whole[0] == 0x30)
		text = unseal(in->seal, whole, n, &n, signer, why);
	else
		text = unseal_payload(in->seal, payload, signer, why);
	free(whole);
	return text;
}

static struct json_object *
describe(struct instance *in, struct json_object *row)
{
	struct json_object *out = json_object_new_object();
	const char *why = "";
	char signer[128], *text;
	size_t i;

	for (i = 0; i < COUNT(copied); i++)
		json_put(out, copied[i], json_str(row, copied[i], ""));
	text = opened(in, row, signer, &why);
	json_put(out, "signer", signer);
	json_put(out, text != NULL ? "payload" : "unreadable",
	    text != NULL ? text : why);
	free(text);
	return out;
}

int
result_collect(struct instance *in, const char *sys_id,
    struct json_object **result)
{
	struct json_object *job, *rows, *inputs, *out;
	char query[128];
	size_t i;
	int r;

	r = db_get(in->db, "ecc_queue", sys_id, &job);
	if (r < 0)
		return r;
	snprintf(query, sizeof(query), "response_to=%s^queue=input^"
	    "ORDERBYsequence", json_str(job, "sys_id", ""));
	r = db_query(in->db, "ecc_queue", query, 0, &rows);
	if (r < 0) {
		json_object_put(job);
		return r;
	}
	inputs = json_object_new_array();
	for (i = 0; i < json_object_array_length(rows); i++)
		json_object_array_add(inputs, describe(in,
		    json_object_array_get_idx(rows, i)));
	json_object_put(rows);
	out = json_object_new_object();
	json_put(out, "sys_id", json_str(job, "sys_id", ""));
	json_put(out, "state", json_str(job, "state", ""));
	json_object_object_add(out, "inputs", inputs);
	json_object_put(job);
	*result = out;
	return 0;
}

void
result_read(struct request *req, struct answer *a)
{
	struct json_object *out;
	int r = result_collect(req->in, req->params[0], &out);

	if (r < 0)
		answer_db(a, req->in, r);
	else
		answer_result(a, 200, out);
}

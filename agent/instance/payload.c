/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payload - the payload of a row that holds just <see_attachment/>: payload.txt
 * among its attachments, found first and then read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define ATTACHMENT "/api/now/attachment"

struct payload {
	struct instance *in;
	char id[33];
	size_t max;
	rows_fn *fn;
	void *arg;
};

static void
payload_end(struct payload *p, const struct verdict *v, const char *text, size_t len)
{
	struct ecc_row row = {
		.sys_id = p->id, .agent = "", .topic = "", .name = "", .source = "", .sequence = "",
		.correlator = "", .created = "", .state = "", .payload = text, .payload_len = len,
	};

	p->fn(p->arg, v, &row, v->said == SAID_YES);
	free(p);
}

static void
payload_refuse(struct payload *p, const struct verdict *v, enum said said, const char *why)
{
	struct verdict bad = *v;

	verdict_spoil(&bad, said, why);
	payload_end(p, &bad, "", 0);
}

static void
got_file(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct payload *p = arg;
	struct verdict yes = { .said = SAID_YES, .status = v->status, .retry_after_ms = -1, .why = "" };
	char large[80];

	if (v->said != SAID_YES && v->err_code == E_FULL) {
		/* No reader takes it, so the row is answered with an error that says why. */
		snprintf(large, sizeof(large), "<payload_larger_than_%zu_bytes/>", p->max);
		payload_end(p, &yes, large, strlen(large));
		return;
	}
	payload_end(p, v, body, len);
}

static void
got_list(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct payload *p = arg;
	struct request rq = { .method = "GET", .answer_max = p->max };
	struct json_object *o = NULL, *list;
	struct err err = { 0 };
	char path[120] = "";
	const char *id = "";
	size_t n;

	if (v->said != SAID_YES) {
		payload_end(p, v, "", 0);
		return;
	}
	if (json_parse(&o, body, len, "the list of attachments", &err) < 0) {
		payload_refuse(p, v, SAID_LATER, err.text);
		return;
	}
	list = json_arr(o, "result");
	n = list == NULL ? 0 : json_object_array_length(list);
	if (n == 1)
		id = json_str(json_object_array_get_idx(list, 0), "sys_id", "");
	if (rows_id_ok(id))
		snprintf(path, sizeof(path), ATTACHMENT "/%.32s/file", id);
	json_object_put(o);
	if (path[0] == '\0') {
		payload_refuse(p, v, SAID_NO, n > 1 ? "the row has more than one attachment payload.txt" :
		    "the row says <see_attachment/> but has no attachment payload.txt");
		return;
	}
	rq.path = path;
	request_send(p->in, &rq, got_file, p);
}

void
instance_payload(struct instance *in, const char *id, size_t max, rows_fn *fn, void *arg)
{
	struct request rq = { .method = "GET" };
	struct payload *p = xcalloc(1, sizeof(*p));
	struct buf path;

	p->in = in;
	snprintf(p->id, sizeof(p->id), "%s", id);
	p->max = max;
	p->fn = fn;
	p->arg = arg;
	buf_init(&path, 1000);
	buf_puts(&path, ATTACHMENT "?sysparm_limit=2&sysparm_query=table_name%3Decc_queue%5Etable_sys_id%3D");
	path_put_query(&path, p->id);
	buf_puts(&path, "%5Efile_name%3Dpayload.txt");
	rq.path = buf_str(&path);
	request_send(in, &rq, got_list, p);
	buf_fini(&path);
}

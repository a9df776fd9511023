/* SPDX-License-Identifier: Apache-2.0 */
/* renew - our certificate, asked for anew, and the first login with it. The endpoint is midlab's; an instance without it says 4xx. */
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "json.h"
#include "xalloc.h"

#define RENEW "/api/midlab/renew"
#define PROOF TABLE "ecc_agent?sysparm_limit=1&sysparm_fields=sys_id"

struct renewal {
	renewed_fn *fn;			/* one of these */
	verdict_fn *proved;
	void *arg;
	struct buf body;
};

static void
answered(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct renewal *n = arg;
	struct json_object *o = NULL;

	if (n->proved != NULL) {
		n->proved(n->arg, v);
	} else {
		if (v->said == SAID_YES)
			(void)json_parse(&o, body, len, "the answer", NULL);
		n->fn(n->arg, v, json_str(json_get(o, "result"), "certificate", NULL));
		json_object_put(o);
	}
	buf_fini(&n->body);
	free(n);
}

void
instance_renew(struct instance *in, const char *csr, renewed_fn *fn, void *arg)
{
	struct renewal *n = xcalloc(1, sizeof(*n));
	struct json_object *o = json_object_new_object();
	struct request rq = { .method = "POST", .path = RENEW, .answer_max = 1u << 20 };

	n->fn = fn;
	n->arg = arg;
	buf_init(&n->body, 64u << 10);
	json_put_str(o, "csr", csr);
	(void)json_write(&n->body, o);
	json_object_put(o);
	rq.body = buf_str(&n->body);
	rq.len = n->body.len;
	request_send(in, &rq, answered, n);
}

void
instance_prove(struct instance *in, verdict_fn *fn, void *arg)
{
	struct renewal *n = xcalloc(1, sizeof(*n));
	const struct request rq = { .method = "GET", .path = PROOF };

	n->proved = fn;
	n->arg = arg;
	buf_init(&n->body, 16);
	request_send(in, &rq, answered, n);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* enroll_ask - one question to the instance, waited for. */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "enroll.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "loop.h"
#include "midctl.h"
#include "xalloc.h"

#define ANSWER_MAX (256u * 1024)

struct asking {
	struct loop *loop;
	struct json_object *json;
	struct err err;
	int status;
};

static void
on_answer(void *arg, const struct http_answer *a, const struct err *err)
{
	struct asking *q = arg;

	q->status = a->status;
	if (a->status == 0)
		q->err = *err;
	else if (a->len > 0)
		(void)json_parse(&q->json, a->body, a->len, "the answer", NULL);
	loop_stop(q->loop);
}

static void
words_of_refusal(struct asking *q, const char *path)
{
	struct json_object *o = json_get(q->json, "error");
	const char *detail = json_str(o, "detail", "");

	err_set(&q->err, q->status == 401 || q->status == 403 ? E_AUTH : E_PEER, "the instance said %d to %s%s%.200s%s%.160s",
	    q->status, path, o != NULL ? ": " : "", json_str(o, "message", ""), detail[0] != '\0' ? ": " : "", detail);
}

static int
go(struct asking *q, const struct http_config *cfg, const struct http_request *req)
{
	struct http *h;
	int r = http_open(&h, q->loop, cfg, &q->err);

	if (r < 0)
		return r;
	(void)http_start(h, req, on_answer, q);
	loop_run(q->loop);
	http_close(h);
	loop_finish(q->loop);
	return 0;
}

int
enrol_call(const struct enrol *e, const char *method, const char *path, struct json_object *body,
    bool with_cert, struct json_object **out, struct err *err)
{
	static const char *const headers[] = { "Accept: application/json", "Content-Type: application/json", NULL };
	struct http_config cfg = {
		.ca_file = e->a->ca != NULL ? e->a->ca : e->has_ca ? e->ca_file : NULL, .cert_file = with_cert ? e->cert_file : NULL,
		.key_file = with_cert ? e->key_file : NULL, .user_agent = "midctl/" MIDD_VERSION,
		.connect_ms = 10000, .connections_max = 1,
	};
	const char *text = body != NULL ? json_object_to_json_string(body) : NULL;
	char *url = xasprintf("%s%s", e->url, path);
	struct http_request req = {
		.method = method, .url = url, .headers = headers, .body = text, .body_len = text != NULL ? strlen(text) : 0,
		.answer_max = ANSWER_MAX, .total_ms = 30000,
	};
	struct asking q = { .status = 0 };

	enrol_proxy(e, &cfg);
	if (loop_open(&q.loop, &q.err) == 0) {
		(void)go(&q, &cfg, &req);
		loop_close(q.loop);
	}
	if (q.status >= 400)
		words_of_refusal(&q, path);
	else if (out != NULL)
		*out = json_object_get(json_get(q.json, "result"));
	*err = q.err;
	json_object_put(q.json);
	free(url);
	return q.status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relate - topic Relate, the last part of a discovery: what the targets have said
 * of each other (share/map/NAME-links.jq) comes in as one list and goes through
 * share/map/relate.jq, which makes relations of it. The list is foreign text, so it
 * is read here, in a worker, and not in midd.
 */
#include <json-c/json.h>
#include <midd/probe.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define DEPTH_MAX 16
#define DOCUMENT_MAX (48u << 20)

struct relate { const struct mid_host *h; struct mid_run *run; struct text text; };

static const struct mid_param params[] = {
	{ "hosts", MID_STRING, true, NULL, "JSON: a list of what each target has said of others" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

/* Only what is whole goes on: a list of objects. */
static int
check(struct relate *r, const char *list)
{
	struct json_tokener *tok = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *o = tok == NULL ? NULL : json_tokener_parse_ex(tok, list, (int)strlen(list));
	bool good = o != NULL && json_object_is_type(o, json_type_array);

	if (good) {
		text_put(&r->text, "{\"schema\":1,\"hosts\":");
		text_put(&r->text, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
		text_put(&r->text, "}");
	} else {
		r->h->fail(r->run, MID_BAD_PARAM, "hosts is no JSON list");
	}
	if (good && r->text.full) {
		r->h->fail(r->run, MID_TOO_BIG, "the targets say more of each other than %u MB", DOCUMENT_MAX >> 20);
		good = false;
	}
	json_object_put(o);
	if (tok != NULL)
		json_tokener_free(tok);
	return good ? 0 : -1;
}

static int
relate_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	struct relate *r = calloc(1, sizeof(*r));

	*state = r;
	if (r == NULL)
		return -1;
	r->h = h;
	r->run = run;
	text_init(&r->text, DOCUMENT_MAX);
	return check(r, h->param(run, "hosts"));
}

static enum mid_next
relate_step(void *state, struct mid_wait *wait)
{
	struct relate *r = state;
	int n = text_emit(&r->text, r->h, r->run, MID_JSON);

	wait->timeout_ms = -1;
	return n == 0 ? MID_DONE : n < 0 ? MID_FAIL : MID_WAIT;
}

static void
relate_close(void *state)
{
	struct relate *r = state;

	if (r != NULL)
		text_fini(&r->text);
	free(r);
}

static const char *const topics[] = { "Relate", NULL };

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "relate",
	.version = "1.0",
	.help = "relations between the targets of a discovery",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.map = "relate",
	.open = relate_open,
	.step = relate_step,
	.close = relate_close,
};

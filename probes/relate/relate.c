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

/* TEXT, of N bytes, if it is one JSON text of TYPE and no more; the caller's. */
static struct json_object *
whole(const char *text, size_t n, json_type type)
{
	struct json_tokener *tok = n > DOCUMENT_MAX ? NULL : json_tokener_new_ex(DEPTH_MAX);
	struct json_object *o = tok == NULL ? NULL : json_tokener_parse_ex(tok, text, (int)n);

	if (o != NULL && (!json_object_is_type(o, type) || json_tokener_get_parse_end(tok) != n)) {
		json_object_put(o);
		o = NULL;
	}
	if (tok != NULL)
		json_tokener_free(tok);
	return o;
}

/* midd puts each target on a line of its own: one whose words are no JSON costs itself, not all the others. False: none is good. */
static bool
put_lines(struct relate *r, const char *list)
{
	struct json_object *o;
	unsigned good = 0, bad = 0;
	size_t n, len;

	text_put(&r->text, "[");
	for (list += list[0] == '['; *list != '\0'; list += n + (list[n] == '\n')) {
		n = strcspn(list, "\n");
		len = n - (n > 0 && (list[n - 1] == ',' || list[n - 1] == ']'));
		o = whole(list, len, json_type_object);
		if (o != NULL && good > 0)
			text_put(&r->text, ",");
		if (o != NULL)
			text_put(&r->text, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
		good += o != NULL;
		bad += o == NULL;
		json_object_put(o);
	}
	text_put(&r->text, "]");
	if (good > 0)
		r->h->partial(r->run, "what %u targets say of others makes no sense: it is left out", bad);
	return good > 0;
}

/* Only what is whole goes on: a list of objects. */
static int
check(struct relate *r, const char *list)
{
	size_t n = strlen(list);
	struct json_object *o;
	bool good = true;

	while (n > 0 && strchr(" \t\r\n", list[n - 1]) != NULL)
		n--;
	o = whole(list, n, json_type_array);

	text_put(&r->text, "{\"schema\":1,\"hosts\":");
	if (o != NULL)
		text_put(&r->text, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	else
		good = put_lines(r, list);
	text_put(&r->text, "}");
	json_object_put(o);
	if (!good)
		r->h->fail(r->run, MID_BAD_PARAM, "hosts is no JSON list");
	if (good && r->text.full) {
		r->h->fail(r->run, MID_TOO_BIG, "the targets say more of each other than %u MB", DOCUMENT_MAX >> 20);
		good = false;
	}
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_map - CIs out of what a probe has emitted: MAP.jq makes payloads. For a
 * discovery midd is asked first which CIs the instance has, so that only the others
 * go out; and MAP-links.jq tells what relates this host to others.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "delta.h"
#include "json.h"
#include "loop.h"
#include "map.h"
#include "modules.h"
#include "run.h"
#include "stream.h"
#include "xalloc.h"

#define MAP_MS 30000		/* a map of the largest hosts takes a second */
#define ADDRESSES_MAX 4000

/* --- links ------------------------------------------------------------------------------ */

/* The host's own addresses as a line of words, so that midd need not read the rest. */
static void
put_addresses(struct mid_run *r, struct json_object *links)
{
	static const char plain[] = "0123456789abcdefABCDEF.:";
	struct json_object *list = json_get(links, "addresses");
	const char *s;
	size_t i, n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	for (i = 0; i < n && i < ADDRESSES_MAX; i++) {
		s = json_object_get_string(json_object_array_get_idx(list, i));
		if (s == NULL || s[0] == '\0' || strlen(s) > 45 || s[strspn(s, plain)] != '\0')
			continue;
		outbox_put(r, MID_STDOUT, s, strlen(s));
		outbox_put(r, MID_STDOUT, "\n", 1);
	}
}

static void
on_linked(void *arg, const struct map_result *res)
{
	struct mid_run *r = arg;
	struct json_object *o;

	r->mapping = NULL;
	if (res->n > 0) {
		o = json_tokener_parse(res->texts[0]);
		put_addresses(r, o);
		outbox_put(r, FRAME_KIND_LINKS, res->texts[0], strlen(res->texts[0]));
		json_object_put(o);
	}
	if (res->code < 0)
		run_map_partial(r, res->message);
	run_drain(r);
}

/* --- CIs --------------------------------------------------------------------------------- */

static void
put_payload(struct mid_run *r, struct delta *d, const char *text)
{
	char *left = r->discover ? delta_reduce(d, text) : NULL;

	if (r->discover && left == NULL)
		return;
	text = left == NULL ? text : left;
	outbox_put(r, FRAME_KIND_CI, text, strlen(text));
	outbox_put(r, FRAME_KIND_CI_END, "", 0);
	free(left);
}

static void
put_sent(struct mid_run *r, const struct delta *d)
{
	struct json_object *o = json_object_new_object();
	char text[64];

	outbox_put(r, FRAME_KIND_SENT, delta_hashes(d), strlen(delta_hashes(d)));
	snprintf(text, sizeof(text), "%zu of %zu", d->kept, d->items);
	json_put_str(o, "name", "cis_sent");
	json_put_str(o, "value", text);
	stream_send_json_take(r->worker->stream, FRAME_NOTE, r->id, o);
}

static void
on_mapped(void *arg, const struct map_result *res)
{
	struct mid_run *r = arg;
	struct delta d;
	size_t i, len;
	char *text;

	r->mapping = NULL;
	delta_init(&d, r->known == NULL ? "" : r->known);
	for (i = 0; i < res->n; i++)
		put_payload(r, &d, res->texts[i]);
	if (r->discover && res->code >= 0)
		put_sent(r, &d);
	delta_fini(&d);
	if (res->code < 0)
		run_map_partial(r, res->message);
	if (r->discover && r->module->links != NULL && r->json.len > 0) {
		text = buf_take(&r->json, &len);
		r->mapping = map_run_take(r->module->links, r->worker->loop, text, len, on_linked, r);
		return;
	}
	run_drain(r);
}

static void
start(struct mid_run *r)
{
	size_t len = r->json.len;
	char *text;

	r->stage = RUN_MAPS;
	loop_timer_arm(r->timer, MAP_MS);
	if (r->discover && r->module->links != NULL) {	/* read twice */
		text = xcalloc(1, len + 1);
		memcpy(text, r->json.data, len);
	} else {
		text = buf_take(&r->json, &len);
	}
	r->mapping = map_run_take(r->module->map, r->worker->loop, text, len, on_mapped, r);
}

void
run_known(struct mid_run *r, const char *answer)
{
	if (strncmp(answer, "ok ", 3) == 0)
		r->known = xstrdup(answer + 3);
	start(r);
}

void
run_map(struct mid_run *r)
{
	const char *answer;

	/* Where another question is on its way, nobody waits for its answer any more: all is sent. */
	if (!r->discover || r->ask_waits) {
		start(r);
		return;
	}
	r->stage = RUN_ASKS;
	if (asks_ask(r, "sent", "-", &answer) < 0)
		start(r);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_map - CIs out of what a probe has emitted: MAP.jq makes payloads. In a
 * discovery MAP-links.jq first tells who this host is and what relates it to others;
 * midd then says whether it is a clone, and which CIs the instance has, so that only
 * the others go out.
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

/* List NAME of LINKS as words behind MARK, so that midd need not read the rest. */
static void
put_addresses(struct mid_run *r, struct json_object *links, const char *name, const char *mark)
{
	static const char plain[] = "0123456789abcdefABCDEF.:";
	struct json_object *list = json_get(links, name);
	const char *s;
	size_t i, n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	for (i = 0; i < n && i < ADDRESSES_MAX; i++) {
		s = json_object_get_string(json_object_array_get_idx(list, i));
		if (s == NULL || s[0] == '\0' || strlen(s) > 45 || s[strspn(s, plain)] != '\0')
			continue;
		outbox_put(r, MID_STDOUT, mark, strlen(mark));
		outbox_put(r, MID_STDOUT, s, strlen(s));
		outbox_put(r, MID_STDOUT, "\n", 1);
	}
}

/* --- CIs --------------------------------------------------------------------------------- */

static void
put_payload(struct mid_run *r, struct delta *d, const char *text)
{
	char *own = self_payload(&r->self, text), *left;

	text = own == NULL ? text : own;
	left = r->discover ? delta_reduce(d, text) : NULL;
	if (!r->discover || left != NULL) {
		text = left == NULL ? text : left;
		outbox_put(r, FRAME_KIND_CI, text, strlen(text));
		outbox_put(r, FRAME_KIND_CI_END, "", 0);
	}
	free(left);
	free(own);
}

static void
note(struct mid_run *r, const char *name, const char *value)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "name", name);
	json_put_str(o, "value", value);
	stream_send_json_take(r->worker->stream, FRAME_NOTE, r->id, o);
}

/* A map puts the host first: its class and name, for whoever asks midd about that CI. */
static void
note_host(struct mid_run *r, const char *payload)
{
	struct json_object *o = json_tokener_parse(payload), *items = json_arr(o, "items");
	struct json_object *host = items != NULL ? json_object_array_get_idx(items, 0) : NULL;
	const char *class = json_str(host, "className", ""), *name = json_str(json_get(host, "values"), "name", "");
	char text[300];

	if (class[0] != '\0' && strlen(class) < 80 && name[0] != '\0' && strlen(name) < 200) {
		snprintf(text, sizeof(text), "%s %s", class, name);
		note(r, "ci", text);
	}
	json_object_put(o);
}

static void
put_sent(struct mid_run *r, const struct delta *d)
{
	char text[64];

	outbox_put(r, FRAME_KIND_SENT, delta_hashes(d), strlen(delta_hashes(d)));
	snprintf(text, sizeof(text), "%zu of %zu", d->kept, d->items);
	note(r, "cis_sent", text);
}

static void
on_mapped(void *arg, const struct map_result *res)
{
	struct mid_run *r = arg;
	struct delta d;
	size_t i;

	r->mapping = NULL;
	delta_init(&d, r->known == NULL ? "" : r->known);
	if (res->n > 0)
		note_host(r, res->texts[0]);
	for (i = 0; i < res->n; i++)
		put_payload(r, &d, res->texts[i]);
	if (r->discover && res->code >= 0)
		put_sent(r, &d);
	delta_fini(&d);
	if (res->code < 0)
		run_map_partial(r, res->message);
	run_drain(r);
}

static void
start(struct mid_run *r)
{
	size_t len = r->json.len;
	char *text = buf_take(&r->json, &len);

	r->stage = RUN_MAPS;
	loop_timer_arm(r->timer, MAP_MS);
	r->mapping = map_run_take(r->module->map, r->worker->loop, text, len, on_mapped, r);
}

/* --- what is asked before ---------------------------------------------------------------------- */

/* Where another question is on its way, nobody waits for its answer any more: all is sent. WHO it is, or "-". */
static void
ask_sent(struct mid_run *r, const char *who)
{
	const char *answer;

	r->stage = RUN_ASKS;
	if (r->ask_waits || asks_ask(r, "sent", who, &answer) < 0)
		start(r);
}

/* Midd has said who this is, or was not asked. */
static void
put_links(struct mid_run *r, const char *answer)
{
	const char *text;
	char *who = NULL;

	if (r->links != NULL) {
		self_init(&r->self, r->links, answer);
		self_links(&r->self, r->links);
		who = self_who(r->links);
		put_addresses(r, r->links, "addresses", "");
		put_addresses(r, r->links, "hints", "+");
		text = json_object_to_json_string_ext(r->links, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
		outbox_put(r, FRAME_KIND_LINKS, text, strlen(text));
		json_object_put(r->links);
		r->links = NULL;
	}
	if (who != NULL)
		note(r, "who", who);
	ask_sent(r, who == NULL ? "-" : who);
	free(who);
}

static void
on_linked(void *arg, const struct map_result *res)
{
	struct mid_run *r = arg;
	const char *answer;
	char *words;

	r->mapping = NULL;
	if (res->n > 0)
		r->links = json_tokener_parse(res->texts[0]);
	if (res->code < 0)
		run_map_partial(r, res->message);
	words = self_words(r->links);
	r->stage = RUN_ASKS;
	if (words == NULL || r->ask_waits || asks_ask(r, "self", words, &answer) < 0)
		put_links(r, "ok");
	free(words);
}

void
run_answered(struct mid_run *r, const char *what, const char *answer)
{
	if (strcmp(what, "self") == 0) {
		put_links(r, answer);
		return;
	}
	if (strncmp(answer, "ok ", 3) == 0)
		r->known = xstrdup(answer + 3);
	start(r);
}

void
run_map(struct mid_run *r)
{
	char *text;

	if (!r->discover) {
		start(r);
	} else if (r->module->links == NULL) {
		ask_sent(r, "-");
	} else {
		text = xcalloc(1, r->json.len + 1);	/* it is read twice */
		memcpy(text, r->json.data, r->json.len);
		r->stage = RUN_MAPS;
		loop_timer_arm(r->timer, MAP_MS);
		r->mapping = map_run_take(r->module->links, r->worker->loop, text, r->json.len, on_linked, r);
	}
}

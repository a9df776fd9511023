/* SPDX-License-Identifier: Apache-2.0 */
/* creds - credentials: what there is, one more, one less, does it open, and why which is tried on a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cmd.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"
#include "table.h"
#include "xalloc.h"

static struct json_object *
order_to(const char *what)
{
	struct json_object *args = json_object_new_object();

	json_put_str(args, "do", what);
	return args;
}

static const struct column columns[] = {
	{ "NAME", "name", 22 }, { "TYPE", "type", 16 }, { "USER", "user", 14 }, { "ORDER", "order", 6 },
	{ "TAGS", "tags", 12 }, { "RANGES", "ranges", 18 }, { "FROM", "id", 0 }, { NULL, NULL, 0 },
};

static void
put_sources(struct screen *sc, struct json_object *state)
{
	struct json_object *list = json_arr(state, "sources"), *s;
	size_t i;

	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		s = json_object_array_get_idx(list, i);
		if (json_str(s, "trouble", "")[0] == '\0')
			continue;
		put(sc, PAINT_BAD, "%s: ", json_str(s, "name", "?"));
		put_wrapped(sc, PAINT_NONE, json_str(s, "trouble", ""), 4, 3);
		put_line(sc);
	}
}

static void
put_list(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *state)
{
	(void)a;
	put_table(sc, columns, rows, "there is no credential yet: midctl creds add");
	put_sources(sc, state);
}

int
cmd_creds_list(const struct asked *a)
{
	return show_rows(a, "creds", order_to("list"), put_list);
}

/* Sends ARGS, swallowed; prints the answer as JSON, or SAYS and NAME. */
static int
tell(const struct asked *a, struct json_object *args, const char *says, const char *name)
{
	struct json_object *o;
	int status = ask(a, "creds", args, NULL, NULL, &o);

	json_wipe(json_get(args, "fields"));
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json)
		print_json(o);
	else
		printf("%s%s\n", says, name);
	json_object_put(o);
	return EXIT_OK;
}

int
cmd_creds_add(const struct asked *a)
{
	const char *const texts[] = { "type", a->type, "user", a->user, "tags", a->tags, "ranges", a->ranges,
	    "scope", a->scope, "via", a->via, "ref", a->ref };
	struct json_object *args, *fields = NULL;
	size_t i;

	if (a->ref == NULL && (fields = secrets_read(a->type, a->user)) == NULL)
		return EXIT_USAGE;
	args = order_to("add");
	json_put_str(args, "name", a->words[0]);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i += 2)
		if (texts[i + 1] != NULL)
			json_put_str(args, texts[i], texts[i + 1]);
	if (a->order > 0)
		json_put_int(args, "order", a->order);
	if (fields != NULL)
		json_put_take(args, "fields", fields);
	return tell(a, args, "kept in the local vault: ", a->words[0]);
}

/* --- does it work ------------------------------------------------------------------- */

/* Runs TOPIC with that credential alone. *DOC: what it says, the caller's. */
static int
run_trial(const struct asked *a, const char *topic, const char *id, struct json_object **doc)
{
	struct json_object *args = json_object_new_object(), *params = json_object_new_object(), *rows, *o = NULL;
	struct buf text;
	struct err err = { 0, "" };
	size_t i;
	int status;

	json_put_str(args, "topic", topic);
	json_put_str(args, "source", a->words[1]);
	json_put_str(params, "credential_id", id);
	if (a->nwords > 2)
		json_put_str(params, "port", a->words[2]);
	json_put_take(args, "params", params);
	status = ask_rows(a, "run", args, &rows, &o);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	buf_init(&text, 64u * 1024);
	for (i = 0; i < json_object_array_length(rows); i++)
		if (strcmp(json_str(json_object_array_get_idx(rows, i), "kind", ""), "json") == 0)
			(void)buf_puts(&text, json_str(json_object_array_get_idx(rows, i), "text", ""));
	if (!json_flag(o, "ok", false) || json_parse(doc, buf_str(&text), text.len, "the answer", &err) < 0) {
		complain("%s", json_flag(o, "ok", false) ? err.text : json_str(o, "message", "it failed"));
		status = EXIT_PROBLEM;
	}
	buf_fini(&text);
	json_object_put(rows);
	json_object_put(o);
	return status;
}

/* The reason is the target's. */
static void
print_tried(const char *result, const char *name, const char *address, const char *reason)
{
	char *line = xasprintf("%s: %s on %s: %s", result, name, address, reason);
	struct buf clean;

	buf_init(&clean, 4 * strlen(line) + 4);
	put_clean(&clean, line, strlen(line));
	(void)buf_puts(&clean, "\n");
	print_buf(&clean);
	buf_fini(&clean);
	free(line);
}

static int
test_there(const struct asked *a, const char *topic, const char *id)
{
	struct json_object *doc = NULL;
	const char *result;
	int status;

	if (topic[0] == '\0') {
		complain("%s opens; no probe can try one of its type on a host", a->words[0]);
		return EXIT_PROBLEM;
	}
	status = run_trial(a, topic, id, &doc);
	if (status != EXIT_OK)
		return status;
	result = json_str(doc, "result", "?");
	if (a->json)
		print_json(doc);
	else
		print_tried(result, a->words[0], json_str(doc, "address", a->words[1]), json_str(doc, "reason", ""));
	status = strcmp(result, "worked") == 0 ? EXIT_OK : EXIT_PROBLEM;
	json_object_put(doc);
	return status;
}

int
cmd_creds_test(const struct asked *a)
{
	struct json_object *args = order_to("test"), *o;
	int status;

	json_put_str(args, "name", a->words[0]);
	json_put_str(args, "host", a->nwords > 1 ? a->words[1] : "");
	if (a->nwords == 1)
		return tell(a, args, "it opens: ", a->words[0]);
	status = ask(a, "creds", args, NULL, NULL, &o);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	status = test_there(a, json_str(o, "topic", ""), json_str(o, "id", ""));
	json_object_put(o);
	return status;
}

int
cmd_creds_remove(const struct asked *a)
{
	struct json_object *args = order_to("remove");

	json_put_str(args, "name", a->words[0]);
	return tell(a, args, "removed: ", a->words[0]);
}

int
cmd_creds_reload(const struct asked *a)
{
	return tell(a, order_to("reload"), "all sources are read again", "");
}

/* --- why -------------------------------------------------------------------------- */

static void
put_candidate(struct screen *sc, struct json_object *c, size_t n)
{
	const char *skipped = json_str(c, "skipped", "");
	int64_t failures = json_int(c, "failures", 0);

	put(sc, PAINT_NONE, "  %zu. ", n);
	put_cell(sc, PAINT_BOLD, json_str(c, "name", "?"), 22);
	put_cell(sc, PAINT_NONE, json_str(c, "type", "?"), 17);
	if (json_flag(c, "affinity", false))
		put(sc, PAINT_GOOD, "worked here last");
	else if (skipped[0] != '\0')
		put_wrapped(sc, PAINT_WARN, skipped, 8, 2);
	else
		put(sc, PAINT_DIM, "order %lld", (long long)json_int(c, "order", 100));
	if (failures > 0)
		put(sc, PAINT_WARN, ", %lld failed tries lately", (long long)failures);
	put_line(sc);
}

static void
put_try(struct screen *sc, struct json_object *t)
{
	char when[FMT_MAX];
	const char *verdict = json_str(t, "result", "?");

	put(sc, PAINT_DIM, "  %s  ", fmt_clock(when, json_int(t, "ms", 0)));
	put_cell(sc, PAINT_NONE, json_str(t, "name", "?"), 22);
	put_cell(sc, PAINT_NONE, verdict, 12);
	put_wrapped(sc, PAINT_NONE, json_str(t, "why", ""), 8, 2);
	put_line(sc);
}

static void
put_each(struct screen *sc, struct json_object *list, const char *head, const char *none, bool candidates)
{
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);

	put(sc, PAINT_BOLD, "%s", n > 0 ? head : none);
	put_line(sc);
	for (i = 0; i < n; i++)
		if (candidates)
			put_candidate(sc, json_object_array_get_idx(list, i), i + 1);
		else
			put_try(sc, json_object_array_get_idx(list, i));
}

static void
put_why(struct screen *sc, const struct asked *a, struct json_object *o)
{
	(void)a;
	put(sc, PAINT_NONE, "%s is %s", json_str(o, "host", "?"), json_str(o, "address", "?"));
	put_line(sc);
	put_each(sc, json_arr(o, "order"), "would be tried there, in this order:", "no credential fits it: midctl creds list", true);
	put_each(sc, json_arr(o, "tried"), "was tried there:", "none was tried there yet", false);
}

int
cmd_creds_why(const struct asked *a)
{
	struct json_object *args = order_to("why");

	json_put_str(args, "host", a->words[0]);
	return show_answer(a, "creds", args, put_why);
}

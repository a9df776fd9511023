/* SPDX-License-Identifier: Apache-2.0 */
/* run - a probe by hand, through the running midd where there is one; see run.h. */
#include "run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "midctl.h"

#define TIMEOUT_MS (10 * 60 * 1000)
#define ASK_MS 5000
#define SPARE_MS 15000		/* midd ends the run itself when its time is over */

/* --- from midd ------------------------------------------------------------------- */

static int
digit(char c)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c == '\0' ? NULL : strchr(set, c);

	return p == NULL ? -1 : (int)(p - set);
}

static void
put_base64(struct run_out *o, int kind, const char *s)
{
	unsigned char *out = malloc(strlen(s) / 4 * 3 + 3);
	unsigned bits = 0, have = 0;
	size_t n = 0;

	if (out == NULL)
		return;
	for (; digit(*s) >= 0; s++) {
		bits = bits << 6 | (unsigned)digit(*s);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have);
		}
	}
	run_out_piece(o, kind, out, n);
	free(out);
}

static void
on_row(void *arg, struct json_object *row)
{
	struct run_out *o = arg;
	int kind = run_out_kind(json_str(row, "kind", ""));
	struct json_object *text = json_get(row, "text");

	if (kind >= 0 && json_object_is_type(text, json_type_string))
		run_out_piece(o, kind, json_object_get_string(text), (size_t)json_object_get_string_len(text));
	else if (kind >= 0)
		put_base64(o, kind, json_str(row, "base64", ""));
	else if (json_get(row, "partial") != NULL)
		run_out_partial(o, json_str(row, "partial", ""));
}

/* -1: midd is not there, nothing has been said. */
static int
by_midd(const struct asked *a, const struct run_what *w)
{
	struct json_object *args = json_object_new_object(), *result = NULL;
	struct err err = { 0, "" };
	struct run_out o;
	int r, status;

	json_put_str(args, "topic", w->topic);
	json_put_str(args, "source", w->source);
	json_put_str(args, "name", w->name);
	json_put_int(args, "timeout_ms", w->timeout_ms);
	json_put_take(args, "params", json_object_get(w->params));
	if (run_out_init(&o, a->json, a->record) < 0) {
		run_out_fini(&o);
		json_object_put(args);
		return EXIT_PROBLEM;
	}
	json_put_bool(args, "record", a->record != NULL);
	if (w->given != NULL)
		json_put_take(args, "credential", json_object_get(w->given));
	if (control_ask(a->control, "probes", NULL, ASK_MS, NULL, NULL, &result, &err) == 0)
		run_doubt(json_arr(result, "probes"), w->topic, w->params);
	json_object_put(result);
	result = NULL;
	r = control_ask(a->control, "run", args, (int)w->timeout_ms + SPARE_MS, on_row, &o, &result, &err);
	if (r == -E_NONE && result == NULL) {
		status = -1;
	} else if (r < 0) {
		complain("%s", err.text);
		status = r == -E_AUTH ? EXIT_NOT_PERMITTED : EXIT_PROBLEM;
	} else {
		json_object_put(o.notes);
		o.notes = json_object_get(json_get(result, "notes"));
		o.notes_left = (unsigned)json_int(result, "notes_left", 0);
		o.partials = (unsigned)json_int(result, "partials", o.partials);	/* midd shows not all of them either */
		status = run_out_end(&o, w->topic, json_flag(result, "ok", false), json_str(result, "class", "?"),
		    json_str(result, "message", ""));
	}
	run_out_fini(&o);
	json_object_put(args);
	json_object_put(result);
	return status;
}

/* --- the command line ---------------------------------------------------------------- */

static int64_t
time_of(const char *text)
{
	static const struct { const char *unit; int64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
	};
	char *end;
	long n = strtol(text, &end, 10);
	size_t i;

	for (i = 0; n > 0 && n <= 100000 && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].unit) == 0 && n * units[i].ms <= 3600000)
			return n * units[i].ms;
	return -1;
}

/* What is a credential and no parameter: it goes another way, and is only taken by hand. */
static bool
give(struct run_what *w, const char *name, const char *value)
{
	static const struct { const char *name, *type; } fields[] = { { "community", "snmp" } };
	struct json_object *o;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(name, fields[i].name) != 0)
			continue;
		json_object_put(w->given);
		w->given = json_object_new_object();
		o = json_object_new_object();
		json_put_str(o, name, value);
		json_put_str(w->given, "type", fields[i].type);
		json_put_take(w->given, "fields", o);
		return true;
	}
	return false;
}

/* "name=value" words to an object. root=DIR is made absolute: the worker works elsewhere. */
static int
take_params(const struct asked *a, struct run_what *w, char **root)
{
	struct json_object *params = w->params;
	const char *word, *eq;
	char *name;
	int i;

	for (i = 1; i < a->nwords; i++) {
		word = a->words[i];
		eq = strchr(word, '=');
		if (eq == NULL || eq == word) {
			complain("\"%.60s\" is no parameter: write name=value", word);
			return EXIT_USAGE;
		}
		name = strndup(word, (size_t)(eq - word));
		if (name != NULL && give(w, name, eq + 1)) {
			free(name);
			continue;
		}
		if (name != NULL && strcmp(name, "root") == 0) {
			free(*root);
			*root = real_file("root", eq + 1, "name the folder that holds the captured tree");
			if (*root == NULL) {
				free(name);
				return EXIT_USAGE;
			}
			eq = NULL;
		}
		json_put_str(params, name, eq == NULL ? *root : eq + 1);
		free(name);
	}
	return 0;
}

/* Own words for where probes and workers are mean: not midd's. */
static bool
must_be_alone(const struct asked *a, const char *root)
{
	return a->no_daemon || root != NULL || a->replay != NULL || a->nread > 0 || a->probes != NULL || a->maps != NULL ||
	    a->exec != NULL || a->worker != NULL;
}

static int
run(const struct asked *a, struct run_what *w, char **root, const char *replay)
{
	const char *reads[sizeof(a->read) / sizeof(a->read[0]) + 3] = { NULL };
	unsigned i, n = 0;
	int status = take_params(a, w, root);

	if (status != 0)
		return status;
	for (i = 0; i < a->nread; i++)
		reads[n++] = a->read[i];
	if (*root != NULL)
		reads[n++] = *root;
	if (replay != NULL)
		reads[n++] = replay;
	if (a->raw)
		json_put_str(w->params, "raw", "true");
	w->replay = replay;
	w->read_paths = reads;
	if (!must_be_alone(a, *root))
		status = by_midd(a, w);
	else
		status = -1;
	return status >= 0 ? status : run_alone(a, w);
}

int
cmd_run(const struct asked *a)
{
	struct run_what w = {
		.topic = a->words[0], .source = a->source ? a->source : "", .name = a->name ? a->name : "",
		.timeout_ms = TIMEOUT_MS,
	};
	char *root = NULL, *replay = NULL;
	int status;

	if (a->timeout != NULL) {
		w.timeout_ms = time_of(a->timeout);
		if (w.timeout_ms < 0) {
			complain("--timeout: \"%.40s\" is no time up to 1h: write for example 30s or 2m", a->timeout);
			return EXIT_USAGE;
		}
	}
	if (a->replay != NULL) {
		replay = real_file("--replay", a->replay, "name a file that --record has written");
		if (replay == NULL)
			return EXIT_USAGE;
	}
	w.params = json_object_new_object();
	status = run(a, &w, &root, replay);
	json_object_put(w.params);
	json_object_put(w.given);
	free(root);
	free(replay);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* answer - see answer.h: a row and a function for each word. */
#include "answer.h"

#include <json-c/json.h>
#include <string.h>

#define DEPTH_MAX 32

/* V is what stands behind the word. Returns as answer_line() does. */
typedef int word_fn(struct answer *a, struct json_object *v, int arg);

static int
bad(struct answer *a, const char *why)
{
	a->host->fail(a->run, MID_TARGET, "line %u of what %s says %s", a->lines + 1, a->program, why);
	return -1;
}

static const char *
string(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && json_object_is_type(v, json_type_string) ?
	    json_object_get_string(v) : NULL;
}

static int
word_text(struct answer *a, struct json_object *v, int kind)
{
	if (!json_object_is_type(v, json_type_string))
		return bad(a, "has something that is no text where a text must be");
	return a->host->emit(a->run, (enum mid_kind)kind, json_object_get_string(v),
	    (size_t)json_object_get_string_len(v));
}

static int
word_json(struct answer *a, struct json_object *v, int kind)
{
	size_t n;
	const char *s;
	int r;

	if (a->json)
		return bad(a, "is a second \"json\"; a result has one");
	s = json_object_to_json_string_length(v, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	r = a->host->emit(a->run, (enum mid_kind)kind, s, n);
	a->json = r == 0;
	return r;
}

static int
word_note(struct answer *a, struct json_object *v, int arg)
{
	const char *name = string(v, "name"), *value = string(v, "value");

	(void)arg;
	if (name == NULL || value == NULL)
		return bad(a, "has a \"note\" without name or value");
	a->host->note(a->run, name, value);
	return 0;
}

static int
word_partial(struct answer *a, struct json_object *v, int arg)
{
	(void)arg;
	if (!json_object_is_type(v, json_type_string))
		return bad(a, "has a \"partial\" that is no text");
	a->host->partial(a->run, "%s", json_object_get_string(v));
	return 0;
}

static int
word_log(struct answer *a, struct json_object *v, int arg)
{
	static const char *const levels[] = { "debug", "info", "warn", "error" };
	const char *level = string(v, "level"), *text = string(v, "text");
	size_t i;

	(void)arg;
	for (i = 0; text != NULL && level != NULL && i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(level, levels[i]) == 0) {
			a->host->log(a->run, (enum mid_level)i, "%s", text);
			return 0;
		}
	return bad(a, "has a \"log\" without text, or with a level that is none of debug, info, warn, error");
}

static const struct {
	const char *name;
	enum mid_class class;
} classes[] = {
	{ "bad_param", MID_BAD_PARAM },
	{ "unreachable", MID_UNREACHABLE },
	{ "timeout", MID_TIMEOUT },
	{ "auth", MID_AUTH },
	{ "no_credential", MID_NO_CREDENTIAL },
	{ "permission", MID_PERMISSION },
	{ "target", MID_TARGET },
	{ "policy", MID_POLICY },
	{ "unsupported", MID_UNSUPPORTED },
	{ "too_big", MID_TOO_BIG },
	{ "internal", MID_INTERNAL },
};

static int
word_error(struct answer *a, struct json_object *v, int arg)
{
	const char *class = string(v, "class"), *message = string(v, "message");
	size_t i;

	(void)arg;
	for (i = 0; class != NULL && message != NULL && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(class, classes[i].name) == 0) {
			a->host->fail(a->run, classes[i].class, "%s", message);
			a->error = true;
			return 0;
		}
	return bad(a, "has an \"error\" without message, or with a class that is not known");
}

static const struct {
	const char *word;
	word_fn *fn;
	int arg;
} words[] = {
	{ "output", word_text, MID_OUTPUT },
	{ "stdout", word_text, MID_STDOUT },
	{ "stderr", word_text, MID_STDERR },
	{ "json", word_json, MID_JSON },
	{ "note", word_note, 0 },
	{ "partial", word_partial, 0 },
	{ "log", word_log, 0 },
	{ "error", word_error, 0 },
};

static int
act(struct answer *a, struct json_object *o)
{
	struct json_object *v;
	size_t i;

	if (!json_object_is_type(o, json_type_object) || json_object_object_length(o) != 1)
		return bad(a, "is not an object with one word in it");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (json_object_object_get_ex(o, words[i].word, &v))
			return words[i].fn(a, v, words[i].arg);
	return bad(a, "has a word that is not known");
}

int
answer_line(struct answer *a, const char *line, size_t len)
{
	struct json_tokener *tok;
	struct json_object *o;
	int r;

	if (len == 0) {		/* an empty line says nothing */
		a->lines++;
		return 0;
	}
	tok = json_tokener_new_ex(DEPTH_MAX);
	if (tok == NULL)
		return bad(a, "found no memory");
	json_tokener_set_flags(tok, JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, line, (int)len);
	if (json_tokener_get_error(tok) != json_tokener_success)
		r = bad(a, "is not JSON");
	else if (json_tokener_get_parse_end(tok) != len)
		r = bad(a, "has something behind its JSON");
	else
		r = act(a, o);
	if (r == 0)
		a->lines++;
	json_object_put(o);
	json_tokener_free(tok);
	return r;
}

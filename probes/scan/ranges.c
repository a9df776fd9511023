/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranges - see ranges.h.
 *
 * How the instance writes ranges is not public (spec 10.4): ranges_json takes what is
 * likely, lists of words and objects with a start and an end, under any of the
 * usual names.
 */
#include "ranges.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "str.h"

#define LIST_MAX (20u << 10)	/* a question to midd holds 24 kB */
#define DEPTH_MAX 8

struct list { char *text; size_t n; bool full; };

static void
add(struct list *l, const char *not, struct str from, struct str to)
{
	int n;

	if (from.n == 0)
		return;
	n = snprintf(l->text + l->n, LIST_MAX - l->n, "%s%s%.*s%s%.*s", l->n > 0 ? " " : "", not, (int)from.n, from.p,
	    to.n > 0 ? "-" : "", (int)to.n, to.p);
	if (n < 0 || (size_t)n >= LIST_MAX - l->n)
		l->full = true;
	else
		l->n += (size_t)n;
}

/* Words between commas, semicolons and blanks. "10.0.0.1 - 10.0.0.9" is not told apart: write it without blanks. */
static void
add_words(struct list *l, const char *text, const char *not)
{
	size_t n;

	for (; text != NULL && *text != '\0'; text += n) {
		text += strspn(text, ", ;\t\r\n");
		n = strcspn(text, ", ;\t\r\n");
		add(l, text[0] == '!' ? "" : not, (struct str){ text, n }, STR(""));
	}
}

static const char *
text_of(struct json_object *o, const char *const names[])
{
	struct json_object *v;

	for (; *names != NULL; names++)
		if (json_object_object_get_ex(o, *names, &v) && json_object_is_type(v, json_type_string))
			return json_object_get_string(v);
	return NULL;
}

static void
add_json(struct list *l, struct json_object *o, const char *not, int depth)
{
	static const char *const starts[] = { "start", "start_ip", "start_ip_address", "from", "first", "network", "cidr", "ip", NULL };
	static const char *const ends[] = { "end", "end_ip", "end_ip_address", "to", "last", NULL };
	const char *from, *to;
	size_t i;

	if (depth > DEPTH_MAX)
		return;
	if (json_object_is_type(o, json_type_string)) {
		add_words(l, json_object_get_string(o), not);
	} else if (json_object_is_type(o, json_type_array)) {
		for (i = 0; i < json_object_array_length(o) && !l->full; i++)
			add_json(l, json_object_array_get_idx(o, i), not, depth + 1);
	} else if (json_object_is_type(o, json_type_object)) {
		from = text_of(o, starts);
		to = text_of(o, ends);
		if (from != NULL) {
			add(l, not, str_of(from), str_of(to));
			return;
		}
		json_object_object_foreach(o, key, value)
			add_json(l, value, strstr(key, "xclu") != NULL ? "!" : not, depth + 1);
	}
}

/* <range start="" end=""/>, <network>..</network>: every word in it that looks like an address. */
static void
add_xml(struct list *l, const char *xml, const char *not)
{
	static const char digits[] = "0123456789abcdefABCDEF.:/-";
	size_t n;
	bool out = false;

	for (; xml != NULL && *xml != '\0' && !l->full; xml += n) {
		if (*xml == '<')
			out = strncmp(xml, "<exclu", 6) == 0 || (out && strncmp(xml, "</exclu", 7) != 0);
		n = strspn(xml, digits);
		if (n >= 7 && (memchr(xml, '.', n) != NULL || memchr(xml, ':', n) != NULL))
			add(l, out ? "!" : not, (struct str){ xml, n }, STR(""));
		n = n == 0 ? 1 : n;
	}
}

/* "https://HOST:PORT/.." and "HOST:PORT" are HOST; the caller's. */
static char *
host_of(const char *source)
{
	const char *at = strstr(source, "://");
	size_t n;

	at = at == NULL ? source : at + 3;
	if (*at == '[')
		return strndup(at + 1, strcspn(at + 1, "]"));
	n = strcspn(at, "/:?#");
	return at[n] == ':' && strchr(at + n + 1, ':') != NULL ? strdup(at) : strndup(at, n);
}

int
url_port(const char *source)
{
	static const char scheme[] = "https://";
	const char *at = strncasecmp(source, scheme, sizeof(scheme) - 1) == 0 ? source + sizeof(scheme) - 1 : NULL;
	char *end;
	long port;

	if (at == NULL)
		return 0;
	at += *at == '[' ? strcspn(at, "]") : 0;
	at += strcspn(at, ":/?#");
	if (*at != ':')
		return 443;
	port = strtol(at + 1, &end, 10);
	return end > at + 1 && (*end == '\0' || strchr("/?#", *end) != NULL) && port > 0 && port < 65536 ? (int)port : -1;
}

bool
urls_are_many(const char *source)
{
	const char *first = strstr(source, "://");

	return first != NULL && strstr(first + 3, "://") != NULL && strpbrk(source, ", ;\t\r\n") != NULL;
}

static bool
is_range(const char *source)
{
	return strpbrk(source, ", /") != NULL || (strchr(source, '-') != NULL && strspn(source, "0123456789.-") == strlen(source));
}

char *
ranges_asked(const struct mid_host *h, struct mid_run *run, char **name, char *why, size_t room)
{
	struct list l = { calloc(1, LIST_MAX), 0, false };
	const char *json = h->param(run, "ranges_json"), *source = h->source(run);
	struct json_object *o = json == NULL ? NULL : json_tokener_parse(json);

	if (l.text == NULL || (json != NULL && o == NULL)) {
		snprintf(why, room, l.text == NULL ? "out of memory" : "ranges_json is no JSON");
		free(l.text);
		return NULL;
	}
	add_words(&l, h->param(run, "ranges"), "");
	add_xml(&l, h->param_xml(run, "ranges"), "");
	add_json(&l, o, "", 0);
	json_object_put(o);
	if (l.n == 0 && is_range(source) && strstr(source, "://") == NULL)
		add_words(&l, source, "");
	else if (l.n == 0)
		*name = host_of(source);
	if (l.n > 0)
		add_words(&l, h->param(run, "exclude"), "!");
	if (!l.full)
		return l.text;
	snprintf(why, room, "more than %u kB of ranges: make several jobs of it", LIST_MAX >> 10);
	free(l.text);
	return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* self - see self.h. */
#include "self.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "xalloc.h"

#define WORD_MAX 100u
#define WORDS_MAX 16384u
#define MACS_MAX 200u

/* "KEY=VALUE ", of plain characters only. */
static void
put_word(struct buf *b, const char *key, const char *value)
{
	char word[WORD_MAX + 1];
	size_t i;

	if (value == NULL || value[0] == '\0')
		return;
	for (i = 0; i < WORD_MAX && value[i] != '\0'; i++)
		word[i] = (char)(isalnum((unsigned char)value[i]) || strchr(".:-", value[i]) != NULL ? tolower((unsigned char)value[i]) : '_');
	word[i] = '\0';
	(void)buf_printf(b, "%s=%s ", key, word);
}

static struct json_object *
values_of(struct json_object *ci)
{
	struct json_object *values = json_get(ci, "values");

	return json_object_is_type(values, json_type_object) ? values : NULL;
}

char *
self_words(struct json_object *links)
{
	struct json_object *values = values_of(json_get(links, "ci")), *macs = json_get(links, "macs");
	const char *serial = json_str(values, "serial_number", ""), *uuid = json_str(links, "uuid", "");
	size_t i, n = json_object_is_type(macs, json_type_array) ? json_object_array_length(macs) : 0;
	struct buf b;

	if (values == NULL || (serial[0] == '\0' && uuid[0] == '\0' && json_str(values, "name", "")[0] == '\0'))
		return NULL;
	buf_init(&b, WORDS_MAX);
	put_word(&b, "serial", serial);
	put_word(&b, "uuid", uuid);
	put_word(&b, "name", json_str(values, "name", ""));
	for (i = 0; i < n && i < MACS_MAX; i++)
		put_word(&b, "mac", json_object_get_string(json_object_array_get_idx(macs, i)));
	return buf_take(&b, NULL);
}

char *
self_who(struct json_object *links)
{
	struct json_object *values = values_of(json_get(links, "ci"));
	struct buf b;

	if (json_str(values, "name", "")[0] == '\0')
		return NULL;
	buf_init(&b, WORDS_MAX);
	put_word(&b, "name", json_str(values, "name", ""));
	put_word(&b, "serial", json_str(values, "serial_number", ""));
	b.data[--b.len] = '\0';	/* the last blank */
	return buf_take(&b, NULL);
}

static const char *
first_of(struct json_object *list)
{
	return json_object_is_type(list, json_type_array) && json_object_array_length(list) > 0 ?
	    json_object_get_string(json_object_array_get_idx(list, 0)) : NULL;
}

/* Of two that have a name in common, a MAC address tells them apart for longer than an address does. */
void
self_init(struct self *s, struct json_object *links, const char *answer)
{
	struct json_object *ci = json_get(links, "ci");
	const char *own = first_of(json_get(links, "macs"));

	memset(s, 0, sizeof(*s));
	s->clone = strncmp(answer, "clone", 5) == 0;
	s->namesake = strcmp(answer, "namesake") == 0;
	if (!s->clone && !s->namesake)
		return;
	s->class = xstrdup(json_str(ci, "className", ""));
	s->name = xstrdup(json_str(values_of(ci), "name", ""));
	if (own == NULL)
		own = first_of(json_get(links, "addresses"));
	s->called = strcmp(answer, "clone") == 0 || own == NULL ? xstrdup(s->name) : xasprintf("%s %s", s->name, own);
}

void
self_fini(struct self *s)
{
	free(s->class);
	free(s->name);
	free(s->called);
	memset(s, 0, sizeof(*s));
}

/* What the other machine says too goes; what is left tells it from that one. */
static void
strip(const struct self *s, struct json_object *item)
{
	struct json_object *values = values_of(item), *source;
	char *key;

	if (values == NULL || strcmp(json_str(item, "className", ""), s->class) != 0 || strcmp(json_str(values, "name", ""), s->name) != 0)
		return;
	if (s->clone) {
		json_object_object_del(values, "serial_number");
		json_object_object_del(item, "lookup");
	}
	json_put_str(values, "name", s->called);
	source = json_get(item, "sys_object_source_info");
	if (json_object_is_type(source, json_type_object)) {
		key = xasprintf("%s %s", json_str(source, "source_native_key", ""), s->called);
		json_put_str(source, "source_native_key", key);
		free(key);
	}
}

void
self_links(const struct self *s, struct json_object *links)
{
	struct json_object *ci = json_get(links, "ci"), *serial = json_get(values_of(ci), "serial_number");

	if (!s->clone && !s->namesake)
		return;
	if (s->clone && serial != NULL)
		json_put_take(links, "serial", json_object_get(serial));
	strip(s, ci);
}

char *
self_payload(const struct self *s, const char *text)
{
	struct json_object *o = s->clone || s->namesake ? json_tokener_parse(text) : NULL, *items = json_get(o, "items");
	size_t i, n = json_object_is_type(items, json_type_array) ? json_object_array_length(items) : 0;
	char *out = NULL;

	for (i = 0; i < n; i++)
		strip(s, json_object_array_get_idx(items, i));
	if (o != NULL)
		out = xstrdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
	return out;
}

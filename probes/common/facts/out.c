/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out - puts foreign text and numbers into JSON.
 */
#include "facts/out.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
put(struct json_object *obj, const char *key, struct json_object *v)
{
	if (json_object_object_add_ex(obj, key, v,
		JSON_C_OBJECT_ADD_CONSTANT_KEY) < 0)
		json_object_put(v);
}

/* Bytes of the valid UTF-8 sequence S starts with; 0 when it is not one. */
static size_t
utf8_len(struct str s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s.p;
	size_t n, i;
	uint32_t c;

	if (p[0] < 0x80)
		return 1;
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > s.n)
		return 0;
	c = p[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return n;
}

static bool
is_plain(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] & 0x80)
			return false;
	return true;
}

/* One U+FFFD for each run of bytes that are no UTF-8. */
static size_t
mend(char *to, struct str s)
{
	static const char wrong[] = "\xef\xbf\xbd";
	char *start = to;
	bool bad = false;
	size_t n;

	for (; s.n > 0; s = str_skip(s, n > 0 ? n : 1)) {
		n = utf8_len(s);
		if (n > 0) {
			memcpy(to, s.p, n);
			to += n;
		} else if (!bad) {
			memcpy(to, wrong, 3);
			to += 3;
		}
		bad = n == 0;
	}
	return (size_t)(to - start);
}

static struct json_object *
whole_text(struct str s)
{
	struct json_object *v;
	char *mended;

	if (s.n == 0)
		return json_object_new_string("");
	if (is_plain(s))
		return json_object_new_string_len(s.p, (int)s.n);
	mended = malloc(s.n * 3);
	if (mended == NULL)
		return NULL;
	v = json_object_new_string_len(mended, (int)mend(mended, s));
	free(mended);
	return v;
}

static struct json_object *
new_text(struct str s)
{
	return whole_text(str_left(s, OUT_TEXT_MAX));
}

void
out_text(struct json_object *obj, const char *key, struct str text)
{
	text = str_trim(text);
	if (obj != NULL && text.n > 0)
		put(obj, key, new_text(text));
}

void
out_whole(struct json_object *obj, const char *key, struct str text)
{
	put(obj, key, whole_text(text));
}

void
out_whole_at(struct json_object *obj, struct str key, struct str text)
{
	struct json_object *k = new_text(key), *v = whole_text(text);

	if (k == NULL || v == NULL || json_object_object_add(obj, json_object_get_string(k), v) < 0)
		json_object_put(v);
	json_object_put(k);
}

void
out_null_at(struct json_object *obj, struct str key)
{
	struct json_object *k = new_text(key);

	if (k != NULL)
		(void)json_object_object_add(obj, json_object_get_string(k), NULL);
	json_object_put(k);
}

void
out_cstr(struct json_object *obj, const char *key, const char *text)
{
	out_text(obj, key, str_of(text));
}

void
out_text_at(struct json_object *obj, struct str key, struct str text)
{
	struct json_object *k, *v;

	text = str_trim(text);
	if (obj == NULL || key.n == 0 || text.n == 0)
		return;
	k = new_text(key);
	v = new_text(text);
	if (k == NULL || v == NULL ||
	    json_object_object_add(obj, json_object_get_string(k), v) < 0)
		json_object_put(v);
	json_object_put(k);
}

void
out_u64(struct json_object *obj, const char *key, uint64_t v)
{
	if (obj != NULL)
		put(obj, key, json_object_new_uint64(v));
}

void
out_i64(struct json_object *obj, const char *key, int64_t v)
{
	if (obj != NULL)
		put(obj, key, json_object_new_int64(v));
}

void
out_real(struct json_object *obj, const char *key, double v)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%.3f", v);
	if (obj != NULL)
		put(obj, key, json_object_new_double_s(v, text));
}

void
out_bool(struct json_object *obj, const char *key, bool v)
{
	if (obj != NULL)
		put(obj, key, json_object_new_boolean(v));
}

struct json_object *
out_list(struct json_object *obj, const char *key)
{
	struct json_object *v = obj != NULL ? json_object_new_array() : NULL;

	if (v != NULL)
		put(obj, key, v);
	return v;
}

struct json_object *
out_object(struct json_object *obj, const char *key)
{
	struct json_object *v = obj != NULL ? json_object_new_object() : NULL;

	if (v != NULL)
		put(obj, key, v);
	return v;
}

struct json_object *
out_item(struct json_object *list)
{
	struct json_object *v = list != NULL ? json_object_new_object() : NULL;

	if (v != NULL && json_object_array_add(list, v) < 0) {
		json_object_put(v);
		v = NULL;
	}
	return v;
}

void
out_item_text(struct json_object *list, struct str text)
{
	struct json_object *v;

	text = str_trim(text);
	if (list == NULL || text.n == 0)
		return;
	v = new_text(text);
	if (json_object_array_add(list, v) < 0)
		json_object_put(v);
}

bool
out_file(struct json_object *obj, const char *key, struct facts_source *src,
    const char *path)
{
	char text[FACTS_SMALL];

	if (facts_read_small(src, path, text, sizeof(text)) < 0)
		return false;
	out_cstr(obj, key, text);
	return true;
}

static void
put_row(struct json_object *obj, const struct out_row *row, struct str text)
{
	uint64_t v;
	int64_t i;

	switch (row->kind) {
	case OUT_TEXT:
		out_text(obj, row->key, text);
		break;
	case OUT_NUMBER:
		if (str_u64(text, 10, &v) &&
		    !__builtin_mul_overflow(v, row->unit ? row->unit : 1, &v))
			out_u64(obj, row->key, v);
		break;
	case OUT_SIGNED:
		if (str_i64(text, &i))
			out_i64(obj, row->key, i);
		break;
	case OUT_BOOL:
		if (str_u64(text, 10, &v))
			out_bool(obj, row->key, v != 0);
		break;
	case OUT_HEX:
		out_text(obj, row->key,
		    str_starts(text, "0x") ? str_skip(text, 2) : text);
		break;
	}
}

void
out_files(struct json_object *obj, struct facts_source *src, const char *dir,
    const struct out_row *rows)
{
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];

	for (; rows->file != NULL; rows++)
		if (facts_path(path, "%s/%s", dir, rows->file) &&
		    facts_read_small(src, path, text, sizeof(text)) == 0)
			put_row(obj, rows, str_of(text));
}

uint64_t
out_get_u64(struct json_object *obj, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(obj, key, &v)
	    ? json_object_get_uint64(v) : 0;
}

const char *
out_get_text(struct json_object *obj, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(obj, key, &v) &&
	    json_object_is_type(v, json_type_string)
	    ? json_object_get_string(v) : NULL;
}

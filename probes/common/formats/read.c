/* SPDX-License-Identifier: Apache-2.0 */
/* read - forms that several commands share; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/put.h"

#define LINES_MAX 65536		/* bytes of the lines of one key */

static void
put_parts(struct json_object *obj, struct str key, struct str value, char sep)
{
	struct json_object *list = json_object_new_array();
	char name[64];
	struct str part;

	str_copy(name, sizeof(name), key);
	if (list == NULL || json_object_object_add(obj, name, list) < 0) {
		json_object_put(list);
		return;
	}
	while (sep == ' ' ? str_word(&value, &part) : str_part(&value, sep, &part)) {
		if (part.n > 0 && part.p[0] == '#' && sep == ' ')
			return;		/* a comment behind the names of a host */
		if (part.n > 0 && !str_eq(part, "-"))
			out_item_text(list, part);
	}
}

static void
put_whole(struct json_object *obj, struct str key, struct json_object *value)
{
	char name[200];

	str_copy(name, sizeof(name), key);
	if (value == NULL || json_object_object_add(obj, name, value) < 0)
		json_object_put(value);
}

/* A number or a text; a key that comes again has one line more (sysctl). */
static void
put_or_add(struct json_object *obj, struct str key, struct str value)
{
	char name[200], *joined = NULL;
	struct json_object *old;
	uint64_t u;
	int64_t i;

	str_copy(name, sizeof(name), key);
	if (!json_object_object_get_ex(obj, name, &old)) {
		if (str_i64(value, &i))
			put_whole(obj, key, json_object_new_int64(i));
		else if (str_u64(value, 10, &u))
			put_whole(obj, key, json_object_new_uint64(u));
		else
			out_whole_at(obj, key, value);
	} else if (json_object_get_string_len(old) < LINES_MAX
	    && asprintf(&joined, "%s\n%.*s", json_object_get_string(old), (int)value.n, value.p) >= 0) {
		out_whole_at(obj, key, str_of(joined));
		free(joined);
	}
}

/* What may be missing, or have words around it. */
static void
put_loosely(struct json_object *obj, struct str key, enum field_kind kind, struct str value)
{
	struct json_object *v = NULL;
	char name[200];
	int64_t i;
	double d;

	str_copy(name, sizeof(name), key);
	value = str_trim(value);
	if (kind == AS_NUMBER && digits_of(value, &i))
		v = json_object_new_int64(i);
	else if (kind == AS_DECIMAL && real_of(value, &d))
		v = real_json(d);
	else if (kind == AS_BOOL)
		v = json_object_new_boolean(is_yes(value));
	else if (kind == AS_BYTES && bytes_of(value, &i))
		v = json_object_new_int64(i);
	else if (kind == AS_ZERO)
		v = json_object_new_int64(str_i64(value, &i) ? i : 0);
	if (kind != AS_DASH || value.n == 0 || str_eq(value, "-") || str_eq(value, "--"))
		put_at(obj, name, v);
	else
		out_whole_at(obj, key, value);
}

void
put_value(struct json_object *obj, struct str key, enum field_kind kind, struct str value)
{
	int64_t i;
	double d;

	if (obj == NULL || (kind == AS_LIST_IF_ANY && str_trim(value).n == 0))
		return;
	if (kind == AS_LIST || kind == AS_LIST_IF_ANY)
		put_parts(obj, key, value, ',');
	else if (kind == AS_WORDS)
		put_parts(obj, key, value, ' ');
	else if (kind == AS_TEXT_OR_NULL && (str_eq(value, "?") || str_eq(value, "??")))
		out_null_at(obj, key);
	else if (kind == AS_WHOLE && str_leading_double(value, &d) && d > -9e15 && d < 9e15)
		put_whole(obj, key, json_object_new_int64((int64_t)d));
	else if (kind == AS_INT_OR_TEXT)
		put_or_add(obj, key, value);
	else if (kind == AS_INT && str_i64(value, &i))
		put_whole(obj, key, json_object_new_int64(i));
	else if (kind == AS_REAL && real_of(value, &d))
		put_whole(obj, key, real_json(d));
	else if (kind >= AS_NUMBER)
		put_loosely(obj, key, kind, value);
	else
		out_whole_at(obj, key, value);
}

/* The next field of LINE. */
static bool
next(struct str *line, char sep, enum field_kind kind, struct str *out)
{
	if (kind == AS_WORDS || kind == AS_REST) {
		*out = kind == AS_REST ? str_trim(*line) : *line;
		*line = (struct str){ line->p + line->n, 0 };
		return true;
	}
	return sep == ' ' ? str_word(line, out) : str_part(line, sep, out);
}

/* True when the line has all that must be there. */
static bool
read_line(const struct format *f, struct str line, struct json_object *o)
{
	/* "sync:x:4:65534:sync:/bin:": the last field is there, and empty. */
	bool one_more = f->sep != ' ' && line.n > 0 && line.p[line.n - 1] == f->sep;
	const struct field *at;
	struct str value;

	for (at = f->fields; at->key != NULL; at++) {
		if (!next(&line, f->sep, at->kind, &value)) {
			if (!one_more && (at->kind < AS_LIST || at->kind > AS_WORDS) && at->kind != AS_ZERO)
				return false;
			one_more = false;
			value = (struct str){ line.p, 0 };
		}
		put_value(o, str_of(at->key), at->kind, at[1].key == NULL ? str_trim(value) : value);
	}
	return true;
}

static bool
is_comment(struct str line)
{
	line = str_trim(line);
	return line.n == 0 || line.p[0] == '#';
}

bool
read_fields(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct str line;
	int n = 0;
	bool any = false;

	while (str_line(&text, &line)) {
		if (n++ < f->skip || is_comment(line)) {
			any |= f->skip > 0 ? n == f->skip && str_trim(line).n > 0 : str_starts(str_trim(line), "#");	/* a table, perhaps an empty one */
			continue;
		}
		o = json_object_new_object();
		if (o != NULL && read_line(f, line, o) && json_object_array_add(top, o) == 0)
			any = true;
		else
			json_object_put(o);
	}
	return any;
}

bool
read_one(const struct format *f, struct str text, struct json_object *top)
{
	char copy[200];
	struct str line;
	char *p;

	if (!str_line(&text, &line))
		return false;
	str_copy(copy, sizeof(copy), line);
	for (p = copy; *p != '\0'; p++)
		if (*p == '/')
			*p = ' ';	/* "2/111" of loadavg */
	return read_line(f, str_of(copy), top);
}

bool
read_pairs(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	uint64_t n;
	bool any = false;

	while (str_line(&text, &line)) {
		if (is_comment(line) || !str_pair(line, f->sep, &key, &value) || key.n == 0)
			continue;
		any = true;
		if (f->values == AS_INT && str_leading_u64(value, &n))
			put_whole(top, key, json_object_new_int64((int64_t)n));
		else
			put_value(top, key, f->values == AS_INT_OR_TEXT ? AS_INT_OR_TEXT : AS_TEXT, f->sep == '=' && f->values == AS_TEXT ? str_unquote(value) : value);
	}
	return any;
}

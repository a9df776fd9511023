/* SPDX-License-Identifier: Apache-2.0 */
/* json - see json.h. */
#include "json.h"
#include "secret.h"

#include <json-c/linkhash.h>
#include <json-c/json_tokener.h>
#include <json-c/printbuf.h>
#include <limits.h>
#include <string.h>

#include "buf.h"
#include "err.h"

/* Each string has been in its buffer, and one of them may have been a secret. */
static void
free_tokener(struct json_tokener *tok)
{
	if (tok->pb != NULL && tok->pb->buf != NULL && tok->pb->size > 0)
		secret_wipe(tok->pb->buf, (size_t)tok->pb->size);
	json_tokener_free(tok);
}

int
json_parse(struct json_object **out, const char *text, size_t len, const char *what, struct err *err)
{
	struct json_tokener *tok;
	struct json_object *o;
	enum json_tokener_error e;
	size_t at;

	if (len == 0)
		return err_set(err, E_BAD, "%s is empty, expected JSON", what);
	if (len > INT_MAX)
		return err_set(err, E_FULL, "%s is %zu bytes, too large for JSON here", what, len);
	tok = json_tokener_new_ex(JSON_DEPTH_MAX);
	if (tok == NULL)
		return err_set(err, E_FULL, "%s: out of memory", what);
	json_tokener_set_flags(tok, JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, text, (int)len);
	e = json_tokener_get_error(tok);
	at = json_tokener_get_parse_end(tok);
	if (e == json_tokener_continue)	/* a bare number ends at the end of the text only */
		o = json_tokener_parse_ex(tok, "\n", 1), e = json_tokener_get_error(tok), at = len;
	free_tokener(tok);
	if (e != json_tokener_success) {
		json_object_put(o);
		return err_set(err, E_BAD, "%s is not JSON: %s at byte %zu", what,
		    e == json_tokener_continue ? "it ends too early" : json_tokener_error_desc(e), at);
	}
	while (at < len && memchr(" \t\r\n", text[at], 4) != NULL)
		at++;
	if (at < len) {
		json_object_put(o);
		return err_set(err, E_BAD, "%s has something after its JSON, at byte %zu", what, at);
	}
	*out = o;
	return 0;
}

struct json_object *
json_get(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &v);
	return v;
}

const char *
json_str(struct json_object *o, const char *key, const char *dflt)
{
	struct json_object *v = json_get(o, key);

	return json_object_is_type(v, json_type_string) ? json_object_get_string(v) : dflt;
}

int64_t
json_int(struct json_object *o, const char *key, int64_t dflt)
{
	struct json_object *v = json_get(o, key);

	if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double))
		return json_object_get_int64(v);
	return dflt;
}

double
json_num(struct json_object *o, const char *key, double dflt)
{
	struct json_object *v = json_get(o, key);

	if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double))
		return json_object_get_double(v);
	return dflt;
}

bool
json_flag(struct json_object *o, const char *key, bool dflt)
{
	struct json_object *v = json_get(o, key);

	return json_object_is_type(v, json_type_boolean) ? json_object_get_boolean(v) : dflt;
}

struct json_object *
json_arr(struct json_object *o, const char *key)
{
	struct json_object *v = json_get(o, key);

	return json_object_is_type(v, json_type_array) ? v : NULL;
}

void
json_put_take(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add(o, key, value);
}

void
json_add_take(struct json_object *arr, struct json_object *value)
{
	json_object_array_add(arr, value);
}

void
json_put_str(struct json_object *o, const char *key, const char *value)
{
	json_put_take(o, key, value == NULL ? NULL : json_object_new_string(value));
}

void
json_put_int(struct json_object *o, const char *key, int64_t value)
{
	json_put_take(o, key, json_object_new_int64(value));
}

void
json_put_num(struct json_object *o, const char *key, double value)
{
	json_put_take(o, key, json_object_new_double(value));
}

void
json_put_bool(struct json_object *o, const char *key, bool value)
{
	json_put_take(o, key, json_object_new_boolean(value));
}

int
json_write(struct buf *b, struct json_object *o)
{
	size_t n;
	const char *s = json_object_to_json_string_length(o,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	int r = buf_put(b, s, n);

	/* It is the object's own buffer, which nobody would wipe; "null" is json-c's, for all. */
	if (o != NULL)
		secret_wipe((void *)(uintptr_t)s, n);
	return r;
}

static void
wipe_string(struct json_object *o)
{
	const char *s = json_object_get_string(o);

	secret_wipe((void *)(uintptr_t)s, (size_t)json_object_get_string_len(o));
}

/* As deep as json_parse() lets it be. */
void
json_wipe(struct json_object *o)
{
	size_t i;

	if (json_object_is_type(o, json_type_string)) {
		wipe_string(o);
	} else if (json_object_is_type(o, json_type_array)) {
		for (i = 0; i < json_object_array_length(o); i++)
			json_wipe(json_object_array_get_idx(o, i));
	} else if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, name, value) {
			(void)name;
			json_wipe(value);
		}
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_json - lets a test ask for a value in what a parser or section gave.
 */
#ifndef MID_TEST_FACTS_JSON_H
#define MID_TEST_FACTS_JSON_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "facts/facts.h"

/* The caller's: json_object_put(). The bytes are copied to a block of their
 * very size, so that reading beyond them is seen. */
static inline struct json_object *
parsed(facts_parse_fn *parse, const void *data, size_t len, int want)
{
	struct json_object *out = json_object_new_object();
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, data, len);
	assert_int_equal(parse(copy, len, out), want);
	free(copy);
	return out;
}

static inline struct json_object *
parsed_text(facts_parse_fn *parse, const char *text)
{
	return parsed(parse, text, strlen(text), 0);
}

static inline struct json_object *
parsed_file(facts_parse_fn *parse, const char *path, int want)
{
	char buf[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return parsed(parse, buf, n, want);
}

/* One section of the tree ROOT, as an object of its own. */
static inline struct json_object *
collected(const char *root, const char *section)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *doc = NULL, *out;
	struct facts_source *src;
	struct facts_run *run;
	struct facts_err err;
	const char *text;
	size_t len;

	assert_int_equal(facts_source_root(&src, root), 0);
	assert_int_equal(facts_begin(&run, src, section, &err), 0);
	while (facts_next(run, &text, &len) > 0)
		doc = json_tokener_parse_ex(tok, text, (int)len);
	facts_end(run);
	facts_source_close(src);
	json_tokener_free(tok);
	assert_true(json_object_object_get_ex(doc, section, &out));
	json_object_get(out);
	json_object_put(doc);
	return out;
}

/* PATH as "/items/0/name"; "" when there is nothing. */
static inline const char *
text_at(struct json_object *obj, const char *path)
{
	struct json_object *v;

	return json_pointer_get(obj, path, &v) == 0
	    ? json_object_get_string(v) : "";
}

static inline int64_t
number_at(struct json_object *obj, const char *path)
{
	struct json_object *v;

	return json_pointer_get(obj, path, &v) == 0
	    ? json_object_get_int64(v) : -1;
}

static inline int
is_there(struct json_object *obj, const char *path)
{
	struct json_object *v;

	return json_pointer_get(obj, path, &v) == 0;
}

static inline size_t
count_at(struct json_object *obj, const char *path)
{
	struct json_object *v;

	return json_pointer_get(obj, path, &v) == 0 &&
	    json_object_is_type(v, json_type_array)
	    ? json_object_array_length(v) : 0;
}

/* The one of "items" whose KEY is VALUE; the test ends without. */
static inline struct json_object *
item_with(struct json_object *obj, const char *key, const char *value)
{
	struct json_object *items, *item;
	char path[64];
	size_t i;

	assert_true(json_object_object_get_ex(obj, "items", &items));
	(void)snprintf(path, sizeof(path), "/%s", key);
	for (i = 0; i < json_object_array_length(items); i++) {
		item = json_object_array_get_idx(items, i);
		if (strcmp(text_at(item, path), value) == 0)
			return item;
	}
	print_error("no item has %s \"%s\"\n", key, value);
	assert_true(i < json_object_array_length(items));
	return NULL;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map_run - what the tests of maps share: the map MAP over the facts of a file FACTS, both
 * named before this is included, and its pages sent to a fresh CMDB.
 */
#ifndef TEST_MAP_RUN_H
#define TEST_MAP_RUN_H
#include "ire_ask.h"

#include <jq.h>
#include <jv.h>

static inline char *
slurp(const char *path)
{
	char *buf = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(buf, 1, (1 << 20) - 1, f) > 0);
	(void)fclose(f);
	return buf;
}

/* The payloads that the map in the file PATH makes of FACTS (taken), in an array. */
static inline struct json_object *
map_by(const char *path, jv facts)
{
	struct json_object *pages = json_object_new_array();
	char *program = slurp(path);
	jq_state *jq = jq_init();
	jv out, text;

	assert_int_equal(jq_compile(jq, program), 1);
	free(program);
	jq_start(jq, facts, 0);
	while (jv_is_valid(out = jq_next(jq))) {
		text = jv_dump_string(out, 0);
		json_object_array_add(pages,
		    json_tokener_parse(jv_string_value(text)));
		jv_free(text);
	}
	assert_false(jv_invalid_has_msg(out));
	jq_teardown(&jq);
	return pages;
}

static inline struct json_object *
map(jv facts)
{
	return map_by(MAP, facts);
}

static inline jv
facts_of(const char *path)
{
	char *text = slurp(path);
	jv facts = jv_parse(text);

	free(text);
	assert_true(jv_is_valid(facts));
	return facts;
}

static inline struct json_object *
first_page(void)
{
	struct json_object *pages = map(facts_of(FACTS)), *page;

	assert_int_equal(json_object_array_length(pages), 1);
	page = json_object_get(json_object_array_get_idx(pages, 0));
	json_object_put(pages);
	return page;
}

static inline size_t
length(struct json_object *o, const char *key)
{
	struct json_object *a;

	assert_true(json_object_object_get_ex(o, key, &a));
	return json_object_array_length(a);
}

/* Sends PAGE; every item must come out as OPERATION. */
static inline void
send_page(struct db *db, struct json_object *page, const char *operation)
{
	const struct ire_options opt = { .data_source = "midd" };
	struct json_object *answer;
	size_t i;

	now += 1000;
	assert_int_equal(ire_apply(db, page, &opt, &answer), 0);
	for (i = 0; i < length(page, "items"); i++)
		assert_string_equal(op(answer, i), operation);
	for (i = 0; i < length(page, "relations"); i++)
		assert_string_equal(json_str(relation(answer, i), "operation",
		    ""), operation);
	json_object_put(answer);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_tree - a captured tree made for one test, and facts out of it.
 */
#ifndef TEST_FACTS_TREE_H
#define TEST_FACTS_TREE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/facts.h"
#include "facts/out.h"
#include "folder.h"

static char tree_root[64];

/* Every folder on the way to PATH, which is left in FULL. */
static inline void
tree_path(char full[512], const char *path)
{
	char *p;

	assert_true(snprintf(full, 512, "%s/%s", tree_root, path) < 512);
	for (p = full + strlen(tree_root) + 1; (p = strchr(p, '/')) != NULL;
	     *p++ = '/') {
		*p = '\0';
		(void)mkdir(full, 0755);
	}
}

static inline void
tree_bytes(const char *path, const char *data, size_t len)
{
	char full[512];
	FILE *f;

	tree_path(full, path);
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static inline void
tree_file(const char *path, const char *text)
{
	tree_bytes(path, text, strlen(text));
}

static inline void
tree_link(const char *path, const char *to)
{
	char full[512];

	tree_path(full, path);
	assert_int_equal(symlink(to, full), 0);
}

static inline void
tree_dir(const char *path)
{
	char full[512];

	tree_path(full, path);
	assert_int_equal(mkdir(full, 0755), 0);
}

static inline int
tree_new(void **state)
{
	(void)state;
	(void)snprintf(tree_root, sizeof(tree_root), "/tmp/facts.XXXXXX");
	return mkdtemp(tree_root) != NULL ? 0 : -1;
}

static inline int
tree_remove(void **state)
{
	(void)state;
	return folder_remove(tree_root);
}

/* The document of the sections; the caller's. */
static inline struct json_object *
tree_facts(const char *sections)
{
	struct json_tokener *tok = json_tokener_new();
	struct facts_source *src = NULL;
	struct facts_run *run = NULL;
	struct json_object *doc = NULL;
	struct facts_err err;
	const char *text;
	size_t len;
	int r;

	assert_int_equal(facts_source_root(&src, tree_root), 0);
	assert_int_equal(facts_begin(&run, src, sections, &err), 0);
	while ((r = facts_next(run, &text, &len)) > 0)
		doc = json_tokener_parse_ex(tok, text, (int)len);
	assert_int_equal(r, 0);
	assert_non_null(doc);
	facts_end(run);
	facts_source_close(src);
	json_tokener_free(tok);
	return doc;
}

static inline struct json_object *
tree_get(struct json_object *doc, const char *path)
{
	struct json_object *v = NULL;

	if (json_pointer_get(doc, path, &v) != 0)
		fail_msg("there is no %s in %s", path,
		    json_object_to_json_string(doc));
	return v;
}

static inline void
tree_text(struct json_object *doc, const char *path, const char *want)
{
	assert_string_equal(json_object_get_string(tree_get(doc, path)), want);
}

static inline void
tree_number(struct json_object *doc, const char *path, int64_t want)
{
	assert_int_equal(json_object_get_int64(tree_get(doc, path)), want);
}

static inline void
tree_none(struct json_object *doc, const char *path)
{
	struct json_object *v = NULL;

	assert_int_not_equal(json_pointer_get(doc, path, &v), 0);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * captured - a folder of captured outputs, NAME.in each, with the JSON beside it that
 * a reader makes of them.
 */
#ifndef TEST_CAPTURED_H
#define TEST_CAPTURED_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPTURED_MAX (1u << 20)

/* What is read out of the N bytes of FILE; the caller's. WHOLE: they are all of it, and the reader must say that all is well. */
typedef struct json_object *captured_fn(const char *file, const char *text, size_t n, bool whole);

static inline size_t
captured_load(const char *dir, const char *file, char *text)
{
	char path[512];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	n = fread(text, 1, CAPTURED_MAX, f);
	assert_true(n < CAPTURED_MAX);
	text[n] = '\0';
	assert_int_equal(fclose(f), 0);
	return n;
}

static inline void
captured_check(const char *dir, const char *file, const char *text, size_t n, captured_fn *reader)
{
	struct json_object *got = reader(file, text, n, true), *want;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%.*sjson", dir, (int)(strlen(file) - 2), file);
	want = json_object_from_file(path);
	if (want == NULL)
		fail_msg("%s: %s", path, json_util_get_last_err());
	if (!json_object_equal(got, want))
		fail_msg("%s: got %s", file, json_object_to_json_string(got));
	json_object_put(got);
	json_object_put(want);
}

/* Each beginning of it, in memory of exactly that size, so that one byte too far is seen by ASan. */
static inline void
captured_cut(const char *file, const char *text, size_t all, captured_fn *reader)
{
	struct json_object *doc;
	char *part;
	size_t n;

	for (n = 0; n <= all; n += 1 + n / 64) {
		part = malloc(n > 0 ? n : 1);
		assert_non_null(part);
		memcpy(part, text, n);
		doc = reader(file, part, n, false);
		assert_non_null(json_object_to_json_string(doc));
		json_object_put(doc);
		free(part);
	}
}

/* All of DIR, or only their beginnings. How many there are. */
static inline size_t
captured_each(const char *dir, captured_fn *reader, bool beginnings)
{
	static char text[CAPTURED_MAX];
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0, len, all;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len < 4 || strcmp(e->d_name + len - 3, ".in") != 0)
			continue;
		all = captured_load(dir, e->d_name, text);
		if (beginnings)
			captured_cut(e->d_name, text, all, reader);
		else
			captured_check(dir, e->d_name, text, all, reader);
		n++;
	}
	assert_int_equal(closedir(d), 0);
	return n;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every test/data/facts/PARSER.CASE.in through its parser; the JSON beside it
 * is what comes out. A parser must also stand each beginning of its input.
 */
#include <dirent.h>

#include "facts_tree.h"

#define DIR_NAME "test/data/facts"

static const struct facts_parser *
parser_of(const char *file)
{
	const struct facts_parser *p;
	size_t n = strcspn(file, ".");

	for (p = facts_parsers; p->name != NULL; p++)
		if (strlen(p->name) == n && strncmp(p->name, file, n) == 0)
			return p;
	fail_msg("%s is named after no parser", file);
	return NULL;
}

static char *
load(const char *name, size_t *len)
{
	char path[512];
	struct stat st;
	char *data;
	FILE *f;

	(void)snprintf(path, sizeof(path), DIR_NAME "/%s", name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	assert_int_equal(fstat(fileno(f), &st), 0);
	data = malloc((size_t)st.st_size + 1);
	assert_non_null(data);
	*len = fread(data, 1, (size_t)st.st_size, f);
	data[*len] = '\0';
	assert_int_equal(fclose(f), 0);
	return data;
}

static void
check_case(const char *file)
{
	struct json_object *got = json_object_new_object(), *want;
	char name[256];
	char *data, *json;
	size_t len, n;

	data = load(file, &len);
	(void)snprintf(name, sizeof(name), "%.*s.json",
	    (int)(strlen(file) - 3), file);
	json = load(name, &n);
	want = json_tokener_parse(json);
	assert_non_null(want);
	assert_int_equal(parser_of(file)->parse(data, len, got), 0);
	if (!json_object_equal(got, want))
		fail_msg("%s: got %s", file, json_object_to_json_string(got));
	json_object_put(got);
	json_object_put(want);
	free(json);
	free(data);
}

static size_t
each_case(void (*check)(const char *))
{
	DIR *d = opendir(DIR_NAME);
	struct dirent *e;
	size_t n = 0, len;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len < 4 || strcmp(e->d_name + len - 3, ".in") != 0)
			continue;
		check(e->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static void
captured_texts_give_the_facts_beside_them(void **state)
{
	(void)state;
	assert_true(each_case(check_case) > 20);
}

/* Memory of exactly that size, so that one byte too far is seen by ASan. */
static void
cut_short(const char *file)
{
	struct json_object *out;
	char *data, *part;
	size_t len, n;

	data = load(file, &len);
	for (n = 0; n <= len; n += 1 + n / 16) {
		part = malloc(n > 0 ? n : 1);
		out = json_object_new_object();
		assert_non_null(part);
		memcpy(part, data, n);
		(void)parser_of(file)->parse(part, n, out);
		assert_non_null(json_object_to_json_string(out));
		json_object_put(out);
		free(part);
	}
	free(data);
}

static void
a_text_that_ends_too_early_is_stood(void **state)
{
	(void)state;
	assert_true(each_case(cut_short) > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captured_texts_give_the_facts_beside_them),
		cmocka_unit_test(a_text_that_ends_too_early_is_stood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

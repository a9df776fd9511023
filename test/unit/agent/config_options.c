/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of options against what is written about them: etc/midd.yaml and midd.yaml(5). Run from the source tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "config/config.h"
#include "config/options.h"
#include "config/read.h"
#include "err.h"
#include "os.h"
#include "xalloc.h"

#define TEXT_MAX (1u << 20)

/* Blanks, line ends and comment signs made one blank: a sentence is found wherever it was broken. */
static char *
flat(const char *path)
{
	struct buf b;
	struct err err;
	char *out, *to;
	const char *p;

	buf_init(&b, TEXT_MAX);
	if (os_read_file(&b, path, &err) < 0)
		fail_msg("%s", err.text);
	out = to = xcalloc(1, b.len + 1);
	for (p = buf_str(&b); *p != '\0'; p++) {
		if (strchr(" \t\n#", *p) == NULL)
			*to++ = *p;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	}
	buf_fini(&b);
	return out;
}

static void
the_manual_page_has_every_option_with_its_help_range_and_default(void **state)
{
	char *page = flat("man/midd.yaml.5"), want[1000];
	const struct option *o;

	(void)state;
	for (o = config_options; o->key != NULL; o++) {
		snprintf(want, sizeof(want), ".It Cm %s : Ar", o->key);
		assert_non_null(strstr(page, want));
		if (strstr(page, o->help) == NULL)
			fail_msg("midd.yaml(5) does not say of %s: %s", o->key, o->help);
		if (o->kind == OPT_COUNT || o->kind == OPT_DURATION || o->kind == OPT_SIZE)
			snprintf(want, sizeof(want), "%s From %s to %s. Default: %s.", strrchr(o->help, '.') - 3,
			    o->min, o->max, o->dflt);
		else
			snprintf(want, sizeof(want), "Default: %s.", *o->dflt ? o->dflt : "empty");
		if (strstr(page, want) == NULL)
			fail_msg("midd.yaml(5), %s: lacks \"%s\"", o->key, want);
	}
	free(page);
}

static void
the_example_has_every_option_with_its_help_and_default(void **state)
{
	char *file = flat("etc/midd.yaml"), want[1000];
	const struct option *o;
	const char *last;

	(void)state;
	for (o = config_options; o->key != NULL; o++) {
		last = strrchr(o->key, '.');
		snprintf(want, sizeof(want), "%s: %s ", last ? last + 1 : o->key, *o->dflt ? o->dflt : "\"\"");
		if (strstr(file, o->help) == NULL || strstr(strstr(file, o->help), want) == NULL)
			fail_msg("etc/midd.yaml, %s: lacks \"%s\"", o->key, want);
	}
	free(file);
}

static int
same_as_default(void *arg, const struct option *o, const char *value, int line, struct err *err)
{
	size_t *n = arg;

	(void)line;
	(void)err;
	assert_string_equal(value, o->dflt);
	(*n)++;
	return 0;
}

/* "#key:" to "key:" makes the example a file that sets every option to what it is anyway. */
static void
the_example_uncommented_sets_every_default(void **state)
{
	struct buf b, u;
	struct err err = { 0, "" };
	const struct option *o;
	const char *p;
	size_t n = 0, rows = 0;

	(void)state;
	buf_init(&b, TEXT_MAX);
	buf_init(&u, TEXT_MAX);
	assert_int_equal(os_read_file(&b, "etc/midd.yaml", &err), 0);
	for (p = buf_str(&b); *p != '\0'; p++)
		if (*p != '#' || p[1] == ' ' || p[1] == '\n' || p[1] == '\t')
			assert_int_equal(buf_put(&u, p, 1), 0);
	if (read_options("etc/midd.yaml", buf_str(&u), u.len, same_as_default, &n, &err) < 0)
		fail_msg("%s", err.text);
	for (o = config_options; o->key != NULL; o++)
		rows++;
	assert_int_equal(n, rows);
	buf_fini(&b);
	buf_fini(&u);
}

static void
every_row_is_in_order_and_its_default_in_its_range(void **state)
{
	const struct option *o, *p;
	struct config c;
	struct err err;

	(void)state;
	for (o = config_options; o->key != NULL; o++) {
		memset(&c, 0, sizeof(c));
		if (option_set(&c, o, o->dflt, "/", &err) < 0 && o->kind != OPT_URL)
			fail_msg("%s: %s", o->key, err.text);
		if (o->kind <= OPT_CHOICE)
			free(*(char **)((char *)&c + o->at));
		for (p = config_options; p < o; p++) {
			assert_string_not_equal(p->key, o->key);
			assert_int_not_equal(p->at, o->at);
		}
	}
	assert_true(o - config_options < OPTIONS_MAX);
}

static void
a_value_printed_reads_the_same(void **state)
{
	static const char *const durations[] = { "0s", "1ms", "1500ms", "15s", "2m", "90m", "1h", "30d" };
	static const char *const sizes[] = { "0 B", "1 B", "1500 B", "12 kB", "500 MB", "2 GB", "1 TB", "64 KiB" };
	int64_t ms, bytes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		struct config c = { 0 };
		struct buf b;
		const struct option *o = option_find("poll.min");

		assert_int_equal(duration_parse(durations[i], &ms), 0);
		c.poll.min_ms = ms;
		buf_init(&b, 100);
		option_print(&c, o, &b);
		assert_string_equal(buf_str(&b), durations[i]);
		buf_fini(&b);
	}
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct config c = { 0 };
		struct buf b;
		int64_t again;

		assert_int_equal(size_parse(sizes[i], &bytes), 0);
		c.results.page_bytes = bytes;
		buf_init(&b, 100);
		option_print(&c, option_find("results.page"), &b);
		assert_int_equal(size_parse(buf_str(&b), &again), 0);
		assert_int_equal(again, bytes);
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_page_has_every_option_with_its_help_range_and_default),
		cmocka_unit_test(the_example_has_every_option_with_its_help_and_default),
		cmocka_unit_test(the_example_uncommented_sets_every_default),
		cmocka_unit_test(every_row_is_in_order_and_its_default_in_its_range),
		cmocka_unit_test(a_value_printed_reads_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

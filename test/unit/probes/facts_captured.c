/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every test/data/facts/PARSER.CASE.in through its parser; the JSON beside it
 * is what comes out. A parser must also stand each beginning of its input.
 */
#include "captured.h"

#include "facts/facts.h"
#include "facts/out.h"

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

static struct json_object *
read_facts(const char *file, const char *text, size_t n, bool whole)
{
	struct json_object *out = json_object_new_object();
	int r = parser_of(file)->parse(text, n, out);

	if (whole)
		assert_int_equal(r, 0);
	return out;
}

static void
captured_texts_give_the_facts_beside_them(void **state)
{
	(void)state;
	assert_true(captured_each(DIR_NAME, read_facts, false) > 20);
}

static void
a_text_that_ends_too_early_is_stood(void **state)
{
	(void)state;
	assert_true(captured_each(DIR_NAME, read_facts, true) > 20);
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

/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of str.h: text by pointer and length, without a NUL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "str.h"

static void
is(struct str s, const char *want)
{
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
}

static void
lines_come_one_by_one_and_may_be_empty(void **state)
{
	struct str rest = STR("one\n\nlast"), line;

	(void)state;
	assert_true(str_line(&rest, &line));
	is(line, "one");
	assert_true(str_line(&rest, &line));
	is(line, "");
	assert_true(str_line(&rest, &line));
	is(line, "last");
	assert_false(str_line(&rest, &line));
}

static void
words_are_parted_by_any_blanks(void **state)
{
	struct str rest = STR(" \t a  bc\n"), word;

	(void)state;
	assert_true(str_word(&rest, &word));
	is(word, "a");
	assert_true(str_word(&rest, &word));
	is(word, "bc");
	assert_false(str_word(&rest, &word));
}

static void
pairs_are_split_once_and_trimmed(void **state)
{
	struct str key, value;

	(void)state;
	assert_true(str_pair(STR(" a b : c:d "), ':', &key, &value));
	is(key, "a b");
	is(value, "c:d");
	assert_false(str_pair(STR("none"), ':', &key, &value));
	is(str_unquote(STR("\"x y\"")), "x y");
	is(str_unquote(STR("\"x")), "\"x");
}

static void
a_number_is_the_whole_text_or_none(void **state)
{
	uint64_t v = 7;
	int64_t i = 7;
	double d;

	(void)state;
	assert_true(str_u64(STR(" 42\n"), 10, &v));
	assert_int_equal(v, 42);
	assert_true(str_u64(STR("0xfF"), 16, &v));
	assert_int_equal(v, 255);
	assert_false(str_u64(STR("42x"), 10, &v));
	assert_false(str_u64(STR(""), 10, &v));
	assert_false(str_u64(STR("18446744073709551616"), 10, &v));
	assert_int_equal(v, 255);
	assert_true(str_i64(STR("-3"), &i));
	assert_int_equal(i, -3);
	assert_true(str_leading_u64(STR("16 kB"), &v));
	assert_int_equal(v, 16);
	assert_true(str_leading_double(STR("2.50MHz"), &d));
	assert_true(d > 2.499 && d < 2.501);
	assert_false(str_leading_double(STR("x"), &d));
}

static void
octal_escapes_become_their_bytes(void **state)
{
	char buf[16], small[4];

	(void)state;
	is(str_octal(STR("a\\040b\\x"), buf, sizeof(buf)), "a b\\x");
	is(str_octal(STR("abcdef"), small, sizeof(small)), "abc");
	str_copy(small, sizeof(small), STR("xyzzy"));
	assert_string_equal(small, "xyz");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one_and_may_be_empty),
		cmocka_unit_test(words_are_parted_by_any_blanks),
		cmocka_unit_test(pairs_are_split_once_and_trimmed),
		cmocka_unit_test(a_number_is_the_whole_text_or_none),
		cmocka_unit_test(octal_escapes_become_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

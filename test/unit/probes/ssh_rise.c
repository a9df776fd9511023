/* SPDX-License-Identifier: Apache-2.0 */
/* rise: marks and prompts are taken out of what a host says, however it is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ssh/rise.c"

#define M "0123456789abcdef0123456789abcdef"

static struct rise
fresh(bool whole, unsigned uses)
{
	struct rise r = { .mark = M, .whole = whole, .uses = uses, .password = true };

	rise_reset(&r);
	return r;
}

/* TEXT in pieces of STEP bytes; what is left, joined. */
static void
feed(struct rise *r, bool err, const char *text, size_t step, char *out)
{
	char piece[200 + RISE_CARRY];
	size_t len = strlen(text), at, n, m = 0;

	for (at = 0; at <= len; at += step) {
		n = at + step < len ? step : len - at;
		memcpy(piece, text + at, n);
		rise_filter(r, err, piece, &n, at + step > len);
		memcpy(out + m, piece, n);
		m += n;
	}
	out[m] = '\0';
}

static void
what_comes_before_the_command_is_no_output(void **state)
{
	char out[500];
	size_t step;

	(void)state;
	for (step = 1; step < 120; step++) {
		struct rise r = fresh(true, 1);

		feed(&r, true, "lecture\n" M "?" M "!0123 an error", step, out);
		assert_string_equal(out, "0123 an error");
		assert_int_equal(r.asked, 1);
		assert_true(r.begun[1]);
		feed(&r, false, "noise" M "!out 0123456789abcdef", step, out);
		assert_string_equal(out, "out 0123456789abcdef");
	}
}

static void
marks_in_the_output_are_output(void **state)
{
	char out[500];
	size_t step;

	(void)state;
	for (step = 1; step < 120; step++) {
		struct rise r = fresh(true, 1);

		feed(&r, false, M "!sudo -p " M "? sh", step, out);
		assert_string_equal(out, "sudo -p " M "? sh");
		assert_int_equal(r.asked, 0);
	}
}

static void
prompts_within_are_taken_out(void **state)
{
	char out[500];
	size_t step;

	(void)state;
	for (step = 1; step < 120; step++) {
		struct rise r = fresh(false, 2);

		feed(&r, true, "a" M "?b" M "?c012345", step, out);
		assert_string_equal(out, "abc012345");
		assert_int_equal(r.asked, 2);
	}
}

static void
the_prompts_of_others_count_only_on_a_terminal_and_before(void **state)
{
	struct rise r = fresh(true, 1);
	char out[500];

	(void)state;
	feed(&r, false, "doas (x@y) password: ", 100, out);
	assert_int_equal(r.asked, 0);
	r = fresh(true, 1);
	r.pty = true;
	feed(&r, false, "doas (x@y) password: ", 3, out);
	assert_int_equal(r.asked, 1);
	r = fresh(true, 1);
	r.pty = true;
	feed(&r, false, M "!Password: ", 100, out);
	assert_int_equal(r.asked, 0);
	assert_string_equal(out, "Password: ");
}

static void
reasons_are_told(void **state)
{
	struct rise r = fresh(true, 1);
	char out[500];

	(void)state;
	feed(&r, true, "We trust you\nx is not in the sudoers file.\r\n", 7, out);
	assert_string_equal(rise_why(&r), "x is not in the sudoers file.");
	r = fresh(true, 1);
	feed(&r, true, "x is not in the sudoers file.\r\nThis incident has been reported to the administrator.\r\n", 7, out);
	assert_string_equal(rise_why(&r), "x is not in the sudoers file.");
	r = fresh(true, 1);
	feed(&r, true, "This incident will be reported.\n", 7, out);
	assert_string_equal(rise_why(&r), "This incident will be reported.");
	r = fresh(true, 1);
	r.said = 1;
	feed(&r, true, M "?Sorry, try again.", 7, out);
	assert_true(r.wrong);
	r = fresh(true, 1);
	feed(&r, true, "sudo: sorry, you must have a tty to run sudo\n", 7, out);
	assert_true(r.tty_wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_before_the_command_is_no_output),
		cmocka_unit_test(marks_in_the_output_are_output),
		cmocka_unit_test(prompts_within_are_taken_out),
		cmocka_unit_test(the_prompts_of_others_count_only_on_a_terminal_and_before),
		cmocka_unit_test(reasons_are_told),
	};

	return cmocka_run_group_tests_name("rise", tests, NULL, NULL);
}

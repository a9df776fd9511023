/* SPDX-License-Identifier: Apache-2.0 */
/* The breaker: when we stop asking, for how long, and when we ask again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "flow/breaker.h"

static void
lets_all_through_until_the_limit(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 3, 1000, 8000);
	assert_int_equal(breaker_failed(&b, 100, -1, 0), 0);
	assert_int_equal(breaker_failed(&b, 100, -1, 0), 0);
	assert_int_equal(breaker_wait(&b, 100), 0);
	assert_int_equal(breaker_failed(&b, 100, -1, 0), 1000);
	assert_int_equal(breaker_wait(&b, 100), 1000);
	assert_string_equal(breaker_name(&b, 100), "open");
}

static void
waits_longer_after_each_failure_up_to_the_maximum(void **state)
{
	struct breaker b;
	int64_t was = 0, now = 0;
	int i;

	(void)state;
	breaker_init(&b, 1, 1000, 8000);
	for (i = 0; i < 4; i++) {
		int64_t pause = breaker_failed(&b, now, -1, 0);

		assert_true(pause > was);
		was = pause;
		now += pause;
	}
	assert_int_equal(was, 8000);
	assert_int_equal(breaker_failed(&b, now, -1, 0), 8000);
}

static void
is_half_open_when_the_pause_is_over_and_closed_by_a_success(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 1, 1000, 8000);
	breaker_failed(&b, 0, -1, 0);
	assert_string_equal(breaker_name(&b, 1000), "half");
	assert_int_equal(breaker_wait(&b, 1000), 0);
	breaker_ok(&b);
	assert_string_equal(breaker_name(&b, 1000), "closed");
	assert_int_equal(breaker_failed(&b, 1000, -1, 0), 1000);
}

static void
honours_what_the_other_side_asks_for(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 5, 1000, 8000);
	assert_int_equal(breaker_failed(&b, 0, 30000, 0), 30000);
	assert_int_equal(breaker_wait(&b, 10000), 20000);
}

static void
jitter_adds_at_most_a_quarter(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b, 1, 4096, 8192);
	assert_in_range(breaker_failed(&b, 0, -1, 1023), 4096, 4096 + 1024);
}

static void
keeps_targets_apart_and_forgets_the_longest_untouched(void **state)
{
	struct breakers *bs = breakers_new(2, 1, 1000);

	(void)state;
	breakers_note(bs, "10.0.0.1", true, 1);
	breakers_note(bs, "10.0.0.2", true, 2);
	assert_true(breakers_wait(bs, "10.0.0.1", 3) > 0);
	assert_int_equal(breakers_wait(bs, "10.0.0.3", 3), 0);
	breakers_note(bs, "10.0.0.3", true, 3);
	assert_int_equal(breakers_wait(bs, "10.0.0.1", 3), 0);
	assert_true(breakers_wait(bs, "10.0.0.2", 3) > 0);
	breakers_note(bs, "10.0.0.2", false, 4);
	assert_int_equal(breakers_wait(bs, "10.0.0.2", 4), 0);
	breakers_free(bs);
}

/* More come than are kept: of those that are, each is found, and none of those that are well again. */
static void
many_targets_are_each_found_and_the_oldest_go(void **state)
{
	struct breakers *bs = breakers_new(500, 1, 100000);
	char target[24];
	int i;

	(void)state;
	for (i = 0; i < 600; i++) {
		snprintf(target, sizeof(target), "10.0.%d.%d", i / 256, i % 256);
		breakers_note(bs, target, true, i);
	}
	for (i = 100; i < 600; i += 2) {
		snprintf(target, sizeof(target), "10.0.%d.%d", i / 256, i % 256);
		breakers_note(bs, target, false, 600);
	}
	for (i = 0; i < 600; i++) {
		snprintf(target, sizeof(target), "10.0.%d.%d", i / 256, i % 256);
		assert_int_equal(breakers_wait(bs, target, 600) > 0, i >= 100 && i % 2 == 1);
	}
	breakers_note(bs, "10.9.9.9", true, 601);
	assert_true(breakers_wait(bs, "10.9.9.9", 602) > 0);
	breakers_free(bs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_all_through_until_the_limit),
		cmocka_unit_test(waits_longer_after_each_failure_up_to_the_maximum),
		cmocka_unit_test(is_half_open_when_the_pause_is_over_and_closed_by_a_success),
		cmocka_unit_test(honours_what_the_other_side_asks_for),
		cmocka_unit_test(jitter_adds_at_most_a_quarter),
		cmocka_unit_test(keeps_targets_apart_and_forgets_the_longest_untouched),
		cmocka_unit_test(many_targets_are_each_found_and_the_oldest_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

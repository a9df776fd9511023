/* SPDX-License-Identifier: Apache-2.0 */
/* What must not wait for an event that may never come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "err.h"
#include "loop.h"

static struct loop *loop;
static int ran, late;

static void
count(void *arg)
{
	(*(int *)arg)++;
}

static void
defer_one(void *arg)
{
	(void)arg;
	loop_defer(loop, count, &ran);
}

static void
what_a_timer_defers_runs_in_the_same_turn(void **state)
{
	struct loop_timer *now, *later;
	struct err err;

	(void)state;
	assert_int_equal(loop_open(&loop, &err), 0);
	now = loop_timer_new(loop, defer_one, NULL);
	later = loop_timer_new(loop, count, &late);
	loop_timer_arm(now, 0);
	loop_timer_arm(later, 5000);	/* what a turn that waits would wait for */
	loop_turn(loop, true);
	assert_int_equal(ran, 1);
	assert_int_equal(late, 0);
	loop_timer_free(now);
	loop_timer_free(later);
	loop_close(loop);
}

static void
a_turn_ends_after_a_timer(void **state)
{
	struct loop_timer *now, *later;
	struct err err;

	(void)state;
	ran = late = 0;
	assert_int_equal(loop_open(&loop, &err), 0);
	now = loop_timer_new(loop, count, &ran);
	later = loop_timer_new(loop, count, &late);
	loop_timer_arm(now, 0);
	loop_timer_arm(later, 5000);
	while (ran == 0)
		loop_turn(loop, true);
	assert_int_equal(late, 0);
	loop_timer_free(now);
	loop_timer_free(later);
	loop_close(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_timer_defers_runs_in_the_same_turn),
		cmocka_unit_test(a_turn_ends_after_a_timer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

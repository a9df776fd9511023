/* SPDX-License-Identifier: Apache-2.0 */
/* How long an SNMP answer is waited for, and how often it is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snmp/patience.h"

/* Asked once at 1000 ms, of three tries with 1500 ms each. */
static struct request
asked(struct peer *p)
{
	return (struct request){ .peer = p, .timeout_ms = 1500, .tries = 3, .sent = 1, .first_ms = 1000, .sent_ms = 1000 };
}

static void
who_was_never_heard_has_the_whole_time_of_a_try(void **state)
{
	struct patience net = { 0 };
	struct peer p = { 0 };
	struct request r = asked(&p);

	(void)state;
	assert_int_equal(patience_ms(&net, &r, 1000), 1500);
}

static void
who_answers_quickly_is_asked_again_soon_and_later_each_time(void **state)
{
	struct patience net = { 0 };
	struct peer p = { .rtt_ms = 50, .rtt_var_ms = 10 };
	struct request r = asked(&p);

	(void)state;
	assert_int_equal(patience_ms(&net, &r, 1000), 240);
	r.sent = 2;
	assert_int_equal(patience_ms(&net, &r, 1240), 360);
	p = (struct peer){ .rtt_ms = 1, .rtt_var_ms = 1 };
	r.sent = 1;
	assert_int_equal(patience_ms(&net, &r, 1000), 80);	/* a slow device is not pressed */
}

static void
a_quick_network_makes_strangers_wait_less(void **state)
{
	struct patience net = { 0 };
	struct peer p = { 0 };
	struct request r = asked(&p);

	(void)state;
	patience_answered(&net, 100, true);	/* of a second request: nothing is known for sure */
	assert_int_equal(net.rtt_ms, 0);
	patience_answered(&net, 100, false);
	assert_int_equal(net.rtt_ms, 100);
	assert_int_equal(patience_ms(&net, &r, 1000), 200);
}

static void
the_last_try_is_given_up_no_sooner_than_if_all_had_waited(void **state)
{
	struct patience net = { .rtt_ms = 10 };
	struct peer p = { 0 };
	struct request r = asked(&p);

	(void)state;
	r.sent = 3;
	assert_int_equal(patience_ms(&net, &r, 1200), 4300);
	assert_true(patience_over(&net, &r, 1200));
}

static void
where_packets_get_lost_there_are_more_tries_in_the_same_time(void **state)
{
	struct patience net = { 0 };
	struct peer p = { 0 };
	struct request r = asked(&p);
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		patience_answered(&net, 100, true);
	r.sent = 3;
	assert_false(patience_over(&net, &r, 1200));
	assert_true(patience_over(&net, &r, 5500));	/* 1000 and three times 1500 */
	r.sent = 7;
	assert_true(patience_over(&net, &r, 1200));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_never_heard_has_the_whole_time_of_a_try),
		cmocka_unit_test(who_answers_quickly_is_asked_again_soon_and_later_each_time),
		cmocka_unit_test(a_quick_network_makes_strangers_wait_less),
		cmocka_unit_test(the_last_try_is_given_up_no_sooner_than_if_all_had_waited),
		cmocka_unit_test(where_packets_get_lost_there_are_more_tries_in_the_same_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

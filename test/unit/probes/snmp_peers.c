/* SPDX-License-Identifier: Apache-2.0 */
/* Agents by address, the turns of a subnet, and rest for those that suffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "snmp/peers.h"

static unsigned came;

static void
go(void *arg)
{
	(void)arg;
	came++;
}

static void
runs_that_speak_to_one_agent_share_it(void **state)
{
	struct peers *all = peers_new();
	struct peer *a, *b, *c;

	(void)state;
	a = peer_get(all, "192.0.2.9", 161);
	b = peer_get(all, "192.0.2.9", 161);
	c = peer_get(all, "192.0.2.9", 1161);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, c);
	assert_null(peer_get(all, "no address", 161));
	assert_non_null(b = peer_get(all, "2001:db8::9", 161));
	peer_drop(all, b);
	peer_drop(all, a);
	peer_drop(all, a);
	peer_drop(all, c);
	peer_drop(all, NULL);
	peers_free(all);
}

static void
a_subnet_has_so_many_turns_and_hands_them_on(void **state)
{
	struct peers *all = peers_new();
	struct peer *p[4];
	struct turn t[4] = { { .go = go }, { .go = go }, { .go = go }, { .go = go } };

	(void)state;
	came = 0;
	p[0] = peer_get(all, "192.0.2.1", 161);
	p[1] = peer_get(all, "192.0.2.2", 161);
	p[2] = peer_get(all, "192.0.2.3", 161);
	p[3] = peer_get(all, "198.51.100.1", 161);
	assert_true(turn_take(all, p[0], 1, &t[0]));
	assert_false(turn_take(all, p[1], 1, &t[1]));
	assert_false(turn_take(all, p[2], 1, &t[2]));
	assert_true(turn_take(all, p[3], 1, &t[3]));
	turn_end(all, &t[1]);		/* gives up while it waits */
	assert_int_equal(came, 0);
	turn_end(all, &t[0]);
	assert_int_equal(came, 1);
	assert_int_equal(t[2].state, TURN_HAS);
	turn_end(all, &t[2]);
	turn_end(all, &t[2]);
	turn_end(all, &t[3]);
	assert_true(turn_take(all, p[1], 1, &t[1]));
	turn_end(all, &t[1]);
	for (unsigned i = 0; i < 4; i++)
		peer_drop(all, p[i]);
	peers_free(all);
}

static void
who_suffers_is_left_alone_until_it_answers_well(void **state)
{
	struct peer p = { .gap_ms = 0 };
	unsigned i;

	(void)state;
	assert_int_equal(peer_gap(&p, 500), 2);
	assert_int_equal(peer_gap(&p, 10000), 0);
	peer_answered(&p, 5, false);
	peer_suffers(&p);
	assert_true(peer_gap(&p, 500) >= 10);
	for (i = 0; i < 20; i++)
		peer_suffers(&p);
	assert_int_equal(peer_gap(&p, 500), REST_MAX_MS);
	for (i = 0; i < 100; i++)
		peer_answered(&p, 5, false);
	assert_int_equal(peer_gap(&p, 500), 2);
	peer_answered(&p, 900, false);	/* much longer than it used to take */
	assert_true(peer_gap(&p, 500) > 2);
	p.gap_ms = 5000;		/* what a job wants counts too */
	assert_int_equal(peer_gap(&p, 500), 5000);
}

static void
what_was_lost_does_not_make_an_agent_slow(void **state)
{
	struct peer p = { .gap_ms = 0 };
	unsigned i;

	(void)state;
	for (i = 0; i < 20; i++)
		peer_answered(&p, 10, false);
	for (i = 0; i < 20; i++) {
		peer_answered(&p, 300, true);
		peer_answered(&p, 10, false);
	}
	assert_int_equal(p.rtt_ms, 10);
	for (i = 0; i < 200; i++) {	/* one in ten is lost, and comes the second time */
		if (i % 10 == 0)
			peer_stumbles(&p);
		peer_answered(&p, 10, i % 10 == 0);
		assert_true(peer_gap(&p, 500) <= 40);
	}
	for (i = 0; i < 20; i++)	/* never in time: it is */
		peer_answered(&p, 300, true);
	assert_true(p.rtt_ms > 200);
}

/* Only the second request was answered: it takes so long at most, and what is known better counts. */
static void
a_first_answer_to_a_second_request_is_a_guess(void **state)
{
	struct peer p = { .gap_ms = 0 };

	(void)state;
	peer_answered(&p, 3000, true);
	assert_int_equal(p.rtt_ms, 3000);
	peer_stumbles(&p);
	assert_true(peer_gap(&p, 500) <= 10);
	peer_answered(&p, 8, false);
	assert_int_equal(p.rtt_ms, 8);
	assert_int_equal(p.rtt_min_ms, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_that_speak_to_one_agent_share_it),
		cmocka_unit_test(a_subnet_has_so_many_turns_and_hands_them_on),
		cmocka_unit_test(who_suffers_is_left_alone_until_it_answers_well),
		cmocka_unit_test(what_was_lost_does_not_make_an_agent_slow),
		cmocka_unit_test(a_first_answer_to_a_second_request_is_a_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* pool: seven seats a host, first come first served; connections at rest, the oldest of them ended first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ssh/pool.c"

/* --- a host that has a clock and counts who is woken -------------------------------------- */

struct mid_run { unsigned woken; };

static int64_t now;

static int64_t now_ms(struct mid_run *r) { (void)r; return now; }
static void wake(struct mid_run *r) { r->woken++; }
static const struct mid_host host = { .now_ms = now_ms, .wake = wake };

void link_free(struct link *l) { (void)l; }

/* A connection whose far end the test holds, so that it counts as alive. */
static struct conn *
connection(const char *credential, int *far)
{
	struct conn *c = conn_new();
	int both[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
	c->fd = both[0];
	*far = both[1];
	snprintf(c->credential, sizeof(c->credential), "%s", credential);
	return c;
}

static bool
is_open(int far)
{
	char byte;

	return recv(far, &byte, 1, MSG_DONTWAIT) != 0;
}

/* --- the tests ------------------------------------------------------------------------------- */

static void
the_eighth_waits_for_a_seat_and_is_woken(void **state)
{
	struct mid_run engine = { 0 }, runs[10] = { { 0 } };
	struct place *seat[10];
	struct pool *p = pool_new(&host, &engine);
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		assert_int_equal(pool_enter(p, "10.0.0.1 22 ", &runs[i], &seat[i]), i < 7 ? 0 : MID_AGAIN);
	assert_int_equal(pool_enter(p, "10.0.0.2 22 ", &runs[9], &seat[9]), 0);
	pool_leave(p, seat[9]);
	pool_leave(p, seat[0]);
	assert_int_equal(runs[7].woken, 1);
	assert_int_equal(runs[8].woken, 0);
	assert_int_equal(pool_enter(p, "10.0.0.1 22 ", &runs[8], &seat[8]), MID_AGAIN);	/* not before the one that came first */
	pool_forget(p, "10.0.0.1 22 ", &runs[7]);
	assert_int_equal(runs[8].woken, 1);
	assert_int_equal(pool_enter(p, "10.0.0.1 22 ", &runs[8], &seat[8]), 0);
	pool_forget(p, "10.0.0.1 22 ", &runs[9]);
	pool_forget(p, "nowhere", &runs[9]);
	for (i = 1; i < 7; i++)
		pool_leave(p, seat[i]);
	pool_leave(p, seat[8]);
	pool_free(p);
}

static void
one_at_rest_serves_the_same_credential_only(void **state)
{
	struct mid_run engine = { 0 }, run = { 0 };
	struct place *seat;
	struct pool *p = pool_new(&host, &engine);
	struct conn *c, *other;
	int far, far_other;

	(void)state;
	assert_int_equal(pool_enter(p, "a", &run, &seat), 0);
	c = connection("mine", &far);
	other = connection("mine", &far_other);
	pool_put(p, seat, c);
	pool_put(p, seat, other);
	assert_true(pool_rests(seat));
	assert_null(pool_take(p, seat, "another"));
	close(far_other);			/* the newest has died */
	assert_ptr_equal(pool_take(p, seat, "mine"), c);
	assert_false(pool_rests(seat));
	conn_free(c);
	pool_leave(p, seat);
	close(far);
	pool_free(p);
}

static void
what_has_rested_long_is_ended_and_the_clock_is_asked_for_the_next(void **state)
{
	struct mid_run engine = { 0 }, run = { 0 };
	struct mid_wait wait;
	struct place *seat;
	struct pool *p = pool_new(&host, &engine);
	int far[2];

	(void)state;
	now = 1000;
	assert_int_equal(pool_enter(p, "a", &run, &seat), 0);
	pool_put(p, seat, connection("x", &far[0]));
	assert_int_equal(engine.woken, 1);
	now += 10000;
	pool_put(p, seat, connection("x", &far[1]));
	pool_leave(p, seat);
	pool_step(p, &wait);
	assert_int_equal(wait.timeout_ms, REST_MS - 10000);
	now = 1000 + REST_MS;
	pool_step(p, &wait);
	assert_false(is_open(far[0]));
	assert_true(is_open(far[1]));
	assert_int_equal(wait.timeout_ms, 10000);
	now += 10000;
	pool_step(p, &wait);
	assert_false(is_open(far[1]));
	assert_int_equal(wait.timeout_ms, -1);
	close(far[0]);
	close(far[1]);
	pool_free(p);
}

static void
the_oldest_makes_room(void **state)
{
	struct mid_run engine = { 0 }, run = { 0 };
	struct place *seat;
	struct pool *p = pool_new(&host, &engine);
	struct conn *c;
	char name[24];
	int i;

	(void)state;
	for (i = 0; i < REST_MAX + 10; i++) {
		snprintf(name, sizeof(name), "%d", i);
		c = conn_new();
		snprintf(c->credential, sizeof(c->credential), "%s", name);
		assert_int_equal(pool_enter(p, name, &run, &seat), 0);
		pool_put(p, seat, c);
		pool_leave(p, seat);
	}
	assert_int_equal(p->resting, REST_MAX);
	for (i = 10, c = p->oldest; c != NULL; c = c->newer)
		assert_int_equal(atoi(c->credential), i++);
	assert_int_equal(i, REST_MAX + 10);
	pool_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_eighth_waits_for_a_seat_and_is_woken),
		cmocka_unit_test(one_at_rest_serves_the_same_credential_only),
		cmocka_unit_test(what_has_rested_long_is_ended_and_the_clock_is_asked_for_the_next),
		cmocka_unit_test(the_oldest_makes_room),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}

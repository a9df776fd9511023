/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the loop does things, its threads, and what it watches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "loop.h"

static struct loop *loop;
static char said[64];
static pthread_t home;

static int
setup(void **state)
{
	struct err err;

	(void)state;
	memset(said, 0, sizeof(said));
	home = pthread_self();
	return loop_open(&loop, &err);
}

static int
teardown(void **state)
{
	(void)state;
	loop_close(loop);
	return 0;
}

static void
say(void *arg)
{
	assert_true(pthread_equal(pthread_self(), home));
	assert_true(strlen(said) + 1 < sizeof(said));
	strncat(said, arg, sizeof(said) - strlen(said) - 1);
}

static char a[] = "a", b[] = "b", c[] = "c", d[] = "d";

static void
say_and_defer(void *arg)
{
	say(arg);
	loop_defer(loop, say, d);
}

static void
deferred_calls_run_in_order_and_their_own_in_the_next_turn(void **state)
{
	(void)state;
	loop_defer(loop, say, a);
	loop_defer(loop, say_and_defer, b);
	loop_defer(loop, say, c);
	loop_turn(loop, true);
	assert_string_equal(said, "abc");
	loop_turn(loop, true);	/* does not wait: something is deferred */
	assert_string_equal(said, "abcd");
}

static void
timers_run_when_due_and_once(void **state)
{
	struct loop_timer *soon = loop_timer_new(loop, say, a), *later = loop_timer_new(loop, say, b),
	    *never = loop_timer_new(loop, say, c);

	(void)state;
	loop_timer_arm(later, 20);
	loop_timer_arm(soon, 1);
	loop_timer_arm(never, 5);
	assert_true(loop_timer_armed(never));
	loop_timer_stop(never);
	assert_false(loop_timer_armed(never));
	while (strlen(said) < 2)
		loop_turn(loop, true);
	assert_string_equal(said, "ab");
	assert_false(loop_timer_armed(soon));
	loop_timer_free(soon);
	loop_timer_free(later);
	loop_timer_free(never);
}

static void *
post_many(void *arg)
{
	int i;

	for (i = 0; i < 20; i++)
		loop_post(loop, say, arg);
	return NULL;
}

static void
what_other_threads_post_runs_here(void **state)
{
	pthread_t t[2];

	(void)state;
	assert_int_equal(pthread_create(&t[0], NULL, post_many, a), 0);
	assert_int_equal(pthread_create(&t[1], NULL, post_many, b), 0);
	while (strlen(said) < 40)
		loop_turn(loop, true);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	assert_int_equal(strlen(said), 40);
}

static bool elsewhere;

static void
work(void *arg)
{
	(void)arg;
	elsewhere = !pthread_equal(pthread_self(), home);
}

static void
work_is_done_elsewhere_and_told_here(void **state)
{
	(void)state;
	loop_work(loop, work, say, a);
	while (said[0] == '\0')
		loop_turn(loop, true);
	assert_true(elsewhere);
	assert_string_equal(said, "a");
}

static int seen;

static void
on_watch(void *arg, int events)
{
	(void)arg;
	seen |= events;
}

static void
a_watch_tells_what_it_was_asked_for(void **state)
{
	struct loop_watch *w;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	w = loop_watch_new(loop, fd[0], on_watch, NULL);
	assert_non_null(w);
	loop_watch_set(w, LOOP_READ);
	loop_turn(loop, false);
	assert_int_equal(seen, 0);
	assert_int_equal(write(fd[1], "x", 1), 1);
	loop_turn(loop, true);
	assert_int_equal(seen, LOOP_READ);
	seen = 0;
	loop_watch_set(w, 0);
	loop_turn(loop, false);
	assert_int_equal(seen, 0);
	loop_watch_set(w, LOOP_WRITE);
	loop_turn(loop, true);
	assert_int_equal(seen, LOOP_WRITE);
	loop_watch_free(w);
	close(fd[0]);
	close(fd[1]);
}

static void
what_cannot_be_watched_is_no_watch(void **state)
{
	char path[] = "/tmp/midd-loop-test-XXXXXX";
	int file = mkstemp(path);

	(void)state;
	assert_null(loop_watch_new(loop, file, on_watch, NULL));
	close(file);
	unlink(path);
}

static void
a_signal_calls_on_the_loops_thread(void **state)
{
	(void)state;
	assert_int_equal(loop_signal(loop, SIGUSR1, say, a), 0);
	kill(getpid(), SIGUSR1);
	while (said[0] == '\0')
		loop_turn(loop, true);
	assert_string_equal(said, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(deferred_calls_run_in_order_and_their_own_in_the_next_turn, setup, teardown),
		cmocka_unit_test_setup_teardown(timers_run_when_due_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(what_other_threads_post_runs_here, setup, teardown),
		cmocka_unit_test_setup_teardown(work_is_done_elsewhere_and_told_here, setup, teardown),
		cmocka_unit_test_setup_teardown(a_watch_tells_what_it_was_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_watched_is_no_watch, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signal_calls_on_the_loops_thread, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

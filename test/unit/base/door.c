/* SPDX-License-Identifier: Apache-2.0 */
/* A door where no descriptor is left for whoever knocks. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "door.h"
#include "err.h"
#include "log.h"
#include "os.h"

#define TURNS 20
#define FILES 128

static intptr_t ear, in = -1;
static struct door *door;
static int knocks, told;

static void
somebody(void *arg)
{
	bool peer_ok;
	intptr_t fd;
	int r;

	(void)arg;
	knocks++;
	while ((r = os_local_accept(&fd, ear, &peer_ok)) == 0)
		in = fd;
	door_heard(door, r);
}

static void
tap(void *arg, enum log_level level, const char *sub, const char *text)
{
	(void)arg, (void)level, (void)text;
	told += strcmp(sub, "test") == 0;
}

/* All that the process may have; how many there were. */
static int
take_all(int *fds)
{
	int n = 0;

	while (n < FILES && (fds[n] = dup(0)) >= 0)
		n++;
	return n;
}

static void
a_door_rests_while_no_descriptor_is_left_and_lets_in_after_it(void **state)
{
	char dir[] = "/tmp/midd-door-XXXXXX", path[64];
	struct rlimit was, few;
	struct loop *loop;
	struct err err;
	intptr_t client;
	int fds[FILES], n, i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/door", dir);
	assert_int_equal(loop_open(&loop, &err), 0);
	assert_int_equal(os_local_listen(&ear, path, &err), 0);
	door = door_new(loop, ear, "test", somebody, NULL);
	log_set_tap(tap, NULL);
	assert_int_equal(os_local_connect(&client, path, &err), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = FILES;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	n = take_all(fds);
	for (i = 0; i < TURNS; i++)
		loop_turn(loop, false);
	while (n > 0)
		close(fds[--n]);
	setrlimit(RLIMIT_NOFILE, &was);
	assert_in_range(knocks, 1, TURNS / 2);	/* 1, but for a machine that stands still */
	assert_int_equal(door_rests(door), knocks);
	assert_int_equal(told, 1);
	while (in < 0)
		loop_turn(loop, true);
	assert_int_equal(told, 2);		/* and that it is over */
	log_set_tap(NULL, NULL);
	os_local_close(client);
	os_local_close(in);
	door_free(door);
	os_local_close(ear);
	loop_finish(loop);
	loop_close(loop);
	unlink(path);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_door_rests_while_no_descriptor_is_left_and_lets_in_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket as a file: whose it is, and what may be replaced. */
#include <fcntl.h>
#include <json-c/json_object.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "control.h"
#include "control_rig.h"
#include "err.h"
#include "loop.h"
#include "os.h"

static const struct control_verb verbs[] = { { NULL, NULL, NULL } };

static int
begin(void **state)
{
	(void)state;
	if (dup2(open("/dev/null", O_RDONLY), 3) < 0)	/* 3: see below */
		return -1;
	return rig_begin(verbs);
}

static void
only_the_owner_may_open_the_socket(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
a_living_server_is_not_replaced_but_a_dead_ones_socket_is(void **state)
{
	struct control_server *other = NULL;
	struct err err;
	char dead[80];
	intptr_t fd;

	(void)state;
	assert_int_equal(control_serve(&other, loop, path, verbs, &server, &err), -E_EXISTS);
	assert_non_null(strstr(err.text, "another midd answers on"));
	assert_null(other);
	snprintf(dead, sizeof(dead), "%s/run/dead", dir);
	assert_int_equal(os_local_listen(&fd, dead, &err), 0);
	os_local_close(fd);		/* the file stays */
	assert_int_equal(access(dead, F_OK), 0);
	assert_int_equal(control_serve(&other, loop, dead, verbs, &server, &err), 0);
	control_stop(other);
	assert_int_not_equal(access(dead, F_OK), 0);
}

static void
a_file_in_the_way_is_not_removed(void **state)
{
	struct control_server *other = NULL;
	struct err err;
	char file[80];
	FILE *f;

	(void)state;
	snprintf(file, sizeof(file), "%s/run/file", dir);
	f = fopen(file, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(control_serve(&other, loop, file, verbs, &server, &err), -E_EXISTS);
	assert_int_equal(access(file, F_OK), 0);
	unlink(file);
}

/* As systemd does it: descriptor 3 listens already, and the environment says for whom. */
static void
a_socket_of_the_service_manager_is_used_and_stays_when_we_stop(void **state)
{
	struct control_server *other = NULL;
	char held[80], pid[24];
	struct err err;
	intptr_t made, fd;

	(void)state;
	snprintf(held, sizeof(held), "%s/run/held", dir);
	assert_int_equal(os_local_listen(&made, held, &err), 0);
	assert_int_equal(dup2((int)made, 3), 3);
	os_local_close(made);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	os_local_handed(false);
	assert_int_equal(fcntl(3, F_GETFD), FD_CLOEXEC);
	assert_int_equal(os_local_inherited(&fd, path), -E_NONE);
	assert_int_equal(control_serve(&other, loop, held, verbs, &server, &err), 0);
	control_stop(other);
	assert_int_equal(access(held, F_OK), 0);
	assert_int_equal(os_local_connect(&fd, held, &err), 0);	/* still listens: who asks now is answered later */
	os_local_close(fd);
	os_local_handed(true);
	assert_int_equal(fcntl(3, F_GETFD), 0);
	setenv("LISTEN_PID", "1", 1);
	assert_int_equal(os_local_inherited(&fd, held), -E_NONE);
	unlink(held);
	close(3);
}

/* A midd that hangs up on the first question, as when it restarts, and the one after it that answers. */
struct two_lives {
	intptr_t fd;
	int served;
};

static void
say_and_read(intptr_t c, const char *text)
{
	char asked[200];

	assert_int_equal(os_local_write(c, text, strlen(text)), (ssize_t)strlen(text));
	while (os_local_read(c, asked, sizeof(asked)) == -E_AGAIN)
		(void)os_local_wait(c, false, 5000);
}

static void *
live_twice(void *arg)
{
	struct two_lives *two = arg;
	bool ok;
	intptr_t c;

	while (two->served < 2 && os_local_wait(two->fd, false, 2000) == 1 && os_local_accept(&c, two->fd, &ok) == 0) {
		say_and_read(c, "{\"midd\":\"0\",\"control\":1}\n");
		if (two->served++ > 0)
			(void)os_local_write(c, "{\"ok\":true,\"result\":{\"life\":2}}\n", 33);
		os_local_close(c);
		if (two->served == 1 && os_local_wait(two->fd, false, 300) != 1)
			break;		/* nobody comes again */
	}
	return NULL;
}

static int
ask_two_lives(const char *verb, int *served, struct err *err)
{
	struct two_lives two = { .served = 0 };
	struct json_object *result = NULL;
	char at[80];
	pthread_t t;
	int r;

	snprintf(at, sizeof(at), "%s/run/two", dir);
	assert_int_equal(os_local_listen(&two.fd, at, err), 0);
	assert_int_equal(pthread_create(&t, NULL, live_twice, &two), 0);
	memset(err, 0, sizeof(*err));
	r = control_ask(at, verb, NULL, 5000, NULL, NULL, &result, err);
	pthread_join(t, NULL);
	os_local_close(two.fd);
	unlink(at);
	json_object_put(result);
	*served = two.served;
	return r;
}

static void
a_question_that_a_restart_cut_off_is_asked_again_an_order_is_not(void **state)
{
	struct err err;
	int served;

	(void)state;
	assert_int_equal(ask_two_lives("status", &served, &err), 0);
	assert_int_equal(served, 2);
	assert_int_equal(ask_two_lives("run", &served, &err), -E_NET);
	assert_int_equal(served, 1);
	assert_non_null(strstr(err.text, "went away before it had answered"));
}

int
main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(only_the_owner_may_open_the_socket),
		cmocka_unit_test(a_living_server_is_not_replaced_but_a_dead_ones_socket_is),
		cmocka_unit_test(a_file_in_the_way_is_not_removed),
		cmocka_unit_test(a_socket_of_the_service_manager_is_used_and_stays_when_we_stop),
		cmocka_unit_test(a_question_that_a_restart_cut_off_is_asked_again_an_order_is_not),
	};

	return cmocka_run_group_tests(all, begin, rig_end);
}

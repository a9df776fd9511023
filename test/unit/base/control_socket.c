/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket as a file: whose it is, and what may be replaced. */
#include <fcntl.h>
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
#include "err.h"
#include "loop.h"
#include "os.h"

static char dir[] = "/tmp/midd-control-XXXXXX", path[64];
static struct loop *loop;
static struct control_server *server;
static const struct control_verb verbs[] = { { NULL, NULL, NULL } };

static int
begin(void **state)
{
	struct err err;

	(void)state;
	if (mkdtemp(dir) == NULL || dup2(open("/dev/null", O_RDONLY), 3) < 0)	/* 3: see below */
		return -1;
	snprintf(path, sizeof(path), "%s/run/control", dir);
	assert_int_equal(loop_open(&loop, &err), 0);
	if (control_serve(&server, loop, path, verbs, &server, &err) < 0)
		fail_msg("%s", err.text);
	return 0;
}

static int
end(void **state)
{
	char run[64];

	(void)state;
	control_stop(server);
	loop_finish(loop);
	loop_close(loop);
	assert_int_not_equal(access(path, F_OK), 0);
	snprintf(run, sizeof(run), "%s/run", dir);
	rmdir(run);
	return rmdir(dir);
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

int
main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(only_the_owner_may_open_the_socket),
		cmocka_unit_test(a_living_server_is_not_replaced_but_a_dead_ones_socket_is),
		cmocka_unit_test(a_file_in_the_way_is_not_removed),
		cmocka_unit_test(a_socket_of_the_service_manager_is_used_and_stays_when_we_stop),
	};

	return cmocka_run_group_tests(all, begin, end);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* os_hand: descriptors over a socket; a worker that was taken over may send what it likes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os.h"

static int
open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
send_two(int way, int one, int two)
{
	union { struct cmsghdr head; char space[CMSG_SPACE(2 * sizeof(int))]; } c;
	uint32_t tag = 7;
	struct iovec io = { .iov_base = &tag, .iov_len = sizeof(tag) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = c.space, .msg_controllen = sizeof(c.space) };
	int fds[2] = { one, two };

	memset(&c, 0, sizeof(c));
	c.head.cmsg_len = CMSG_LEN(sizeof(fds));
	c.head.cmsg_level = SOL_SOCKET;
	c.head.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&c.head), fds, sizeof(fds));
	assert_int_equal(sendmsg(way, &m, 0), sizeof(tag));
}

static void
one_descriptor_comes_over(void **state)
{
	int way[2];
	intptr_t got = -1;
	uint32_t tag = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, way), 0);
	assert_int_equal(os_hand_send(way[0], 42, way[0]), 0);
	assert_int_equal(os_hand_take(&got, &tag, way[1]), 0);
	assert_int_equal(tag, 42);
	assert_int_equal(write((int)got, "x", 1), 1);
	os_local_close(got);
	close(way[0]);
	close(way[1]);
}

static void
of_more_than_one_none_is_left_open(void **state)
{
	int way[2], before;
	intptr_t got = -1;
	uint32_t tag = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, way), 0);
	before = open_files();
	send_two(way[0], way[0], way[1]);
	if (os_hand_take(&got, &tag, way[1]) == 0)
		os_local_close(got);
	assert_int_equal(open_files(), before);
	close(way[0]);
	close(way[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_descriptor_comes_over),
		cmocka_unit_test(of_more_than_one_none_is_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

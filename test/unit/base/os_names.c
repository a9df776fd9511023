/* SPDX-License-Identifier: Apache-2.0 */
/* What the system is told about the network. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "os.h"

static void
a_tcp_connection_has_the_patience_it_is_given(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), ms = 0;
	socklen_t n = sizeof(ms);

	(void)state;
	assert_true(fd >= 0);
	os_tcp_patience(fd, 12345);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &n), 0);
	assert_int_equal(ms, 12345);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tcp_connection_has_the_patience_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

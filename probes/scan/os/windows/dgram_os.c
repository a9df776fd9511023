/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dgram_os - see dgram_os.h. Windows says that a packet was refused, but not whose: such a port
 * counts as silent. It has no socket for echo requests either, but a call (echoes.c).
 */
#include "../../dgram_os.h"

#include <errno.h>

#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif

int
dgram_open(int family, int protocol)
{
	BOOL tell_us = FALSE;
	DWORD n;
	int fd;

	if (protocol != 0) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		(void)WSAIoctl((SOCKET)fd, SIO_UDP_CONNRESET, &tell_us, sizeof(tell_us), NULL, 0, &n, NULL, NULL);
	return fd;
}

const char *
dgram_why_no_ping(int error)
{
	(void)error;
	return "Windows gives no handle for it: hosts are found by their ports";
}

bool
dgram_next_error(int fd, struct sockaddr_storage *to, int *error)
{
	(void)fd, (void)to, (void)error;
	return false;
}

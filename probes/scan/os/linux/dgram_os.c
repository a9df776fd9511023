/* SPDX-License-Identifier: Apache-2.0 */
/* dgram_os - see dgram_os.h: a socket's error queue (ip(7), IP_RECVERR) tells of ports that are closed. */
#include "../../dgram_os.h"

#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int
dgram_open(int family, int protocol)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol), one = 1;

	if (fd < 0)
		return -1;
	if (family == AF_INET)
		(void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	else
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof(one));
	return fd;
}

const char *
dgram_why_no_ping(int error)
{
	return error == EACCES || error == EPERM
	    ? "not allowed: open the range, sysctl net.ipv4.ping_group_range=\"0 2147483647\", or systemctl enable --now midd-raw.socket" : strerror(error);
}

bool
dgram_next_error(int fd, struct sockaddr_storage *to, int *error)
{
	char data[64], control[512];
	struct iovec io = { data, sizeof(data) };
	struct msghdr m = { .msg_name = to, .msg_namelen = sizeof(*to), .msg_iov = &io, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	const struct sock_extended_err *e;
	struct cmsghdr *c;

	to->ss_family = AF_UNSPEC;
	*error = 0;
	if (recvmsg(fd, &m, MSG_ERRQUEUE) < 0)
		return false;
	for (c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
			e = (const void *)CMSG_DATA(c);
			*error = (int)e->ee_errno;
		}
	return true;
}

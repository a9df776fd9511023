/* SPDX-License-Identifier: Apache-2.0 */
/* os_hand - descriptors that go over a socket, SCM_RIGHTS of unix(7); see os.h. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "os.h"

/* One descriptor's worth of ancillary data, aligned as cmsg(3) asks. */
union one_fd {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(int))];
};

int
os_hand_send(intptr_t way, uint32_t tag, intptr_t handed)
{
	union one_fd c = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
	    .cmsg_type = SCM_RIGHTS } };
	struct iovec io = { .iov_base = &tag, .iov_len = sizeof(tag) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = c.space,
	    .msg_controllen = sizeof(c.space) };
	int fd = (int)handed;

	memcpy(CMSG_DATA(&c.head), &fd, sizeof(fd));
	return sendmsg((int)way, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof(tag) ? 0 : -E_OS;
}

int
os_hand_take(intptr_t *out, uint32_t *tag, intptr_t way)
{
	union one_fd c;
	struct iovec io = { .iov_base = tag, .iov_len = sizeof(*tag) };
	/* Not the room that padding gives: a second one would come in, and stay open. */
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = c.space,
	    .msg_controllen = CMSG_LEN(sizeof(int)) };
	struct cmsghdr *h;
	int fd;

	memset(&c, 0, sizeof(c));
	if (recvmsg((int)way, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != (ssize_t)sizeof(*tag))
		return -E_NONE;
	h = CMSG_FIRSTHDR(&m);
	if (h == NULL || h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS ||
	    h->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -E_NONE;
	memcpy(&fd, CMSG_DATA(h), sizeof(fd));
	*out = fd;
	return 0;
}

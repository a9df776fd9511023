/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_near - who is on our own links, by the kernel's table of neighbours; see os.h. rtnetlink(7).
 * The probe of a scan reads that table too, for MAC addresses (probes/scan/os): a module sees nothing of base/.
 */
#include "os.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xalloc.h"

#define REPLY_MAX (64u << 10)
#define REPLIES_MAX 4096	/* a table of a million hosts has as many */
#define ANSWERED (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)

static void
tell_row(const struct nlmsghdr *head, os_near_fn *fn, void *arg)
{
	const struct ndmsg *nd = NLMSG_DATA(head);
	const struct rtattr *a = (const void *)((const char *)nd + NLMSG_ALIGN(sizeof(*nd)));
	int left = (int)NLMSG_PAYLOAD(head, sizeof(*nd));

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == NDA_DST && RTA_PAYLOAD(a) == 16 && (nd->ndm_state & ANSWERED) != 0)
			fn(arg, RTA_DATA(a));
}

/* False: it was the last. */
static bool
take_reply(const char *p, ssize_t n, os_near_fn *fn, void *arg)
{
	const struct nlmsghdr *head = (const void *)p;
	size_t left = (size_t)n;

	for (; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
		if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
			return false;
		if (head->nlmsg_type == RTM_NEWNEIGH)
			tell_row(head, fn, arg);
	}
	return true;
}

void
os_near_six(os_near_fn *fn, void *arg)
{
	struct { struct nlmsghdr head; struct ndmsg nd; } ask = {
		.head = { .nlmsg_len = sizeof(ask), .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.nd = { .ndm_family = AF_INET6 },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE), i;
	char *reply = xcalloc(1, REPLY_MAX);
	ssize_t n = fd < 0 ? -1 : send(fd, &ask, sizeof(ask), 0);

	/* The kernel answers a dump within the call. */
	for (i = 0; n > 0 && i < REPLIES_MAX; i++) {
		n = recv(fd, reply, REPLY_MAX, 0);
		if (n > 0 && !take_reply(reply, n, fn, arg))
			break;
	}
	free(reply);
	if (fd >= 0)
		close(fd);
}

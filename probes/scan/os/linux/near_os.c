/* SPDX-License-Identifier: Apache-2.0 */
/* near_os - see near_os.h: rtnetlink(7). */
#include "../../near_os.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPLY_MAX (64u << 10)
#define REPLIES_MAX 4096		/* a table of a million hosts has as many */

/* One row of the table. */
static void
tell_row(const struct nlmsghdr *head, near_fn *fn, void *arg)
{
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	const struct ndmsg *nd = NLMSG_DATA(head);
	const unsigned char *mac = NULL;
	int left = (int)NLMSG_PAYLOAD(head, sizeof(*nd));
	const struct rtattr *a = (const void *)((const char *)nd + NLMSG_ALIGN(sizeof(*nd)));
	struct where w = { { 0 } };

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == NDA_DST && RTA_PAYLOAD(a) == 4) {
			memcpy(w.b, mapped, sizeof(mapped));
			memcpy(w.b + 12, RTA_DATA(a), 4);
		} else if (a->rta_type == NDA_DST && RTA_PAYLOAD(a) == 16) {
			memcpy(w.b, RTA_DATA(a), 16);
		} else if (a->rta_type == NDA_LLADDR && RTA_PAYLOAD(a) == 6) {
			mac = RTA_DATA(a);
		}
	}
	if (mac != NULL && (nd->ndm_state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)) != 0)
		fn(arg, &w, mac, (nd->ndm_state & NUD_REACHABLE) != 0);
}

/* False: it was the last. */
static bool
take_reply(const char *p, ssize_t n, near_fn *fn, void *arg)
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
near_each(near_fn *fn, void *arg)
{
	struct { struct nlmsghdr head; struct ndmsg nd; } ask = {
		.head = { .nlmsg_len = sizeof(ask), .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.nd = { .ndm_family = AF_UNSPEC },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE), i;
	char *reply = malloc(REPLY_MAX);
	ssize_t n = fd < 0 || reply == NULL ? -1 : send(fd, &ask, sizeof(ask), 0);

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

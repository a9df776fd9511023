/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netlink - the addresses of this network namespace, asked of the kernel.
 */
#include "facts/root_open.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct ask {
	struct nlmsghdr head;
	struct ifaddrmsg body;
};

static int
ask_addresses(int fd)
{
	struct ask q = {
		.head = {
			.nlmsg_len = sizeof(q),
			.nlmsg_type = RTM_GETADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = 1,
		},
	};

	return send(fd, &q, sizeof(q), 0) < 0 ? -errno : 0;
}

/* Asked over FD: if_indextoname() opens a socket of a family that the worker's
 * sandbox refuses. */
static const char *
name_of(int fd, unsigned index, struct ifreq *ask)
{
	memset(ask, 0, sizeof(*ask));
	ask->ifr_ifindex = (int)index;
	return ioctl(fd, SIOCGIFNAME, ask) < 0 ? NULL : ask->ifr_name;
}

/* IFA_LOCAL is the own one where a point-to-point link has two. */
static void
tell_address(int fd, const struct nlmsghdr *h, facts_address_cb *cb, void *arg)
{
	const struct ifaddrmsg *m = NLMSG_DATA(h);
	const struct rtattr *a = IFA_RTA(m);
	int left = (int)IFA_PAYLOAD(h);
	const void *own = NULL, *other = NULL;
	char text[INET6_ADDRSTRLEN];
	struct ifreq name;
	size_t need = m->ifa_family == AF_INET6 ? 16 : 4;
	uint32_t flags = m->ifa_flags;

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_LOCAL && RTA_PAYLOAD(a) >= need)
			own = RTA_DATA(a);
		if (a->rta_type == IFA_ADDRESS && RTA_PAYLOAD(a) >= need)
			other = RTA_DATA(a);
		if (a->rta_type == IFA_FLAGS && RTA_PAYLOAD(a) >= 4)
			memcpy(&flags, RTA_DATA(a), sizeof(flags));
	}
	if (own == NULL)
		own = other;
	if ((m->ifa_family != AF_INET && m->ifa_family != AF_INET6) ||
	    own == NULL || name_of(fd, m->ifa_index, &name) == NULL ||
	    inet_ntop(m->ifa_family, own, text, sizeof(text)) == NULL)
		return;
	cb(arg, &(struct facts_address){
		.interface = name.ifr_name,
		.address = text,
		.family = m->ifa_family == AF_INET6 ? 6 : 4,
		.prefix_bits = m->ifa_prefixlen,
		.scope = m->ifa_scope,
		.temporary = m->ifa_family == AF_INET6 &&
		    (flags & IFA_F_TEMPORARY) != 0,
		.deprecated = (flags & IFA_F_DEPRECATED) != 0,
		.tentative = (flags & IFA_F_TENTATIVE) != 0,
		.permanent = (flags & IFA_F_PERMANENT) != 0,
	    });
}

static int
hear_addresses(int fd, facts_address_cb *cb, void *arg)
{
	char buf[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *h;
	ssize_t n;

	for (;;) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		h = (const struct nlmsghdr *)buf;
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return 0;
			if (h->nlmsg_type == NLMSG_ERROR)
				return -EIO;
			if (h->nlmsg_type == RTM_NEWADDR)
				tell_address(fd, h, cb, arg);
		}
	}
}

int
root_netlink_addresses(facts_address_cb *cb, void *arg)
{
	struct timeval wait = { .tv_sec = 2 };
	int fd, r;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	r = ask_addresses(fd);
	if (r == 0)
		r = hear_addresses(fd, cb, arg);
	close(fd);
	return r;
}

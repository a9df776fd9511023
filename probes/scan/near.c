/* SPDX-License-Identifier: Apache-2.0 */
/* near - see near.h. */
#include "near.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "str.h"
#include "sweep.h"

#define MAKERS_MAX 65536u
#define REPLY_MAX (64u << 10)
#define REPLIES_MAX 4096		/* a table of a million hosts has as many */

/* By the first three bytes (IEEE MA-L), sorted. */
struct maker { uint32_t prefix; char name[40]; };
static struct maker *makers;
static size_t nmakers;

static int
by_prefix(const void *a, const void *b)
{
	const struct maker *x = a, *y = b;

	return x->prefix < y->prefix ? -1 : x->prefix > y->prefix;
}

void
near_load_makers(const char *file)
{
	FILE *f = makers != NULL ? NULL : fopen(file, "re");
	char line[200];
	struct str rest, word;
	uint64_t prefix;

	if (f == NULL)
		return;
	makers = calloc(MAKERS_MAX, sizeof(*makers));
	while (makers != NULL && nmakers < MAKERS_MAX && fgets(line, sizeof(line), f) != NULL) {
		rest = str_of(line);
		if (!str_word(&rest, &word) || word.n != 6 || !str_u64(word, 16, &prefix))
			continue;
		makers[nmakers].prefix = (uint32_t)prefix;
		str_copy(makers[nmakers++].name, sizeof(makers->name), str_trim(rest));
	}
	fclose(f);
	if (makers != NULL)
		qsort(makers, nmakers, sizeof(*makers), by_prefix);
}

static const char *
maker_of(const unsigned char *mac)
{
	const struct maker key = { .prefix = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2] };
	const struct maker *m = nmakers == 0 ? NULL : bsearch(&key, makers, nmakers, sizeof(*makers), by_prefix);

	return m == NULL ? NULL : m->name;
}

/* One row of the table. */
static void
tell_row(struct sweep *s, const struct nlmsghdr *head)
{
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	const struct ndmsg *nd = NLMSG_DATA(head);
	const unsigned char *mac = NULL;
	int left = (int)NLMSG_PAYLOAD(head, sizeof(*nd));
	const struct rtattr *a = (const void *)((const char *)nd + NLMSG_ALIGN(sizeof(*nd)));
	struct where w = { { 0 } };
	uint32_t host;

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
	if (mac == NULL || (nd->ndm_state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)) == 0 ||
	    !plan_find(&s->plan, &w, &host) || !found_alive(&s->found, host))
		return;
	found_say(&s->found, host, FACT_OF_HOST, "mac_address", "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	if (maker_of(mac) != NULL)
		found_say(&s->found, host, FACT_OF_HOST, "mac_vendor", "%s", maker_of(mac));
}

/* False: it was the last. */
static bool
take_reply(struct sweep *s, const char *p, ssize_t n)
{
	const struct nlmsghdr *head = (const void *)p;
	size_t left = (size_t)n;

	for (; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
		if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
			return false;
		if (head->nlmsg_type == RTM_NEWNEIGH)
			tell_row(s, head);
	}
	return true;
}

void
near_tell(struct sweep *s)
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
		if (n > 0 && !take_reply(s, reply, n))
			break;
	}
	free(reply);
	if (fd >= 0)
		close(fd);
}

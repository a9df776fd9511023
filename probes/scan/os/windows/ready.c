/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ready - see ready.h. Windows has no descriptor that stands for many: they are looked at
 * in turn, some at a time, by select(), which alone tells of refusals on each version.
 */
#include "../../ready.h"

#include <winsock2.h>
#include <mstcpip.h>

#include <errno.h>
#include <stdlib.h>

#include "midd/probe.h"

#define AT_ONCE 64u	/* FD_SETSIZE */
#define LOOK_MS 10
#ifndef SIO_TCP_INITIAL_RTO
#define SIO_TCP_INITIAL_RTO _WSAIOW(IOC_VENDOR, 17)
#endif
#define NO_SECOND_SYN 0xfe	/* TCP_INITIAL_RTO_NO_SYN_RETRANSMISSIONS */
#define SYSTEMS_RTT 0xffff	/* TCP_INITIAL_RTO_UNSPECIFIED_RTT */

enum { NOTHING, READS, WRITES };

struct place { SOCKET s; uint32_t at; uint8_t wants; };	/* AT: where in WAITING */

struct ready {
	struct place *places;
	uint32_t *waiting;	/* numbers of those that want something */
	uint32_t n, next;	/* NEXT: where the next look begins, so that each has its turn */
};

struct ready *
ready_new(unsigned max)
{
	struct ready *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->places = calloc(max, sizeof(*r->places));
	r->waiting = calloc(max, sizeof(*r->waiting));
	if (r->places == NULL || r->waiting == NULL) {
		ready_free(r);
		return NULL;
	}
	return r;
}

void
ready_free(struct ready *r)
{
	if (r == NULL)
		return;
	free(r->places);
	free(r->waiting);
	free(r);
}

/* Else Windows sends three SYNs to a port that refuses, half a second apart, before it says so. */
void
ready_prepare(int fd)
{
	struct { USHORT rtt; UCHAR syns; } p = { SYSTEMS_RTT, NO_SECOND_SYN };
	DWORD n;

	(void)WSAIoctl((SOCKET)fd, SIO_TCP_INITIAL_RTO, &p, sizeof(p), NULL, 0, &n, NULL, NULL);
}

int
ready_ask(struct ready *r, uint32_t i, int fd, bool first, bool to_write)
{
	struct place *p = &r->places[i];

	(void)first;
	p->s = (SOCKET)fd;
	if (p->wants == NOTHING) {
		p->at = r->n;
		r->waiting[r->n++] = i;
	}
	p->wants = to_write ? WRITES : READS;
	return 0;
}

void
ready_forget(struct ready *r, uint32_t i)
{
	struct place *p = &r->places[i];
	uint32_t last;

	if (p->wants == NOTHING)
		return;
	p->wants = NOTHING;
	last = r->waiting[--r->n];
	r->waiting[p->at] = last;
	r->places[last].at = p->at;
}

/* Looks at N of those that wait, from NEXT on; the ready ones to OUT. */
static int
look(struct ready *r, uint32_t n, uint32_t *out)
{
	fd_set reads, writes, bad;
	TIMEVAL now = { 0, 0 };
	uint32_t i;
	int got = 0;

	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_ZERO(&bad);
	for (i = 0; i < n; i++) {
		const struct place *p = &r->places[r->waiting[r->next + i]];

		FD_SET(p->s, p->wants == READS ? &reads : &writes);
		FD_SET(p->s, &bad);
	}
	if (select(0, reads.fd_count > 0 ? &reads : NULL, writes.fd_count > 0 ? &writes : NULL, &bad, &now) <= 0)
		return 0;
	for (i = 0; i < n; i++) {
		const struct place *p = &r->places[r->waiting[r->next + i]];

		if (FD_ISSET(p->s, &bad) || FD_ISSET(p->s, p->wants == READS ? &reads : &writes))
			out[got++] = r->waiting[r->next + i];
	}
	return got;
}

int
ready_take(struct ready *r, uint32_t *out, int n)
{
	uint32_t seen = 0, all = r->n, some;
	int got = 0, k;

	while (seen < all && got + (int)AT_ONCE <= n) {
		if (r->next >= all)
			r->next = 0;
		some = all - r->next < AT_ONCE ? all - r->next : AT_ONCE;
		got += look(r, some, out + got);
		r->next += some;
		seen += some;
	}
	for (k = 0; k < got; k++)	/* each is told of once */
		ready_forget(r, out[k]);
	return got;
}

int
ready_wait(struct ready *r, struct mid_wait *wait)
{
	(void)wait;
	return r->n > 0 ? LOOK_MS : -1;
}

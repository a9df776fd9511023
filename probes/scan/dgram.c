/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dgram - see dgram.h.
 *
 * An answer belongs to a question when it comes from the address and port that
 * were asked, and knows the cookie where its protocol has room for one. That a
 * port is closed is heard of by the socket's error queue (ip(7), IP_RECVERR).
 */
#include "dgram.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dgram_os.h"
#include "echoes.h"
#include "sweep.h"
#include "udp.h"

#define PENDING_MAX 8192u
#define PACKET_MAX 2048
#define PACKETS_A_TURN 512
#define RECEIVE_BYTES (4 << 20)

/* The sockets. */
enum { UDP4, UDP6, PING4, PING6, SOCKETS };
static const struct { int family, protocol; } kinds[SOCKETS] = {
	[UDP4] = { AF_INET, 0 }, [UDP6] = { AF_INET6, 0 },
	[PING4] = { AF_INET, IPPROTO_ICMP }, [PING6] = { AF_INET6, IPPROTO_ICMPV6 },
};

struct pending { uint32_t host; uint16_t ask; uint16_t pass; int64_t since_ms, due_ms; };

struct dgram {
	struct sweep *s;
	int fd[SOCKETS];
	int no_ping;			/* errno */
	struct echoes *echoes;		/* NULL: pings go by sockets */
	struct pending out[PENDING_MAX];	/* a ring, in the order of sending */
	uint32_t first, n;
};

static int
open_socket(int i)
{
	int fd = dgram_open(kinds[i].family, kinds[i].protocol), one = 1, room = RECEIVE_BYTES;

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (kinds[i].family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	return fd;
}

struct dgram *
dgram_new(struct sweep *s)
{
	struct dgram *d = calloc(1, sizeof(*d));
	int i;

	if (d == NULL)
		return NULL;
	d->s = s;
	for (i = 0; i < SOCKETS; i++) {
		d->fd[i] = open_socket(i);
		if (i == PING4 && d->fd[i] < 0)
			d->no_ping = errno;
	}
	d->echoes = d->no_ping != 0 ? echoes_new() : NULL;
	if (d->echoes != NULL)
		d->no_ping = 0;
	return d;
}

void
dgram_free(struct dgram *d)
{
	int i;

	for (i = 0; d != NULL && i < SOCKETS; i++)
		if (d->fd[i] >= 0)
			close(d->fd[i]);
	if (d != NULL)
		echoes_free(d->echoes);
	free(d);
}

const char *
dgram_no_ping(const struct dgram *d)
{
	return d->no_ping == 0 ? NULL : dgram_why_no_ping(d->no_ping);
}

bool
dgram_has_room(const struct dgram *d)
{
	return d->n < PENDING_MAX;
}

unsigned
dgram_busy(const struct dgram *d)
{
	return d->n;
}

/* --- out ---------------------------------------------------------------------------------------- */

/* An echo request; the kernel sets its identifier and, in IPv4 and IPv6 alike, its checksum (icmp(7)). */
static size_t
write_ping(uint8_t *out, bool four, uint32_t cookie)
{
	memset(out, 0, 16);
	out[0] = four ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	memcpy(out + 8, &cookie, sizeof(cookie));
	memcpy(out + 12, "midd", 4);
	return 16;
}

static size_t
write_packet(struct dgram *d, const struct ask *a, bool four, uint32_t host, uint8_t out[PACKET_MAX])
{
	uint32_t cookie = sweep_cookie(d->s, host);

	if (a->service->proto == ASK_ICMP)
		return write_ping(out, four, cookie);
	return udp_write(a->service->name, cookie, out, PACKET_MAX);
}

/* 1 it is under way; 0 not now; <0 it can't be, and *A says what that means. */
static int
send_one(struct dgram *d, uint32_t host, const struct ask *ask, const struct where *w, enum answer *a)
{
	struct sockaddr_storage to;
	uint8_t packet[PACKET_MAX];
	socklen_t len = where_to(w, ask->port, &to);
	int fd = d->fd[(ask->service->proto == ASK_ICMP ? PING4 : UDP4) + !where_is_four(w)];
	size_t n = write_packet(d, ask, where_is_four(w), host, packet);

	*a = NOT_ASKED;
	if (fd < 0 || n == 0)
		return -1;
	*a = BROKEN;
	/* An error may be an earlier one's: the second try tells. */
	if (sendto(fd, packet, n, 0, (struct sockaddr *)&to, len) >= 0 || sendto(fd, packet, n, 0, (struct sockaddr *)&to, len) >= 0)
		return 1;
	return errno == EAGAIN || errno == ENOBUFS ? 0 : -1;
}

bool
dgram_ask(struct dgram *d, uint32_t host, unsigned ask)
{
	const struct ask *a = &d->s->asks.v[ask];
	enum answer why = BROKEN;
	struct where w;
	int r;

	plan_at(&d->s->plan, host, &w);
	if (a->service->proto == ASK_ICMP && d->echoes != NULL)
		r = echoes_ask(d->echoes, &w, host, sweep_cookie(d->s, host), sweep_patience(d->s));
	else
		r = send_one(d, host, a, &w, &why);
	if (r == 0)
		return false;
	if (r < 0) {
		sweep_answer(d->s, host, ask, why, 0);
		return true;
	}
	d->out[(d->first + d->n++) % PENDING_MAX] = (struct pending){ host, (uint16_t)ask, (uint16_t)d->s->pass, d->s->now_ms,
		d->s->now_ms + sweep_patience(d->s) };
	return true;
}

/* --- in ----------------------------------------------------------------------------------------- */

/* Whose question FROM would answer: false, nobody's. */
static bool
asked_of(struct dgram *d, int i, const struct sockaddr_storage *from, uint32_t *host, const struct ask **ask)
{
	struct where w;
	uint16_t port = where_from(&w, from);

	*ask = i >= PING4 ? asks_find(&d->s->asks, ASK_ICMP, 0) : asks_find(&d->s->asks, ASK_UDP, port);
	return *ask != NULL && plan_find(&d->s->plan, &w, host) &&
	    found_get(&d->s->found, *host, (unsigned)(*ask - d->s->asks.v)) == SILENT;
}

static bool
is_ours(struct dgram *d, int i, const struct ask *a, uint32_t host, const uint8_t *p, size_t n)
{
	uint32_t cookie = sweep_cookie(d->s, host);
	unsigned ask = (unsigned)(a - d->s->asks.v);

	if (i >= PING4)
		return n >= 12 && (p[0] == ICMP_ECHOREPLY || p[0] == ICMP6_ECHO_REPLY) && memcmp(p + 8, &cookie, 4) == 0;
	return udp_read(a->service->name, cookie, p, n, &d->s->found, host, ask);
}

/* How long ago HOST was asked; the ring is in order of time, so the oldest is a fair guess for all. */
static int
since(const struct dgram *d, uint32_t host, unsigned ask)
{
	uint32_t i;

	for (i = 0; i < d->n && i < 64; i++) {
		const struct pending *p = &d->out[(d->first + i) % PENDING_MAX];

		if (p->host == host && p->ask == ask)
			return (int)(d->s->now_ms - p->since_ms);
	}
	return 1;
}

static void
receive(struct dgram *d, int i)
{
	struct sockaddr_storage from;
	uint8_t packet[PACKET_MAX];
	const struct ask *a;
	uint32_t host;
	unsigned ask;
	int k;

	for (k = 0; k < PACKETS_A_TURN; k++) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(d->fd[i], packet, sizeof(packet), 0, (struct sockaddr *)&from, &len);

		if (n < 0 && errno != EAGAIN)
			continue;	/* of an earlier packet: it is in the error queue too */
		if (n < 0)
			return;
		if (!asked_of(d, i, &from, &host, &a) || !is_ours(d, i, a, host, packet, (size_t)n))
			continue;
		ask = (unsigned)(a - d->s->asks.v);
		sweep_answer(d->s, host, ask, OPEN, since(d, host, ask));
	}
}

/* A port that is closed, or a way that is none; only what the asked host itself says counts as an answer. */
static void
receive_errors(struct dgram *d, int i)
{
	struct sockaddr_storage to;
	const struct ask *a;
	uint32_t host;
	int k, error;

	for (k = 0; k < PACKETS_A_TURN && dgram_next_error(d->fd[i], &to, &error); k++)
		if (error != 0 && asked_of(d, i, &to, &host, &a))
			sweep_answer(d->s, host, (unsigned)(a - d->s->asks.v), error == ECONNREFUSED ? REFUSED : BROKEN, 1);
}

static void
receive_echoes(struct dgram *d)
{
	const struct ask *a = asks_find(&d->s->asks, ASK_ICMP, 0);
	unsigned ask = a != NULL ? (unsigned)(a - d->s->asks.v) : 0;
	uint32_t host;
	int after_ms;

	while (echoes_take(d->echoes, &host, &after_ms))
		if (found_get(&d->s->found, host, ask) == SILENT)
			sweep_answer(d->s, host, ask, OPEN, after_ms);
}

static void
expire(struct dgram *d)
{
	struct pending *p;

	while (d->n > 0) {
		p = &d->out[d->first];
		if (found_waits(&d->s->found, p->host, p->ask) && p->pass == d->s->pass) {
			if (p->due_ms > d->s->now_ms)
				return;
			sweep_answer(d->s, p->host, p->ask, SILENT, 0);
		}
		d->first = (d->first + 1) % PENDING_MAX;
		d->n--;
	}
}

void
dgram_turn(struct dgram *d)
{
	int i;

	for (i = 0; i < SOCKETS; i++)
		if (d->fd[i] >= 0 && d->n > 0) {
			receive(d, i);
			receive_errors(d, i);
		}
	if (d->echoes != NULL)
		receive_echoes(d);
	expire(d);
}

int
dgram_wait(struct dgram *d, struct mid_wait *wait)
{
	int i, ms, look;

	for (i = 0; i < SOCKETS && d->n > 0; i++)
		if (d->fd[i] >= 0)
			wait->fds[wait->nfds++] = (struct mid_fd){ .fd = d->fd[i], .events = MID_READ };
	if (d->n == 0)
		return -1;
	ms = d->out[d->first].due_ms <= d->s->now_ms ? 0 : (int)(d->out[d->first].due_ms - d->s->now_ms);
	look = d->echoes != NULL ? echoes_wait(d->echoes) : -1;
	return look >= 0 && look < ms ? look : ms;
}

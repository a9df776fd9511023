/* SPDX-License-Identifier: Apache-2.0 */
/*
 * midd-raw - asks addresses whether TCP ports are open (SYN) and whether they
 * are there (echo), and nothing else, for one scan: midd-raw(8).
 *
 * The connection is standard input (include/midd/raw.h). Two raw sockets are
 * opened; then the capability that this took is given up, with every file and
 * all but a dozen system calls, before the first byte is read. The system writes
 * the IP header, so the source is this host; a port that is bound, and on which
 * nobody listens, makes the kernel answer each SYN-ACK with a reset.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cage.h"
#include "raw/grant.h"
#include "raw/packet.h"

#define BATCH 64u
#define HEARD_ROOM 192u		/* two IP headers with all their options, and what is read behind them */
#define RATE 100000u		/* packets a second, without an argument */
#define RATE_MAX 1000000u
#define SOURCES 16384u		/* remembered; a power of two */
#define NEAR 4u			/* places where one of them can be */
#define SOURCE_MS 5000
#define RECEIVE_BYTES (4 << 20)

struct source { uint32_t target, source; int64_t found_ms; };

struct raw {
	int tcp, icmp, route;		/* raw, raw, and a UDP socket that is only asked for ways */
	struct packet_key key;
	struct grant grant;
	struct source sources[SOURCES];
	unsigned rate;
	int64_t tokens, filled_us;	/* packets that may go now, in millionths */
	char in[RAW_LINE_MAX];
	size_t have;
	struct raw_record answers[BATCH];
	unsigned nanswers;
};

static const int calls[] = {
	SYS_read, SYS_write, SYS_ppoll, SYS_sendmmsg, SYS_recvmmsg, SYS_connect, SYS_getsockname, SYS_clock_gettime, SYS_exit_group,
	SYS_rt_sigreturn, SYS_restart_syscall,
#ifdef SYS_poll
	SYS_poll,
#endif
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static void __attribute__((noreturn))
give_up(const char *what)
{
	fprintf(stderr, "midd-raw: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- before the cage is closed ----------------------------------------------------------------- */

/* Of all TCP that comes to this host, only what comes to our port, and no fragments. */
static void
only_ours(int fd, uint16_t port)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohs(port), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, HEARD_ROOM),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(f[0]), f };
	int yes = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &yes, sizeof(yes)) < 0)
		give_up("filter");
}

static int
open_raw(int protocol)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol), room = RECEIVE_BYTES;

	if (fd < 0)
		give_up("raw socket (CAP_NET_RAW)");
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return fd;
}

/* A port that is nobody else's as long as we live. It stays open, and listens never. */
static uint16_t
own_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		give_up("port");
	return a.sin_port;
}

static void
prepare(struct raw *r)
{
	struct icmp_filter some = { .data = ~(1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH) };
	struct cage cage = { .calls = calls, .ncalls = sizeof(calls) / sizeof(calls[0]), .no_files = true };

	r->key.port = own_port();
	r->tcp = open_raw(IPPROTO_TCP);
	only_ours(r->tcp, r->key.port);
	r->icmp = open_raw(IPPROTO_ICMP);
	r->route = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (r->route < 0 || setsockopt(r->icmp, SOL_RAW, ICMP_FILTER, &some, sizeof(some)) < 0)
		give_up("sockets");
	if (getrandom(r->key.k, sizeof(r->key.k), 0) != sizeof(r->key.k))
		give_up("random numbers");
	if (!cage_close(&cage))
		give_up("the sandbox");
}

/* --- answers ------------------------------------------------------------------------------------- */

static void
flush(struct raw *r)
{
	const char *at = (const char *)r->answers;
	size_t left = r->nanswers * sizeof(r->answers[0]);
	ssize_t n;

	while (left > 0) {
		n = write(STDOUT_FILENO, at, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(0);	/* the scan has gone */
		at += n;
		left -= (size_t)n;
	}
	r->nanswers = 0;
}

static void
answer(struct raw *r, const struct raw_record *a)
{
	if (r->nanswers == BATCH)
		flush(r);
	r->answers[r->nanswers++] = *a;
}

static void
hear(struct raw *r, int fd, bool (*read_one)(const uint8_t *, size_t, const struct packet_key *, struct raw_record *))
{
	static uint8_t heard[BATCH][HEARD_ROOM];
	static struct iovec io[BATCH];
	static struct mmsghdr m[BATCH];
	struct raw_record a;
	int i, n;

	do {
		for (i = 0; i < (int)BATCH; i++) {
			io[i] = (struct iovec){ heard[i], HEARD_ROOM };
			m[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &io[i], .msg_iovlen = 1 } };
		}
		n = recvmmsg(fd, m, BATCH, MSG_DONTWAIT, NULL);
		for (i = 0; i < n; i++)
			if (read_one(heard[i], m[i].msg_len, &r->key, &a))
				answer(r, &a);
	} while (n == (int)BATCH);
}

/* --- questions ----------------------------------------------------------------------------------- */

/* From which address of ours the system would send to TARGET, as a socket that is connected tells; no packet goes. 0: no way. */
static uint32_t
look_up_source(struct raw *r, uint32_t target)
{
	struct sockaddr_in nowhere = { .sin_family = AF_UNSPEC };
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { target }, .sin_port = htons(9) };
	socklen_t n = sizeof(a);

	(void)connect(r->route, (struct sockaddr *)&nowhere, sizeof(nowhere));
	if (connect(r->route, (struct sockaddr *)&a, sizeof(a)) < 0 || getsockname(r->route, (struct sockaddr *)&a, &n) < 0)
		return 0;
	return a.sin_addr.s_addr;
}

/* Remembered in one of NEAR places, or else in that of them which is longest there. */
static uint32_t
source_for(struct raw *r, uint32_t target, int64_t now_ms)
{
	struct source *first = &r->sources[((target * 2654435761u) >> 18 & (SOURCES - 1)) / NEAR * NEAR], *s, *oldest = first;

	for (s = first; s < first + NEAR; s++) {
		if (s->target == target && s->source != 0 && now_ms - s->found_ms <= SOURCE_MS)
			return s->source;
		if (s->found_ms < oldest->found_ms)
			oldest = s;
	}
	*oldest = (struct source){ target, look_up_source(r, target), now_ms };
	return oldest->source;
}

struct batch {
	uint8_t bytes[BATCH][PACKET_ROOM];
	struct iovec io[BATCH];
	struct sockaddr_in to[BATCH];
	struct mmsghdr m[BATCH];
	struct raw_record asked[BATCH];
	unsigned n;
};

static void
put(struct batch *b, const struct raw *r, const struct raw_record *q, uint32_t source)
{
	unsigned i = b->n++;
	size_t n = q->what == RAW_SYN ? packet_syn(b->bytes[i], &r->key, source, q->address, q->port)
	    : packet_echo(b->bytes[i], &r->key, q->address);

	b->io[i] = (struct iovec){ b->bytes[i], n };
	b->to[i] = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr = { q->address } };
	b->m[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &b->to[i], .msg_namelen = sizeof(b->to[i]), .msg_iov = &b->io[i], .msg_iovlen = 1 } };
	b->asked[i] = *q;
}

static void
send_all(struct raw *r, int fd, struct batch *b)
{
	struct pollfd room = { fd, POLLOUT, 0 };
	unsigned at = 0;
	int n;

	while (at < b->n) {
		n = sendmmsg(fd, b->m + at, b->n - at, 0);
		if (n > 0) {
			at += (unsigned)n;
		} else if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) {
			(void)poll(&room, 1, 1);
		} else {
			b->asked[at].what = RAW_NO_WAY;
			answer(r, &b->asked[at++]);
		}
	}
	b->n = 0;
}

static void
ask(struct raw *r, const struct raw_record *q, unsigned n)
{
	static struct batch syns, echoes;
	int64_t now_ms = now_us() / 1000;
	struct raw_record a;
	uint32_t source;
	unsigned i;

	for (i = 0; i < n; i++) {
		a = q[i];
		if ((a.what != RAW_SYN && a.what != RAW_ECHO) || (a.port == 0) != (a.what == RAW_ECHO) || a.none != 0) {
			errno = EPROTO;
			give_up("a question that is none");
		}
		source = 0;
		if (!grant_has(&r->grant, a.address))
			a.what = RAW_DENIED;
		else if ((source = source_for(r, a.address, now_ms)) == 0)
			a.what = RAW_NO_WAY;
		if (source == 0)
			answer(r, &a);
		else
			put(a.what == RAW_SYN ? &syns : &echoes, r, &a, source);
	}
	send_all(r, r->tcp, &syns);
	send_all(r, r->icmp, &echoes);
}

/* How many packets may go now; at most BATCH, and fewer than ten milliseconds' worth are not saved up. */
static unsigned
allowance(struct raw *r)
{
	int64_t now = now_us(), most = (int64_t)(r->rate / 100 > BATCH ? r->rate / 100 : BATCH) * 1000000;

	r->tokens += (now - r->filled_us) * r->rate;
	r->tokens = r->tokens > most ? most : r->tokens;
	r->filled_us = now;
	return r->tokens / 1000000 > BATCH ? BATCH : (unsigned)(r->tokens / 1000000);
}

/* Whether what stands in IN has to wait: it goes by the millisecond, as far as a batch has room for that, not one by one. */
static bool
too_fast(struct raw *r)
{
	unsigned n = (unsigned)(r->have / sizeof(struct raw_record)), some = r->rate / 1000 + 1;

	some = some > n ? n : some;
	return n > 0 && allowance(r) < (some > BATCH ? BATCH : some);
}

/* What stands in IN and may be asked. */
static void
take(struct raw *r)
{
	unsigned n = (unsigned)(r->have / sizeof(struct raw_record)), may = allowance(r);
	struct raw_record q[BATCH];

	n = n > may ? may : n;
	memcpy(q, r->in, n * sizeof(q[0]));
	ask(r, q, n);
	r->tokens -= (int64_t)n * 1000000;
	r->have -= n * sizeof(q[0]);
	memmove(r->in, r->in + n * sizeof(q[0]), r->have);
}

static void
read_more(struct raw *r, size_t room)
{
	ssize_t n = read(STDIN_FILENO, r->in + r->have, room - r->have);

	if (n == 0)
		exit(0);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		give_up("read");
	r->have += n > 0 ? (size_t)n : 0;
}

/* --- first to last --------------------------------------------------------------------------------- */

/* midd's line; what stands behind it is the worker's already. */
static void
read_grant(struct raw *r)
{
	const struct raw_record ready = { .what = RAW_READY };
	char *end;

	while ((end = memchr(r->in, '\n', r->have)) == NULL) {
		if (r->have == sizeof(r->in))
			end = r->in;
		if (end != NULL)
			break;
		read_more(r, sizeof(r->in));
	}
	*end = '\0';
	if (!grant_read(&r->grant, r->in)) {
		errno = EPROTO;
		give_up("no line of targets");
	}
	r->have -= (size_t)(end + 1 - r->in);
	memmove(r->in, end + 1, r->have);
	answer(r, &ready);
}

int
main(int argc, char **argv)
{
	static struct raw r;
	const size_t room = BATCH * sizeof(struct raw_record);
	struct pollfd p[3];
	bool full;

	r.rate = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : RATE;
	if (argc > 2 || r.rate == 0 || r.rate > RATE_MAX) {
		fprintf(stderr, "usage: midd-raw [PACKETS A SECOND]\nIt is started by the service manager, with a connection as standard input: midd-raw(8)\n");
		return 2;
	}
	prepare(&r);
	r.filled_us = now_us();
	read_grant(&r);
	for (;;) {
		take(&r);
		hear(&r, r.tcp, packet_read_tcp);
		hear(&r, r.icmp, packet_read_icmp);
		flush(&r);
		if (too_fast(&r)) {	/* answers wait too, or each would wake us */
			(void)poll(NULL, 0, 1);
			continue;
		}
		full = r.have >= sizeof(struct raw_record);
		p[0] = (struct pollfd){ r.have < room ? STDIN_FILENO : -1, POLLIN, 0 };
		p[1] = (struct pollfd){ r.tcp, POLLIN, 0 };
		p[2] = (struct pollfd){ r.icmp, POLLIN, 0 };
		if (poll(p, 3, full ? 0 : -1) < 0 && errno != EINTR)
			give_up("poll");
		if (p[0].fd >= 0 && p[0].revents != 0)
			read_more(&r, room);
	}
}

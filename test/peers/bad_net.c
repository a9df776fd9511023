/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bad_net - a network that fails on command: relays TCP, and harms a
 * connection when byte K has passed in one direction.
 *
 *	bad_net TARGET_PORT ORDERS
 *
 * Prints the port of 127.0.0.1 it listens on. ORDERS is a file of one line,
 * "request|answer cut|reset|stall|dribble K TIMES"; SIGHUP has it read again:
 * counters begin at 0, the next TIMES connections that reach byte K are harmed,
 * and ORDERS.done holds how many have been.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS 64
#define DRIBBLE_MS 20

enum way { NONE, CUT, RESET, STALL, DRIBBLE };
static const char *const ways[] = { "none", "cut", "reset", "stall", "dribble" };

/* [0]: request, from the caller; [1]: answer, from the target. */
struct pair {
	int fd[2];
	long passed[2];
	enum way harmed;
};

static struct {
	int side;
	enum way way;
	long at, times, done;
} order;

static struct pair pairs[PAIRS];
static const char *orders;
static volatile sig_atomic_t hup;

static void
on_hup(int signo)
{
	(void)signo;
	hup = 1;
}

/* --- orders ---------------------------------------------------------------------- */

static void
write_done(void)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s.done", orders);
	f = fopen(path, "w");
	if (f == NULL)
		return;
	fprintf(f, "%ld\n", order.done);
	fclose(f);
}

static void
read_orders(void)
{
	char side[16] = "", way[16] = "";
	FILE *f = fopen(orders, "r");
	size_t i;

	memset(&order, 0, sizeof(order));
	if (f == NULL || fscanf(f, "%15s %15s %ld %ld", side, way, &order.at, &order.times) != 4)
		order.times = 0;
	if (f != NULL)
		fclose(f);
	order.side = strcmp(side, "answer") == 0;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(way, ways[i]) == 0)
			order.way = (enum way)i;
	for (i = 0; i < PAIRS; i++) {
		pairs[i].passed[0] = pairs[i].passed[1] = 0;
		/* The old harm is over: whoever still suffers from it connects anew. */
		if (pairs[i].harmed != NONE)
			shutdown(pairs[i].fd[0], SHUT_RDWR);
	}
	write_done();
}

/* --- connections --------------------------------------------------------------------- */

static void
end_pair(struct pair *p, bool abruptly)
{
	struct linger now = { 1, 0 };
	int i;

	for (i = 0; i < 2; i++) {
		if (abruptly)
			(void)setsockopt(p->fd[i], SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		close(p->fd[i]);
	}
	memset(p, 0, sizeof(*p));
	p->fd[0] = p->fd[1] = -1;
}

static bool
write_all(int fd, const char *buf, size_t n)
{
	ssize_t w;

	for (; n > 0; buf += w, n -= (size_t)w) {
		w = send(fd, buf, n, MSG_NOSIGNAL);
		if (w <= 0)
			return false;
	}
	return true;
}

/* True when the connection is no more. */
static bool
harm(struct pair *p)
{
	p->harmed = order.way;
	order.times--;
	order.done++;
	write_done();
	if (order.way != CUT && order.way != RESET)
		return false;
	end_pair(p, order.way == RESET);
	return true;
}

static void
relay(struct pair *p, int side)
{
	char buf[65536];
	long room = order.at - p->passed[side];
	bool here = order.times > 0 && order.side == side && p->harmed == NONE;
	size_t want = p->harmed == DRIBBLE ? 1 : sizeof(buf);
	ssize_t n;

	if (here && room <= 0 && harm(p))
		return;
	if (p->harmed == STALL)
		return;
	if (here && room > 0 && (size_t)room < want)
		want = (size_t)room;
	n = recv(p->fd[side], buf, want, 0);
	if (n <= 0) {
		end_pair(p, n < 0);
		return;
	}
	p->passed[side] += n;
	if (!write_all(p->fd[!side], buf, (size_t)n))
		end_pair(p, true);
	else if (here && p->passed[side] >= order.at)
		(void)harm(p);
}

static int
connect_to(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
take(int listener, int port)
{
	int fd = accept(listener, NULL, NULL), to;
	size_t i;

	if (fd < 0)
		return;
	for (i = 0; i < PAIRS && pairs[i].fd[0] >= 0; i++)
		;
	to = i < PAIRS ? connect_to(port) : -1;
	if (to < 0) {
		close(fd);
		return;
	}
	memset(&pairs[i], 0, sizeof(pairs[i]));
	pairs[i].fd[0] = fd;
	pairs[i].fd[1] = to;
}

static int
listen_here(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) != 0) {
		perror("bad_net: 127.0.0.1");
		exit(1);
	}
	printf("%d\n", ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

/* Which ends are to be heard; those of a stalled pair only for their end. */
static nfds_t
watch(struct pollfd *v, int listener)
{
	nfds_t n = 0;
	int i, side;

	v[n++] = (struct pollfd){ .fd = listener, .events = POLLIN };
	for (i = 0; i < PAIRS; i++)
		for (side = 0; side < 2; side++)
			v[n++] = (struct pollfd){ .fd = pairs[i].fd[side],
			    .events = pairs[i].harmed == STALL ? POLLRDHUP : POLLIN };
	return n;
}

static void
serve(int listener, int port)
{
	struct pollfd v[1 + 2 * PAIRS];
	nfds_t n = watch(v, listener), i;
	bool dribbled = false;
	struct pair *p;

	if (poll(v, n, -1) < 0)
		return;
	if (v[0].revents != 0)
		take(listener, port);
	for (i = 1; i < n; i++) {
		p = &pairs[(i - 1) / 2];
		if (v[i].revents == 0 || p->fd[0] < 0 || p->fd[(i - 1) % 2] != v[i].fd)
			continue;
		dribbled |= p->harmed == DRIBBLE;
		if (p->harmed == STALL)
			end_pair(p, false);
		else
			relay(p, (int)((i - 1) % 2));
	}
	if (dribbled)
		(void)poll(NULL, 0, DRIBBLE_MS);
}

int
main(int argc, char **argv)
{
	int listener, port, i;

	if (argc != 3 || (port = atoi(argv[1])) <= 0) {
		fprintf(stderr, "usage: bad_net TARGET_PORT ORDERS\n");
		return 2;
	}
	orders = argv[2];
	for (i = 0; i < PAIRS; i++)
		pairs[i].fd[0] = pairs[i].fd[1] = -1;
	sigaction(SIGHUP, &(struct sigaction){ .sa_handler = on_hup }, NULL);
	listener = listen_here();
	read_orders();
	for (;;) {
		if (hup) {
			hup = 0;
			read_orders();
		}
		serve(listener, port);
	}
}

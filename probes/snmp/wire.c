/* SPDX-License-Identifier: Apache-2.0 */
/* wire - see wire.h. */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_WANTED (4 << 20)
#define ANSWER_COST 1280u	/* what the kernel counts for a small datagram */
#define IN_MAX 65536u
#define WINDOW_MAX 512u		/* more at once only wait in queues, and make the round trip look long */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct wire {
	int fds[2];		/* IPv4, IPv6 */
	unsigned window;
	/* going out: of one family after the other, in the order they came */
	struct request *owner[WIRE_BATCH];
	union address to[WIRE_BATCH];
	struct iovec out[WIRE_BATCH];
	unsigned nout;
	uint8_t out_room[WIRE_BATCH][WIRE_OUT_MAX];
	/* coming in; pages that nobody writes to cost nothing */
	union address from[WIRE_BATCH];
	uint8_t in_room[WIRE_BATCH][IN_MAX];
};

static int
open_one(int family, unsigned *window)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), size = BUFFER_WANTED;
	const int one = 1;
	socklen_t n = sizeof(size);

	if (fd < 0)
		return -1;
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &n) == 0 && (unsigned)size / ANSWER_COST < *window)
		*window = (unsigned)size / ANSWER_COST;
	return fd;
}

struct wire *
wire_open(void)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->window = WINDOW_MAX;
	w->fds[0] = open_one(AF_INET, &w->window);
	w->fds[1] = open_one(AF_INET6, &w->window);
	if (w->window < 16)
		w->window = 16;
	if (w->fds[0] < 0 && w->fds[1] < 0) {
		wire_close(w);
		return NULL;
	}
	return w;
}

void
wire_close(struct wire *w)
{
	unsigned i;

	for (i = 0; w != NULL && i < 2; i++)
		if (w->fds[i] >= 0)
			close(w->fds[i]);
	free(w);
}

void
wire_fds(const struct wire *w, int fds[2])
{
	fds[0] = w->fds[0];
	fds[1] = w->fds[1];
}

unsigned
wire_window(const struct wire *w)
{
	return w->window;
}

/* --- out --------------------------------------------------------------------------------- */

uint8_t *
wire_room(struct wire *w)
{
	return w->nout == WIRE_BATCH ? NULL : w->out_room[w->nout];
}

static socklen_t
length(const union address *a)
{
	return a->any.sa_family == AF_INET6 ? sizeof(a->v6) : sizeof(a->v4);
}

void
wire_put(struct wire *w, const uint8_t *at, size_t n, struct request *r)
{
	unsigned i = w->nout++;

	memcpy(&w->to[i], &r->peer->addr, sizeof(w->to[i]));
	w->out[i] = (struct iovec){ .iov_base = (void *)(uintptr_t)at, .iov_len = n };
	w->owner[i] = r;
}

/* Systems without sendmmsg() and recvmmsg() send and receive one by one; -DWIRE_PLAIN does so everywhere. */
#if defined(__linux__) && !defined(WIRE_PLAIN)

/* N datagrams from FIRST on. How many were sent; <0 errno. */
static int
send_some(struct wire *w, int fd, unsigned first, unsigned n)
{
	struct mmsghdr m[WIRE_BATCH];
	unsigned i;

	for (i = 0; i < n; i++) {
		m[i] = (struct mmsghdr){ 0 };
		m[i].msg_hdr.msg_name = &w->to[first + i];
		m[i].msg_hdr.msg_namelen = length(&w->to[first + i]);
		m[i].msg_hdr.msg_iov = &w->out[first + i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	return sendmmsg(fd, m, n, 0);
}

/* A batch into in_room, their senders and lengths. How many; <0 none. */
static int
receive_some(struct wire *w, int fd, size_t lengths[WIRE_BATCH])
{
	struct mmsghdr m[WIRE_BATCH] = { 0 };
	struct iovec in[WIRE_BATCH];
	unsigned k;
	int n;

	for (k = 0; k < WIRE_BATCH; k++) {
		in[k] = (struct iovec){ w->in_room[k], IN_MAX };
		m[k].msg_hdr.msg_name = &w->from[k];
		m[k].msg_hdr.msg_namelen = sizeof(w->from[k]);
		m[k].msg_hdr.msg_iov = &in[k];
		m[k].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(fd, m, WIRE_BATCH, MSG_DONTWAIT, NULL);
	for (k = 0; n > 0 && k < (unsigned)n; k++)
		lengths[k] = m[k].msg_len;
	return n;
}

#else

static int
send_some(struct wire *w, int fd, unsigned first, unsigned n)
{
	unsigned i;

	for (i = first; i < first + n; i++)
		if (sendto(fd, w->out[i].iov_base, w->out[i].iov_len, 0, &w->to[i].any, length(&w->to[i])) < 0)
			break;
	return i > first ? (int)(i - first) : -1;
}

static int
receive_some(struct wire *w, int fd, size_t lengths[WIRE_BATCH])
{
	socklen_t len;
	ssize_t got;
	int k;

	for (k = 0; k < (int)WIRE_BATCH; k++) {
		len = sizeof(w->from[k]);
		got = recvfrom(fd, w->in_room[k], IN_MAX, 0, &w->from[k].any, &len);	/* it does not block */
		if (got < 0)
			break;
		lengths[k] = (size_t)got;
	}
	return k;
}

#endif

/* From FIRST on, as many as go to one socket. Returns that many, sent or -errno in *ERROR. */
static unsigned
send_run(struct wire *w, unsigned first, int *error)
{
	int family = w->to[first].any.sa_family, fd = w->fds[family == AF_INET6], sent;
	unsigned n = 0;

	while (first + n < w->nout && w->to[first + n].any.sa_family == family)
		n++;
	sent = fd < 0 ? -1 : send_some(w, fd, first, n);
	*error = sent >= 0 ? 0 : fd < 0 ? EAFNOSUPPORT : errno;
	return sent >= 0 ? (unsigned)sent : 0;
}

/* What was not sent moves to the front, with its bytes. */
static void
keep_rest(struct wire *w, unsigned done)
{
	unsigned i, n = w->nout - done;
	size_t off;

	for (i = 0; i < n && done > 0; i++) {
		off = (size_t)((uint8_t *)w->out[done + i].iov_base - w->out_room[done + i]);
		memmove(w->out_room[i], w->out_room[done + i], WIRE_OUT_MAX);
		w->out[i] = (struct iovec){ w->out_room[i] + off, w->out[done + i].iov_len };
		w->to[i] = w->to[done + i];
		w->owner[i] = w->owner[done + i];
	}
	w->nout = n;
}

int
wire_flush(struct wire *w, void (*failed)(void *, struct request *, int), void *arg)
{
	struct request *lost[WIRE_BATCH];
	int errors[WIRE_BATCH], error;
	unsigned done = 0, n, nlost = 0, i;

	while (done < w->nout) {
		if (w->owner[done] == NULL) {
			done++;
			continue;
		}
		n = send_run(w, done, &error);
		if (error == EAGAIN || error == ENOBUFS || error == EINTR)
			break;
		if (error != 0) {
			lost[nlost] = w->owner[done];
			errors[nlost++] = error;
			n = 1;
		}
		done += n;
	}
	keep_rest(w, done);
	for (i = 0; i < nlost; i++)
		failed(arg, lost[i], errors[i]);
	return w->nout > 0;
}

void
wire_forget(struct wire *w, const struct request *r)
{
	unsigned i;

	for (i = 0; i < w->nout; i++)
		if (w->owner[i] == r)
			w->owner[i] = NULL;
}

/* --- in ---------------------------------------------------------------------------------- */

unsigned
wire_receive(struct wire *w, unsigned i, void (*take)(void *, const struct sockaddr *, const void *, size_t), void *arg)
{
	size_t lengths[WIRE_BATCH];
	int n, k;

	if (w->fds[i] < 0)
		return 0;
	n = receive_some(w, w->fds[i], lengths);
	for (k = 0; k < n; k++)
		take(arg, &w->from[k].any, w->in_room[k], lengths[k]);
	return n < 0 ? 0 : (unsigned)n;
}

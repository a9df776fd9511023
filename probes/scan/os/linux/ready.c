/* SPDX-License-Identifier: Apache-2.0 */
/* ready - see ready.h: epoll, whose one descriptor the worker's loop watches. */
#include "../../ready.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "midd/probe.h"

#define EVENTS 256

struct ready { int epoll; };

struct ready *
ready_new(unsigned max)
{
	struct ready *r = calloc(1, sizeof(*r));

	(void)max;
	if (r == NULL)
		return NULL;
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll < 0) {
		free(r);
		return NULL;
	}
	return r;
}

void
ready_free(struct ready *r)
{
	if (r != NULL)
		close(r->epoll);
	free(r);
}

void
ready_prepare(int fd)
{
	(void)fd;
}

int
ready_ask(struct ready *r, uint32_t i, int fd, bool first, bool to_write)
{
	struct epoll_event ev = { .events = (to_write ? EPOLLOUT : EPOLLIN) | EPOLLONESHOT, .data.u32 = i };

	return epoll_ctl(r->epoll, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev) < 0 ? errno : 0;
}

/* The kernel does it when the socket is closed. */
void
ready_forget(struct ready *r, uint32_t i)
{
	(void)r, (void)i;
}

int
ready_take(struct ready *r, uint32_t *out, int n)
{
	struct epoll_event ev[EVENTS];
	int got = epoll_wait(r->epoll, ev, n < EVENTS ? n : EVENTS, 0), i;

	for (i = 0; i < got; i++)
		out[i] = ev[i].data.u32;
	return got < 0 ? 0 : got;
}

int
ready_wait(struct ready *r, struct mid_wait *wait)
{
	wait->fds[wait->nfds++] = (struct mid_fd){ .fd = r->epoll, .events = MID_READ };
	return -1;
}

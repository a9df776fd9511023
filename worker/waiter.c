/* SPDX-License-Identifier: Apache-2.0 */
/* waiter - see waiter.h. */
#include "waiter.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

struct slot {
	struct waiter *waiter;
	struct loop_watch *watch;	/* NULL: unused, or always ready */
	intptr_t fd;
	unsigned ready;
};

struct waiter {
	struct loop *loop;
	loop_fn *step;
	void *arg;
	struct mid_wait wait;
	struct slot slots[MID_WAIT_FDS];
	unsigned nslots;
	struct loop_timer *timer;
	bool queued, dead;
};

struct waiter *
waiter_new(struct loop *loop, loop_fn *step, void *arg)
{
	struct waiter *w = xcalloc(1, sizeof(*w));
	unsigned i;

	w->loop = loop;
	w->step = step;
	w->arg = arg;
	for (i = 0; i < MID_WAIT_FDS; i++)
		w->slots[i].waiter = w;
	return w;
}

/* Before a step: the probe may close what we watch, and open another under the same number. */
static void
rest(struct waiter *w)
{
	unsigned i;

	for (i = 0; i < w->nslots; i++)
		if (w->slots[i].watch != NULL)
			loop_watch_set(w->slots[i].watch, 0);
	if (w->timer != NULL)
		loop_timer_stop(w->timer);
}

static void
make_step(void *arg)
{
	struct waiter *w = arg;
	unsigned i;

	w->queued = false;
	if (w->dead) {
		free(w);
		return;
	}
	rest(w);
	w->wait.timeout_ms = 0;
	for (i = 0; i < w->wait.nfds; i++) {
		w->wait.fds[i].ready = w->slots[i].ready;
		w->slots[i].ready = 0;
	}
	w->step(w->arg);
}

void
waiter_wake(struct waiter *w)
{
	if (w->queued || w->dead)
		return;
	w->queued = true;
	loop_defer(w->loop, make_step, w);
}

void
waiter_free(struct waiter *w)
{
	unsigned i;

	if (w == NULL)
		return;
	for (i = 0; i < MID_WAIT_FDS; i++)
		loop_watch_free(w->slots[i].watch);
	loop_timer_free(w->timer);
	w->dead = true;
	if (!w->queued)
		free(w);	/* else make_step() does it */
}

struct mid_wait *
waiter_wait(struct waiter *w)
{
	return &w->wait;
}

static void
on_ready(void *arg, int events)
{
	struct slot *s = arg;

	if (events & LOOP_READ)
		s->ready |= MID_READ;
	if (events & LOOP_WRITE)
		s->ready |= MID_WRITE;
	waiter_wake(s->waiter);
}

static void
on_time(void *arg)
{
	waiter_wake(arg);
}

static void
slot_arm(struct waiter *w, struct slot *s, const struct mid_fd *f)
{
	int events = 0;

	if (s->watch != NULL && s->fd != f->fd) {
		loop_watch_free(s->watch);
		s->watch = NULL;
	}
	if (s->watch == NULL)
		s->watch = loop_watch_new(w->loop, f->fd, on_ready, s);
	s->fd = f->fd;
	if (f->events & MID_READ)
		events |= LOOP_READ;
	if (f->events & MID_WRITE)
		events |= LOOP_WRITE;
	if (s->watch == NULL)
		on_ready(s, events);	/* a regular file is always ready */
	else
		loop_watch_set(s->watch, events);
}

static void
arm_timer(struct waiter *w)
{
	int64_t ms = w->wait.timeout_ms;

	if (ms == 0)
		waiter_wake(w);
	if (ms <= 0)
		return;
	if (w->timer == NULL)
		w->timer = loop_timer_new(w->loop, on_time, w);
	loop_timer_arm(w->timer, ms);
}

int
waiter_arm(struct waiter *w, const char **why)
{
	struct mid_wait *wait = &w->wait;
	unsigned i, k;

	if (wait->nfds > MID_WAIT_FDS) {
		*why = "it waits for more descriptors than fit";
		return -1;
	}
	for (i = 0; i < wait->nfds; i++)
		for (k = 0; k <= i; k++)
			if (wait->fds[i].fd < 0 || (k < i && wait->fds[k].fd == wait->fds[i].fd)) {
				*why = "it waits for a descriptor twice, or for one that is none";
				return -1;
			}
	/* First let go of all that moved: libuv watches a descriptor once only. */
	for (i = 0; i < w->nslots; i++)
		if (i >= wait->nfds || w->slots[i].fd != wait->fds[i].fd) {
			loop_watch_free(w->slots[i].watch);
			w->slots[i].watch = NULL;
		}
	w->nslots = wait->nfds;
	for (i = 0; i < wait->nfds; i++)
		slot_arm(w, &w->slots[i], &wait->fds[i]);
	arm_timer(w);
	return 0;
}

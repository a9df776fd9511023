/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop_watch - timers and watched descriptors of the loop; see loop.h.
 *
 * Freed ones go when libuv has let go of them; their functions are not called
 * again from the moment of _free().
 */
#include "loop.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "xalloc.h"

struct loop_timer {
	uv_timer_t uv;
	loop_fn *fn;
	void *arg;
};

struct loop_watch {
	uv_poll_t uv;
	loop_watch_fn *fn;
	void *arg;
	int events;		/* watched now, LOOP_* */
};

static void
free_data(uv_handle_t *h)
{
	free(h->data);
}

/* --- timers -------------------------------------------------------------------- */

struct loop_timer *
loop_timer_new(struct loop *l, loop_fn *fn, void *arg)
{
	struct loop_timer *t = xcalloc(1, sizeof(*t));
	int r;

	r = uv_timer_init(loop_uv(l), &t->uv);
	assert(r == 0);
	t->uv.data = t;
	t->fn = fn;
	t->arg = arg;
	return t;
}

static void
on_timer(uv_timer_t *u)
{
	struct loop_timer *t = u->data;

	/* A timer is an event: the turn ends after it, instead of waiting for another. */
	uv_stop(u->loop);
	t->fn(t->arg);
}

void
loop_timer_arm(struct loop_timer *t, int64_t in_ms)
{
	uv_timer_start(&t->uv, on_timer, in_ms < 0 ? 0 : (uint64_t)in_ms, 0);
}

void
loop_timer_stop(struct loop_timer *t)
{
	uv_timer_stop(&t->uv);
}

bool
loop_timer_armed(const struct loop_timer *t)
{
	return uv_is_active((const uv_handle_t *)&t->uv) != 0;
}

void
loop_timer_free(struct loop_timer *t)
{
	if (t != NULL)
		uv_close((uv_handle_t *)&t->uv, free_data);
}

/* --- watches ------------------------------------------------------------------- */

struct loop_watch *
loop_watch_new(struct loop *l, intptr_t fd, loop_watch_fn *fn, void *arg)
{
	struct loop_watch *w = xcalloc(1, sizeof(*w));

	if (uv_poll_init_socket(loop_uv(l), &w->uv, (uv_os_sock_t)fd) < 0) {
		free(w);
		return NULL;
	}
	w->uv.data = w;
	w->fn = fn;
	w->arg = arg;
	return w;
}

static void
on_poll(uv_poll_t *u, int status, int events)
{
	struct loop_watch *w = u->data;
	int what = 0;

	if (status < 0) {
		/* libuv has stopped the handle; the read or write will say what it is. */
		w->events = 0;
		w->fn(w->arg, LOOP_READ | LOOP_WRITE);
		return;
	}
	if (events & UV_READABLE)
		what |= LOOP_READ;
	if (events & UV_WRITABLE)
		what |= LOOP_WRITE;
	if (what != 0)
		w->fn(w->arg, what);
}

void
loop_watch_set(struct loop_watch *w, int events)
{
	int uv = 0;

	if (events == w->events)
		return;
	w->events = events;
	if (events & LOOP_READ)
		uv |= UV_READABLE;
	if (events & LOOP_WRITE)
		uv |= UV_WRITABLE;
	if (uv == 0)
		uv_poll_stop(&w->uv);
	else
		uv_poll_start(&w->uv, uv, on_poll);
}

void
loop_watch_free(struct loop_watch *w)
{
	if (w != NULL)
		uv_close((uv_handle_t *)&w->uv, free_data);
}

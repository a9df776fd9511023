/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop - see loop.h. A turn is one uv_run(UV_RUN_ONCE) and then what was
 * deferred in it; a turn that would have something deferred left does not wait.
 */
#include "loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "err.h"
#include "os.h"
#include "xalloc.h"

struct call {
	struct call *next;
	loop_fn *fn;
	void *arg;
};

struct calls {
	struct call *first, **last;
};

struct loop_signal {
	uv_signal_t uv;
	struct loop_signal *next;
	loop_fn *fn;
	void *arg;
};

struct loop {
	uv_loop_t uv;
	uv_async_t async;
	uv_mutex_t lock;	/* guards posted */
	struct calls posted, deferred;
	struct loop_signal *signals;
	bool stopped;
	bool turning;		/* inside uv_run() of loop_turn() */
	unsigned working;	/* loop_work() not yet done */
};

/* --- lists of calls ----------------------------------------------------------- */

static void
calls_init(struct calls *c)
{
	c->first = NULL;
	c->last = &c->first;
}

static void
calls_add(struct calls *c, loop_fn *fn, void *arg)
{
	struct call *one = xcalloc(1, sizeof(*one));

	one->fn = fn;
	one->arg = arg;
	*c->last = one;
	c->last = &one->next;
}

static void
calls_make(struct call *one)
{
	struct call *next;

	for (; one != NULL; one = next) {
		next = one->next;
		one->fn(one->arg);
		free(one);
	}
}

static void
run_deferred(struct loop *l)
{
	struct call *first = l->deferred.first;

	/* What these defer is for the next turn: nobody can starve the sockets. */
	calls_init(&l->deferred);
	calls_make(first);
}

static void
on_posted(uv_async_t *a)
{
	struct loop *l = a->data;
	struct call *first;

	uv_mutex_lock(&l->lock);
	first = l->posted.first;
	calls_init(&l->posted);
	uv_mutex_unlock(&l->lock);
	calls_make(first);
}

void
loop_defer(struct loop *l, loop_fn *fn, void *arg)
{
	calls_add(&l->deferred, fn, arg);
	/* Timers run before libuv waits for the sockets: this keeps it from waiting. */
	if (l->turning)
		uv_stop(&l->uv);
}

void
loop_post(struct loop *l, loop_fn *fn, void *arg)
{
	uv_mutex_lock(&l->lock);
	calls_add(&l->posted, fn, arg);
	uv_mutex_unlock(&l->lock);
	uv_async_send(&l->async);
}

/* --- the loop ------------------------------------------------------------------ */

int
loop_open(struct loop **out, struct err *err)
{
	struct loop *l = xcalloc(1, sizeof(*l));
	int r;

	r = uv_loop_init(&l->uv);
	if (r < 0) {
		free(l);
		return err_set(err, E_OS, "cannot make an event loop: %s", uv_strerror(r));
	}
	r = uv_async_init(&l->uv, &l->async, on_posted);
	assert(r == 0);
	l->async.data = l;
	r = uv_mutex_init(&l->lock);
	assert(r == 0);
	calls_init(&l->posted);
	calls_init(&l->deferred);
	/* A peer that hangs up is an error of write(), not the end of us. */
	os_ignore_hangup();
	*out = l;
	return 0;
}

bool
loop_turn(struct loop *l, bool wait)
{
	/* The async handle is always active, so uv_run() waits when nothing else is. */
	l->turning = true;
	uv_run(&l->uv, wait && l->deferred.first == NULL ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	l->turning = false;
	run_deferred(l);
	return !l->stopped;
}

void
loop_run(struct loop *l)
{
	l->stopped = false;
	while (!l->stopped)
		loop_turn(l, true);
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
	uv_async_send(&l->async);
}

int64_t
loop_now(struct loop *l)
{
	return (int64_t)uv_now(&l->uv);
}

void *
loop_uv(struct loop *l)
{
	return &l->uv;
}

static void
signal_closed(uv_handle_t *h)
{
	free(h->data);
}

void
loop_finish(struct loop *l)
{
	bool more = true;

	while (more || l->working > 0) {
		loop_turn(l, l->working > 0);
		uv_mutex_lock(&l->lock);
		more = l->posted.first != NULL || l->deferred.first != NULL;
		uv_mutex_unlock(&l->lock);
	}
}

void
loop_close(struct loop *l)
{
	struct loop_signal *s;
	int r;

	if (l == NULL)
		return;
	while (l->deferred.first != NULL)
		run_deferred(l);
	on_posted(&l->async);
	while ((s = l->signals) != NULL) {
		l->signals = s->next;
		uv_close((uv_handle_t *)&s->uv, signal_closed);
	}
	uv_close((uv_handle_t *)&l->async, NULL);
	/* Work on other threads and handles that are closing come to their end here. */
	do {
		uv_run(&l->uv, UV_RUN_DEFAULT);
		run_deferred(l);
	} while (l->deferred.first != NULL);
	r = uv_loop_close(&l->uv);
	assert(r == 0);		/* somebody kept a timer or a watch */
	uv_mutex_destroy(&l->lock);
	free(l);
}

/* --- work on other threads, signals ---------------------------------------------- */

struct work {
	uv_work_t uv;
	struct loop *loop;
	loop_fn *work, *done;
	void *arg;
};

static void
on_work(uv_work_t *u)
{
	struct work *w = u->data;

	w->work(w->arg);
}

static void
on_worked(uv_work_t *u, int status)
{
	struct work *w = u->data;

	(void)status;	/* we never cancel */
	w->loop->working--;
	if (w->done != NULL)
		w->done(w->arg);
	free(w);
}

void
loop_work(struct loop *l, loop_fn *work, loop_fn *done, void *arg)
{
	struct work *w = xcalloc(1, sizeof(*w));
	int r;

	w->uv.data = w;
	w->loop = l;
	l->working++;
	w->work = work;
	w->done = done;
	w->arg = arg;
	r = uv_queue_work(&l->uv, &w->uv, on_work, on_worked);
	assert(r == 0);
}

static void
on_signal(uv_signal_t *u, int signo)
{
	struct loop_signal *s = u->data;

	(void)signo;
	s->fn(s->arg);
}

int
loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg)
{
	struct loop_signal *s = xcalloc(1, sizeof(*s));
	int r;

	r = uv_signal_init(&l->uv, &s->uv);
	assert(r == 0);
	s->uv.data = s;
	s->fn = fn;
	s->arg = arg;
	s->next = l->signals;
	l->signals = s;
	return uv_signal_start(&s->uv, on_signal, signo) < 0 ? -E_OS : 0;
}

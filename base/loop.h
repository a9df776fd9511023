/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop - the one event loop of a process, and its only clock (libuv below).
 *
 * One thread owns all state. Callbacks run on that thread, never nested: what
 * a callback wants freed goes to loop_defer(), which runs at the end of the
 * turn. Nothing that may block runs here: loop_work() takes it to a thread.
 */
#ifndef MID_LOOP_H
#define MID_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct loop;
struct loop_timer;
struct loop_watch;
typedef void loop_fn(void *arg);

int loop_open(struct loop **out, struct err *err);
void loop_close(struct loop *l);		/* NULL is fine; all timers and watches must be closed */
void loop_run(struct loop *l);			/* until loop_stop() */
/* One pass: handles what is ready, waits at most until the next event. For tests. */
bool loop_turn(struct loop *l, bool wait);
void loop_stop(struct loop *l);
/* Everything that was posted, deferred or given to threads comes to its end. Stop your timers first. */
void loop_finish(struct loop *l);
int64_t loop_now(struct loop *l);		/* ms, forward only, taken once a turn */
void *loop_uv(struct loop *l);			/* the uv_loop_t, for base/ only */

/* A timer that is not armed costs nothing. FN runs once per arming. */
struct loop_timer *loop_timer_new(struct loop *l, loop_fn *fn, void *arg);
void loop_timer_arm(struct loop_timer *t, int64_t in_ms);	/* again: moves it */
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_armed(const struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);	/* NULL is fine */

#define LOOP_READ 1
#define LOOP_WRITE 2
typedef void loop_watch_fn(void *arg, int events);
/* NULL when the system cannot watch FD (a regular file is always ready). Makes FD non-blocking. */
struct loop_watch *loop_watch_new(struct loop *l, intptr_t fd, loop_watch_fn *fn, void *arg);
void loop_watch_set(struct loop_watch *w, int events);	/* 0: rests */
void loop_watch_free(struct loop_watch *w);	/* before the fd is closed */

/* FN at the end of this turn, on this thread, in the order given. */
void loop_defer(struct loop *l, loop_fn *fn, void *arg);
/* From any thread: FN on the loop's thread, soon. */
void loop_post(struct loop *l, loop_fn *fn, void *arg);
/* WORK on a pool thread, then DONE here. */
void loop_work(struct loop *l, loop_fn *work, loop_fn *done, void *arg);
/* FN on this thread each time the process gets SIGNO. One function a signal. */
int loop_signal(struct loop *l, int signo, loop_fn *fn, void *arg);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiter - waits for what a probe's step() has named: descriptors, time, or a
 * wake-up. One for each run and each engine.
 *
 * Steps run at the end of a turn, once a turn at most, so each run has its go
 * before the first one has its second.
 */
#ifndef MID_WAITER_H
#define MID_WAITER_H

#include "loop.h"
#include "midd/probe.h"

struct waiter;

struct waiter *waiter_new(struct loop *loop, loop_fn *step, void *arg);
void waiter_free(struct waiter *w);	/* NULL is fine; also inside its own step */
void waiter_wake(struct waiter *w);
/* In step(): what the probe fills, .ready set. Afterwards, for MID_WAIT: waiter_arm(). */
struct mid_wait *waiter_wait(struct waiter *w);
/* 0, or <0 with *WHY when the probe asked for what can't be. */
int waiter_arm(struct waiter *w, const char **why);

#endif

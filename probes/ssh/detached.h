/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detached - the commands of an SSHCommandLong: one that starts the job's text on
 * the host so that nothing of ours need stay connected, one that asks whether it
 * has ended, one that collects what it said.
 *
 * A cancelled one is ended there, with all it has started, and its folder removed.
 *
 * All of it lies there in $HOME/.midd/JOB. Who comes again, after a lost
 * connection or a restart of midd, finds that folder and starts nothing. It is kept
 * for a day after the end, should the result be needed again, and then removed by
 * the next long command of that account.
 */
#ifndef MID_SSH_DETACHED_H
#define MID_SSH_DETACHED_H

#include "midd/probe.h"

struct detached;

/* ID: of the job. NULL after host->fail(). */
struct detached *detached_new(const struct mid_host *h, struct mid_run *run, const char *id, const char *text);
void detached_free(struct detached *d);		/* NULL is fine */
const char *detached_next(const struct detached *d);	/* the command whose turn it is */
bool detached_collects(const struct detached *d);	/* its output is the job's */
void detached_put(struct detached *d, const void *data, size_t n);	/* what the others say */
bool detached_begun(const struct detached *d);	/* it may run there */
void detached_begins(struct detached *d);	/* a command of it is sent */
/* It is to be ended: AT_ONCE, or once the command that runs is over. */
void detached_cancel(struct detached *d, bool at_once);
bool detached_ending(const struct detached *d);
/* The connection was lost: what the job has of the output will come again. */
void detached_lost(struct detached *d);
/* Of N bytes of output: how many the job has already. */
size_t detached_skip(const struct detached *d, enum mid_kind kind, size_t n);
void detached_took(struct detached *d, enum mid_kind kind, size_t n);
/* It has ended: in how many ms the next comes; -1 that was all; -2 after host->fail(); -3 it was cut off. */
int64_t detached_ended(struct detached *d, int status);

#endif

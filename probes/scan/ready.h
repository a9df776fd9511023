/* SPDX-License-Identifier: Apache-2.0 */
/* ready - which of many sockets have something to do, each waited for once: os/linux, os/windows. */
#ifndef MID_SCAN_READY_H
#define MID_SCAN_READY_H

#include <stdbool.h>
#include <stdint.h>

struct mid_wait;
struct ready;

struct ready *ready_new(unsigned max);	/* numbers below MAX; NULL: no memory, no descriptor */
void ready_free(struct ready *r);	/* NULL is fine */
/* Before it connects: a refusal is heard of at once. */
void ready_prepare(int fd);
/* Number I, whose socket is FD, is told of once; FIRST: it is new. 0, or an errno. */
int ready_ask(struct ready *r, uint32_t i, int fd, bool first, bool to_write);
void ready_forget(struct ready *r, uint32_t i);	/* before its socket is closed */
/* At most N of those that are ready now; how many. */
int ready_take(struct ready *r, uint32_t *out, int n);
/* Adds to *WAIT what tells that some are ready. Returns after how many ms to look all the same; -1 never. */
int ready_wait(struct ready *r, struct mid_wait *wait);

#endif

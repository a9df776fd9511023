/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - the questions of a sweep that midd-raw(8) asks: is a TCP port open
 * (SYN), is anybody there (echo, where the system has no socket for it), at IPv4 addresses. A port that is open and is
 * to be talked with is given to tcp.c, and so is all that waits when midd-raw goes.
 */
#ifndef MID_SCAN_RAW_H
#define MID_SCAN_RAW_H

#include <stdbool.h>
#include <stdint.h>

struct mid_wait;
struct raw;
struct sweep;

/* FD is the connection of ask("raw"), and raw_free()'s to close. NULL: no memory. */
struct raw *raw_new(struct sweep *s, int fd);
void raw_free(struct raw *r);				/* NULL is fine */
/* 1: it is ready; 0: not yet, *WAIT says for what; <0: it will not be, as RAW is gone or takes too long. */
int raw_greet(struct raw *r, struct mid_wait *wait);

/* Is this a question for it? */
bool raw_takes(const struct raw *r, uint32_t host, unsigned ask);
bool raw_has_room(const struct raw *r);
void raw_ask(struct raw *r, uint32_t host, unsigned ask);	/* there is room */
void raw_turn(struct raw *r);
void raw_flush(struct raw *r);				/* what raw_ask() was given goes out */
unsigned raw_busy(const struct raw *r);
int raw_wait(struct raw *r, struct mid_wait *wait);	/* as tcp_wait() */

#endif

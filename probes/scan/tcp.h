/* SPDX-License-Identifier: Apache-2.0 */
/* tcp - the TCP questions of a sweep: connections begun, and what is said on them. */
#ifndef MID_SCAN_TCP_H
#define MID_SCAN_TCP_H

#include <stdbool.h>
#include <stdint.h>

struct mid_wait;
struct sweep;
struct tcp;

struct tcp *tcp_new(struct sweep *s, unsigned window);	/* NULL: errno */
void tcp_free(struct tcp *t);				/* NULL is fine */
bool tcp_has_room(const struct tcp *t);
/*
 * There is room. False: not now, the system gives no more descriptors. OPEN: midd-raw knows that it
 * is, and it is to be talked with.
 */
bool tcp_ask(struct tcp *t, uint32_t host, unsigned ask, bool open);
void tcp_turn(struct tcp *t);
unsigned tcp_busy(const struct tcp *t);
/* Adds its descriptor; ms until something is due, <0: nothing is. */
int tcp_wait(struct tcp *t, struct mid_wait *wait);

#endif

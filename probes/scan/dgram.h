/* SPDX-License-Identifier: Apache-2.0 */
/* dgram - the UDP and ICMP questions of a sweep: a packet each, over one socket a family. */
#ifndef MID_SCAN_DGRAM_H
#define MID_SCAN_DGRAM_H

#include <stdbool.h>
#include <stdint.h>

struct dgram;
struct mid_wait;
struct sweep;

struct dgram *dgram_new(struct sweep *s);	/* NULL: no memory */
void dgram_free(struct dgram *d);		/* NULL is fine */
bool dgram_has_room(const struct dgram *d);
/* There is room. False: not now, the socket is full. */
bool dgram_ask(struct dgram *d, uint32_t host, unsigned ask);
void dgram_turn(struct dgram *d);
unsigned dgram_busy(const struct dgram *d);
int dgram_wait(struct dgram *d, struct mid_wait *wait);	/* as tcp_wait() */
/* Why nobody was pinged, or NULL: the system gives no socket for it. */
const char *dgram_no_ping(const struct dgram *d);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan - which addresses a scan asks, by number, and in what order. The ranges
 * are those that midd's policy has left; a range is never written out.
 */
#ifndef MID_SCAN_PLAN_H
#define MID_SCAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "str.h"

#define WHERE_TEXT 48

/* An address, IPv4 in its mapped form: ::ffff:192.0.2.1. */
struct where { unsigned char b[16]; };

struct plan_span { struct where first; uint32_t n, before; };
struct plan {
	struct plan_span *spans;
	unsigned nspans;
	uint32_t n;			/* addresses in all */
	uint64_t stride, start;
};

/* RANGES: "10.0.0.1-10.0.0.9 fd00::1-fd00::1", in order. Begins the order at SEED. 0, or <0: more than MAX, no
 * ranges, no memory; then *OUT is empty. */
int plan_read(struct plan *out, const char *ranges, uint32_t max, uint32_t seed);
void plan_free(struct plan *p);

/* The K-th that is asked, 0 <= K < n: neighbours in time lie far apart in number, and so in different networks. */
uint32_t plan_order(const struct plan *p, uint32_t k);
void plan_at(const struct plan *p, uint32_t i, struct where *out);
bool plan_find(const struct plan *p, const struct where *w, uint32_t *i);

bool where_read(struct where *w, struct str text);
bool where_is_four(const struct where *w);
void where_text(const struct where *w, char out[WHERE_TEXT]);
/* Returns the length of what is in *OUT. */
socklen_t where_to(const struct where *w, uint16_t port, struct sockaddr_storage *out);
/* The port, or 0 of a family that is none of ours. */
uint16_t where_from(struct where *out, const struct sockaddr_storage *from);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranges - lists of addresses as schedules have them: 10.1.0.0/22,
 * 10.1.0.5-10.1.0.9, 2001:db8::7; separated by commas or spaces.
 */
#ifndef LAB_RANGES_H
#define LAB_RANGES_H
#include <stdbool.h>
#include <stddef.h>

#define RANGES_MAX 1000

struct ranges {
	struct range {
		unsigned char low[16], high[16];	/* IPv4 as ::ffff:a.b.c.d */
	} *at;
	size_t count;
};

/* False: WRONG (64 bytes) is the word that is no address. Always ranges_fini(). */
bool ranges_parse(struct ranges *r, const char *text, char wrong[64]);
void ranges_fini(struct ranges *r);
bool ranges_meet(const struct ranges *a, const struct ranges *b);
/* Is each range of B inside one of A? */
bool ranges_hold(const struct ranges *a, const struct ranges *b);
#endif

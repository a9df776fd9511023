/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reverse - how the hosts that answered are called, by reverse DNS (RFC 1035, 3.5;
 * RFC 3596, 2.5), asked of this host's own resolvers, whom midd names.
 */
#ifndef MID_SCAN_REVERSE_H
#define MID_SCAN_REVERSE_H

#include <stdbool.h>

struct mid_wait;
struct reverse;
struct sweep;

/* RESOLVERS: addresses, blanks between. NULL: none of them can be asked. */
struct reverse *reverse_new(struct sweep *s, const char *resolvers);
void reverse_free(struct reverse *n);		/* NULL is fine */
bool reverse_step(struct reverse *n, struct mid_wait *wait);	/* true: all is over */

#endif

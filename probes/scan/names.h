/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names - how the hosts that answered are called, by reverse DNS (RFC 1035, 3.5;
 * RFC 3596, 2.5), asked of this host's own resolvers, whom midd names.
 */
#ifndef MID_SCAN_NAMES_H
#define MID_SCAN_NAMES_H

#include <stdbool.h>

struct mid_wait;
struct names;
struct sweep;

/* RESOLVERS: addresses, blanks between. NULL: none of them can be asked. */
struct names *names_new(struct sweep *s, const char *resolvers);
void names_free(struct names *n);		/* NULL is fine */
bool names_step(struct names *n, struct mid_wait *wait);	/* true: all is over */

#endif

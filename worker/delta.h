/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delta - what of a host's CIs the instance does not have yet: each item of a
 * payload is known by a hash of what it says and of what it hangs on, and one whose hash
 * the last delivered payloads had is left out. The first item of a payload is the host,
 * which the others hang on: it goes along with any of them.
 */
#ifndef MID_DELTA_H
#define MID_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define DELTA_HASHES_MAX 4090u		/* a host that has more items is sent whole each time */

struct delta {
	uint64_t *known;
	size_t nknown;
	struct buf hashes;		/* of all items seen now, 16 digits each */
	size_t items, kept;
	bool too_many;
};

/* KNOWN: what delta_hashes() gave last time; "" nothing is known. */
void delta_init(struct delta *d, const char *known);
void delta_fini(struct delta *d);
/* What of PAYLOAD is new, the caller's: free(). NULL: nothing. A text that is no payload comes back whole, and so
 * does a payload with "whole": true (which is taken out): it says that its CIs were seen, whatever is known of them. */
char *delta_reduce(struct delta *d, const char *payload);
/* To be given to delta_init() next time; "" when there are too many. */
const char *delta_hashes(const struct delta *d);

#endif

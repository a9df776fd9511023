/* SPDX-License-Identifier: Apache-2.0 */
/* grant - whom one connection may ask: what midd has named, and never what no scan asks. */
#ifndef MID_RAW_GRANT_H
#define MID_RAW_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#define GRANT_SPANS 4096u

struct grant_span { uint32_t first, last; };	/* in this host's order */
struct grant { struct grant_span v[GRANT_SPANS]; unsigned n; };

/* LINE, without its end: RAW_WORD and spans; IPv6 is passed over. False: it is none. LINE is changed. */
bool grant_read(struct grant *g, char *line);
/* ADDRESS is in the network's order. */
bool grant_has(const struct grant *g, uint32_t address);

#endif

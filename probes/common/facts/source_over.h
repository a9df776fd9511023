/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_over - a source of which one part comes from another: this host as its
 * user sees it, and what midd-facts(8) adds. What the first may not read, or has
 * not, is asked of the second.
 */
#ifndef MID_FACTS_SOURCE_OVER_H
#define MID_FACTS_SOURCE_OVER_H

#include "facts/source.h"

/* Swallows both, in any case. NULL: no memory. */
struct facts_source *facts_source_over_take(struct facts_source *first, struct facts_source *second);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* hints - see hints.c. */
#ifndef MID_DISCOVERY_HINTS_H
#define MID_DISCOVERY_HINTS_H

#include <stdbool.h>

#include "buf.h"
#include "discovery/inside.h"
#include "discovery/spans.h"

/* From what one host says; read when it is needed first. */
struct hints {
	struct quest *q;
	aims_fn *fn;
	struct spans asked, excluded;
	struct spans parts;		/* what is tried address by address */
	struct buf part;		/* the next */
	unsigned in_part, n;
	bool read;
};

void hints_begin(struct hints *h, struct quest *q, aims_fn *fn);
/* A is in the ranges that were asked, and policy allows it. */
bool hints_reach(struct hints *h, const struct address *a);
/* The host sees WORD: when it is to be asked, and in no part of the ranges, it goes into one. */
void hints_add(struct hints *h, const char *word);
void hints_end(struct hints *h);

#endif

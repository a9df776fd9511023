/* SPDX-License-Identifier: Apache-2.0 */
/*
 * markup - where the XML that a probe writes may be cut into pages: behind the end of an
 * element, with those that are open there closed on the one page and opened on the next, so
 * that each page is well-formed by itself. It follows tags and looks at nothing else.
 */
#ifndef MID_FLOW_MARKUP_H
#define MID_FLOW_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

#define MARKUP_DEPTH 16u

struct markup {
	struct buf open;		/* the tags that are open, as they were written */
	size_t at[MARKUP_DEPTH];	/* where each begins in OPEN */
	unsigned depth;
	struct buf tag;			/* that which is being read, from its '<' on */
	char quote;			/* of an attribute in it */
	bool ended;			/* an element has just come to its end */
	bool lost;			/* what came is no such XML: it can't be cut well */
};

void markup_init(struct markup *m);
void markup_fini(struct markup *m);
/* How many of LEN bytes there are up to the end of a tag, it included; all when none ends there. */
size_t markup_next(struct markup *m, const char *data, size_t len);
/* An element has just ended: here it may be cut. */
bool markup_between(const struct markup *m);
void markup_close(const struct markup *m, struct buf *out);	/* </b></a> */
void markup_reopen(const struct markup *m, struct buf *out);	/* <a x="1"><b> */

#endif

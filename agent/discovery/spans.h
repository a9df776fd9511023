/* SPDX-License-Identifier: Apache-2.0 */
/* spans - ranges that are read once and asked often. */
#ifndef MID_DISCOVERY_SPANS_H
#define MID_DISCOVERY_SPANS_H

#include <stdbool.h>
#include <stddef.h>

struct address;
struct span;

/* Zero: none. */
struct spans { struct span *v; size_t n; };

void spans_read(struct spans *s, const char *list);	/* one list more; what is no range is passed over */
void spans_read_without(struct spans *s, const char *list);	/* what is left out of LIST: "10.0.0.0/22 !10.0.0.7" */
void spans_settle(struct spans *s);			/* before the first question */
bool spans_hold(const struct spans *s, const struct address *a);
void spans_fini(struct spans *s);

#endif

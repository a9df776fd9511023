/* SPDX-License-Identifier: Apache-2.0 */
/* names - how a source fills struct facts_names: one name after the other, then sorted. */
#ifndef MID_FACTS_NAMES_H
#define MID_FACTS_NAMES_H

#include <stddef.h>

#include "facts/source.h"

/* USED and CAP are the filler's, 0 at first. 0, -E2BIG or -ENOMEM. */
int names_add(struct facts_names *n, const char *name, size_t *used, size_t *cap);
/* After the last. */
int names_index(struct facts_names *n);

#endif

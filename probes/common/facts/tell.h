/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tell - the facts of a source as a run's JSON, one section a step, so that
 * other runs get their turn in between. The road of LocalInventory and UnixFacts.
 */
#ifndef MID_FACTS_TELL_H
#define MID_FACTS_TELL_H

#include "midd/probe.h"

struct facts_source;
struct facts_tell;

/* SECTIONS as for facts_begin(). SRC must outlive it. NULL after host->fail(), which begins with WHO. */
struct facts_tell *facts_tell_new(const struct mid_host *host, struct mid_run *run, const char *who,
    struct facts_source *src, const char *sections);
enum mid_next facts_tell_step(struct facts_tell *t, struct mid_wait *wait);
void facts_tell_free(struct facts_tell *t);	/* NULL is fine */

#endif

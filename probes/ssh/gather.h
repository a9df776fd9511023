/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather - the facts of a Unix host in one round trip: a script that sends
 * files, their bytes kept until it ends, then the collectors of
 * probes/common/facts over them, as if the host were this one.
 */
#ifndef MID_SSH_GATHER_H
#define MID_SSH_GATHER_H

#include <stddef.h>

#include "midd/probe.h"

struct gather;

/* NULL after host->fail(). */
struct gather *gather_new(const struct mid_host *h, struct mid_run *run);
void gather_free(struct gather *g);			/* NULL is fine */
const char *gather_script(const struct gather *g);	/* for /bin/sh */
/* What it says on standard output. <0 after host->fail(): too much. */
int gather_put(struct gather *g, const void *p, size_t n);
/* Once it has ended: as a probe's step(). */
enum mid_next gather_step(struct gather *g, struct mid_wait *wait);

#endif

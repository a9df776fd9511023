/* SPDX-License-Identifier: Apache-2.0 */
/* helper - what midd-facts(8) tells of this host, where it is installed. */
#ifndef MID_LOCAL_HELPER_H
#define MID_LOCAL_HELPER_H

#include "midd/probe.h"

struct facts_source;
struct helper;

struct helper *helper_new(const struct mid_host *host, struct mid_run *run);	/* NULL: no memory */
void helper_free(struct helper *h);		/* NULL is fine; after the source */
/*
 * True: *OUT is what it tells, the caller's, or NULL when it is not there or
 * breaks off; it borrows from H. False: *WAIT says for what to wait.
 */
bool helper_step(struct helper *h, struct mid_wait *wait, struct facts_source **out);

#endif

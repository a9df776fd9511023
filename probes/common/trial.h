/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial - the answer of a topic that tries one credential on one host and does no
 * more: {result, reason, credential, type, user, address, port}. RESULT is "worked",
 * "refused" (by the host), "unreachable" (nothing is known of the credential) or
 * "not tried" (ours: the guard, the ranges, a host key that has changed).
 */
#ifndef MID_COMMON_TRIAL_H
#define MID_COMMON_TRIAL_H

#include "midd/probe.h"

struct trial {
	const struct mid_host *h;
	struct mid_run *run;
	int64_t port;
	enum mid_class class;		/* MID_OK: it worked */
	const char *reason, *user, *type;	/* "" or NULL: not known */
};

/* Parameter credential_id names it. <0 after host->fail(): it is missing. */
int trial_check(const struct mid_host *h, struct mid_run *run);
/* Tells; MID_WAIT while midd is asked why it gave none. */
enum mid_next trial_tell(const struct trial *t, struct mid_wait *wait);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* attempt - one credential tried on a connection: a key, of the ring that logins share, or a password. */
#ifndef MID_SSH_ATTEMPT_H
#define MID_SSH_ATTEMPT_H

#include "midd/probe.h"

struct key;
struct keyring;
struct link;

struct attempt { const struct key *key; };	/* begins with zeros */

/* 0, LINK_AGAIN, LINK_REFUSED or LINK_BROKEN, as link.h has them; *WHY for the latter two, borrowed from L. */
int attempt_step(struct attempt *a, struct link *l, struct keyring *ring, const struct mid_credential *c, const char **why);
void attempt_end(struct attempt *a, struct keyring *ring);	/* at any time */

#endif

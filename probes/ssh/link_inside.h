/* SPDX-License-Identifier: Apache-2.0 */
/* link_inside - what link.c and link_command.c know of each other, and nobody else. */
#ifndef MID_SSH_LINK_INSIDE_H
#define MID_SSH_LINK_INSIDE_H

#include <libssh2.h>

#include "link.h"

struct link {
	LIBSSH2_SESSION *s;
	int fd;
	struct link *outer;		/* over which it runs; NULL: over FD itself */
	LIBSSH2_CHANNEL *tunnel;	/* in OUTER */
	char host[256];			/* as OUTER's server knows it */
	int port;
	unsigned long received, turn;	/* bytes: in all, and since link_turn() */
	bool known;			/* logged in */
	bool sha1;			/* an RSA key may sign with it */
	bool unsigned_by_us;		/* the server asked for a signature that we do not give */
	const struct key *key;		/* to sign with, during that call */
	const char *secret;		/* for the questions of keyboard-interactive, during that call */
	char *methods;			/* how the server lets USER log in; NULL not asked yet */
	const char *unknown;		/* a list of which this build knows nothing */
	char why[200];
};

/* R of libssh2 in our words, with the reason kept: 0, LINK_AGAIN, LINK_REFUSED or LINK_BROKEN. */
int link_result(struct link *l, int r, const char *doing);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rise - commands that run as root over a login that is not: by sudo, dzdo,
 * doas or pbrun, whichever is there, with the account's password where one is
 * asked for.
 *
 * The password goes only where a prompt was: sudo and dzdo ask with a prompt of
 * our own, which holds a random mark; what the others ask counts only before the
 * command has begun, which the mark tells too. It is never in a command line.
 */
#ifndef MID_SSH_RISE_H
#define MID_SSH_RISE_H

#include <stdbool.h>
#include <stddef.h>

#include "midd/probe.h"

#define RISE_CARRY 48		/* bytes held back that may be the start of a mark */

struct rise {
	char mark[33];
	bool password;			/* there is one */
	bool keep_environment, pty;
	bool whole;			/* all of the command: what comes before it begins is not its output */
	bool begun[2];			/* the command has begun: on output, on errors */
	bool tty_wanted, wrong;
	unsigned uses;			/* places that may ask; 0: nothing here is in use */
	unsigned asked, said;		/* prompts seen; answers given */
	char carry[2][RISE_CARRY];
	size_t carried[2];
	char told[400];			/* the last of what came before the command began */
	size_t ntold;
};

void rise_init(struct rise *r, const struct mid_host *h, struct mid_run *run);
/* Once more, from the start. */
void rise_reset(struct rise *r);
/* The shell function midd_rise, for before the script that calls it. The caller's: free(). */
char *rise_function(const struct rise *r);
/* What tells that a command has begun, for before it. */
char *rise_beginning(const struct rise *r);

/*
 * Takes marks and prompts out of the *N bytes of DATA, which has room for RISE_CARRY more: *N
 * becomes what is left, which is output. END: no more comes.
 */
void rise_filter(struct rise *r, bool err, char *data, size_t *n, bool end);
/* Why the command never began, for the person. */
const char *rise_why(struct rise *r);

#endif

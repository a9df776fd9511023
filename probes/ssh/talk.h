/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk - one command on a connection: begun, its output handed on as it comes
 * and as fast as it is taken, its password prompts answered, its time kept, its
 * end seen.
 */
#ifndef MID_SSH_TALK_H
#define MID_SSH_TALK_H

#include "midd/probe.h"

#include "command.h"
#include "link.h"

struct login;
struct talk;

/* What it says. 0; 1 no room now: the same again at the next step; <0 after host->fail(). */
typedef int talk_sink(void *arg, enum mid_kind kind, const void *data, size_t n);

struct talk_want {
	struct command_want what;	/* strings stay until talk_free() */
	bool keep_environment, pty;
	int64_t limit_ms, quiet_ms;	/* how long it may take, and be silent */
	talk_sink *sink;
	void *arg;
};

enum { TALK_OVER = 0, TALK_WAITS = 1, TALK_FAILED = -1, TALK_LOST = -2 /* died at rest, before it began */ };

/* LOGIN has come to its end. NULL after host->fail(). */
struct talk *talk_new(const struct mid_host *h, struct mid_run *run, struct login *login, const struct talk_want *want);
int talk_step(struct talk *t, struct mid_wait *wait);
/* After TALK_FAILED: was it the connection, or the host's silence, and not the command? */
bool talk_lost(const struct talk *t);
const struct link_exit *talk_exit(const struct talk *t);
void talk_free(struct talk *t);		/* before its end: the server is told to end it */

#endif

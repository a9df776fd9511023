/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knock - finds the credential that an agent answers to: one after the other is
 * asked for sysDescr and sysObjectID, until one gets an answer.
 *
 * An agent is silent to a wrong community as if it were not there: silence judges
 * no credential. Of version 3 the agent says what was wrong.
 */
#ifndef MID_SNMP_KNOCK_H
#define MID_SNMP_KNOCK_H

#include "engine.h"
#include "session.h"

struct knock {
	const struct mid_host *h;
	struct mid_run *run;
	struct engine *engine;
	struct peer *peer;
	struct session session;
	const char *index;		/* behind the community; "" none */
	int timeout_ms;
	unsigned tries;
	struct request request;
	struct oid_ref standard[2];
	const struct oid_ref *names;	/* what is asked */
	unsigned nnames;
	int (*take)(void *arg, const struct varbind *vb);	/* NULL: sysDescr and sysObjectID are kept */
	void *arg;
	bool complete;			/* all that was asked was answered */
	struct mid_credential cred;
	bool have, asked, over;
	bool doubted;			/* version 1 was answered: is 2c? */
	unsigned missing;		/* version 1: which name there is none of, so that neither was answered; 0: both are */
	bool refused, silent;
	enum outcome how;
	char why[160];
	enum mid_class failed;		/* after -1, and: */
	char said[200];
	struct oid object;		/* what was answered */
	char descr[1024];
};

/* All borrowed to knock_close(). */
void knock_open(struct knock *k, const struct mid_host *h, struct mid_run *run, struct engine *e, struct peer *p);
void knock_close(struct knock *k);
/* Instead of sysDescr and sysObjectID: what the job wants, in the same question. Borrowed. */
void knock_for(struct knock *k, const struct oid_ref *names, unsigned n, int (*take)(void *, const struct varbind *), void *arg);
/* 0 k->session is good; 1 wait; -1 after fail(). */
int knock_step(struct knock *k, struct mid_wait *wait);

#endif

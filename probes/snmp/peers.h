/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers - the agents that are spoken to now, by address, shared by all runs that
 * speak to one: how long it takes to answer, when it may be asked next, and how many of
 * its subnet (/24, /64) are being walked.
 *
 * An agent that loses a request that it used to answer gets a little more time between two; one that
 * loses it again, or takes much longer than it did, is left alone for longer and longer, up to
 * REST_MAX_MS between two requests, until it answers well again.
 */
#ifndef MID_SNMP_PEERS_H
#define MID_SNMP_PEERS_H

#include "request.h"

#define REST_MAX_MS 2000

struct peers;
struct subnet;

/* Waits for its turn in a subnet: embedded in a run. */
struct turn {
	struct subnet *net;
	struct turn *next;
	void (*go)(void *arg);		/* its turn has come */
	void *arg;
	enum { TURN_NONE, TURN_WAITS, TURN_HAS } state;
};

struct peers *peers_new(void);		/* NULL: no memory */
void peers_free(struct peers *all);	/* NULL is fine */
/* "192.0.2.9", "2001:db8::9%eth0", with a port; peer_drop() it. NULL: no address, or no memory. */
struct peer *peer_get(struct peers *all, const char *address, unsigned port);
void peer_drop(struct peers *all, struct peer *p);	/* NULL is fine */

/* At most MOST of a subnet at once. True: now; else T->go() is called. No memory counts as now. */
bool turn_take(struct peers *all, struct peer *p, unsigned most, struct turn *t);
void turn_end(struct peers *all, struct turn *t);	/* never taken is fine, of zeros */

/* It answered after MS; AGAIN: only to a second request. */
void peer_answered(struct peer *p, int ms, bool again);
/* It did not answer in the time it usually takes, as may happen: a little more time. */
void peer_stumbles(struct peer *p);
/* Nor did it the second time: twice as much. */
void peer_suffers(struct peer *p);
/* The time between two requests; RATE a second at most. */
int peer_gap(const struct peer *p, unsigned rate);

#endif

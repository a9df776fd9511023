/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine - what all SNMP runs of a worker share: one socket a family and one
 * table of requests.
 *
 * An answer belongs to the request of its id, if it comes from the address that
 * was asked and fits the session; all else is counted and dropped: what is
 * late, doubled, forged or nonsense. A request is sent again with the same id, first
 * after four times the round trip that was measured, so that a lost packet
 * costs little in a quick network, and never before 80 ms, so that a slow device
 * is not pressed. Where second requests do get answers the network loses packets: there
 * a request has some more tries, within the same time. How many are sent in a burst is
 * bounded by what the receive buffer holds of answers; a second and an agent have limits too.
 */
#ifndef MID_SNMP_ENGINE_H
#define MID_SNMP_ENGINE_H

#include "midd/probe.h"
#include "peers.h"
#include "request.h"
#include "usm.h"

struct engine;

struct engine_counts {
	uint64_t sent, again, answers, late, foreign, nonsense;
};

struct engine *engine_new(const struct mid_host *h, struct mid_run *self);	/* NULL: errno */
void engine_free(struct engine *e);
void engine_step(struct engine *e, struct mid_wait *wait);

/* Its DONE is called from engine_step(), never from here. */
void engine_submit(struct engine *e, struct request *r);
void engine_cancel(struct engine *e, struct request *r);	/* not busy is fine; DONE is not called */
const struct engine_counts *engine_counts(const struct engine *e);
/* Pass phrases hashed once. */
struct usm_phrases *engine_phrases(struct engine *e);

struct peers *engine_peers(struct engine *e);

/* What may be sent; by default that of ENGINE_LIMITS. */
struct engine_limits {
	unsigned packets;	/* a second, to all */
	unsigned rate;		/* a second, to one agent */
	unsigned subnet;	/* agents of one subnet that are walked at once */
	int64_t told_ms;	/* when midd has said so; 0 never */
};
#define ENGINE_LIMITS ((struct engine_limits){ 50000, 500, 128, 0 })
struct engine_limits *engine_limits(struct engine *e);

#endif

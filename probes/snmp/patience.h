/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patience - how long an answer is waited for before a request is sent again, and
 * when it has been tried often enough: of what is known of the agent (peers.h) and,
 * before it has answered, of this network. Pure; engine.h says what it is to achieve.
 */
#ifndef MID_SNMP_PATIENCE_H
#define MID_SNMP_PATIENCE_H

#include "request.h"

/* This network, of all its agents; zeros: nothing is known. */
struct patience {
	int lossy;			/* of 1024 answers those to a second request, smoothed */
	int rtt_ms;			/* smoothed; 0 unknown */
};

/* An answer after MS; AGAIN: to a second request, so that MS is at most too long. */
void patience_answered(struct patience *net, int ms, bool again);
/* How long from NOW_MS until R, just sent, is sent again, or given up after the last try. */
int64_t patience_ms(const struct patience *net, const struct request *r, int64_t now_ms);
/* R has had all of its tries. */
bool patience_over(const struct patience *net, const struct request *r, int64_t now_ms);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace - how fast a scan may ask: a budget of packets a second, less while
 * packets are seen to get lost, and so many questions at once in one network.
 *
 * Losses halve the rate, at most once a second; a second without one raises it
 * by a tenth of what the job allows. The first second runs at a quarter, so that
 * a weak device on the way is not met with everything at once.
 */
#ifndef MID_SCAN_PACE_H
#define MID_SCAN_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define NETWORK_BITS 8		/* addresses whose numbers share all but these are one network */

struct pace {
	uint32_t most, now;		/* packets a second; most 0: no budget */
	double tokens;
	int64_t filled_ms, judged_ms;
	bool lost;			/* since judged_ms */
	uint32_t per_network;
	uint16_t *out;			/* questions under way, by network */
};

/* HOSTS of the plan. <0: no memory. */
int pace_init(struct pace *p, uint32_t hosts, uint32_t packets_per_s, uint32_t per_network, int64_t now_ms);
void pace_fini(struct pace *p);

void pace_time(struct pace *p, int64_t now_ms);
void pace_loss(struct pace *p);
/* May HOST be asked now? Then it counts as under way until pace_done(). */
bool pace_ask(struct pace *p, uint32_t host);
void pace_begin(struct pace *p, uint32_t host);	/* one is, whatever the budget says */
void pace_done(struct pace *p, uint32_t host);
/* When there will be a token, in ms from the last pace_time(); 0: there is one. */
int pace_wait(const struct pace *p);

#endif

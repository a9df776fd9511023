/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep - every question to every address, first to last.
 *
 * The first pass asks all. The second asks again only what stayed silent where
 * somebody is there, and of silent addresses a sample; only if one of these answers
 * now, packets are being lost, and the third pass asks all that is silent still,
 * twice. Of few questions the second pass asks all, twice.
 */
#ifndef MID_SCAN_SWEEP_H
#define MID_SCAN_SWEEP_H

#include "asks.h"
#include "found.h"
#include "midd/probe.h"
#include "pace.h"
#include "plan.h"

struct dgram;
struct raw;
struct tcp;
struct tls_shared;

struct sweep_limits {
	int connect_ms, talk_ms;	/* at most; UDP and ICMP wait connect_ms */
	unsigned window;		/* TCP connections at once */
	uint32_t packets_per_s, per_network;
	bool talk;			/* banners, pages, certificates */
};

struct sweep {
	const struct mid_host *h;
	struct mid_run *run;
	struct plan plan;
	struct asks asks;
	struct found found;
	struct pace pace;
	struct sweep_limits limits;
	struct tcp *tcp;
	struct dgram *dgram;
	struct raw *raw;		/* NULL: not installed, or not for this job */
	struct tls_shared *tls;
	uint64_t next;			/* question of this pass */
	unsigned pass, sample;		/* one of SAMPLE silent addresses is asked again in pass 1 */
	bool few;			/* questions are silent after pass 0 */
	bool over, loss_seen;
	int rtt_ms;			/* the longest that was usual; 0 unknown */
	int64_t now_ms;
	uint32_t cookie;		/* in what is sent: an answer must know it */
	const char *name;		/* of the one host, as the job calls it; or NULL */
	uint64_t asked, again;
};

/* After plan, asks, limits, h and run are set. <0: no memory. */
int sweep_open(struct sweep *s);
void sweep_close(struct sweep *s);
/* As far as can be gone now. True: all is over; else *WAIT says for what it waits. */
bool sweep_step(struct sweep *s, struct mid_wait *wait);

/* How far it is, in percent: of a hundred all but the last are the first pass. */
int sweep_percent(const struct sweep *s);

/* --- for those that ask: tcp.c, dgram.c --------------------------------------------------- */

bool sweep_patient(const struct sweep *s);	/* a question of this pass goes out twice */
/* How long a question of this pass waits. */
int sweep_patience(const struct sweep *s);
int sweep_patience_once(const struct sweep *s);	/* where one packet is all that goes */
/* The answer to a question under way, which came after AFTER_MS. */
void sweep_answer(struct sweep *s, uint32_t host, unsigned ask, enum answer a, int after_ms);
uint32_t sweep_cookie(const struct sweep *s, uint32_t host);	/* 31 bits */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request - one question to one agent on its way: embedded in who asks, told
 * when it has been answered or given up. The engine (engine.h) sends it,
 * again if need be with the same request id, and finds it by the answer.
 */
#ifndef MID_SNMP_REQUEST_H
#define MID_SNMP_REQUEST_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

struct session;

/* Where an agent is, and what is known of the way to it: peers.h. */
struct peer {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} addr;
	int rtt_ms;		/* smoothed; 0 not measured */
	int rtt_var_ms, rtt_min_ms;
	bool guessed;		/* rtt_ms is of a request that was sent again: at most so much */
	int gap_ms;		/* least time between two requests, as jobs want it */
	int rest_ms;		/* the same, as long as it seems to suffer; 0 it does not */
	unsigned again;		/* answers in a row that came to a second request */
	int64_t next_ms;	/* no request before */
	unsigned refs;
	struct peer *chain;
};

enum outcome {
	REQUEST_ANSWERED,
	REQUEST_SILENT,		/* all tries are used up */
	REQUEST_REFUSED,	/* session_why(): the agent knows us not */
	REQUEST_UNSENT		/* the system would not send it: request.error */
};

struct request {
	/* of who asks: until DONE */
	struct peer *peer;
	struct session *session;
	struct ask ask;			/* its id is the engine's */
	int timeout_ms;			/* of one try */
	unsigned tries;
	unsigned weight;		/* datagrams its answer may be worth */
	/* PDU is borrowed, NULL unless answered. May submit REQUEST again, or another. */
	void (*done)(struct request *, enum outcome, const struct pdu *pdu);
	void *arg;

	/* of the engine */
	bool busy;			/* submitted, not done */
	bool queued;
	int error;
	unsigned sent, resends;
	int64_t first_ms, sent_ms, due_ms;
	size_t heap_at;			/* 0: not in it */
	struct request *chain;		/* of its bucket */
	struct request *next, *prev;	/* in the queue or among the young */
	bool young;
};

/* --- requests that are out: by id, and by when to look at them again ---------------- */

#define REQUEST_BUCKETS 4096u

struct requests {
	struct request *by_id[REQUEST_BUCKETS];
	struct request **heap;		/* from 1; the first is due first */
	size_t n, room;
};

struct request *requests_find(struct requests *all, int32_t id);
int requests_add(struct requests *all, struct request *r);	/* <0: no memory */
void requests_remove(struct requests *all, struct request *r);
void requests_due_changed(struct requests *all, struct request *r);
struct request *requests_first(struct requests *all);		/* NULL: none */

/* A list by both ends. */
struct request_list {
	struct request *first, *last;
	size_t weight;
};

void list_append(struct request_list *l, struct request *r);
void list_remove(struct request_list *l, struct request *r);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bayeux - the messages of a push channel (Bayeux 1.0, long polling): written
 * and read, pure. What comes on the channel itself is counted, never believed.
 */
#ifndef MID_INSTANCE_BAYEUX_H
#define MID_INSTANCE_BAYEUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

#define BAYEUX_CLIENT_MAX 200
#define BAYEUX_ANSWER_MAX ((size_t)256 << 10)

enum bayeux_ask { BAYEUX_HANDSHAKE, BAYEUX_SUBSCRIBE, BAYEUX_CONNECT };
enum bayeux_reconnect { BAYEUX_UNSAID, BAYEUX_RETRY, BAYEUX_AGAIN /* "handshake" */, BAYEUX_NONE };

struct bayeux_said {
	bool answered, ok;		/* the question; ok: and with yes */
	bool unknown;			/* 402: it does not know our client id */
	char client[BAYEUX_CLIENT_MAX];	/* of a handshake */
	char why[160];			/* "" or the words of a no */
	enum bayeux_reconnect reconnect;
	int64_t interval_ms, timeout_ms;	/* advice; -1 unsaid */
	unsigned messages;		/* on CHANNEL */
};

/* The JSON of one question. 0 or -E_FULL. */
int bayeux_write(struct buf *b, enum bayeux_ask ask, const char *client, const char *channel, unsigned id);
/* What TEXT says to it. -E_BAD: not Bayeux. */
int bayeux_read(struct bayeux_said *out, enum bayeux_ask ask, const char *channel, const char *text, size_t len,
    struct err *err);

#endif

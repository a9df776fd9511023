/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk - what is said on a TCP port that has opened: a banner is read, a page
 * asked for, a certificate looked at. All of it bounded in bytes; the caller
 * bounds it in time.
 */
#ifndef MID_SCAN_TALK_H
#define MID_SCAN_TALK_H

#include <stdint.h>

#include "asks.h"

struct found;
struct talk;
struct tls_shared;

enum talk_want { TALK_OVER, TALK_READS, TALK_WRITES };

/* Speaks on FD, which stays the caller's. NAME: as the host is called in HTTP and TLS. NULL: no memory. */
struct talk *talk_new(enum ask_talk kind, int fd, const char *name, struct tls_shared *tls);
void talk_free(struct talk *t);			/* NULL is fine */
enum talk_want talk_go(struct talk *t);		/* as far as can be gone now */
/* What was learned, of question ASK of HOST. */
void talk_tell(struct talk *t, struct found *f, uint32_t host, unsigned ask);

/* What all handshakes share. NULL: no memory. */
struct tls_shared *tls_shared_new(void);
void tls_shared_free(struct tls_shared *t);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chat - what is said on a TCP port that has opened: a banner is read, a page
 * asked for, a certificate looked at. All of it bounded in bytes; the caller
 * bounds it in time.
 */
#ifndef MID_SCAN_CHAT_H
#define MID_SCAN_CHAT_H

#include <stdint.h>

#include "asks.h"

struct found;
struct chat;
struct tls_shared;

enum chat_want { CHAT_OVER, CHAT_READS, CHAT_WRITES };

/* Speaks on FD, which stays the caller's. NAME: as the host is called in HTTP and TLS. NULL: no memory. */
struct chat *chat_new(enum ask_talk kind, int fd, const char *name, struct tls_shared *tls);
void chat_free(struct chat *t);			/* NULL is fine */
enum chat_want chat_go(struct chat *t);		/* as far as can be gone now */
/* What was learned, of question ASK of HOST. */
void chat_tell(struct chat *t, struct found *f, uint32_t host, unsigned ask);

/* What all handshakes share. NULL: no memory. */
struct tls_shared *tls_shared_new(void);
void tls_shared_free(struct tls_shared *t);

#endif

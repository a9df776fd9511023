/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls - a handshake to see what a server shows, and what is said inside. Nothing
 * is verified: a scan tells of bad certificates too, and sends nothing secret.
 */
#ifndef MID_SCAN_TLS_H
#define MID_SCAN_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "chat.h"

struct tls;

struct tls *tls_new(struct tls_shared *shared, int fd, const char *name);	/* NULL: no memory */
void tls_free(struct tls *t);			/* NULL is fine */
enum chat_want tls_shake(struct tls *t);	/* CHAT_OVER: done, or failed: tls_is_up() */
bool tls_is_up(const struct tls *t);
/* Bytes; 0 the end or an error; <0: *WANT. */
ssize_t tls_read(struct tls *t, char *to, size_t room, enum chat_want *want);
ssize_t tls_write(struct tls *t, const char *from, size_t n, enum chat_want *want);
void tls_tell(struct tls *t, struct found *f, uint32_t host, unsigned ask);
/* The PEM of each certificate is told too. */
void tls_keep_original(struct tls_shared *shared, bool keep);

#endif

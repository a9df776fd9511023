/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_peek - the certificates that a server shows, before anybody trusts
 * them: a handshake and nothing else, so that a person can compare a
 * fingerprint. Nothing is sent to such a server.
 */
#ifndef MID_HTTP_PEEK_H
#define MID_HTTP_PEEK_H

struct buf;
struct err;
struct http_config;

/* PEM of the chain, the server's own first, put behind OUT. Of CFG only what is said of a proxy counts. Blocks, 20 s
 * at most; longer where a KDC has to be asked, and says nothing. */
int http_peek(struct buf *out, const char *url, const struct http_config *cfg, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renew_ask - the request for a new certificate, made on a thread: a new key
 * may take seconds, and one in a TPM2 or a token signs slowly.
 */
#ifndef MID_RENEW_ASK_H
#define MID_RENEW_ASK_H

#include "err.h"
#include "secret.h"

struct config;
struct loop;

struct renew_request {
	char *csr;			/* PEM; NULL: ERR says why there is none */
	struct secret key;		/* PEM of the new key; empty: for the key that we have */
	struct err err;
};

typedef void renew_request_fn(void *arg, struct renew_request *rq);
/* FN on the loop, once; what RQ holds is gone after it. KEY: the one in force. */
void renew_request_make(struct loop *loop, const struct config *c, const char *key, renew_request_fn *fn, void *arg);

#endif

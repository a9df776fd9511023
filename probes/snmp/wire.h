/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire - the two UDP sockets of the engine, and datagrams by the batch.
 */
#ifndef MID_SNMP_WIRE_H
#define MID_SNMP_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "request.h"

#define WIRE_BATCH 32u
#define WIRE_OUT_MAX 4096u	/* of a request; what is longer is not sent */

struct wire;

struct wire *wire_open(void);		/* NULL: errno */
void wire_close(struct wire *w);	/* NULL is fine */
/* Both sockets; -1 where the system has no such family. */
void wire_fds(const struct wire *w, int fds[2]);
/* How many answers of weight 1 fit the smaller receive buffer. */
unsigned wire_window(const struct wire *w);

/* Room for the next datagram of this turn; NULL: the batch is full, wire_flush() first. */
uint8_t *wire_room(struct wire *w);
/* What was written at the end of wire_room(), N bytes from AT; R is told of errors. */
void wire_put(struct wire *w, const uint8_t *at, size_t n, struct request *r);
/* 0; 1: the socket is full, what is left stays; FAILED is called with who could not be sent. */
int wire_flush(struct wire *w, void (*failed)(void *arg, struct request *, int error), void *arg);
/* R is gone: what is left of it here will not be sent. */
void wire_forget(struct wire *w, const struct request *r);

/* One batch of socket I: how many. Each is given to TAKE. */
unsigned wire_receive(struct wire *w, unsigned i,
    void (*take)(void *arg, const struct sockaddr *from, const void *data, size_t len), void *arg);

#endif

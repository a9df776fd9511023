/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - connections that are logged in and at rest, so that the next job on a
 * host needs no login; and how many connections a host may have at once.
 *
 * A place is one host by one way: "ADDRESS PORT JUMPS". A job takes a seat there
 * before it connects; when all are taken it waits and is woken. A connection at
 * rest serves only a job that midd gives the same credential.
 */
#ifndef MID_SSH_POOL_H
#define MID_SSH_POOL_H

#include <stdint.h>

#include "midd/probe.h"

#define POOL_HOPS 4		/* the target, and hosts on the way to it */

struct keyring;
struct link;
struct pool;
struct place;

struct conn {
	struct conn *next;		/* at its place */
	struct conn *older, *newer;	/* of all that rest */
	struct place *at;
	int fd;
	unsigned n;
	struct link *hop[POOL_HOPS];	/* the last is the target's */
	char credential[64], user[128];
	int64_t rests_since;
};

struct conn *conn_new(void);
void conn_free(struct conn *c);		/* says goodbye and closes; NULL is fine */

/* RUN: the engine's own, for its clock. */
struct pool *pool_new(const struct mid_host *h, struct mid_run *run);
void pool_free(struct pool *p);
struct keyring *pool_keys(struct pool *p);	/* what logins are signed with */
void pool_step(struct pool *p, struct mid_wait *wait);	/* ends those that have rested long */

/* 0 and *OUT: a seat is taken, until pool_leave(). MID_AGAIN: none is free; RUN is woken. <0: no memory. */
int pool_enter(struct pool *p, const char *where, struct mid_run *run, struct place **out);
void pool_leave(struct pool *p, struct place *at);
/* RUN waits no more there. */
void pool_forget(struct pool *p, const char *where, const struct mid_run *run);
bool pool_rests(const struct place *at);	/* is there any at rest here? */
/* One that CREDENTIAL has opened and that still lives; NULL: none. The caller's. */
struct conn *pool_take(struct pool *p, struct place *at, const char *credential);
void pool_put(struct pool *p, struct place *at, struct conn *c);

#endif

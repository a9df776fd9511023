/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login - from an address to a connection that is logged in: connect, shake
 * hands, have the host's key judged by midd, then one credential after the
 * other until one is right.
 *
 * No credential leaves before midd has said yes to the host's key. A refused one
 * ends the connection: the next comes on a new one, so that the server's own
 * count (MaxAuthTries) never cuts us off in the middle. Hosts on the way are
 * judged and logged in to in the same manner, each with a credential of its own.
 */
#ifndef MID_SSH_LOGIN_H
#define MID_SSH_LOGIN_H

#include <stdbool.h>

#include "midd/probe.h"

struct link;
struct login;
struct pool;

/* PORT: of the target; parameter proxy_jump: the hosts on the way. */
struct login *login_new(const struct mid_host *h, struct mid_run *run, struct pool *pool, int port);
void login_anew(struct login *l);	/* none at rest will do */
/* After -1 of login_step(): why. */
enum mid_class login_failed(const struct login *l, const char **why);
/* KEEP: the connection is in order and may serve the next job. Else it is closed. NULL is fine. */
void login_free(struct login *l, bool keep);
/* 0 logged in; 1 not yet, WAIT says what for; -1 after host->fail(). */
int login_step(struct login *l, struct mid_wait *wait);
void login_serves(struct login *l);		/* a command has begun on it */
/* The connection had been at rest and has died there: login_step() makes a new one. False: it was a new one, or has served. */
bool login_again(struct login *l);
/* After -1 of login_step(): was it the way to the host, which may be open again in a while? */
const char *login_doing(const struct login *l);	/* how far it is, for the person */
bool login_may_come_back(const struct login *l);
struct link *login_link(struct login *l);
int login_fd(const struct login *l);
const char *login_user(const struct login *l);	/* whose credential was right; "" none yet */
const char *login_password(const struct login *l);	/* of that account, for sudo; NULL it has none */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login - from an address to a connection that is logged in: connect, shake
 * hands, have the host's key judged by midd, then one credential after the
 * other until one is right.
 *
 * No credential leaves before midd has said yes to the host's key. A refused one
 * ends the connection: the next comes on a new one, so that the server's own
 * count (MaxAuthTries) never cuts us off in the middle.
 */
#ifndef MID_SSH_LOGIN_H
#define MID_SSH_LOGIN_H

#include <stdbool.h>

#include "midd/probe.h"

struct link;
struct login;

struct login *login_new(const struct mid_host *h, struct mid_run *run, int port);
void login_free(struct login *l);		/* closes the connection */
/* 0 logged in; 1 not yet, WAIT says what for; -1 after host->fail(). */
int login_step(struct login *l, struct mid_wait *wait);
struct link *login_link(struct login *l);
int login_fd(const struct login *l);
const char *login_user(const struct login *l);	/* whose credential was right; "" none yet */

#endif

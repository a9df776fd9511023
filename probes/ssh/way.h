/* SPDX-License-Identifier: Apache-2.0 */
/* way - the hosts between here and a target, and the socket to the first of them. */
#ifndef MID_SSH_WAY_H
#define MID_SSH_WAY_H

/* A host on the way; the target has no name. */
struct hop { char name[256], address[64]; int port; };

/*
 * JUMPS, "HOST", "HOST:PORT" or "[ADDRESS]:PORT" with commas between, as ssh_config(5) has ProxyJump
 * but for users; "none", "" and NULL: none. How many, MAX at most; -1: that it is not.
 */
int way_read(struct hop *hops, int max, const char *jumps);

/* A socket that connects to TO, without blocking; or -1 and *WHY. */
int way_dial(const struct hop *to, const char **why);
/* 0 it does; 1 not yet; -1 and *WHY: it never will. */
int way_connected(int fd, const char **why);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* loopback - places that only this host reaches, as an operator writes them. */
#ifndef MID_LOOPBACK_H
#define MID_LOOPBACK_H

#include <stdbool.h>
#include <sys/socket.h>

struct loopback {
	struct sockaddr_storage addr;
	socklen_t len;
};

/* "127.0.0.1:9464", "[::1]:9464" or "localhost:9464"; no name is looked up. False: TEXT is none. */
bool loopback_read(const char *text, struct loopback *out);

#endif

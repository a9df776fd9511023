/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_sockets - the lines of proc/net/{tcp,udp,unix}.
 */
#ifndef MID_FACTS_NET_SOCKETS_H
#define MID_FACTS_NET_SOCKETS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct json_object;

#define SOCKETS_MAX 20000

/* The sockets found, with room for who owns them. */
struct socket_row {
	uint64_t inode;
	struct json_object *item;
};
struct socket_list {
	struct json_object *items;
	struct socket_row *row;
	size_t count, room;
	bool truncated;
	bool big;		/* addresses are written by a big-endian kernel */
};

/* Adds to LIST. -1 without memory. */
int sockets_scan_inet(struct str text, const char *protocol, int family,
    struct socket_list *list);
int sockets_scan_unix(struct str text, struct socket_list *list);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_sockets - the lines of proc/net/{tcp,udp,unix}.
 *
 * Addresses are words of 32 bits printed as numbers, so their bytes stand in
 * the order of the machine.
 */
#include "facts/net_sockets.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define ESTABLISHED	0x01
#define CLOSED		0x07	/* for UDP: bound, to nobody in particular */
#define LISTEN		0x0a

#define UNIX_LISTENS	0x00010000
#define UNIX_DATAGRAM	2

struct end {
	char address[INET6_ADDRSTRLEN];
	uint64_t port;
	bool any;		/* all zeros */
};

static int
add_row(struct socket_list *list, uint64_t inode, struct json_object *item)
{
	size_t room = list->room > 0 ? list->room * 2 : 256;
	struct socket_row *bigger;

	if (list->count == list->room) {
		bigger = realloc(list->row, room * sizeof(*bigger));
		if (bigger == NULL)
			return -1;
		list->row = bigger;
		list->room = room;
	}
	list->row[list->count++] = (struct socket_row){ inode, item };
	return 0;
}

/* "0100007F:0016"; four such words for version 6. */
static bool
parse_end(struct str text, int family, bool big, struct end *end)
{
	unsigned char raw[16];
	size_t words = family == 4 ? 1 : 4, i;
	struct str address;
	uint64_t v;

	if (!str_part(&text, ':', &address) || address.n != words * 8 ||
	    !str_u64(text, 16, &end->port))
		return false;
	end->any = true;
	for (i = 0; i < words; i++) {
		if (!str_u64(str_left(str_skip(address, i * 8), 8), 16, &v))
			return false;
		end->any = end->any && v == 0;
		v = big ? v : __builtin_bswap32((uint32_t)v);
		v = htonl((uint32_t)v);
		memcpy(raw + i * 4, &(uint32_t){ (uint32_t)v }, 4);
	}
	return inet_ntop(family == 4 ? AF_INET : AF_INET6, raw, end->address,
	    sizeof(end->address)) != NULL;
}

static const char *
state_of(uint64_t state, bool peer)
{
	if (state == LISTEN || (state == CLOSED && !peer))
		return "listen";
	return state == ESTABLISHED ? "established" : NULL;
}

/* sl, local, remote, state, queues, timer, retransmits, uid, timeout, inode */
static int
scan_inet_line(struct str line, const char *protocol, int family,
    struct socket_list *list)
{
	struct str word[10];
	struct end local, remote;
	struct json_object *item;
	uint64_t state, uid, inode;
	const char *name;
	size_t n;

	for (n = 0; n < 10 && str_word(&line, &word[n]); n++)
		;
	if (n < 10 || !parse_end(word[1], family, list->big, &local) ||
	    !parse_end(word[2], family, list->big, &remote) ||
	    !str_u64(word[3], 16, &state) || !str_u64(word[7], 10, &uid) ||
	    !str_u64(word[9], 10, &inode))
		return 0;
	name = state_of(state, !remote.any || remote.port != 0);
	if (name == NULL)
		return 0;
	if (list->count >= SOCKETS_MAX) {
		list->truncated = true;
		return 1;
	}
	item = out_item(list->items);
	out_cstr(item, "protocol", protocol);
	out_u64(item, "family", (uint64_t)family);
	out_cstr(item, "state", name);
	out_cstr(item, "local_address", local.address);
	out_u64(item, "local_port", local.port);
	if (!remote.any || remote.port != 0) {
		out_cstr(item, "remote_address", remote.address);
		out_u64(item, "remote_port", remote.port);
	}
	out_u64(item, "uid", uid);
	return add_row(list, inode, item);
}

int
sockets_scan_inet(struct str text, const char *protocol, int family,
    struct socket_list *list)
{
	struct str line;
	int r = 0;

	while (r == 0 && str_line(&text, &line))
		r = scan_inet_line(line, protocol, family, list);
	return r < 0 ? -1 : 0;
}

/* The kinds of SOCK_*; a datagram socket with a path is listening too. */
static const char *
unix_kind(uint64_t type)
{
	static const char *const kinds[] = {
		[1] = "stream", [2] = "dgram", [5] = "seqpacket",
	};

	return type < sizeof(kinds) / sizeof(kinds[0]) ? kinds[type] : NULL;
}

/* Num, users, protocol, flags, type, state, inode and a path with blanks. */
static int
scan_unix_line(struct str line, struct socket_list *list)
{
	struct json_object *item;
	uint64_t flags, type, inode;
	struct str word[7], path;
	size_t n;

	for (n = 0; n < 7 && str_word(&line, &word[n]); n++)
		;
	path = str_trim(line);
	if (n < 7 || path.n == 0 || !str_u64(word[3], 16, &flags) ||
	    !str_u64(word[4], 16, &type) || !str_u64(word[6], 10, &inode) ||
	    !((flags & UNIX_LISTENS) || type == UNIX_DATAGRAM))
		return 0;
	if (list->count >= SOCKETS_MAX) {
		list->truncated = true;
		return 1;
	}
	item = out_item(list->items);
	out_cstr(item, "protocol", "unix");
	out_cstr(item, "kind", unix_kind(type));
	out_cstr(item, "state", "listen");
	out_text(item, "path", path);
	return add_row(list, inode, item);
}

int
sockets_scan_unix(struct str text, struct socket_list *list)
{
	struct str line;
	int r = 0;

	while (r == 0 && str_line(&text, &line))
		r = scan_unix_line(line, list);
	return r < 0 ? -1 : 0;
}

static int
finish(struct socket_list *list, int r)
{
	free(list->row);
	return r;
}

int
parse_proc_net_tcp(const char *data, size_t len, struct json_object *out)
{
	struct socket_list list = { .items = out_list(out, "items") };

	return finish(&list, sockets_scan_inet((struct str){ data, len },
	    "tcp", 4, &list));
}

int
parse_proc_net_udp6(const char *data, size_t len, struct json_object *out)
{
	struct socket_list list = { .items = out_list(out, "items") };

	return finish(&list, sockets_scan_inet((struct str){ data, len },
	    "udp", 6, &list));
}

int
parse_proc_net_unix(const char *data, size_t len, struct json_object *out)
{
	struct socket_list list = { .items = out_list(out, "items") };

	return finish(&list, sockets_scan_unix((struct str){ data, len },
	    &list));
}

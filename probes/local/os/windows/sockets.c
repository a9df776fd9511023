/* SPDX-License-Identifier: Apache-2.0 */
/* sockets - the section sockets: TCP and UDP with the process that owns each. */
#include "win.h"

#include <iphlpapi.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 5
#define TABLE_MAX (64u << 20)

struct place { const void *address; DWORD port; };	/* as in the tables: network order */

struct told {
	struct json_object *out, *list;
	struct win_people *people;
};

static void
put_end(struct json_object *item, int family, const struct place *p, const char *address, const char *port)
{
	char text[64];

	if (inet_ntop(family, p->address, text, sizeof(text)) != NULL)
		out_cstr(item, address, text);
	out_u64(item, port, ntohs((u_short)p->port));
}

static void
put_socket(struct told *t, const char *protocol, int family, const struct place *local, const struct place *remote, DWORD pid)
{
	struct json_object *item = win_item(t->list, t->out);

	out_cstr(item, "protocol", protocol);
	out_u64(item, "family", family == AF_INET ? 4 : 6);
	out_cstr(item, "state", remote == NULL ? "listen" : "established");
	put_end(item, family, local, "local_address", "local_port");
	if (remote != NULL)
		put_end(item, family, remote, "remote_address", "remote_port");
	if (pid != 0)
		out_u64(item, "pid", pid);
	out_cstr(item, "process", win_people_name(t->people, pid));
}

/* The caller's free(); NULL with *E. */
static void *
table(bool tcp, int family, DWORD *e)
{
	DWORD n = 64u << 10;
	void *p = NULL;
	int i;

	for (i = 0; i < TRIES; i++) {
		free(p);
		p = n > TABLE_MAX ? NULL : malloc(n);
		*e = p == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		    tcp ? GetExtendedTcpTable(p, &n, FALSE, (ULONG)family, TCP_TABLE_OWNER_PID_ALL, 0) :
		    GetExtendedUdpTable(p, &n, FALSE, (ULONG)family, UDP_TABLE_OWNER_PID, 0);
		if (*e == NO_ERROR)
			return p;
		if (*e != ERROR_INSUFFICIENT_BUFFER)
			break;
		n += 16384;
	}
	free(p);
	return NULL;
}

static bool
is_told(DWORD state)
{
	return state == MIB_TCP_STATE_LISTEN || state == MIB_TCP_STATE_ESTAB;
}

static void
tcp4(struct told *t, const MIB_TCPTABLE_OWNER_PID *all)
{
	DWORD i;

	for (i = 0; i < all->dwNumEntries; i++) {
		const MIB_TCPROW_OWNER_PID *r = &all->table[i];
		const struct place local = { &r->dwLocalAddr, r->dwLocalPort }, remote = { &r->dwRemoteAddr, r->dwRemotePort };

		if (is_told(r->dwState))
			put_socket(t, "tcp", AF_INET, &local, r->dwState == MIB_TCP_STATE_LISTEN ? NULL : &remote, r->dwOwningPid);
	}
}

static void
tcp6(struct told *t, const MIB_TCP6TABLE_OWNER_PID *all)
{
	DWORD i;

	for (i = 0; i < all->dwNumEntries; i++) {
		const MIB_TCP6ROW_OWNER_PID *r = &all->table[i];
		const struct place local = { r->ucLocalAddr, r->dwLocalPort }, remote = { r->ucRemoteAddr, r->dwRemotePort };

		if (is_told(r->dwState))
			put_socket(t, "tcp", AF_INET6, &local, r->dwState == MIB_TCP_STATE_LISTEN ? NULL : &remote, r->dwOwningPid);
	}
}

static void
udp4(struct told *t, const MIB_UDPTABLE_OWNER_PID *all)
{
	DWORD i;

	for (i = 0; i < all->dwNumEntries; i++) {
		const struct place local = { &all->table[i].dwLocalAddr, all->table[i].dwLocalPort };

		put_socket(t, "udp", AF_INET, &local, NULL, all->table[i].dwOwningPid);
	}
}

static void
udp6(struct told *t, const MIB_UDP6TABLE_OWNER_PID *all)
{
	DWORD i;

	for (i = 0; i < all->dwNumEntries; i++) {
		const struct place local = { all->table[i].ucLocalAddr, all->table[i].dwLocalPort };

		put_socket(t, "udp", AF_INET6, &local, NULL, all->table[i].dwOwningPid);
	}
}

int
win_sockets(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct told t = { .out = out, .list = out_list(out, "items"), .people = win_people_new() };
	DWORD e, bad = NO_ERROR;
	void *p;
	int i;

	(void)src;
	for (i = 0; i < 4; i++) {
		p = table(i < 2, i % 2 == 0 ? AF_INET : AF_INET6, &e);
		if (p == NULL && i % 2 == 0)	/* IPv6 may be off */
			bad = e;
		if (p == NULL)
			continue;
		if (i == 0)
			tcp4(&t, p);
		else if (i == 1)
			tcp6(&t, p);
		else if (i == 2)
			udp4(&t, p);
		else
			udp6(&t, p);
		free(p);
	}
	win_people_free(t.people);
	return bad == NO_ERROR ? 0 : win_fail(err, bad, "sockets");
}

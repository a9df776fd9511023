/* SPDX-License-Identifier: Apache-2.0 */
/* unix_sockets - the section sockets of systems that are no Linux: sockstat, else netstat -an. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

#define SOCKETS_MAX 20000

struct reader {
	struct json_object *items;
	size_t n;
	bool truncated;
	char protocol[4];	/* of Solaris, whose tables have a title */
	int family;
};

struct row {
	const char *protocol;
	int family;
	struct str local, remote, state;
};

/* ADDRESS and port, parted by the last dot or colon. False: there is no port. */
static bool
part(struct str s, struct str *address, uint64_t *port)
{
	size_t i;

	for (i = s.n; i > 0 && s.p[i - 1] != '.' && s.p[i - 1] != ':'; i--)
		;
	if (i < 2 || !str_u64(str_skip(s, i), 10, port) || *port > 65535)
		return false;
	*address = str_left(s, i - 1);
	if (address->n > 2 && address->p[0] == '[' && address->p[address->n - 1] == ']')
		*address = str_left(str_skip(*address, 1), address->n - 2);
	if (str_find(*address, '%') > 0)
		*address = str_left(*address, (size_t)str_find(*address, '%'));
	return true;
}

/* The item, or NULL: it is neither listening nor connected. */
static struct json_object *
put(struct reader *r, const struct row *row)
{
	struct str local, remote;
	uint64_t port, far;
	bool tcp = strcmp(row->protocol, "tcp") == 0, connected;
	struct json_object *item;

	if (!part(row->local, &local, &port))
		return NULL;
	connected = part(row->remote, &remote, &far);
	if (tcp && !(connected ? str_eq(row->state, "ESTABLISHED") || row->state.n == 0 : str_eq(row->state, "LISTEN") || row->state.n == 0))
		return NULL;
	if (r->n >= SOCKETS_MAX) {
		r->truncated = true;
		return NULL;
	}
	r->n++;
	item = out_item(r->items);
	out_cstr(item, "protocol", row->protocol);
	out_u64(item, "family", (uint64_t)row->family);
	out_cstr(item, "state", connected ? "established" : "listen");
	out_text(item, "local_address", str_eq(local, "*") ? str_of(row->family == 6 ? "::" : "0.0.0.0") : local);
	out_u64(item, "local_port", port);
	if (connected) {
		out_text(item, "remote_address", remote);
		out_u64(item, "remote_port", far);
	}
	return item;
}

static const char *
protocol_of(struct str word, int *family)
{
	const char *p = str_starts(word, "tcp") ? "tcp" : str_starts(word, "udp") ? "udp" : NULL;

	*family = word.n > 3 && word.p[word.n - 1] == '6' ? 6 : 4;
	return p;
}

/* --- netstat -an --------------------------------------------------------------------- */

/* "TCP: IPv6" stands above Solaris' tables. */
static bool
title(struct reader *r, struct str line)
{
	line = str_trim(line);
	if (!str_starts(line, "TCP") && !str_starts(line, "UDP") && !str_starts(line, "SCTP") && !str_starts(line, "Active "))
		return false;
	snprintf(r->protocol, sizeof(r->protocol), "%s", str_starts(line, "TCP") ? "tcp" : str_starts(line, "UDP") ? "udp" : "");
	r->family = str_ends(line, "IPv6") ? 6 : 4;
	return true;
}

static void
take_netstat(struct reader *r, struct str line)
{
	struct str word[8] = { { NULL, 0 } };
	struct row row;
	int n;

	if (title(r, line))
		return;
	for (n = 0; n < 8 && str_word(&line, &word[n]); n++)
		;
	if (n == 0)
		return;
	row.protocol = protocol_of(word[0], &row.family);
	if (row.protocol != NULL && n >= 5) {
		row.local = word[3];
		row.remote = word[4];
		row.state = n > 5 ? word[5] : STR("-");
		/* AIX and HP-UX say tcp for both families. */
		if (str_find(row.local, ':') >= 0)
			row.family = 6;
		(void)put(r, &row);
	} else if (r->protocol[0] != '\0' && n >= 2) {
		row.protocol = r->protocol;
		row.family = r->family;
		row.local = word[0];
		row.remote = strcmp(r->protocol, "udp") == 0 && n < 3 ? STR("*.*") : word[1];
		row.state = strcmp(r->protocol, "tcp") == 0 && n >= 7 ? word[6] : STR("-");
		(void)put(r, &row);
	}
}

/* --- sockstat ------------------------------------------------------------------------- */

/* "root     sshd       819   4  tcp4   *:22                  *:*" */
static void
take_sockstat(struct reader *r, struct str line)
{
	struct str word[7] = { { NULL, 0 } };
	struct json_object *item;
	struct row row = { .state = STR("") };
	uint64_t pid;
	int n;

	for (n = 0; n < 7 && str_word(&line, &word[n]); n++)
		;
	if (n < 7)
		return;
	row.protocol = protocol_of(word[4], &row.family);
	row.local = word[5];
	row.remote = word[6];
	if (row.protocol == NULL || (item = put(r, &row)) == NULL)
		return;
	if (str_u64(word[2], 10, &pid)) {
		out_text(item, "user", word[0]);
		out_u64(item, "pid", pid);
		out_text(item, "process", word[1]);
	}
}

int
facts_unix_sockets(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct reader reader = { .items = out_list(out, "items"), .family = 4 };
	void (*take)(struct reader *r, struct str line) = take_sockstat;
	struct facts_bytes b;
	struct str rest, line;
	int r = facts_command(src, "sockstat", &b);

	if (r < 0) {
		take = take_netstat;
		r = facts_command(src, "netstat-an", &b);
	}
	if (r < 0)
		return facts_command_failed(err, r, "netstat-an");
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		take(&reader, line);
	facts_bytes_free(&b);
	if (reader.truncated)
		out_bool(out, "truncated", true);
	/* netstat does not say whose they are. */
	if (take == take_netstat && reader.n > 0) {
		out_bool(out, "needs_privilege", true);
		out_u64(out, "without_owner", reader.n);
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* sockets_bsd - netstat of FreeBSD, macOS and AIX: sockets, interfaces and routes, by the headings it prints; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

#define NAMES_MAX 40

enum part { NOTHING, INTERNET, UNIX, KERNEL, ROUTES, INTERFACES };

/* The part of the output that is being read, and its columns. */
struct table { enum part part; char name[NAMES_MAX][PUT_KEY_MAX], kind[PUT_KEY_MAX]; unsigned n; };

static const struct field kinds[] = {
	{ "tcpcb", AS_TEXT }, { "socket", AS_TEXT }, { "pcb", AS_TEXT }, { "flowhash", AS_TEXT }, { "proto", AS_TEXT }, { "log", AS_TEXT },
	{ "address", AS_TEXT }, { "type", AS_TEXT }, { "unix_inode", AS_TEXT }, { "conn", AS_TEXT }, { "refs", AS_TEXT }, { "nextref", AS_TEXT },
	{ "addr", AS_TEXT }, { "id", AS_TEXT }, { "name", AS_TEXT }, { "kctlref", AS_TEXT }, { "network", AS_TEXT }, { "iface", AS_TEXT },
	{ "destination", AS_TEXT }, { "gateway", AS_TEXT }, { "route_flags", AS_TEXT }, { "expire", AS_TEXT }, { "state", AS_TEXT },
	{ "rexmt", AS_DECIMAL }, { "persist", AS_DECIMAL }, { "keep", AS_DECIMAL }, { "2msl", AS_DECIMAL }, { "delack", AS_DECIMAL },
	{ "rcvtime", AS_DECIMAL }, { NULL, AS_TEXT },
};

/* Two words that are one heading, or one that has another name here. */
static void
rename_heading(enum part part, struct str word, struct str next, char name[PUT_KEY_MAX], bool *two)
{
	static const struct { enum part part; const char *word, *next, *name; } names[] = {
		{ INTERNET, "Local", "Address", "local_address" }, { INTERNET, "Foreign", "Address", "foreign_address" }, { INTERNET, "(state)", NULL, "state" },
		{ INTERNET, "Log", "ID", "log" }, { UNIX, "Inode", NULL, "unix_inode" }, { ROUTES, "Flags", NULL, "route_flags" },
		{ ROUTES, "Refs", NULL, "route_refs" }, { ROUTES, "Netif", NULL, "iface" }, { ROUTES, "If", NULL, "iface" }, { INTERFACES, "Name", NULL, "iface" },
		{ ROUTES, "Interface", NULL, "iface" },
	};
	size_t i;

	*two = false;
	key_of(word, name, PUT_KEY_MAX);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].part == part && str_eq(word, names[i].word) && (names[i].next == NULL || str_eq(next, names[i].next))) {
			str_copy(name, PUT_KEY_MAX, str_of(names[i].name));
			*two = names[i].next != NULL;
		}
}

static void
read_heading(struct table *t, enum part part, struct str line)
{
	struct str word, rest, next;
	bool two;

	t->part = part;
	for (t->n = 0; t->n < NAMES_MAX && str_word(&line, &word); t->n++) {
		rest = line;
		next = (struct str){ "", 0 };
		(void)str_word(&rest, &next);
		rename_heading(part, word, next, t->name[t->n], &two);
		if (two)
			line = rest;
	}
}

/* "Active kernel control sockets" is the title of several. */
static bool
is_title(struct table *t, struct str line)
{
	if (!str_starts(line, "Active ") && !str_starts(line, "Registered ") && !str_starts(line, "Routing ") && !str_starts(line, "Internet")
	    && !str_starts(line, "Route "))
		return false;
	t->part = NOTHING;
	line = str_trim(line);
	str_copy(t->kind, sizeof(t->kind), str_ends(line, "s") ? str_left(line, line.n - 1) : line);
	return true;
}

static bool
is_heading(struct table *t, struct str line)
{
	struct str first, rest = line;

	if (!str_word(&rest, &first))
		return true;
	if (str_eq(first, "Destination") && find(line, "Gateway") != NULL)
		read_heading(t, ROUTES, line);
	else if (str_eq(first, "Name") && find(line, "Network") != NULL)
		read_heading(t, INTERFACES, line);
	else if (find(line, "Local Address") != NULL && find(line, "Foreign Address") != NULL)
		read_heading(t, INTERNET, line);
	else if (str_eq(first, "Address") && find(line, "Nextref") != NULL)
		read_heading(t, UNIX, line);
	else if (t->part == NOTHING && (find(line, "pcbcount") != NULL || (find(line, "Proto ") != NULL && find(line, "Recv-Q") != NULL)))
		read_heading(t, KERNEL, line);
	else
		return false;
	return true;
}

/* --- rows ---------------------------------------------------------------------------------------- */

/* "192.0.2.1.22": the port stands behind the last point. */
static void
put_end(struct json_object *o, const char *who, struct str end)
{
	struct str address = end, port = { "", 0 };
	char key[32];
	int64_t n;

	(void)cut_at_last(end, ".", &address, &port);
	snprintf(key, sizeof(key), "%s_address", who);
	put_text(o, key, address);
	snprintf(key, sizeof(key), "%s_port", who);
	put_text(o, key, port);
	snprintf(key, sizeof(key), "%s_port_num", who);
	if (str_i64(port, &n))
		put_int(o, key, n);
}

static bool
is_state(struct str s)
{
	size_t i;

	for (i = 0; i < s.n && (isupper((unsigned char)s.p[i]) || s.p[i] == '_' || isdigit((unsigned char)s.p[i])); i++)
		;
	return s.n > 1 && i == s.n && isupper((unsigned char)s.p[0]);
}

static void
put_protocol(struct json_object *o, struct str proto)
{
	struct str name = proto;

	while (name.n > 0 && isdigit((unsigned char)name.p[name.n - 1]))
		name.n--;
	put_text(o, "kind", STR("network"));
	put_text(o, "transport_protocol", str_eq(name, "icm") ? STR("icmp") : name);
	put_text(o, "network_protocol", str_ends(proto, "6") && !str_ends(proto, "46") ? STR("ipv6") : STR("ipv4"));
}

static void
internet_row(struct json_object *o, const struct table *t, struct str line)
{
	struct str word, rest;
	const char *key;
	int64_t number;
	bool addressed = false;
	unsigned i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->name[i], "state") == 0)
			put_null(o, "state");	/* UDP has none */
	for (i = 0; i < t->n && (rest = line, str_word(&rest, &word)); i++) {
		key = t->name[i];
		if (strcmp(key, "proto") == 0)
			put_protocol(o, word);
		if (strcmp(key, "local_address") == 0) {
			put_end(o, "local", word);
			addressed = true;
		} else if (strcmp(key, "foreign_address") == 0) {
			put_end(o, "foreign", word);
		} else if (strcmp(key, "state") == 0 && !is_state(word)) {
			continue;
		} else if (!addressed && kind_of(kinds, key, AS_INT) == AS_INT && !str_i64(word, &number)) {
			put_null(o, key);	/* nor does it count retransmits */
			continue;
		} else {
			put_value(o, str_of(key), kind_of(kinds, key, AS_INT), word);
		}
		line = rest;
	}
}

/* FreeBSD's letters and Apple's. */
static void
put_flags(struct json_object *o, struct str flags)
{
	static const struct { char letter; const char *name; } letters[] = {
		{ '1', "PROTO1" }, { '2', "PROTO2" }, { '3', "PROTO3" }, { 'B', "BLACKHOLE" }, { 'b', "BROADCAST" }, { 'C', "CLONING" },
		{ 'c', "PRCLONING" }, { 'D', "DYNAMIC" }, { 'G', "GATEWAY" }, { 'g', "GLOBAL" }, { 'H', "HOST" }, { 'I', "IFSCOPE" }, { 'i', "IFREF" },
		{ 'L', "LLINFO" }, { 'M', "MODIFIED" }, { 'm', "MULTICAST" }, { 'R', "REJECT" }, { 'r', "ROUTER" }, { 'S', "STATIC" }, { 'U', "UP" },
		{ 'W', "WASCLONED" }, { 'X', "XRESOLVE" }, { 'Y', "PROXY" },
	};
	struct json_object *list = put_list(o, "route_flags_pretty");
	size_t i, k;

	for (i = 0; i < flags.n; i++)
		for (k = 0; k < sizeof(letters) / sizeof(letters[0]); k++)
			if (letters[k].letter == flags.p[i])
				out_item_text(list, str_of(letters[k].name));
}

/* Word by word; of interfaces the address may be missing. */
static void
plain_row(struct json_object *o, const struct table *t, struct str line)
{
	struct str word[NAMES_MAX];
	unsigned n = 0, i, from = 0;
	const char *key;

	while (n < t->n && str_word(&line, &word[n]))
		n++;
	for (i = 0; i < t->n && from < n; i++) {
		key = t->name[i];
		if (t->part == INTERFACES && n + 1 == t->n && strcmp(key, "address") == 0) {
			put_null(o, key);
			continue;
		}
		put_value(o, str_of(key), t->part == INTERFACES && str_eq(word[from], "-") ? AS_DASH : kind_of(kinds, key, AS_INT), word[from]);
		if (strcmp(key, "route_flags") == 0)
			put_flags(o, word[from]);
		from++;
	}
	put_text(o, "kind", t->part == ROUTES ? STR("route") : t->part == INTERFACES ? STR("interface") : t->part == UNIX ? STR("socket") : str_of(t->kind));
}

bool
read_netstat_bsd(const struct format *f, struct str text, struct json_object *top)
{
	struct table t = { .part = NOTHING };
	struct str line;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (is_title(&t, line) || is_heading(&t, line) || t.part == NOTHING)
			continue;
		any = true;
		if (t.part == INTERNET)
			internet_row(out_item(top), &t, line);
		else
			plain_row(out_item(top), &t, line);
	}
	return any;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* unix_route - the sections routes and neighbours of systems that are no Linux: netstat -rn, arp -an. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/inet.h"
#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

#define ROUTES_MAX 20000

struct table {
	int family;
	int interface;		/* its column, or -1 */
	size_t n;
};

static bool
holds(struct str s, const char *what)
{
	return memmem(s.p, s.n, what, strlen(what)) != NULL;
}

/* The line above the columns, and those that name the family. */
static bool
heading(struct table *t, struct str line)
{
	static const char *const names[] = { "Netif", "Interface", "If", "Iface" };
	struct str rest = line, word;
	size_t i;
	int column;

	if (holds(line, "Internet6") || holds(line, "IPv6") || holds(line, "Internet v6"))
		t->family = 6;
	else if (holds(line, "Internet:") || holds(line, "IPv4") || holds(line, "(Internet)"))
		t->family = 4;
	else if (!str_starts(str_trim(line), "Dest"))
		return false;
	if (!str_starts(str_trim(line), "Dest"))
		return true;
	t->interface = -1;
	for (column = 0; str_word(&rest, &word); column++)
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (str_eq(word, names[i]))
				t->interface = column;
	return true;
}

/*
 * "10.0.0.0/255.0.0.0", "10/21", "192.168.1", "127": an address of four parts and the bits. What
 * has no mask has that of its parts that are told, or are not zero.
 */
static bool
network4(struct str s, bool host, char *text, size_t size)
{
	struct str address = s, part;
	long slash = str_find(s, '/');
	uint32_t a = 0;
	uint64_t v;
	int bits = -1, n = 0, told = 0;
	char dotted[16];

	if (slash > 0) {
		address = str_left(s, (size_t)slash);
		s = str_skip(s, (size_t)slash + 1);
		bits = str_find(s, '.') < 0 && str_u64(s, 10, &v) && v <= 32 ? (int)v : unix_mask_bits(s);
	}
	while (n < 4 && str_part(&address, '.', &part)) {
		if (!str_u64(part, 10, &v) || v > 255)
			return false;
		a |= (uint32_t)v << (24 - 8 * n++);
		told = v > 0 ? n : told;
	}
	if (n == 0 || address.n > 0 || (slash > 0 && bits < 0))
		return false;
	if (bits < 0)
		bits = host ? 32 : 8 * (n < 4 ? n : told);
	inet_text4(a, dotted);
	snprintf(text, size, "%s/%d", dotted, bits);
	return true;
}

static bool
network6(struct str s, char *text, size_t size)
{
	long slash = str_find(s, '/'), zone = str_find(s, '%');
	struct str address = slash > 0 ? str_left(s, (size_t)slash) : s;

	if (zone > 0 && (slash < 0 || zone < slash))
		address = str_left(s, (size_t)zone);
	if (str_find(address, ':') < 0)
		return false;
	snprintf(text, size, "%.*s/%.*s", (int)str_left(address, 60).n, address.p, slash > 0 ? (int)str_left(str_skip(s, (size_t)slash + 1), 3).n : 3,
	    slash > 0 ? s.p + slash + 1 : "128");
	return true;
}

/* What the kernel made for itself: hosts it has talked to, its own addresses, groups. */
static bool
is_own(struct str flags, struct str destination, struct str gateway, struct str interface)
{
	bool host = str_find(flags, 'H') >= 0, by_gateway = str_find(flags, 'G') >= 0;

	/* "lan0:1" is a second address, and its network that of lan0. */
	return str_starts(interface, "lo") || (!by_gateway && str_find(interface, ':') > 0) || str_find(flags, 'W') >= 0 || str_find(flags, 'b') >= 0 ||
	    (host && (!by_gateway || str_starts(gateway, "127.") || str_eq(gateway, "::1"))) ||
	    str_starts(gateway, "127.") || str_starts(destination, "224") || str_starts(destination, "ff0") ||
	    str_starts(destination, "ff00") || str_starts(destination, "255.255.255.255");
}

static void
take_route(struct table *t, struct str line, struct json_object *items)
{
	struct str word[12] = { { NULL, 0 } }, interface = STR("");
	char network[80];
	struct json_object *item;
	int n;
	bool everything;

	for (n = 0; n < 12 && str_word(&line, &word[n]); n++)
		;
	if (n < 3 || t->n >= ROUTES_MAX)
		return;
	if (t->interface > 0 && t->interface < n && !isdigit((unsigned char)word[t->interface].p[0]))
		interface = word[t->interface];
	everything = str_starts(word[0], "default") || str_eq(word[0], "0.0.0.0") || str_eq(word[0], "::/0") || str_eq(word[0], "0.0.0.0/0");
	if (!everything && is_own(word[2], word[0], word[1], interface))
		return;
	if (everything)
		snprintf(network, sizeof(network), "%s", t->family == 6 ? "::/0" : "0.0.0.0/0");
	else if (!(str_find(word[0], ':') >= 0 ? network6(word[0], network, sizeof(network)) :
	    network4(word[0], str_find(word[2], 'H') >= 0, network, sizeof(network))))
		return;
	item = out_item(items);
	t->n++;
	out_cstr(item, "destination", network);
	out_u64(item, "family", str_find(str_of(network), ':') >= 0 ? 6 : 4);
	if (everything)
		out_bool(item, "default", true);
	if (str_find(word[2], 'G') >= 0)
		out_text(item, "gateway", str_left(word[1], str_find(word[1], '%') > 0 ? (size_t)str_find(word[1], '%') : word[1].n));
	/* The second address of an interface is no interface. */
	out_text(item, "interface", str_left(interface, str_find(interface, ':') > 0 ? (size_t)str_find(interface, ':') : interface.n));
	if (str_find(word[2], 'R') >= 0)
		out_bool(item, "reject", true);
}

int
facts_unix_routes(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = out_list(out, "items");
	struct table t = { .family = 4, .interface = -1 };
	struct facts_bytes b;
	struct str rest, line;
	int r = facts_command(src, "netstat-rn", &b);

	if (r < 0)
		return facts_command_failed(err, r, "netstat-rn");
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		if (!heading(&t, line))
			take_route(&t, line, items);
	facts_bytes_free(&b);
	return 0;
}

/* --- neighbours --------------------------------------------------------------------- */

/* "? (192.168.1.1) at 0:c:29:1a:4e:3b on em0 permanent [ethernet]" */
static bool
arp_of_bsd(struct str line, struct json_object *items)
{
	long open = str_find(line, '('), close = str_find(line, ')');
	struct str address, rest, word, interface = STR("");
	struct json_object *item;
	bool permanent = false;
	char mac[18];

	if (open < 0 || close < open)
		return false;
	address = str_left(str_skip(line, (size_t)open + 1), (size_t)(close - open - 1));
	rest = str_skip(line, (size_t)close + 1);
	if (!str_word(&rest, &word) || !str_eq(word, "at") || !str_word(&rest, &word) || !unix_mac(word, mac))
		return false;
	while (str_word(&rest, &word)) {
		if (str_eq(word, "on"))
			(void)str_word(&rest, &interface);
		permanent |= str_eq(word, "permanent");
	}
	item = out_item(items);
	out_text(item, "address", address);
	out_cstr(item, "mac", mac);
	out_text(item, "interface", interface);
	if (permanent)
		out_bool(item, "permanent", true);
	return true;
}

/* Solaris: "net0   192.168.1.1  255.255.255.255 SPLA  00:14:4f:5b:20:02"; its own addresses have an L. */
static void
arp_of_sun(struct str line, struct json_object *items)
{
	struct str rest = line, interface, address, word;
	struct json_object *item;
	bool own = false;
	uint32_t a;
	char mac[18];

	if (!str_word(&rest, &interface) || !str_word(&rest, &address) || !inet_of_text4(address, &a))
		return;
	while (str_word(&rest, &word)) {
		if (unix_mac(word, mac) && !own && a < 0xe0000000) {
			item = out_item(items);
			out_text(item, "address", address);
			out_cstr(item, "mac", mac);
			out_text(item, "interface", interface);
			return;
		}
		own |= isupper((unsigned char)word.p[0]) && str_find(word, 'L') >= 0 && str_find(word, '.') < 0;
	}
}

/* OpenBSD: "192.0.2.1   52:54:00:12:35:02   em0 19m57s"; its own have l among the flags. */
static bool
arp_of_openbsd(struct str line, struct json_object *items)
{
	struct str address, word, interface, left;
	struct json_object *item;
	char mac[18], other[18];

	if (!str_word(&line, &address) || str_find(address, '.') < 0 || !str_word(&line, &word) || !unix_mac(word, mac) ||
	    !str_word(&line, &interface) || !str_word(&line, &left) || unix_mac(left, other))
		return false;
	item = out_item(items);
	out_text(item, "address", address);
	out_cstr(item, "mac", mac);
	out_text(item, "interface", interface);
	if (str_eq(left, "permanent"))
		out_bool(item, "permanent", true);
	return true;
}

int
facts_unix_neighbours(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = out_list(out, "items");
	struct facts_bytes b;
	struct str rest, line;
	int r = facts_command(src, "arp", &b);

	if (r < 0)
		return facts_command_failed(err, r, "arp");
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		if (!arp_of_bsd(line, items) && !arp_of_openbsd(line, items))
			arp_of_sun(line, items);
	facts_bytes_free(&b);
	return 0;
}

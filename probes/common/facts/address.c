/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address - the IP addresses of the interfaces.
 *
 * The running kernel is asked over netlink. A captured tree has IPv6 addresses
 * in one file, and IPv4 ones only as local entries of the routing trie: their
 * interface and prefix are those of the connected route they lie in.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>

#include "facts/inet.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define FILE_MAX (16u << 20)
#define ADDRESSES_MAX 16384

static struct json_object *
items_of(struct json_object *out)
{
	struct json_object *list;

	if (!json_object_object_get_ex(out, "items", &list))
		list = out_list(out, "items");
	return list;
}

static struct json_object *
new_address(struct json_object *out)
{
	struct json_object *list = items_of(out);

	if (json_object_array_length(list) < ADDRESSES_MAX)
		return out_item(list);
	out_bool(out, "truncated", true);
	return NULL;
}

static void
put_netmask(struct json_object *item, unsigned int bits)
{
	char text[16];

	inet_text4(inet_mask4(bits), text);
	out_cstr(item, "netmask", text);
}

/* As rtnetlink numbers them. */
static const char *
scope_name(unsigned int scope)
{
	return scope == 0 ? "global" : scope == 200 ? "site"
	    : scope == 253 ? "link" : scope == 254 ? "host" : "other";
}

static void
put_address(void *arg, const struct facts_address *a)
{
	struct json_object *item = new_address(arg);

	out_cstr(item, "interface", a->interface);
	out_cstr(item, "address", a->address);
	out_u64(item, "family", (uint64_t)a->family);
	out_u64(item, "prefix_bits", a->prefix_bits);
	if (a->family == 4)
		put_netmask(item, a->prefix_bits);
	out_cstr(item, "scope", scope_name(a->scope));
	if (a->temporary)
		out_bool(item, "temporary", true);
	if (a->deprecated)
		out_bool(item, "deprecated", true);
	if (a->tentative)
		out_bool(item, "tentative", true);
}

/* address index bits scope flags interface */
int
parse_if_inet6(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, f[6];
	uint64_t bits, scope, flags;
	char text[64], name[64];
	unsigned int i;

	while (str_line(&rest, &line)) {
		for (i = 0; i < 6 && str_word(&line, &f[i]); i++)
			;
		if (i < 6 || !inet_text6(f[0], text) ||
		    !str_u64(f[2], 16, &bits) || bits > 128 ||
		    !str_u64(f[3], 16, &scope) || !str_u64(f[4], 16, &flags))
			continue;
		str_copy(name, sizeof(name), f[5]);
		put_address(out, &(struct facts_address){
			.interface = name,
			.address = text,
			.family = 6,
			.prefix_bits = (unsigned int)bits,
			.scope = scope == 0x10 ? 254 : scope == 0x20 ? 253
			    : scope == 0x40 ? 200 : 0,
			.temporary = (flags & 0x01) != 0,
			.deprecated = (flags & 0x20) != 0,
			.tentative = (flags & 0x40) != 0,
		    });
	}
	return 0;
}

/* "|-- 10.0.0.5" and below it "/32 host LOCAL". Tables may repeat each other. */
int
parse_fib_trie(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, leaf = { "", 0 };
	struct json_object *seen = json_object_new_object(), *item;
	char text[16];
	uint32_t a = 0;

	while (str_line(&rest, &line)) {
		line = str_trim(line);
		if (str_starts(line, "|-- "))
			leaf = str_skip(line, 4);
		if (!str_starts(line, "/32 host LOCAL") ||
		    !inet_of_text4(leaf, &a))
			continue;
		inet_text4(a, text);
		if (json_object_object_get_ex(seen, text, NULL))
			continue;
		json_object_object_add(seen, text, NULL);
		item = new_address(out);
		out_cstr(item, "address", text);
		out_u64(item, "family", 4);
		out_cstr(item, "scope", a >> 24 == 127 ? "host"
			: a >> 16 == 0xa9fe ? "link" : "global");
	}
	json_object_put(seen);
	return 0;
}

/* The narrowest route without a gateway that A lies in; its bits, or -1. */
static int
connected(struct json_object *routes, uint32_t a, const char **iface)
{
	struct json_object *r;
	struct str to, bits;
	uint64_t n;
	uint32_t net;
	int best = -1;
	size_t i;

	for (i = 0; i < json_object_array_length(routes); i++) {
		r = json_object_array_get_idx(routes, i);
		if (out_get_text(r, "gateway") != NULL ||
		    !str_pair(str_of(out_get_text(r, "destination")), '/',
			&to, &bits) ||
		    !str_u64(bits, 10, &n) || n > 32 || n == 0 ||
		    !inet_of_text4(to, &net) ||
		    (a & inet_mask4((unsigned int)n)) != net || (int)n <= best)
			continue;
		best = (int)n;
		*iface = out_get_text(r, "interface");
	}
	return best;
}

static void
put_places(struct facts_source *src, struct json_object *out)
{
	struct json_object *routes = json_object_new_object(), *item;
	struct json_object *list = items_of(out);
	struct facts_err ignored;
	const char *iface = NULL;
	uint32_t a = 0;
	size_t i;
	int bits;

	(void)facts_parse_file(src, "proc/net/route", FILE_MAX,
	    parse_net_route, routes, &ignored);
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		if (!inet_of_text4(str_of(out_get_text(item, "address")), &a))
			continue;
		iface = a >> 24 == 127 ? "lo" : NULL;
		bits = iface != NULL ? 8
		    : connected(items_of(routes), a, &iface);
		out_cstr(item, "interface", iface);
		if (bits >= 0) {
			out_u64(item, "prefix_bits", (uint64_t)bits);
			put_netmask(item, (unsigned int)bits);
		}
	}
	json_object_put(routes);
}

int
facts_addresses_section(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err second;
	int r, r6;

	(void)items_of(out);
	if (facts_addresses(src, put_address, out) == 0)
		return 0;
	r = facts_parse_file(src, "proc/net/fib_trie", FILE_MAX,
	    parse_fib_trie, out, err);
	if (r == 0)
		put_places(src, out);
	r6 = facts_parse_file(src, "proc/net/if_inet6", FILE_MAX,
	    parse_if_inet6, out, &second);
	return r == 0 || r6 == 0 ? 0 : r;
}

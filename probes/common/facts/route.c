/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - the main routing tables.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "facts/inet.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define FILE_MAX (16u << 20)
#define ROUTES_MAX 16384

#define RTF_UP 0x1u
#define RTF_REJECT 0x200u
#define RTF_ANYCAST 0x00100000u
#define RTF_CACHE 0x01000000u
#define RTF_LOCAL 0x80000000u

static bool
is_mask(uint32_t m)
{
	return (~m & (~m + 1)) == 0;
}

/*
 * Addresses are written as the machine's integers. A mask shows whether that
 * machine was big-endian, which a captured tree does not say elsewhere.
 */
static bool
is_big_endian(struct str rest)
{
	struct str line, word;
	uint64_t mask;
	unsigned int i;

	(void)str_line(&rest, &line);
	while (str_line(&rest, &line)) {
		for (i = 0; i < 8 && str_word(&line, &word); i++)
			;
		if (i == 8 && str_u64(word, 16, &mask) && mask != 0 &&
		    mask != UINT32_MAX)
			return is_mask((uint32_t)mask);
	}
	return false;
}

static uint32_t
host_order(uint64_t v, bool big)
{
	return big ? (uint32_t)v : __builtin_bswap32((uint32_t)v);
}

/* A new item, or NULL once there are too many. */
static struct json_object *
new_route(struct json_object *out, struct json_object *list)
{
	if (json_object_array_length(list) < ROUTES_MAX)
		return out_item(list);
	out_bool(out, "truncated", true);
	return NULL;
}

static void
put_route4(struct json_object *item, struct str iface, const uint64_t *f,
    bool big)
{
	uint32_t mask = host_order(f[6], big);
	char to[16], gateway[16], text[32];

	inet_text4(host_order(f[0], big), to);
	inet_text4(host_order(f[1], big), gateway);
	(void)snprintf(text, sizeof(text), "%s/%d", to,
	    __builtin_popcount(mask));
	out_cstr(item, "destination", text);
	out_u64(item, "family", 4);
	out_bool(item, "default", mask == 0 && !(f[2] & RTF_REJECT));
	if (f[1] != 0)
		out_cstr(item, "gateway", gateway);
	out_text(item, "interface", iface);
	out_u64(item, "metric", f[5]);
	if (f[2] & RTF_REJECT)
		out_bool(item, "reject", true);
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ... */
int
parse_net_route(const char *data, size_t len, struct json_object *out)
{
	static const int bases[7] = { 16, 16, 16, 10, 10, 10, 16 };
	struct str rest = { data, len }, line, iface, word;
	struct json_object *list;
	bool big = is_big_endian(rest);
	uint64_t f[7];
	unsigned int i;

	if (!json_object_object_get_ex(out, "items", &list))
		list = out_list(out, "items");
	while (str_line(&rest, &line)) {
		if (!str_word(&line, &iface))
			continue;
		for (i = 0; i < 7 && str_word(&line, &word) &&
		     str_u64(word, bases[i], &f[i]); i++)
			;
		if (i == 7 && (f[2] & RTF_UP) && f[0] <= UINT32_MAX &&
		    f[1] <= UINT32_MAX && f[6] <= UINT32_MAX)
			put_route4(new_route(out, list), iface, f, big);
	}
	return 0;
}

static void
put_route6(struct json_object *item, struct str *f, uint64_t bits,
    uint64_t metric, uint64_t flags)
{
	char to[64], gateway[64], text[80];

	if (!inet_text6(f[0], to) || !inet_text6(f[4], gateway))
		return;
	(void)snprintf(text, sizeof(text), "%s/%u", to, (unsigned int)bits);
	out_cstr(item, "destination", text);
	out_u64(item, "family", 6);
	out_bool(item, "default", bits == 0 && !(flags & RTF_REJECT));
	if (!str_eq(f[4], "00000000000000000000000000000000"))
		out_cstr(item, "gateway", gateway);
	out_text(item, "interface", f[9]);
	out_u64(item, "metric", metric);
	if (flags & RTF_REJECT)
		out_bool(item, "reject", true);
}

/* Own addresses, multicast and cached entries are no routes to anybody. */
static bool
is_route6(struct str to, uint64_t flags)
{
	return (flags & RTF_UP) && to.n == 32 &&
	    !(flags & (RTF_LOCAL | RTF_CACHE | RTF_ANYCAST)) &&
	    !str_starts(to, "ff");
}

/* destination bits source bits gateway metric references use flags interface */
int
parse_net_ipv6_route(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, f[10];
	struct json_object *list;
	uint64_t bits, metric, flags;
	unsigned int i;

	if (!json_object_object_get_ex(out, "items", &list))
		list = out_list(out, "items");
	while (str_line(&rest, &line)) {
		for (i = 0; i < 10 && str_word(&line, &f[i]); i++)
			;
		if (i < 10 || !str_u64(f[1], 16, &bits) || bits > 128 ||
		    !str_u64(f[5], 16, &metric) || !str_u64(f[8], 16, &flags) ||
		    !is_route6(f[0], flags) || str_eq(f[9], "lo") ||
		    f[4].n != 32)
			continue;
		put_route6(new_route(out, list), f, bits, metric, flags);
	}
	return 0;
}

int
facts_routes(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err second;
	int r, r6;

	r = facts_parse_file(src, "proc/net/route", FILE_MAX, parse_net_route,
	    out, err);
	/* A kernel without IPv6 has no such file. */
	r6 = facts_parse_file(src, "proc/net/ipv6_route", FILE_MAX,
	    parse_net_ipv6_route, out, &second);
	if (r == 0 && r6 < 0 && r6 != -ENOENT)
		*err = second;
	return r < 0 ? r : r6 == -ENOENT ? 0 : r6;
}

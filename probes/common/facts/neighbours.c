/* SPDX-License-Identifier: Apache-2.0 */
/*
 * neighbours - who answered ARP, or ND, on the links of this machine.
 */
#include "facts/sections.h"

#include <json-c/json.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define NEIGHBOURS_MAX	20000
#define COMPLETE	0x02
#define PERMANENT	0x04

static void
put_neighbour(struct json_object *items, const struct str word[6],
    uint64_t flags)
{
	struct json_object *item = out_item(items);

	out_text(item, "address", word[0]);
	out_text(item, "mac", word[3]);
	out_text(item, "interface", word[5]);
	if (flags & PERMANENT)
		out_bool(item, "permanent", true);
}

/* Address, type, flags, MAC, mask, interface. Asked but not answered: no neighbour. */
int
parse_arp(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, word[6];
	struct json_object *items = out_list(out, "items");
	size_t count = 0, n;
	uint64_t flags;

	while (str_line(&rest, &line)) {
		for (n = 0; n < 6 && str_word(&line, &word[n]); n++)
			;
		if (n < 6 || !str_u64(word[2], 16, &flags) ||
		    !(flags & COMPLETE))
			continue;
		if (++count > NEIGHBOURS_MAX) {
			out_bool(out, "truncated", true);
			break;
		}
		put_neighbour(items, word, flags);
	}
	return 0;
}

/* "fd00::7 dev eth0 lladdr 52:54:00:00:00:07 router REACHABLE"; who has not answered has no lladdr. */
int
parse_ip_neigh(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, address, key, value, mac, dev;
	struct json_object *items, *item;

	if (!json_object_object_get_ex(out, "items", &items))
		items = out_list(out, "items");
	while (str_line(&rest, &line) && json_object_array_length(items) < NEIGHBOURS_MAX) {
		mac = dev = STR("");
		if (!str_word(&line, &address) || str_find(address, ':') < 0)
			continue;
		while (str_word(&line, &key) && (str_eq(key, "dev") || str_eq(key, "lladdr")) && str_word(&line, &value))
			*(str_eq(key, "dev") ? &dev : &mac) = value;
		if (mac.n == 0)
			continue;
		item = out_item(items);
		out_text(item, "address", address);
		out_text(item, "mac", mac);
		out_text(item, "interface", dev);
	}
	return 0;
}

/* Files tell of IPv4 only. */
int
facts_neighbours(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_err ignored;
	int r = facts_parse_file(src, "proc/net/arp", 8u << 20, parse_arp, out,
	    err);

	if (r == 0)
		(void)facts_parse_file(src, "commands/ip-neigh", 8u << 20, parse_ip_neigh, out, &ignored);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unix_net - the sections interfaces and addresses of systems that are no Linux:
 * ifconfig -a, which all of them have in some form, and what tells the hardware
 * addresses where ifconfig does not (netstat -in, lanscan, dladm).
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/inet.h"
#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

#define INTERFACES_MAX 10000

static const struct { const char *prefix, *kind; } kinds[] = {
	{ "lo", "loopback" }, { "bridge", "bridge" }, { "lagg", "bond" }, { "bond", "bond" }, { "aggr", "bond" }, { "vlan", "vlan" },
	{ "tun", "tun" }, { "utun", "tun" }, { "tap", "tap" }, { "gif", "tunnel" }, { "stf", "tunnel" }, { "gre", "tunnel" },
	{ "ip.tun", "tunnel" }, { "sit", "tunnel" }, { "ppp", "ppp" }, { "wlan", "wireless" }, { "awdl", "wireless" }, { "fw", "firewire" },
	{ "ib", "infiniband" }, { "vxlan", "vxlan" }, { "wg", "wireguard" }, { "epair", "veth" },
};

static const char *
kind_of(struct str name, bool mac)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_starts(name, kinds[i].prefix) && (name.n == strlen(kinds[i].prefix) || isdigit((unsigned char)name.p[strlen(kinds[i].prefix)])))
			return kinds[i].kind;
	return mac ? "ethernet" : "other";
}

/* "0:15:17:7a:60:31", "0.21.5e.a6.7c.d0", "0x0017A47708A4", "D213C0153A04": with two digits each, lower case. */
bool
unix_mac(struct str s, char mac[18])
{
	char two[3] = "00";
	struct str part;
	size_t n = 0, i;
	char sep = str_find(s, ':') > 0 ? ':' : '.';

	if (str_starts(s, "0x") || str_starts(s, "0X"))
		s = str_skip(s, 2);
	if (s.n == 12 && str_find(s, sep) < 0) {
		for (i = 0; i < 12; i++)
			if (!isxdigit((unsigned char)s.p[i]))
				return false;
		for (i = 0; i < 6; i++)
			snprintf(mac + 3 * i, 4, i < 5 ? "%c%c:" : "%c%c", tolower((unsigned char)s.p[2 * i]), tolower((unsigned char)s.p[2 * i + 1]));
		return strcmp(mac, "00:00:00:00:00:00") != 0;
	}
	while (n < 6 && str_part(&s, sep, &part)) {
		if (part.n < 1 || part.n > 2 || !isxdigit((unsigned char)part.p[0]) || !isxdigit((unsigned char)part.p[part.n - 1]))
			return false;
		two[0] = part.n == 2 ? part.p[0] : '0';
		two[1] = part.p[part.n - 1];
		snprintf(mac + 3 * n, 4, n < 5 ? "%c%c:" : "%c%c", tolower((unsigned char)two[0]), tolower((unsigned char)two[1]));
		n++;
	}
	return n == 6 && s.n == 0 && strcmp(mac, "00:00:00:00:00:00") != 0;
}

/* "0xffffe000", "ffffff80", "255.255.255.0". -1: none of them. */
int
unix_mask_bits(struct str s)
{
	uint32_t mask;
	uint64_t n;
	int bits = 0;

	if (str_find(s, '.') > 0) {
		if (!inet_of_text4(s, &mask))
			return -1;
	} else {
		if (str_starts(s, "0x"))
			s = str_skip(s, 2);
		if (!str_u64(s, 16, &n) || n > 0xffffffff)
			return -1;
		mask = (uint32_t)n;
	}
	for (; mask & 0x80000000; mask <<= 1)
		bits++;
	return mask == 0 ? bits : -1;
}

/* --- ifconfig --------------------------------------------------------------------- */

struct net {
	struct json_object *interfaces, *addresses;	/* lists; either may be NULL */
	struct json_object *at;				/* the interface whose lines these are, or NULL */
	struct str name;				/* without :1 of a second address */
};

static struct json_object *
find(struct json_object *list, struct str name)
{
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);
	struct json_object *item;
	const char *have;

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(list, i);
		have = out_get_text(item, "name");
		if (have != NULL && str_eq(name, have))
			return item;
	}
	return NULL;
}

static bool
has_flag(struct str flags, const char *flag)
{
	struct str part;

	while (str_part(&flags, ',', &part))
		if (str_eq(part, flag))
			return true;
	return false;
}

/* "em0: flags=8843<UP,BROADCAST,RUNNING> metric 0 mtu 1500 index 2" */
static bool
begin_interface(struct net *n, struct str line)
{
	const char *flags = line.n == 0 || isspace((unsigned char)line.p[0]) ? NULL : memmem(line.p, line.n, ": flags=", 8);
	struct str rest, names = STR(""), word, value;
	long open, close, colon;
	uint64_t v;

	if (flags == NULL)
		return false;
	n->name = str_left(line, (size_t)(flags - line.p));
	colon = str_find(n->name, ':');
	if (colon > 0)
		n->name = str_left(n->name, (size_t)colon);
	rest = str_skip(line, (size_t)(flags - line.p) + 8);
	open = str_find(rest, '<');
	close = str_find(rest, '>');
	if (open >= 0 && close > open)
		names = str_left(str_skip(rest, (size_t)open + 1), (size_t)(close - open - 1));
	n->at = n->interfaces == NULL ? NULL : find(n->interfaces, n->name);
	if (n->interfaces == NULL || n->at != NULL || json_object_array_length(n->interfaces) >= INTERFACES_MAX)
		return true;
	n->at = out_item(n->interfaces);
	out_text(n->at, "name", n->name);
	out_bool(n->at, "admin_up", has_flag(names, "UP"));
	out_cstr(n->at, "operstate", has_flag(names, "UP") && has_flag(names, "RUNNING") ? "up" : "down");
	if (has_flag(names, "VIRTUAL"))
		out_bool(n->at, "virtual", true);
	while (str_word(&rest, &word))
		if ((str_eq(word, "mtu") || str_eq(word, "index")) && str_word(&rest, &value) && str_u64(value, 10, &v))
			out_u64(n->at, str_eq(word, "mtu") ? "mtu_bytes" : "index", v);
	return true;
}

static const char *
scope4(struct str address)
{
	return str_starts(address, "127.") ? "host" : str_starts(address, "169.254.") ? "link" : "global";
}

/* "10.10.2.101/24 broadcast ..." and "10.0.0.48 netmask ffffffe0 ..." */
static void
take_inet(struct net *n, struct str rest)
{
	struct str address, word, mask;
	struct json_object *item;
	char text[16];
	uint64_t bits64;
	int bits = -1;
	long slash;
	uint32_t ignored;

	if (n->addresses == NULL || !str_word(&rest, &address))
		return;
	slash = str_find(address, '/');
	if (slash > 0 && str_u64(str_skip(address, (size_t)slash + 1), 10, &bits64) && bits64 <= 32)
		bits = (int)bits64;
	if (slash > 0)
		address = str_left(address, (size_t)slash);
	while (str_word(&rest, &word))
		if (str_eq(word, "netmask") && str_word(&rest, &mask))
			bits = unix_mask_bits(mask);
	if (!inet_of_text4(address, &ignored) || ignored == 0)
		return;
	item = out_item(n->addresses);
	out_text(item, "interface", n->name);
	out_text(item, "address", address);
	out_u64(item, "family", 4);
	if (bits >= 0) {
		inet_text4(inet_mask4((unsigned int)bits), text);
		out_u64(item, "prefix_bits", (uint64_t)bits);
		out_cstr(item, "netmask", text);
	}
	out_cstr(item, "scope", scope4(address));
}

/* "fe80::1%lo0 prefixlen 64 scopeid 0x1", "fe80::1/10", AIX: "::1%1/0" */
static void
take_inet6(struct net *n, struct str rest)
{
	static const char *const words[] = { "temporary", "deprecated", "tentative" };
	struct str address, word, value;
	struct json_object *item;
	uint64_t bits = 129, i;
	long slash, zone;

	if (n->addresses == NULL || !str_word(&rest, &address) || str_find(address, ':') < 0)
		return;
	slash = str_find(address, '/');
	if (slash > 0) {
		(void)str_u64(str_skip(address, (size_t)slash + 1), 10, &bits);
		address = str_left(address, (size_t)slash);
	}
	zone = str_find(address, '%');
	if (zone > 0)
		address = str_left(address, (size_t)zone);
	item = out_item(n->addresses);
	out_text(item, "interface", n->name);
	out_text(item, "address", address);
	out_u64(item, "family", 6);
	while (str_word(&rest, &word)) {
		if (str_eq(word, "prefixlen") && str_word(&rest, &value))
			(void)str_u64(value, 10, &bits);
		for (i = 0; i < 3; i++)
			if (str_eq(word, words[i]))
				out_bool(item, words[i], true);
	}
	if (bits <= 128)
		out_u64(item, "prefix_bits", bits);
	out_cstr(item, "scope", str_eq(address, "::1") ? "host" : str_starts(address, "fe80:") ? "link" : "global");
}

static void
take_mac(struct net *n, struct str rest)
{
	struct str word;
	char mac[18];

	if (n->at != NULL && str_word(&rest, &word) && unix_mac(word, mac))
		out_cstr(n->at, "mac", mac);
}

/* "Ethernet autoselect (10Gbase-SR <full-duplex,rxpause>)" */
static void
take_media(struct net *n, struct str rest)
{
	const char *base = memmem(rest.p, rest.n, "base", 4);
	size_t i;
	uint64_t v;

	if (base == NULL || n->at == NULL)
		return;
	for (i = (size_t)(base - rest.p); i > 0 && (isdigit((unsigned char)rest.p[i - 1]) || rest.p[i - 1] == 'G'); i--)
		;
	if (str_leading_u64(str_skip(rest, i), &v) && v < 1000000)
		out_u64(n->at, "speed_mbps", base > rest.p && base[-1] == 'G' ? v * 1000 : v);
	if (memmem(rest.p, rest.n, "full-duplex", 11) != NULL)
		out_cstr(n->at, "duplex", "full");
	else if (memmem(rest.p, rest.n, "half-duplex", 11) != NULL)
		out_cstr(n->at, "duplex", "half");
}

static void
take_status(struct net *n, struct str rest)
{
	bool up = str_starts(str_trim(rest), "active") || str_starts(str_trim(rest), "associated");

	if (n->at == NULL)
		return;
	out_bool(n->at, "carrier", up);
	out_cstr(n->at, "operstate", up ? "up" : "down");
}

/* "10 vlanproto: 802.1q vlanpcp: 0 parent interface: em0", macOS: "10 parent interface: en0" */
static void
take_vlan(struct net *n, struct str rest)
{
	static const char words[] = "parent interface: ";
	const char *parent = memmem(rest.p, rest.n, words, sizeof(words) - 1);
	struct str word;
	uint64_t id;

	if (n->at == NULL || !str_word(&rest, &word) || !str_u64(word, 10, &id))
		return;
	out_u64(n->at, "vlan_id", id);
	if (parent != NULL) {
		rest = (struct str){ parent + sizeof(words) - 1, (size_t)(rest.p + rest.n - parent) - (sizeof(words) - 1) };
		if (str_word(&rest, &word) && !str_starts(word, "<"))
			out_text(n->at, "parent", word);
	}
}

static void
take_member(struct net *n, struct str rest)
{
	struct json_object *list = NULL;
	struct str word;

	if (n->at == NULL || !str_word(&rest, &word))
		return;
	if (!json_object_object_get_ex(n->at, "members", &list))
		list = out_list(n->at, "members");
	out_item_text(list, word);
}

static void
take_description(struct net *n, struct str rest)
{
	out_text(n->at, "alias", str_trim(rest));
}

static const struct { const char *word; void (*take)(struct net *n, struct str rest); } lines[] = {
	{ "inet", take_inet }, { "inet6", take_inet6 }, { "ether", take_mac }, { "lladdr", take_mac }, { "address:", take_mac },
	{ "media:", take_media }, { "status:", take_status }, { "vlan:", take_vlan }, { "member:", take_member },
	{ "laggport:", take_member }, { "description:", take_description },
};

static void
walk(struct net *n, struct str text)
{
	struct str line, word;
	size_t i;

	while (str_line(&text, &line)) {
		if (begin_interface(n, line) || n->name.n == 0 || !str_word(&line, &word))
			continue;
		for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
			if (str_eq(word, lines[i].word))
				lines[i].take(n, line);
	}
}

/* --- the other commands ------------------------------------------------------------- */

/* netstat -in: a name and an address of hardware in one line, in whatever column; an mtu in the second. */
static void
take_netstat(struct str line, struct json_object *interfaces)
{
	struct str name, mtu, word;
	struct json_object *item;
	char mac[18];
	uint64_t v;

	if (!str_word(&line, &name) || !str_word(&line, &mtu))
		return;
	if (name.n > 1 && name.p[name.n - 1] == '*')
		name.n--;
	item = find(interfaces, name);
	if (item == NULL || !str_u64(mtu, 10, &v))
		return;
	if (!json_object_object_get_ex(item, "mtu_bytes", NULL))
		out_u64(item, "mtu_bytes", v);
	while (str_word(&line, &word))
		if (unix_mac(word, mac) && !json_object_object_get_ex(item, "mac", NULL))
			out_cstr(item, "mac", mac);
}

/* Lines that hold a name and an address of hardware: lanscan's "0/1/2/0 0x0017A47708A4 0 UP lan0 snap0 1 ETHER", dladm's. */
static void
take_pair(struct str line, struct json_object *interfaces)
{
	struct json_object *item = NULL;
	struct str rest = line, word;
	char mac[18], found[18] = "", plain[32];
	size_t i, n;

	while (str_word(&rest, &word)) {
		if (unix_mac(word, mac))
			memcpy(found, mac, sizeof(found));
		else if (item == NULL)
			item = find(interfaces, word);
	}
	/* dladm -p escapes colons: "net0:0\:8\:20\:1\:2\:3" */
	if (found[0] == '\0' && str_find(line, '\\') > 0) {
		for (i = n = 0; i < line.n && n < sizeof(plain) - 1 && line.p[i] != ':'; i++)
			plain[n++] = line.p[i];
		item = find(interfaces, (struct str){ plain, n });
		for (n = 0, i++; i < line.n && n < sizeof(plain) - 1; i++)
			if (line.p[i] != '\\')
				plain[n++] = line.p[i];
		if (unix_mac(str_trim((struct str){ plain, n }), mac))
			memcpy(found, mac, sizeof(found));
	}
	if (item != NULL && found[0] != '\0' && !json_object_object_get_ex(item, "mac", NULL))
		out_cstr(item, "mac", found);
}

static void
each_line(struct facts_source *src, const char *command, void (*take)(struct str line, struct json_object *interfaces),
    struct json_object *interfaces)
{
	struct facts_bytes b;
	struct str rest, line;

	if (facts_command(src, command, &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);)
		take(line, interfaces);
	facts_bytes_free(&b);
}

/* HP-UX asks of one interface at a time. */
static int
walk_each(struct facts_source *src, struct net *n)
{
	struct facts_names names;
	struct facts_bytes b;
	char path[FACTS_PATH_MAX];
	size_t i;
	int r = facts_list(src, "commands/ifconfig", &names);

	if (r < 0)
		return r;
	for (i = 0; i < names.count; i++)
		if (facts_path(path, "ifconfig/%s", names.name[i]) && facts_command(src, path, &b) == 0) {
			n->name = STR("");
			walk(n, (struct str){ b.data, b.len });
			facts_bytes_free(&b);
		}
	facts_names_free(&names);
	return 0;
}

static int
collect(struct facts_source *src, struct net *n, struct facts_err *err)
{
	struct facts_bytes b;
	int r = facts_command(src, "ifconfig", &b);

	if (r == 0) {
		walk(n, (struct str){ b.data, b.len });
		facts_bytes_free(&b);
	} else
		r = walk_each(src, n);
	return r < 0 ? facts_command_failed(err, r, "ifconfig") : 0;
}

int
facts_unix_interfaces(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct net n = { .interfaces = out_list(out, "items") };
	struct json_object *item;
	const char *name;
	size_t i;
	int r = collect(src, &n, err);

	each_line(src, "netstat-in", take_netstat, n.interfaces);
	each_line(src, "lanscan", take_pair, n.interfaces);
	each_line(src, "dladm", take_pair, n.interfaces);
	for (i = 0; n.interfaces != NULL && i < json_object_array_length(n.interfaces); i++) {
		item = json_object_array_get_idx(n.interfaces, i);
		name = out_get_text(item, "name");
		out_cstr(item, "kind", kind_of(str_of(name), json_object_object_get_ex(item, "mac", NULL)));
	}
	return r;
}

int
facts_unix_addresses(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct net n = { .addresses = out_list(out, "items") };

	return collect(src, &n, err);
}

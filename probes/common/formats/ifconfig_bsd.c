/* SPDX-License-Identifier: Apache-2.0 */
/* ifconfig_bsd - ifconfig of FreeBSD, macOS and Solaris: all that it says, and in short; see formats.h. */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <string.h>

#include "formats/cut.h"
#include "formats/linux.h"

/* One interface: "NAME: flags=N<UP,...> ... mtu N" and the indented lines below. */
struct block { struct str name, heading, body, ether, media, status; };

/* What its lines say of which there is one; the first counts. */
static void
note_line(struct block *b, struct str line)
{
	struct { const char *mark; struct str *to; } rows[] = {
		{ "ether ", &b->ether }, { "lladdr ", &b->ether }, { "address: ", &b->ether } /* OpenBSD, NetBSD */, { "media: ", &b->media }, { "status: ", &b->status } };
	size_t i;

	line = str_trim(line);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].to->n == 0 && str_starts(line, rows[i].mark))
			*rows[i].to = str_trim(str_skip(line, strlen(rows[i].mark)));
}

static bool
is_heading(struct str line, struct str *name)
{
	struct str flags;

	return indent_of(line) == 0 && cut_at(line, ": flags=", name, &flags) && name->n > 0 && str_find(*name, ' ') < 0;
}

static bool
next_block(struct str *text, struct block *b)
{
	struct str line, name, rest;

	memset(b, 0, sizeof(*b));
	do {
		if (!str_line(text, &line))
			return false;
	} while (!is_heading(line, &b->name));
	b->heading = line;
	b->body = (struct str){ text->p, 0 };
	for (rest = *text; str_line(&rest, &line) && !is_heading(line, &name); *text = rest) {
		b->body.n = (size_t)(line.p + line.n - b->body.p);
		note_line(b, line);
	}
	return true;
}

/* The word behind WORD, which stands at the begin of a line or behind a blank, in LINE; empty without. */
static struct str
word_behind(struct str line, const char *word)
{
	struct str had, next = { "", 0 };

	while (str_word(&line, &had))
		if (str_eq(had, word))
			return str_word(&line, &next) ? next : str_left(next, 0);
	return next;
}

static struct str
flags_of(struct str s)
{
	return before(after(s, "<"), ">");
}

static bool
is_up(const struct block *b)
{
	struct str flags = flags_of(b->heading), flag;

	while (str_part(&flags, ',', &flag))
		if (str_eq(flag, "UP"))
			return true;
	return false;
}

/* --- one address ------------------------------------------------------------------------------ */

struct inet { bool six; struct str address, zone, scope, broadcast; char mask[16]; unsigned prefix; };

static unsigned
bits_of(const char *mask)
{
	unsigned char a[4] = { 0 };
	unsigned n = 0, i;

	if (inet_pton(AF_INET, mask, a) == 1)
		for (i = 0; i < 32; i++)
			n += (a[i / 8] >> (7 - i % 8)) & 1;
	return n;
}

/* "inet 10.0.0.1 netmask 0xff000000", "inet 10.10.2.101/24 broadcast ...", "inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1". */
static bool
inet_of(struct str line, struct inet *i)
{
	struct str kind, word, prefix;
	unsigned char a[4];
	uint64_t n = 0;
	unsigned k;

	memset(i, 0, sizeof(*i));
	if (!str_word(&line, &kind) || (!str_eq(kind, "inet") && !str_eq(kind, "inet6")) || !str_word(&line, &word))
		return false;
	i->six = kind.n == 5;
	prefix = after(word, "/");
	word = before(word, "/");
	i->address = before(word, "%");
	i->zone = after(word, "%");
	i->scope = word_behind(line, "scopeid");
	i->broadcast = word_behind(line, "broadcast");
	if (prefix.n == 0)
		prefix = word_behind(line, "prefixlen");
	if (str_u64(prefix, 10, &n) && n <= 128)
		i->prefix = (unsigned)n;
	if (i->six)
		return true;
	if (!cut_hex_mask(word_behind(line, "netmask"), i->mask) && n <= 32 && prefix.n > 0) {
		for (k = 0; k < 4; k++)
			a[k] = (unsigned char)(n >= 8 * (k + 1) ? 255 : n <= 8 * k ? 0 : 0xff00 >> (n - 8 * k));
		if (inet_ntop(AF_INET, a, i->mask, sizeof(i->mask)) == NULL)
			i->mask[0] = '\0';
	}
	i->prefix = bits_of(i->mask);
	return true;
}

/* --- all of it, as jc has it -------------------------------------------------------------------- */

static void
put_inet(struct json_object *o, const struct inet *i)
{
	struct json_object *item = out_item(put_list(o, i->six ? "ipv6" : "ipv4"));

	put_text(o, i->six ? "ipv6_addr" : "ipv4_addr", i->address);
	put_text(item, "address", i->address);
	if (i->six) {
		put_int(o, "ipv6_mask", i->prefix);
		put_text_or_null(o, "ipv6_scope", i->scope);
		put_text_or_null(o, "ipv6_scope_id", i->zone);
		put_text_or_null(item, "scope_id", i->zone);
		put_int(item, "mask", i->prefix);
		put_text_or_null(item, "scope", i->scope);
	} else {
		put_text_or_null(o, "ipv4_mask", str_of(i->mask));
		put_text_or_null(o, "ipv4_bcast", i->broadcast);
		put_text_or_null(item, "mask", str_of(i->mask));
		put_text_or_null(item, "broadcast", i->broadcast);
	}
}

/* "options=3<RXCSUM,TXCSUM>" as a number and a list. */
static void
put_flags(struct json_object *o, struct str line, const char *key, const char *list, enum field_kind kind)
{
	put_value(o, str_of(key), kind, before(line, "<"));
	put_words(o, list, flags_of(line), ',');
}

/* "Ethernet autoselect (1000baseT <full-duplex>)": what stands before the flags, and these. */
static void
put_media(struct json_object *o, struct str line)
{
	struct str media;

	if (!cut_at(line, " <", &media, NULL))
		return;
	put_text(o, "media", media);
	put_words(o, "media_flags", flags_of(line), ',');
}

/* "vendor: Intel Corp PN: FTLX8571D3BCV-IT SN: ALH1AV9 DATE: 2011-10-27" of an optical module. */
static void
put_module(struct json_object *o, struct str vendor)
{
	put_known(o, "vendor", str_trim(before(vendor, " PN:")));
	put_known(o, "vendor_pn", str_trim(before(after(vendor, "PN: "), " SN:")));
	put_known(o, "vendor_sn", str_trim(before(after(vendor, "SN: "), " DATE:")));
	put_known(o, "vendor_date", str_trim(after(vendor, "DATE: ")));
}

/* "1: RX power: 0.49 mW (-3.10 dBm) TX bias: 23.85 mA" */
static void
put_lane(struct json_object *o, struct str line)
{
	struct json_object *lane = out_item(put_list(o, "lanes"));
	double d;

	put_value(lane, STR("lane"), AS_INT, before(line, ":"));
	if (real_of(after(line, "RX power:"), &d))
		put_real(lane, "rx_power_mw", d);
	if (real_of(after(line, "("), &d))
		put_real(lane, "rx_power_dbm", d);
	if (real_of(after(line, "TX bias:"), &d))
		put_real(lane, "tx_bias_ma", d);
}

static void
put_line(struct json_object *o, struct str line)
{
	struct str rest = line, voltage;
	struct inet i;

	if (inet_of(line, &i))
		put_inet(o, &i);
	else if (skip_prefix(&rest, "options="))
		put_flags(o, rest, "options", "options_flags", AS_TEXT);
	else if (skip_prefix(&rest, "nd6 options="))
		put_flags(o, rest, "nd6_options", "nd6_flags", AS_INT);
	else if (skip_prefix(&rest, "media: "))
		put_media(o, rest);
	else if (skip_prefix(&rest, "status: "))
		put_text(o, "status", rest);
	else if (skip_prefix(&rest, "plugged: "))
		put_text(o, "plugged", rest);
	else if (skip_prefix(&rest, "vendor: "))
		put_module(o, rest);
	else if (skip_prefix(&rest, "lane "))
		put_lane(o, rest);
	else if (skip_prefix(&rest, "groups: "))
		put_words(o, "groups", rest, ' ');
	if (skip_prefix(&rest, "module temperature: ")) {
		voltage = find(rest, "oltage: ") != NULL ? after(rest, "oltage: ") : rest;
		put_text(o, "module_temperature", str_trim(before(before(rest, "voltage"), "Voltage")));
		put_known(o, "module_voltage", voltage.p != rest.p ? str_trim(voltage) : (struct str){ "", 0 });
	}
	if (skip_prefix(&rest, "RX: ")) {
		put_text(o, "rx_power", str_trim(before(rest, "TX:")));
		put_known(o, "tx_pwer", str_trim(after(rest, "TX: ")));	/* so spelt by jc */
	}
}

static void
put_hardware(struct json_object *o, struct str line)
{
	struct str address = word_behind(line, "ether");

	if (address.n == 0)
		address = str_starts(line, "lladdr ") ? word_behind(line, "lladdr") : str_starts(line, "address: ") ? word_behind(line, "address:") : address;
	put_known(o, "mac_addr", address);
	address = word_behind(line, "hwaddr");
	if (address.n == 0)
		return;
	put_text(o, "hw_address", address);
	put_null(o, "media");
	put_null(o, "media_flags");
	if (find(line, "media: ") != NULL)	/* on the same line */
		put_media(o, after(line, "media: "));
}

bool
read_ifconfig_bsd(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct block b;
	struct str line;
	struct str flags;
	bool any = false;

	(void)f;
	while (next_block(&text, &b)) {
		o = put_interface(top, b.name);
		flags = before(after(b.heading, "flags="), "<");
		(void)skip_prefix(&flags, "0x");	/* the digits are hexadecimal also where that is not said */
		put_value(o, STR("flags"), AS_INT, flags);
		if (flags_of(b.heading).n > 0)
			put_words(o, "state", flags_of(b.heading), ',');
		put_value(o, STR("mtu"), AS_NUMBER, word_behind(b.heading, "mtu"));
		put_value(o, STR("metric"), AS_NUMBER, word_behind(b.heading, "metric"));
		while (str_line(&b.body, &line)) {
			put_hardware(o, str_trim(line));
			put_line(o, str_trim(line));
		}
		any = true;
	}
	return any;
}

/* --- in short, as GLPI has it ------------------------------------------------------------------------ */

static void
put_address(struct json_object *o, const struct inet *i)
{
	put_text(o, i->six ? "ipv6" : "ipv4", i->address);
	put_network(o, i->six ? AF_INET6 : AF_INET, i->address, i->prefix);
	if (!i->six)
		put_known(o, "ipv4_mask", str_of(i->mask));
}

static struct json_object *
put_short(struct json_object *top, const struct block *b)
{
	struct json_object *o = out_item(top);
	char mac[18];

	put_text(o, "interface", b->name);
	if (cut_mac(before(b->ether, " "), mac))
		put_text(o, "mac", str_of(mac));
	put_text(o, "status", is_up(b) ? STR("Up") : STR("Down"));
	return o;
}

static struct json_object *
put_freebsd(struct json_object *top, const struct block *b)
{
	struct json_object *o = put_short(top, b);

	put_known(o, "mtu", word_behind(b->heading, "mtu"));
	if (str_starts(b->media, "Ethernet"))
		put_text(o, "type", STR("ethernet"));
	return o;
}

/* FreeBSD: one entry for each address, or one without. */
bool
read_interfaces_freebsd(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, body;
	bool any = false, addressed;
	struct block b;
	struct inet i;

	(void)f;
	while (next_block(&text, &b)) {
		addressed = false;
		for (body = b.body; str_line(&body, &line);) {
			if (!inet_of(line, &i))
				continue;
			put_address(put_freebsd(top, &b), &i);
			addressed = true;
		}
		if (!addressed)
			(void)put_freebsd(top, &b);
		any = true;
	}
	return any;
}

static void
put_addresses(struct json_object *o, const struct block *b)
{
	struct str body = b->body, line;
	struct inet i;

	while (str_line(&body, &line))
		if (inet_of(line, &i))
			put_address(o, &i);
}

/* What its line about media tells; a radio has none. */
static const char *
type_of(const struct block *b)
{
	if (str_starts(b->name, "lo"))
		return "loopback";
	if (str_starts(b->name, "bridge"))
		return "bridge";
	return str_starts(b->name, "en") && find(b->media, "<") != NULL ? "ethernet" : NULL;
}

/* macOS: those of hardware are en and bridge; up is what has a partner on the wire. The name of a port ("Wi-Fi") is not here. */
bool
read_interfaces_macos(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct block b;
	bool any = false;

	(void)f;
	while (next_block(&text, &b)) {
		o = put_short(top, &b);
		put_addresses(o, &b);
		put_value(o, STR("mtu"), AS_NUMBER, word_behind(b.heading, "mtu"));
		put_text(o, "status", str_eq(b.status, "active") ? STR("Up") : STR("Down"));
		put_int(o, "virtualdev", !str_starts(b.name, "en") && !str_starts(b.name, "bridge"));
		put_known(o, "type", str_of(type_of(&b)));
		any = true;
	}
	return any;
}

/* Solaris: one entry for each name; the second of an interface is NAME:1. */
bool
read_interfaces_solaris(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct block b;
	bool any = false;

	(void)f;
	while (next_block(&text, &b)) {
		o = put_short(top, &b);
		put_addresses(o, &b);
		put_known(o, "mtu", word_behind(b.heading, "mtu"));
		put_text(o, "type", STR("ethernet"));
		any = true;
	}
	return any;
}

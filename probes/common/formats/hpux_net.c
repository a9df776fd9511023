/* SPDX-License-Identifier: Apache-2.0 */
/* hpux_net - interfaces of HP-UX: lanscan, lanadmin, ifconfig, netstat -nrv; and the routes of netstat -rn elsewhere; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>

#include "formats/cut.h"

/* lanscan -iap: "0x0017A47708A4 lan1 snap1 1". */
static bool
lanscan_short(struct json_object *top, struct str line)
{
	struct str mac, name, snap, id;
	struct json_object *o;
	char text[18];

	if (!str_word(&line, &mac) || !cut_mac(mac, text) || !str_word(&line, &name) || !str_word(&line, &snap) || !str_starts(snap, "snap")
	    || !str_word(&line, &id) || (o = out_item(top)) == NULL)
		return false;
	put_known(o, "interface", name);
	put_known(o, "mac", str_of(text));
	put_known(o, "lan_id", id);
	put_known(o, "type", str_of("ethernet"));
	put_known(o, "status", str_of("Down"));	/* until ifconfig or lanadmin says otherwise */
	return true;
}

/* lanscan alone: "0/1/2/0  0x00306E4A2B3C 0  UP  lan0 snap0  1  ETHER  Yes 119". */
static bool
lanscan_long(struct json_object *top, struct str line)
{
	struct str path, mac, unit, state, name, snap, id, type;
	struct json_object *o;
	char text[18];

	if (!str_word(&line, &path) || !str_word(&line, &mac) || !cut_mac(mac, text) || !str_word(&line, &unit) || !str_word(&line, &state)
	    || !str_word(&line, &name) || !str_word(&line, &snap) || !str_starts(snap, "snap") || !str_word(&line, &id)
	    || !str_word(&line, &type) || (o = out_item(top)) == NULL)
		return false;
	put_known(o, "interface", name);
	put_known(o, "mac", str_of(text));
	put_known(o, "lan_id", unit);
	put_known(o, "hardware_path", path);
	put_known(o, "type", str_eq(type, "ETHER") ? str_of("ethernet") : type);
	put_known(o, "status", str_of(str_eq(state, "UP") ? "Up" : "Down"));
	return true;
}

bool
read_lanscan(const struct format *f, struct str text, struct json_object *top)
{
	struct str line;
	bool any = false;

	(void)f;
	while (str_line(&text, &line))
		any |= lanscan_short(top, line) || lanscan_long(top, line);
	return any;
}

/* "flags=1843<UP,...>", then "inet 10.0.0.48 netmask ffffffe0 broadcast 10.0.0.63": of one interface. */
bool
read_ifconfig_hpux(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, flags, word, inet, mask;
	char dotted[16];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_between(line, "<", ">", &flags)) {
			put_known(top, "status", str_of(str_starts(flags, "UP") || cut_at(flags, ",UP", NULL, NULL) ? "Up" : "Down"));
			any = true;
		}
		if (cut_at(line, "inet ", NULL, &inet) && str_word(&inet, &word)) {
			put_known(top, "address", word);
			any = true;
		}
		if (cut_at(line, "netmask ", NULL, &mask) && str_word(&mask, &word) && cut_hex_mask(word, dotted))
			put_known(top, "netmask", str_of(dotted));
	}
	return any;
}

/* --- netstat ------------------------------------------------------------------------------------ */

/* A route to itself, "10.0.0.1/255.255.255.255 10.0.0.1 UH 0 lan0 32808", is an address of the interface; lan0:1 is a further one. */
bool
read_netstat_hpux(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word[6], rest, address, name;
	struct json_object *o;
	bool any = false;
	unsigned n;

	(void)f;
	while (str_line(&text, &line)) {
		for (n = 0; n < 6 && str_word(&line, &word[n]);)
			n++;
		rest = n == 6 ? word[0] : (struct str){ "", 0 };
		if (!str_part(&rest, '/', &address) || !str_same(address, word[1]) || !cut_is_number(word[5]))
			continue;
		rest = word[4];
		if (!str_part(&rest, ':', &name) || (o = out_item(put_list_at(top, name))) == NULL)
			continue;
		put_known(o, "interface", name);
		put_known(o, "ipv4", address);
		put_known(o, "ipv4_mask", str_skip(word[0], address.n + 1));
		put_known(o, "mtu", word[5]);
		put_known(o, "type", str_of("ethernet"));
		any = true;
	}
	return any;
}

/* netstat -rn of BSD and AIX, IPv4: where to, and by whom; the first of several. */
bool
read_routes(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, to, by;
	bool in = false, any = false;
	char key[64];

	(void)f;
	while (str_line(&text, &line) && !str_starts(line, "Internet6") && !cut_at(line, "v6)", NULL, NULL)) {
		if (!str_word(&line, &to) || !str_word(&line, &by))
			continue;
		in = (in || str_starts(to, "Destination")) && !str_eq(to, "Routing");
		if (!in || str_find(to, ':') >= 0 || (str_find(by, '.') < 0 && str_find(by, ':') < 0))
			continue;	/* link#4 is nobody */
		str_copy(key, sizeof(key), to);
		if (!json_object_object_get_ex(top, key, NULL))
			put_value(top, to, AS_TEXT, by);
		any = true;
	}
	return any;
}

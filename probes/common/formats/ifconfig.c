/* SPDX-License-Identifier: Apache-2.0 */
/* ifconfig - of Linux: as net-tools 2 writes it, and as those before did; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

/* A word or words, what stands behind them, and where it goes. RX and TX have their own. */
static const struct { const char *mark, *key; enum field_kind kind; char way; } ifconfig_words[] = {
	{ "mtu ", "mtu", AS_NUMBER, 0 }, { "MTU:", "mtu", AS_NUMBER, 0 }, { "Metric:", "metric", AS_NUMBER, 0 }, { "metric ", "metric", AS_NUMBER, 0 },
	{ "ether ", "mac_addr", AS_TEXT, 0 }, { "infiniband ", "mac_addr", AS_TEXT, 0 }, { "HWaddr ", "mac_addr", AS_TEXT, 0 },
	{ "Adresse ", "mac_addr", AS_TEXT, 'H' }, { "direcciónHW ", "mac_addr", AS_TEXT, 0 }, { "IndirizzoHW ", "mac_addr", AS_TEXT, 0 },
	{ "packets ", "rx_packets", AS_NUMBER, 'R' }, { "packets:", "rx_packets", AS_NUMBER, 'R' }, { "errors ", "rx_errors", AS_NUMBER, 'R' },
	{ "errors:", "rx_errors", AS_NUMBER, 'R' }, { "dropped ", "rx_dropped", AS_NUMBER, 'R' }, { "dropped:", "rx_dropped", AS_NUMBER, 'R' },
	{ "overruns ", "rx_overruns", AS_NUMBER, 'R' }, { "overruns:", "rx_overruns", AS_NUMBER, 'R' }, { "frame ", "rx_frame", AS_NUMBER, 'R' },
	{ "frame:", "rx_frame", AS_NUMBER, 'R' }, { "bytes ", "rx_bytes", AS_NUMBER, 'R' },
	{ "RX bytes:", "rx_bytes", AS_NUMBER, 0 }, { "TX bytes:", "tx_bytes", AS_NUMBER, 0 },
	{ "packets ", "tx_packets", AS_NUMBER, 'T' }, { "packets:", "tx_packets", AS_NUMBER, 'T' }, { "errors ", "tx_errors", AS_NUMBER, 'T' },
	{ "errors:", "tx_errors", AS_NUMBER, 'T' }, { "dropped ", "tx_dropped", AS_NUMBER, 'T' }, { "dropped:", "tx_dropped", AS_NUMBER, 'T' },
	{ "overruns ", "tx_overruns", AS_NUMBER, 'T' }, { "overruns:", "tx_overruns", AS_NUMBER, 'T' }, { "carrier ", "tx_carrier", AS_NUMBER, 'T' },
	{ "carrier:", "tx_carrier", AS_NUMBER, 'T' }, { "bytes ", "tx_bytes", AS_NUMBER, 'T' },
	{ "collisions ", "tx_collisions", AS_NUMBER, 0 }, { "collisions:", "tx_collisions", AS_NUMBER, 0 },
};
static const char *const ifconfig_keys[] = {
	"flags", "state", "mtu", "type", "mac_addr", "ipv4_addr", "ipv4_mask", "ipv4_bcast", "ipv6_addr", "ipv6_mask", "ipv6_scope", "ipv6_type",
	"metric", "rx_packets", "rx_errors", "rx_dropped", "rx_overruns", "rx_frame", "tx_packets", "tx_errors", "tx_dropped", "tx_overruns",
	"tx_carrier", "tx_collisions", "rx_bytes", "tx_bytes",
};

/* The word behind MARK, which begins a word itself; empty without. */
static struct str
behind(struct str line, const char *mark)
{
	struct str rest = line, word = { "", 0 };
	const char *at;

	while ((at = find(rest, mark)) != NULL) {
		rest = from_to(at + strlen(mark), line.p + line.n);
		if (at == line.p || at[-1] == ' ' || at[-1] == '\t')
			return str_word(&rest, &word) ? word : str_left(rest, 0);
	}
	return word;
}

struct json_object *
put_interface(struct json_object *top, struct str name)
{
	struct json_object *o = out_item(top);
	size_t i;

	put_text(o, "name", name);
	for (i = 0; i < sizeof(ifconfig_keys) / sizeof(ifconfig_keys[0]); i++)
		put_null(o, ifconfig_keys[i]);
	return o;
}

/* Both the one address that there was always room for (the last one), and the list. */
static void
put_part(struct json_object *o, struct json_object *item, const char *key, const char *in_item, enum field_kind kind, struct str value)
{
	if (value.n == 0) {
		put_null(o, key);
		put_null(item, in_item);
	} else {
		put_value(o, str_of(key), kind, value);
		put_value(item, str_of(in_item), kind, value);
	}
}

/* The old form in English, French, German, Spanish and Italian. */
static const char *const addr_words[] = { "addr:", "adr:", "Adresse:", "inet:", NULL };
static const char *const mask_words[] = { "Mask:", "Masque:", "Maske:", "Másc:", "Maschera:", NULL };
static const char *const bcast_words[] = { "Bcast:", "Difus.:", NULL };
static const char *const encap_words[] = { "Link encap:", "Lien encap:", "Protokoll:", NULL };

static struct str
behind_any(struct str line, const char *const *marks)
{
	struct str word = { "", 0 };

	for (; *marks != NULL && word.n == 0; marks++)
		word = behind(line, *marks);
	return word;
}

static void
put_inet(struct json_object *o, struct str line, bool old)
{
	struct json_object *item = out_item(put_list(o, "ipv4"));

	put_part(o, item, "ipv4_addr", "address", AS_TEXT, old ? behind_any(line, addr_words) : behind(line, "inet "));
	put_part(o, item, "ipv4_mask", "mask", AS_TEXT, old ? behind_any(line, mask_words) : behind(line, "netmask "));
	put_part(o, item, "ipv4_bcast", "broadcast", AS_TEXT, old ? behind_any(line, bcast_words) : behind(line, "broadcast "));
}

/* "inet6 addr: fe80::1/64 Scope:Link", whatever the word in front of the address. */
static struct str
before_scope(struct str line)
{
	struct str word = { "", 0 }, rest = line;

	while (str_word(&rest, &word) && (str_find(word, '/') < 0 || str_find(word, ':') < 0))
		word.n = 0;
	return word;
}

static void
put_inet6(struct json_object *o, struct str line, bool old)
{
	struct json_object *item = out_item(put_list(o, "ipv6"));
	struct str address = old ? before_scope(line) : behind(line, "inet6 "), scope = behind(line, old ? "Scope:" : "scopeid ");

	put_part(o, item, "ipv6_addr", "address", AS_TEXT, before(address, "/"));
	put_part(o, item, "ipv6_mask", "mask", AS_NUMBER, old ? after(address, "/") : behind(line, "prefixlen "));
	put_part(o, item, "ipv6_scope", "scope", AS_TEXT, before(scope, "<"));
	put_part(o, item, "ipv6_type", "type", AS_TEXT, old ? scope : before(after(scope, "<"), ">"));
}

/* "flags=4163<UP,RUNNING>  mtu 1500", or "UP BROADCAST RUNNING  MTU:1500". */
static void
put_state(struct json_object *o, struct str line)
{
	struct json_object *list;
	struct str word;

	if (find(line, "flags=") != NULL) {
		put_value(o, STR("flags"), AS_INT, before(after(line, "flags="), "<"));
		put_words(o, "state", before(after(line, "<"), ">"), ',');
		return;
	}
	if (find(line, "MTU:") == NULL)
		return;
	for (list = put_list(o, "state"); str_word(&line, &word) && isupper((unsigned char)word.p[0]) && str_find(word, ':') < 0;)
		out_item_text(list, word);
}

/* What stands behind "Link encap:", all of it; empty without. */
static struct str
encap_of(struct str line)
{
	const char *const *mark;
	struct str rest = { "", 0 };

	for (mark = encap_words; *mark != NULL && rest.n == 0; mark++)
		rest = after(line, *mark);
	return rest;
}

static void
interface_line(struct json_object *o, struct str line)
{
	bool old = behind_any(line, addr_words).n > 0 || find(line, "Scope:") != NULL || find(line, " addr:") != NULL;
	char way = find(line, "RX ") != NULL ? 'R' : find(line, "TX ") != NULL ? 'T' : find(line, "Hardware Adresse ") != NULL ? 'H' : 0;
	struct str word;
	size_t i;

	line = str_trim(line);
	put_state(o, line);
	if (str_starts(line, "inet ") || (old && behind_any(line, mask_words).n > 0))
		put_inet(o, line, old);
	else if (find(line, "inet6") != NULL)
		put_inet6(o, line, find(line, "prefixlen ") == NULL);
	else if (encap_of(line).n > 0)
		put_text(o, "type", before(str_trim(before(encap_of(line), "HWaddr")), "  "));
	else if (find(line, "txqueuelen ") != NULL && find(line, "(") != NULL)
		put_text(o, "type", before(after(line, "("), ")"));
	for (i = 0; i < sizeof(ifconfig_words) / sizeof(ifconfig_words[0]); i++)
		if ((ifconfig_words[i].way == 0 || ifconfig_words[i].way == way) && (word = behind(line, ifconfig_words[i].mark)).n > 0)
			put_value(o, str_of(ifconfig_words[i].key), ifconfig_words[i].kind, word);
}

bool
read_ifconfig(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, rest, name;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (line.n > 0 && indent_of(line) == 0) {
			rest = line;
			if ((find(line, "flags=") == NULL && encap_of(line).n == 0) || !str_word(&rest, &name)) {
				o = NULL;
				continue;
			}
			any = true;
			if (find(line, "flags=") != NULL && name.p[name.n - 1] == ':')
				name.n--;
			o = put_interface(top, name);
			interface_line(o, rest);
		} else if (o != NULL && str_trim(line).n > 0) {
			interface_line(o, line);
		}
	}
	return any;
}

/* --- interfaces, as an inventory has them -------------------------------------------------------- */

static struct str
text_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && v != NULL ? str_of(json_object_get_string(v)) : (struct str){ "", 0 };
}

static bool
is_up(struct json_object *o)
{
	struct json_object *list;
	const char *word;
	size_t i;

	if (!json_object_object_get_ex(o, "state", &list))
		return false;
	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		word = json_object_get_string(json_object_array_get_idx(list, i));
		if (strcmp(word, "UP") == 0 || strcmp(word, "ACTIVO") == 0)
			return true;
	}
	return false;
}

bool
read_interfaces_linux(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const same[][2] = { { "interface", "name" }, { "mac", "mac_addr" }, { "ipv4", "ipv4_addr" }, { "ipv4_mask", "ipv4_mask" },
		{ "ipv6", "ipv6_addr" } };
	struct json_object *all = json_object_new_array(), *one, *o;
	struct str value;
	size_t i, k;

	(void)read_ifconfig(f, text, all);
	for (i = 0; i < json_object_array_length(all); i++) {
		one = json_object_array_get_idx(all, i);
		o = out_item(top);
		for (k = 0; k < sizeof(same) / sizeof(same[0]); k++)
			if ((value = text_of(one, same[k][1])).n > 0)
				put_text(o, same[k][0], value);
		put_text(o, "status", is_up(one) ? STR("Up") : STR("Down"));
		value = text_of(one, "type");
		if (str_eq(value, "Ethernet") || str_eq(value, "Local Loopback"))
			put_text(o, "type", str_eq(value, "Ethernet") ? STR("ethernet") : STR("loopback"));
	}
	json_object_put(all);
	return json_object_array_length(top) > 0;
}

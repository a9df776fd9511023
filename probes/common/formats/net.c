/* SPDX-License-Identifier: Apache-2.0 */
/* net - addresses, links, routes and neighbours: ip and ifconfig of Linux; see formats.h. */
#include <arpa/inet.h>
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"
#include "formats/linux.h"
#include "formats/put.h"

/* The word behind the word NAME in LINE; empty without. */
static struct str
value_of(struct str line, const char *name)
{
	struct str word;

	while (str_word(&line, &word))
		if (str_eq(word, name))
			return str_word(&line, &word) ? word : (struct str){ "", 0 };
	return (struct str){ "", 0 };
}

/* "2: eth0@if3: <UP,LOWER_UP> mtu 1500 ...": the name is "eth0". */
static bool
link_line(struct str line, struct str *name, struct str *flags)
{
	struct str number = before(line, ": ");
	uint64_t n;

	if (!str_u64(number, 10, &n) || number.n == line.n || number.n == 0 || !isdigit((unsigned char)line.p[0]))
		return false;
	*name = before(before(after(line, ": "), ": "), "@");
	*flags = before(after(line, "<"), ">");
	return find(line, "<") != NULL && name->n > 0;
}

static bool
has_flag(struct str flags, const char *name)
{
	struct str part;

	while (str_part(&flags, ',', &part))
		if (str_eq(part, name))
			return true;
	return false;
}

static bool
is_mac(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!isxdigit((unsigned char)s.p[i]) && s.p[i] != ':')
			return false;
	return s.n >= 17 && s.p[2] == ':';
}

/* "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever": of ip -o. */
static bool
oneline_address(struct str line, struct str *name, struct str *address)
{
	struct str number, word;
	uint64_t n;

	if (!str_word(&line, &number) || number.n < 2 || number.p[number.n - 1] != ':' || !str_u64(str_left(number, number.n - 1), 10, &n)
	    || !str_word(&line, name) || name->p[name->n - 1] == ':')
		return false;
	*address = before(str_trim(line), "\\");
	return str_word(&line, &word) && (str_eq(word, "inet") || str_eq(word, "inet6"));
}

/* "eth0@if3   UP   192.0.2.2/24 fe80::1/64" of ip -br address: the name, and the addresses. */
static bool
brief_line(struct str line, struct str *name, struct str *state, struct str *rest)
{
	static const char *const states[] = { "UP", "DOWN", "UNKNOWN", "LOWERLAYERDOWN", "DORMANT", "NOTPRESENT", "TESTING" };
	size_t i;

	if (!str_word(&line, name) || !str_word(&line, state))
		return false;
	*rest = line;
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (str_eq(*state, states[i]))
			return name->p[name->n - 1] != ':';
	return false;
}

/* --- ip address --------------------------------------------------------------------------- */

struct link { struct str name, mac, flags; bool addressed, silent /* of its state */; };

/* What is known of a link without any address. */
static struct json_object *
put_link(struct json_object *top, const struct link *l, struct str label)
{
	struct json_object *o = out_item(top);

	put_text(o, "interface", label);
	if (l->mac.n > 0)
		put_text(o, "mac", l->mac);
	if (!l->silent)
		put_text(o, "status", has_flag(l->flags, "UP") ? STR("Up") : STR("Down"));
	return o;
}

/* One more address of a link; an alias has its label at the end of the line, and the link is told of too. */
static void
put_address(struct json_object *top, struct link *l, struct str line)
{
	bool six = str_starts(line, "inet6 ");
	struct str whole = value_of(line, six ? "inet6" : "inet"), prefix = after(whole, "/"), rest = line, word, label = l->name;
	struct json_object *o;
	uint64_t bits;

	while (str_word(&rest, &word))
		if (word.n > l->name.n && str_same(str_left(word, l->name.n), l->name) && word.p[l->name.n] == ':')
			label = word;
	if (label.n > l->name.n && !l->addressed)
		(void)put_link(top, l, l->name);
	o = put_link(top, l, label);
	put_text(o, six ? "ipv6" : "ipv4", before(whole, "/"));
	if (str_u64(prefix, 10, &bits) && bits <= 128)
		put_network(o, six ? AF_INET6 : AF_INET, before(whole, "/"), (unsigned)bits);
	l->addressed = true;
}

/* One that has no address is told of as well. */
static void
end_link(struct json_object *top, struct link *l)
{
	if (l->name.n > 0 && !l->addressed)
		(void)put_link(top, l, l->name);
}

/* One line of ip -br: UNKNOWN is the state of what is up and cannot tell, as lo. */
static void
put_brief(struct json_object *top, struct str name, struct str state, struct str rest)
{
	struct link l = { .name = before(name, "@"), .flags = str_eq(state, "UP") || str_eq(state, "UNKNOWN") ? STR("UP") : STR("") };
	char line[120];
	struct str word;

	while (str_word(&rest, &word))
		if (str_find(word, '/') > 0 && word.n < 80) {
			snprintf(line, sizeof(line), "inet%s %.*s", str_find(word, ':') >= 0 ? "6" : "", (int)word.n, word.p);
			put_address(top, &l, str_of(line));
		} else if (is_mac(word)) {
			l.mac = word;
		}
	end_link(top, &l);
}

bool
read_ip_addresses(const struct format *f, struct str text, struct json_object *top)
{
	struct str line = { "", 0 }, word, rest, state;
	struct link l = { .name = { "", 0 } };
	bool any = false;

	(void)f;
	while (str_line(&text, &line) && brief_line(line, &word, &state, &rest)) {
		put_brief(top, word, state, rest);
		any = true;
	}
	if (any || (find(line, " inet") == NULL && find(text, "inet") == NULL))
		return any;		/* ip link */
	do {
		struct link next = { .mac = { "", 0 } };

		if (oneline_address(line, &next.name, &rest)) {
			next.silent = true;
			if (!str_same(l.name, next.name))
				l = next;
			put_address(top, &l, rest);
			any = true;
			continue;
		}
		if (link_line(line, &next.name, &next.flags)) {
			end_link(top, &l);
			l = next;
			any = true;
			continue;
		}
		rest = line = str_trim(line);
		if (l.name.n == 0 || !str_word(&rest, &word))
			continue;
		if (str_starts(word, "link/") && str_word(&rest, &word))
			l.mac = is_mac(word) ? word : str_left(word, 0);
		else if (str_eq(word, "inet") || str_eq(word, "inet6"))
			put_address(top, &l, line);
	} while (str_line(&text, &line));
	end_link(top, &l);
	return any;
}

/* --- ip link --------------------------------------------------------------------------------- */

bool
read_ip_links(const struct format *f, struct str text, struct json_object *top)
{
	static const struct { const char *word; enum field_kind kind; } words[] = {
		{ "mtu", AS_INT }, { "qdisc", AS_TEXT }, { "state", AS_TEXT }, { "master", AS_TEXT }, { "group", AS_TEXT }, { "qlen", AS_INT },
	};
	struct str line, name, flags, parent, value, word;
	struct json_object *o = NULL;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (link_line(line, &name, &flags) && (o = out_item(top)) != NULL) {
			put_value(o, STR("index"), AS_INT, before(line, ":"));
			put_text(o, "name", name);
			parent = after(before(after(line, ": "), ": "), "@");
			if (parent.n > 0)
				put_text(o, "parent", parent);
			put_words(o, "flags", flags, ',');
			for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
				if ((value = value_of(before(line, "\\"), words[i].word)).n > 0)
					put_value(o, str_of(words[i].word), words[i].kind, value);
			line = after(line, "\\");	/* of ip -o: all on one line */
		}
		line = str_trim(line);
		if (o != NULL && str_starts(line, "link/") && str_word(&line, &word)) {
			put_text(o, "type", str_skip(word, 5));
			if (str_word(&line, &word) && is_mac(word))
				put_text(o, "mac", word);
			if ((value = value_of(line, "brd")).n > 0)
				put_text(o, "broadcast", value);
		}
	}
	return o != NULL;
}

/* --- ip route, ip neighbour ---------------------------------------------------------------------- */

/* "192.0.2.1 dev eth0 FAILED": a neighbour ends with its state. */
static bool
is_neighbour(struct str line)
{
	struct str word, last = { "", 0 };

	while (str_word(&line, &word))
		last = word;
	return last.n > 0 && isupper((unsigned char)last.p[0]);
}

static bool
is_destination(struct str s)
{
	unsigned char a[16];
	char text[INET6_ADDRSTRLEN];

	str_copy(text, sizeof(text), before(s, "/"));
	return str_eq(s, "default") || inet_pton(AF_INET, text, a) == 1 || inet_pton(AF_INET6, text, a) == 1;
}

static bool
is_one_of(struct str word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_eq(word, *words))
			return true;
	return false;
}

/* "via 10.0.2.2 dev enp0s3 proto dhcp metric 100 onlink" */
static void
put_route_words(struct json_object *o, const struct format *f, struct str line)
{
	static const char *const alone[] = { "linkdown", "onlink", "dead", "pervasive", "offload", "trap", NULL };
	struct str word, value;
	char key[32];

	while (str_word(&line, &word)) {
		if (is_one_of(word, alone)) {
			put_text(o, "status", word);
			continue;
		}
		str_copy(key, sizeof(key), word);
		if (str_word(&line, &value) && str_eq(word, "via") && str_starts(value, "inet"))
			(void)str_word(&line, &value);	/* "via inet6 fe80::1": of another family than the route */
		if (value.n > 0)
			put_value(o, str_of(key), kind_of(f->fields, key, AS_TEXT), value);
	}
}

/* A route of several ways has one in each line below, or with -o behind backslashes. */
bool
read_ip_routes(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const types[] = { "unicast", "local", "broadcast", "multicast", "throw", "unreachable", "prohibit", "blackhole", "nat", NULL };
	struct str line, first, type, word, ways, way;
	struct json_object *o = NULL;
	bool any = false;

	while (str_line(&text, &line)) {
		ways = after(line, "\\");
		line = before(line, "\\");
		if (isdigit((unsigned char)(line.n > 0 ? line.p[0] : '0')) && link_line(line, &first, &word))
			return any;	/* addresses of links */
		if (!str_word(&line, &first))
			continue;
		if (str_eq(first, "nexthop") && o != NULL) {
			put_route_words(out_item(put_list(o, "nexthops")), f, line);
			continue;
		}
		type = is_one_of(first, types) ? first : str_left(first, 0);
		if (type.n > 0)
			(void)str_word(&line, &first);
		o = is_destination(first) && !is_neighbour(line) ? out_item(top) : NULL;
		if (o == NULL)
			continue;
		put_text(o, "ip", first);
		if (type.n > 0)
			put_text(o, "type", type);
		put_route_words(o, f, line);
		while (str_part(&ways, '\\', &way))
			if (str_word(&way, &word) && str_eq(word, "nexthop"))
				put_route_words(out_item(put_list(o, "nexthops")), f, way);
		any = true;
	}
	return any;
}

bool
read_ip_gateway(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, via, first;
	bool ways = false;	/* "nexthop via ..." below a default that has several */

	(void)f;
	while (str_line(&text, &line)) {
		ways = str_starts(line, "default") || (ways && indent_of(line) > 0);
		via = value_of(line, "via");
		if (!ways || via.n == 0)
			continue;
		first = str_starts(via, "inet") ? value_of(line, via.n == 5 ? "inet6" : "inet") : via;
		via = first.n > 0 ? first : via;
		put_text(top, "gateway", via);
		return true;
	}
	return false;
}

bool
read_ip_neighbours(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, first, rest, word, state;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		rest = line;
		if (!str_word(&rest, &first) || !is_destination(first) || !is_neighbour(rest) || (o = out_item(top)) == NULL)
			continue;
		for (state = first; str_word(&rest, &word);)
			state = word;
		put_text(o, "ip", first);
		put_text_or_null(o, "dev", value_of(line, "dev"));
		put_text_or_null(o, "mac", value_of(line, "lladdr"));
		put_bool(o, "router", find(line, " router") != NULL);
		put_text(o, "state", state);
		any = true;
	}
	return any;
}

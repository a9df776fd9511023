/* SPDX-License-Identifier: Apache-2.0 */
/* firewall - rules of packet filters: iptables -L, ufw status, ufw app info; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

#define PORTS_MAX 256		/* of one profile and protocol */
#define NO_TARGET 9		/* so many blanks, where the target would be, say that there is none */

/* --- iptables ------------------------------------------------------------------------------ */

/* "1130K": with powers of 1000. */
static void
put_counter(struct json_object *o, const char *key, struct str s)
{
	static const char units[] = "KMGT";
	const char *unit = s.n > 0 ? strchr(units, s.p[s.n - 1]) : NULL;
	int64_t n;

	if (!digits_of(s, &n) || n > INT64_C(1) << 40)
		return;
	for (; unit != NULL && unit >= units && n < INT64_C(1) << 50; unit--)
		n *= 1000;
	put_int(o, key, n);
}

/* "Chain INPUT (policy ACCEPT 12 packets, 400 bytes)" */
static struct json_object *
new_chain(struct json_object *top, struct str line)
{
	struct json_object *o = out_item(top);
	struct str name, policy, packets, word;

	(void)str_word(&line, &name);
	put_text(o, "chain", name);
	policy = before(after(line, "(policy "), ")");
	if (str_word(&policy, &word) && str_word(&policy, &packets)) {
		put_text(o, "default_policy", word);
		put_counter(o, "default_packets", packets);
		put_counter(o, "default_bytes", str_trim(before(after(policy, ","), "bytes")));
	}
	return put_list(o, "rules");
}

/* The words of a rule below the headings; what the headings do not name is "options". */
static void
put_rule(struct json_object *o, const struct columns *c, struct str line)
{
	struct str rest, word;
	const char *name;
	unsigned i;

	for (i = 0; i < c->n; i++) {
		name = c->at[i].name;
		if (strcmp(name, "target") == 0 && indent_of(line) >= NO_TARGET) {
			put_null(o, name);
			continue;
		}
		rest = line;
		if (!str_word(&rest, &word))
			break;
		if (strcmp(name, "opt") == 0 && word.p[0] != '-' && word.p[0] != '!') {
			put_null(o, name);	/* IPv6 has none */
			continue;
		}
		line = rest;
		if (strcmp(name, "pkts") == 0 || strcmp(name, "bytes") == 0)
			put_counter(o, name, word);
		else
			put_value(o, str_of(name), strcmp(name, "num") == 0 ? AS_INT : strcmp(name, "opt") == 0 ? AS_DASH : AS_TEXT, word);
	}
	if (str_trim(line).n > 0)
		put_text(o, "options", str_skip(line, indent_of(line)));
}

bool
read_iptables(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *rules = NULL;
	struct columns c = { .n = 0 };
	struct str line;

	(void)f;
	while (str_line(&text, &line)) {
		if (skip_prefix(&line, "Chain ")) {
			rules = new_chain(top, line);
			c.n = 0;
		} else if (rules != NULL && c.n == 0) {
			if (find(line, "prot") != NULL && find(line, "source") != NULL)
				(void)columns_of(&c, line, 1);
		} else if (rules != NULL && str_trim(line).n > 0) {
			put_rule(out_item(rules), &c, line);
		}
	}
	return rules != NULL;
}

/* --- ports ------------------------------------------------------------------------------------- */

struct range { int64_t from, to; };

/* "22", "6891:6900" or "any". */
static bool
range_of(struct str s, struct range *out)
{
	struct str from = before(s, ":"), to = after(s, ":");
	struct range r = { 0, 65535 };

	if (!str_eq(s, "any") && (!str_i64(from, &r.from) || !str_i64(to.n > 0 ? to : from, &r.to)))
		return false;
	if (r.from < 0 || r.to > 65535)
		return false;
	*out = r;
	return true;
}

static void
put_range(struct json_object *list, struct range r)
{
	struct json_object *o = out_item(list);

	put_int(o, "start", r.from);
	put_int(o, "end", r.to);
}

static void
put_port(struct json_object *o, const char *single, const char *several, struct range r)
{
	if (r.from == r.to)
		(void)json_object_array_add(put_list(o, single), json_object_new_int64(r.from));
	else
		put_range(put_list(o, several), r);
}

/* --- ufw app info ------------------------------------------------------------------------------ */

struct ports { struct range r[PORTS_MAX]; unsigned n; };

static void
add_port(struct ports *p, struct range r)
{
	if (p->n < PORTS_MAX)
		p->r[p->n++] = r;
}

/* In order; those that touch are one, and one inside another is gone. */
static void
normalize(struct ports *p)
{
	struct range r;
	unsigned i, k, to = 0;

	for (i = 1; i < p->n; i++) {
		r = p->r[i];
		for (k = i; k > 0 && (p->r[k - 1].from > r.from || (p->r[k - 1].from == r.from && p->r[k - 1].to < r.to)); k--)
			p->r[k] = p->r[k - 1];
		p->r[k] = r;
	}
	for (i = 0; i < p->n; i++) {
		if (to > 0 && p->r[i].from <= p->r[to - 1].to) {
			if (p->r[i].to > p->r[to - 1].to)
				p->r[to - 1].to = p->r[i].to;
		} else {
			p->r[to++] = p->r[i];
		}
	}
	p->n = to;
}

static void
end_profile(struct json_object *o, struct ports *tcp, struct ports *udp)
{
	struct ports *both[] = { tcp, udp };
	static const char *const names[][2] = {
		{ "normalized_tcp_list", "normalized_tcp_ranges" }, { "normalized_udp_list", "normalized_udp_ranges" },
	};
	unsigned i, k;

	for (i = 0; i < 2; i++) {
		normalize(both[i]);
		for (k = 0; o != NULL && k < both[i]->n; k++)
			put_port(o, names[i][0], names[i][1], both[i]->r[k]);
		both[i]->n = 0;
	}
}

/* "137,138,6000:6010/udp"; without a protocol it is both. */
static void
profile_ports(struct json_object *o, struct str line, struct ports *tcp, struct ports *udp)
{
	struct str protocol = after(line, "/"), list = before(line, "/"), part;
	struct range r;

	while (str_part(&list, ',', &part)) {
		if (!range_of(str_trim(part), &r))
			continue;
		if (!str_eq(protocol, "udp")) {
			put_port(o, "tcp_list", "tcp_ranges", r);
			add_port(tcp, r);
		}
		if (!str_eq(protocol, "tcp")) {
			put_port(o, "udp_list", "udp_ranges", r);
			add_port(udp, r);
		}
	}
}

bool
read_ufw_profiles(const struct format *f, struct str text, struct json_object *top)
{
	struct ports tcp = { .n = 0 }, udp = { .n = 0 };
	struct json_object *o = NULL;
	struct str line, rest;
	bool ports = false, description = false;

	(void)f;
	while (str_line(&text, &line)) {
		rest = line;
		line = str_trim(line);
		if (skip_prefix(&line, "Profile:")) {
			end_profile(o, &tcp, &udp);
			o = out_item(top);
			put_text(o, "profile", str_trim(line));
			ports = description = false;
		} else if (o == NULL || line.n == 0) {
			continue;
		} else if (skip_prefix(&line, "Title:")) {
			put_text(o, "title", str_trim(line));
		} else if (skip_prefix(&line, "Description:")) {
			put_text(o, "description", str_trim(line));
			description = true;
		} else if (str_eq(line, "Port:") || str_eq(line, "Ports:")) {
			ports = true;
			description = false;
		} else if (ports && indent_of(rest) > 0) {
			profile_ports(o, line, &tcp, &udp);
		} else if (description) {
			put_more(o, "description", line, "\n");
		}
	}
	end_profile(o, &tcp, &udp);
	return o != NULL;
}

/* --- ufw status ------------------------------------------------------------------------------------ */

static bool
is_address(struct str s)
{
	size_t i, dots = 0, colons = 0;

	for (i = 0; i < s.n && s.p[i] != '/'; i++) {
		dots += s.p[i] == '.';
		colons += s.p[i] == ':';
		if (!isxdigit((unsigned char)s.p[i]) && s.p[i] != '.' && s.p[i] != ':')
			return false;
	}
	return dots == 3 || colons > 1;
}

/* A word of "TO" that is not an address: "22/tcp", "80,443/tcp", "6000:6007". */
static bool
put_side_ports(struct json_object *o, const char *side, struct str word)
{
	struct str list = before(word, "/"), part, protocol = after(word, "/"), all = list;
	char single[24], several[24], transport[24];
	struct range r;

	while (str_part(&list, ',', &part))
		if (!range_of(part, &r))
			return false;
	snprintf(single, sizeof(single), "%s_ports", side);
	snprintf(several, sizeof(several), "%s_port_ranges", side);
	snprintf(transport, sizeof(transport), "%s_transport", side);
	while (str_part(&all, ',', &part))
		if (range_of(part, &r))
			put_port(o, single, several, r);
	if (protocol.n > 0)
		put_text(o, transport, protocol);
	return true;
}

static void
put_side_address(struct json_object *o, const char *side, struct str word, bool six)
{
	struct str prefix = after(word, "/");
	char key[24];

	snprintf(key, sizeof(key), "%s_ip", side);
	put_text(o, key, before(word, "/"));
	snprintf(key, sizeof(key), "%s_ip_prefix", side);
	put_value(o, str_of(key), AS_INT, prefix.n > 0 ? prefix : six ? STR("128") : STR("32"));
}

/* "[ADDRESS] [PORTS[/PROTOCOL]] [SERVICE] [on INTERFACE]", or "Anywhere". */
static void
put_side(struct json_object *o, const char *side, struct str text, bool six)
{
	struct str word, service = { "", 0 };
	char key[24];
	bool address = false, ports = false;

	snprintf(key, sizeof(key), "%s_interface", side);
	put_text(o, key, STR("any"));
	snprintf(key, sizeof(key), "%s_transport", side);
	put_text(o, key, STR("any"));
	while (str_word(&text, &word)) {
		if (str_eq(word, "on") && str_word(&text, &word)) {
			snprintf(key, sizeof(key), "%s_interface", side);
			put_text(o, key, word);
		} else if (is_address(word)) {
			put_side_address(o, side, word, six);
			address = true;
		} else if (str_eq(word, "Anywhere")) {
			continue;
		} else if (word.p[0] == '(') {
			while (word.p[word.n - 1] != ')' && str_word(&text, &word))
				;	/* "(v6)", or the name of what has these ports */
		} else if (put_side_ports(o, side, word)) {
			ports = true;
		} else {
			service = service.n == 0 ? word : from_to(service.p, word.p + word.n);
		}
	}
	if (!address)
		put_side_address(o, side, six ? STR("::/0") : STR("0.0.0.0/0"), six);
	snprintf(key, sizeof(key), "%s_service", side);
	put_text_or_null(o, key, service);
	snprintf(key, sizeof(key), "%s_transport", side);
	if (service.n > 0)
		put_null(o, key);
	snprintf(key, sizeof(key), "%s_port_ranges", side);
	if (!ports && service.n == 0)
		put_range(put_list(o, key), (struct range){ 0, 65535 });
}

/* Where "  ALLOW" and the like stands. */
static struct str
action_of(struct str line)
{
	static const char *const actions[] = { " ALLOW", " DENY", " REJECT", " LIMIT" };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if ((at = find(line, actions[i])) != NULL)
			return (struct str){ at + 1, strlen(actions[i]) - 1 };
	return (struct str){ line.p, 0 };
}

static void
ufw_rule(struct json_object *rules, struct str line)
{
	static const char *const ways[] = { "IN", "OUT", "FWD" };
	struct str action = action_of(line), to, from, comment, index = { "", 0 }, word, rest, way = index;
	struct json_object *o;
	bool six;
	size_t i;

	if (action.n == 0 || (o = out_item(rules)) == NULL)
		return;
	to = str_trim(from_to(line.p, action.p));
	if (skip_prefix(&to, "[")) {
		index = before(to, "]");
		to = str_trim(after(to, "]"));
	}
	from = from_to(action.p + action.n, line.p + line.n);
	comment = str_trim(after(from, "#"));
	rest = from = before(from, "#");
	for (i = 0; i < 3 && way.n == 0; i++, rest = from)
		if (str_word(&rest, &word) && str_eq(word, ways[i])) {
			way = word;
			from = rest;
			break;
		}
	six = find(to, "(v6)") != NULL || find(from, "(v6)") != NULL;
	for (rest = to; !six && str_word(&rest, &word);)
		six = is_address(word) && str_find(word, ':') >= 0;
	for (rest = from; !six && str_word(&rest, &word);)
		six = is_address(word) && str_find(word, ':') >= 0;
	put_text(o, "action", action);
	put_text_or_null(o, "action_direction", way);
	put_value(o, STR("index"), AS_NUMBER, index);
	put_text(o, "network_protocol", six ? STR("ipv6") : STR("ipv4"));
	put_side(o, "to", to, six);
	put_text_or_null(o, "comment", comment);
	put_side(o, "from", from, six);
}

bool
read_ufw(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *rules = NULL;
	struct str line, key, value, level;
	char name[PUT_KEY_MAX];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (rules != NULL) {
			if (!str_starts(str_trim(line), "--"))
				ufw_rule(rules, line);
		} else if (find(line, "Action") != NULL && find(line, "From") != NULL) {
			rules = put_list(top, "rules");
		} else if (str_pair(line, ':', &key, &value)) {
			if (str_eq(key, "Profile"))
				return false;	/* app info */
			key_of(key, name, sizeof(name));
			level = before(after(value, "("), ")");
			if (strcmp(name, "logging") == 0 && level.n > 0) {
				put_text(top, "logging_level", level);
				value = str_trim(before(value, "("));
			}
			put_text(top, name, value);
			any = true;
		}
	}
	if (any)
		(void)put_list(top, "rules");	/* none where it is off */
	return any;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* sockets - who listens and who talks: netstat, ss, lsof of Linux; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

#define PROGRAM_WIDTH 20	/* of netstat's column, which may have blanks in it */

/* "ADDRESS:PORT" at the last colon; the port also as a number where it is one. */
static void
put_end(struct json_object *o, const char *who, struct str end)
{
	const char *colon = end.n > 0 ? memrchr(end.p, ':', end.n) : NULL;
	struct str address = colon == NULL ? end : from_to(end.p, colon), port = colon == NULL ? str_skip(end, end.n) : from_to(colon + 1, end.p + end.n), zone;
	char key[32];
	int64_t n;

	zone = after(address, "%");
	if (zone.n > 0 && zone.p[zone.n - 1] == ']')
		zone.n--;
	if (zone.n > 0 && strcmp(who, "local") == 0)
		put_text(o, "interface", zone);
	snprintf(key, sizeof(key), "%s_address", who);
	put_text(o, key, before(address, "%"));
	if (colon == NULL)
		return;
	snprintf(key, sizeof(key), "%s_port", who);
	put_text(o, key, port);
	snprintf(key, sizeof(key), "%s_port_num", who);
	if (str_i64(port, &n))
		put_int(o, key, n);
}

/* --- netstat ------------------------------------------------------------------------------ */

struct netstat { enum { NOTHING, INTERNET, UNIX, ROUTES, INTERFACES } part; struct columns c; bool user, program, timer; };

static bool
is_state(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!isupper((unsigned char)s.p[i]) && s.p[i] != '_' && !isdigit((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

/* "1489/master", and "-" for what one may not see. */
static void
put_program(struct json_object *o, struct str s)
{
	struct str pid = before(s, "/"), name = after(s, "/");
	int64_t n;

	s = str_trim(s);
	if (name.n > 0 && str_i64(pid, &n)) {
		put_int(o, "pid", n);
		put_text(o, "program_name", str_trim(name));
	} else {
		put_value(o, STR("program_name"), AS_DASH, s);
	}
}

/* The program, which is as wide as its column, and what stands behind it. */
static struct str
take_program(struct json_object *o, struct str line)
{
	line = str_skip(line, indent_of(line));
	put_program(o, str_left(line, PROGRAM_WIDTH));
	return str_trim(str_skip(line, PROGRAM_WIDTH));
}

static void
internet_row(struct json_object *o, const struct netstat *n, struct str proto, struct str line)
{
	static const char *const keys[] = { "recv_q", "send_q" };
	bool six = str_ends(proto, "6");
	struct str word, rest;
	size_t i;

	put_text(o, "proto", proto);
	for (i = 0; i < 2 && str_word(&line, &word); i++)
		put_value(o, str_of(keys[i]), AS_INT, word);
	if (str_word(&line, &word))
		put_end(o, "local", word);
	if (str_word(&line, &word))
		put_end(o, "foreign", word);
	put_null(o, "state");
	rest = line;
	if (str_word(&rest, &word) && is_state(word) && (isupper((unsigned char)word.p[0]) || str_starts(proto, "raw"))) {
		put_text(o, "state", word);
		line = rest;
	}
	if (n->user && str_word(&line, &word))
		put_text(o, "user", word);
	if (n->user && str_word(&line, &word))
		put_value(o, STR("inode"), AS_NUMBER, word);
	if (n->program)
		line = take_program(o, line);
	if (n->timer)
		put_text(o, "timer", str_trim(line));
	put_text(o, "kind", STR("network"));
	put_text_or_null(o, "transport_protocol", str_starts(proto, "raw") ? str_skip(proto, proto.n) : six ? str_left(proto, proto.n - 1) : proto);
	put_text(o, "network_protocol", six ? STR("ipv6") : STR("ipv4"));
}

static void
unix_row(struct json_object *o, const struct netstat *n, struct str proto, struct str line)
{
	struct str word, flags, rest;

	put_text(o, "proto", proto);
	if (str_word(&line, &word))
		put_value(o, STR("refcnt"), AS_INT, word);
	flags = str_trim(before(after(line, "["), "]"));
	put_text_or_null(o, "flags", flags);
	line = after(line, "]");
	if (str_word(&line, &word))
		put_text(o, "type", word);
	rest = line;
	put_null(o, "state");
	if (str_word(&rest, &word) && isupper((unsigned char)word.p[0])) {
		put_text(o, "state", word);
		line = rest;
	}
	if (str_word(&line, &word))
		put_value(o, STR("inode"), AS_INT, word);
	line = n->program ? take_program(o, line) : str_trim(line);
	if (line.n > 0)
		put_text(o, "path", line);
	put_text(o, "kind", STR("socket"));
}

/* True when LINE says what the following ones are. */
static bool
netstat_heading(struct netstat *n, struct str line, struct str below)
{
	static const char *const names[][2] = {
		{ "flags", "route_flags" }, { "flag", "route_flags" }, { "met", "metric" }, { "ref", "route_refs" }, { "if", "iface" }, { "next", "next_hop" },
	};
	size_t i;

	if (str_starts(line, "Active ") || str_starts(line, "Kernel ") || str_trim(line).n == 0) {
		n->part = NOTHING;
		return true;
	}
	if (str_starts(line, "Proto ")) {
		n->part = find(line, "Recv-Q") != NULL ? INTERNET : find(line, "I-Node") != NULL || find(line, "RefCnt") != NULL ? UNIX : NOTHING;
		n->user = find(line, " User ") != NULL || (n->part == INTERNET && find(line, " Inode") != NULL);
		n->program = find(line, "PID/Program") != NULL;
		n->timer = find(line, "Timer") != NULL;
		return true;
	}
	if (!str_starts(line, "Iface") && (line = route_heading(line, below)).n == 0)
		return false;
	n->part = line.p[0] == 'D' ? ROUTES : INTERFACES;
	(void)columns_of(&n->c, line, 1);
	for (i = 0; n->part == ROUTES && i < sizeof(names) / sizeof(names[0]); i++)
		columns_rename(&n->c, names[i][0], names[i][1]);
	for (i = 0; i + 1 < n->c.n; i++)	/* "Next Hop" */
		if (strcmp(n->c.at[i].name, "hop") == 0)
			memmove(&n->c.at[i], &n->c.at[i + 1], (--n->c.n - i) * sizeof(n->c.at[0]));
	return true;
}

static void
table_row(struct json_object *o, const struct netstat *n, const struct format *f, const struct str *cell)
{
	unsigned i;

	columns_put(&n->c, cell, f->fields, n->part == ROUTES ? AS_TEXT : AS_INT, o);
	put_text(o, "kind", n->part == ROUTES ? STR("route") : STR("interface"));
	for (i = 0; i < n->c.n && n->part == ROUTES; i++)
		if (strcmp(n->c.at[i].name, "route_flags") == 0)
			put_route_flags(o, "route_flags_pretty", cell[i]);
}

/* "eth0:1  1500  - no statistics available -  BMRU" */
static void
alias_row(struct json_object *o, const struct netstat *n, struct str line)
{
	struct str cell;
	unsigned i;

	for (i = 0; i < n->c.n; i++)
		put_null(o, n->c.at[i].name);
	if (str_word(&line, &cell))
		put_text(o, "iface", cell);
	if (str_word(&line, &cell))
		put_value(o, STR("mtu"), AS_INT, cell);
	put_text(o, "flg", str_trim(after(line, "available -")));
	put_text(o, "kind", STR("interface"));
}

bool
read_netstat(const struct format *f, struct str text, struct json_object *top)
{
	struct netstat n = { .part = NOTHING };
	struct str line, rest, proto, cell[COLUMNS_MAX];
	bool any = false;

	while (str_line(&text, &line)) {
		rest = line;
		if (netstat_heading(&n, line, text)) {
			any |= n.part != NOTHING;
		} else if (n.part == ROUTES || n.part == INTERFACES) {
			if (find(line, "- no statistics available -") != NULL)
				alias_row(out_item(top), &n, line);
			else if (columns_words(&n.c, line, cell) == n.c.n)
				table_row(out_item(top), &n, f, cell);
		} else if (n.part == UNIX && str_word(&rest, &proto) && find(rest, "]") != NULL) {
			unix_row(out_item(top), &n, proto, rest);
		} else if (n.part == INTERNET && str_word(&rest, &proto) && find(rest, ":") != NULL) {
			internet_row(out_item(top), &n, proto, rest);
		}
	}
	return any;
}

/* Destinations and their gateways. */
bool
read_netstat_routes(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, destination, gateway;
	char key[64];
	bool routes = false, any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (route_heading(line, text).n > 0)
			routes = find(route_heading(line, text), "Genmask") != NULL;
		else if (routes && str_word(&line, &destination) && str_word(&line, &gateway) && str_find(destination, ':') < 0) {
			str_copy(key, sizeof(key), destination);
			put_text(top, key, gateway);
			any = true;
		}
	}
	return any;
}

/* --- ss -------------------------------------------------------------------------------------- */

/* users:(("sshd",pid=1215,fd=3),("systemd",pid=1,fd=42)) */
static void
put_users(struct json_object *opts, struct str s)
{
	struct json_object *all = put_object(opts, "process_id"), *o;
	struct str one, name;
	char pid[16];

	while ((one = before(after(s, "(\""), ")")).n > 0) {
		s = str_skip(s, (size_t)(one.p + one.n - s.p));
		name = before(one, "\"");
		str_copy(pid, sizeof(pid), before(after(one, "pid="), ","));
		if (pid[0] == '\0')
			continue;
		o = put_object(all, pid);
		put_text(o, "user", name);
		put_text(o, "file_descriptor", after(one, "fd="));
	}
}

static void
put_opts(struct json_object *o, struct str rest)
{
	static const char *const names[][2] = { { "uid", "uid_number" }, { "ino", "inode_number" }, { "sk", "cookie" } };
	static const char *const timer[] = { "timer_name", "expire_time", "retrans" };
	struct json_object *opts = NULL, *t;
	struct str word, key, value, part;
	char name[32];
	size_t i;

	while (str_word(&rest, &word)) {
		if (!str_pair(word, ':', &key, &value) || value.n == 0 || !isalpha((unsigned char)key.p[0]))
			continue;
		if (opts == NULL)
			opts = put_object(o, "opts");
		if (str_eq(key, "users")) {
			put_users(opts, value);
		} else if (str_eq(key, "timer")) {
			t = put_object(opts, "timer");
			value = before(after(value, "("), ")");
			for (i = 0; i < 3 && str_part(&value, ',', &part); i++)
				put_text(t, timer[i], part);
		} else {
			str_copy(name, sizeof(name), key);
			for (i = 0; i < 3; i++)
				if (str_eq(key, names[i][0]))
					snprintf(name, sizeof(name), "%s", names[i][1]);
			put_text(opts, name, value);
		}
	}
}

/* Path and inode, as two words, of a Unix socket, here or there. */
static void
put_unix_end(struct json_object *o, const char *who, struct str *line)
{
	struct str word, port;
	bool local = strcmp(who, "local") == 0;
	char key[32];
	int64_t n;

	if (!str_word(line, &word) || !str_word(line, &port))
		return;
	put_text(o, local ? "path" : "peer_address", word);
	snprintf(key, sizeof(key), "%s_port", who);
	put_text(o, key, port);
	snprintf(key, sizeof(key), "%s_port_num", who);
	if (str_i64(port, &n))
		put_int(o, key, n);
}

static void
ss_ends(struct json_object *o, struct str netid, struct str line)
{
	struct str word, pid;
	int64_t n;

	if (str_starts(netid, "u_")) {
		put_unix_end(o, "local", &line);
		put_unix_end(o, "peer", &line);
		put_opts(o, line);
		return;
	}
	if (!str_word(&line, &word))
		return;
	if (str_eq(netid, "nl")) {
		pid = after(word, "/");
		put_text(o, "channel", before(word, "/"));
		if (str_i64(pid, &n))
			put_int(o, "pid", n);
		else if (pid.n > 0)
			put_text(o, "channel", word);
	} else if (str_starts(netid, "p_")) {
		put_text(o, "link_layer", before(word, ":"));
		put_text(o, "interface", after(word, ":"));
	} else {
		put_end(o, "local", word);
	}
	if (str_word(&line, &word))
		put_end(o, "peer", word);
	put_opts(o, line);
}

bool
read_ss(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = { "netid", "state", "recv_q", "send_q" };
	struct str line, word[4], first;
	struct json_object *o;
	bool heading = false;
	unsigned skip = 0, i;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "Netid") || str_starts(line, "State")) {
			heading = true;
			skip = line.p[0] == 'S';	/* one protocol was asked for */
			continue;
		}
		if (heading && indent_of(line) > 0 && find(line, "users:((") != NULL && json_object_array_length(top) > 0) {
			put_opts(json_object_array_get_idx(top, json_object_array_length(top) - 1), line);
			continue;	/* -i, -m: more about the one before */
		}
		for (i = skip; i < 4 && str_word(&line, &word[i]); i++)
			;
		if (!heading || i < 4 || !isdigit((unsigned char)word[2].p[0]) || (o = out_item(top)) == NULL)
			continue;
		first = skip == 0 ? word[0] : find(line, ":") == NULL ? STR("u_") : STR("");
		for (i = skip; i < 4; i++)
			put_value(o, str_of(keys[i]), i < 2 ? AS_TEXT : AS_INT, word[i]);
		ss_ends(o, first, line);
	}
	return heading;
}

/* --- lsof ---------------------------------------------------------------------------------------- */

bool
read_lsof(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };

	while (str_line(&text, &line)) {
		if (str_starts(line, "COMMAND ")) {
			(void)columns_of(&c, line, 1);
		} else if (c.n > 0 && str_trim(line).n > 0) {
			columns_cells(&c, line, cell);
			columns_put(&c, cell, f->fields, AS_DASH, out_item(top));
		}
	}
	return c.n > 0;
}

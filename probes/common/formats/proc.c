/* SPDX-License-Identifier: Apache-2.0 */
/* proc - files of /proc about the whole host; see formats.h. */
#include <arpa/inet.h>
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

static void
add_int(struct json_object *list, int64_t n)
{
	if (list != NULL)
		(void)json_object_array_add(list, json_object_new_int64(n));
}

/* The numbers at the begin of LINE into LIST, at most MAX. */
static void
take_numbers(struct json_object *list, struct str *line, unsigned max)
{
	struct str rest = *line, word;
	int64_t n;

	for (; max > 0 && str_word(&rest, &word) && str_i64(word, &n); max--) {
		add_int(list, n);
		*line = rest;
	}
}

/* --- buddyinfo ---------------------------------------------------------------------------- */

bool
read_buddyinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, node, rest, word;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!skip_prefix(&line, "Node ") || find(line, "zone") == NULL || (o = out_item(top)) == NULL)
			continue;
		node = before(line, ",");
		rest = after(line, "zone");
		put_value(o, STR("node"), AS_INT, node);
		if (str_word(&rest, &word))
			put_text(o, "zone", word);
		take_numbers(put_list(o, "free_chunks"), &rest, 64);
		any = true;
	}
	return any;
}

/* --- cpuinfo -------------------------------------------------------------------------------- */

static bool
is_real(struct str s)
{
	size_t i, dots = 0;

	for (i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (!isdigit((unsigned char)s.p[i]) && s.p[i] != '.')
			return false;
	}
	return s.n > 2 && dots == 1;
}

static void
cpu_line(struct json_object *o, struct str key, struct str value)
{
	static const char *const lists[] = { "flags", "vmx flags", "bugs", "Features", "features" };
	struct str unit;
	char name[64];
	int64_t n;
	double d;
	size_t i;

	str_copy(name, sizeof(name), key);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(name, lists[i]) == 0) {
			put_words(o, name, value, ' ');
			return;
		}
	if (value.n == 0)
		put_null(o, name);
	else if (str_eq(value, "yes") || str_eq(value, "no"))
		put_bool(o, name, str_eq(value, "yes"));
	else if (is_real(value) && real_of(value, &d))
		put_real(o, name, d);
	else
		put_value(o, key, AS_INT, value);
	if (strcmp(name, "address sizes") == 0 && digits_of(before(value, ","), &n)) {
		put_int(o, "address_size_physical", n);
		if (digits_of(after(value, ","), &n))
			put_int(o, "address_size_virtual", n);
	} else if (strcmp(name, "cache size") == 0 && str_word(&value, &unit) && str_i64(unit, &n)) {
		put_int(o, "cache_size_num", n);
		put_text_or_null(o, "cache_size_unit", str_trim(value));
	}
}

bool
read_proc_cpuinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0) {
			if (str_trim(line).n == 0)
				o = NULL;	/* the next one's follow */
			continue;
		}
		if (o == NULL || (str_eq(key, "processor") && json_object_object_get_ex(o, "processor", NULL)))
			o = out_item(top);
		cpu_line(o, key, value);
		any = true;
	}
	return any;
}

/* --- devices -------------------------------------------------------------------------------- */

bool
read_proc_devices(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, word;
	char major[16];
	uint64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "Character devices") || str_starts(line, "Block devices"))
			o = put_object(top, line.p[0] == 'C' ? "character" : "block");
		else if (o != NULL && str_word(&line, &word) && str_u64(word, 10, &n)) {
			str_copy(major, sizeof(major), word);
			out_item_text(put_list(o, major), str_trim(line));
		}
	}
	return o != NULL;
}

/* --- interrupts, softirqs --------------------------------------------------------------------- */

bool
read_interrupts(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, irq, rest, word;
	struct json_object *o;
	unsigned cpus = 0;
	uint64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (cpus == 0) {
			while (str_word(&line, &word))
				cpus += str_starts(word, "CPU");
			continue;
		}
		if (!str_pair(line, ':', &irq, &rest) || irq.n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "irq", irq);
		put_int(o, "cpu_num", cpus);
		take_numbers(put_list(o, "interrupts"), &rest, cpus);
		rest = str_trim(rest);
		if (str_u64(irq, 10, &n) && str_word(&rest, &word)) {
			put_text(o, "type", word);
			put_words(o, "device", rest, ' ');
		} else {
			put_text_or_null(o, "type", rest);
			put_null(o, "device");
		}
	}
	return cpus > 0;
}

bool
read_softirqs(const struct format *f, struct str text, struct json_object *top)
{
	struct str heading, line, name, rest, cpu, cpus, word;
	struct json_object *o;

	(void)f;
	if (!str_line(&text, &heading) || !str_starts(str_trim(heading), "CPU"))
		return false;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &name, &rest) || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "counter", name);
		for (cpus = heading; str_word(&cpus, &cpu) && str_word(&rest, &word);)
			put_value(o, cpu, AS_INT, word);
	}
	return true;
}

/* --- net/igmp, net/tcp --------------------------------------------------------------------------- */

bool
read_igmp6(const struct format *f, struct str text, struct json_object *top)
{
	struct str line;

	line = before(text, "\n");
	if (find(line, "Querier") != NULL)
		return false;
	return read_fields(f, text, top);
}

/* "1  lo : 1 V3", and below it a line for each group. */
bool
read_igmp(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const device[] = { "index", "device", "count", "querier" }, *const group[] = { "address", "users", "timer", "reporter" };
	struct json_object *o = NULL, *g;
	struct str line, word;
	bool heading = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (find(line, "Querier") != NULL) {
			heading = true;
		} else if (!heading || str_trim(line).n == 0) {
			continue;
		} else if (indent_of(line) == 0) {
			o = out_item(top);
			for (i = 0; i < 4 && str_word(&line, &word);) {
				if (!str_eq(word, ":"))
					put_value(o, str_of(device[i]), i % 2 == 0 ? AS_INT : AS_TEXT, word), i++;
			}
			put_list(o, "groups");
		} else if (o != NULL) {
			g = out_item(put_list(o, "groups"));
			for (i = 0; i < 4 && str_word(&line, &word); i++)
				put_value(g, str_of(group[i]), i % 2 == 1 ? AS_INT : AS_TEXT, word);
		}
	}
	return heading;
}

/* "0100007F:0016": words of four bytes, in the order of the processor, and a port. */
static bool
put_socket_end(struct json_object *o, const char *address, const char *port, struct str s)
{
	struct str hex = before(s, ":");
	unsigned char a[16];
	char text[INET6_ADDRSTRLEN];
	uint64_t n, p;
	size_t i, words = hex.n / 8;

	if ((words != 1 && words != 4) || hex.n % 8 != 0 || !str_u64(after(s, ":"), 16, &p))
		return false;
	for (i = 0; i < words; i++) {
		if (!str_u64(str_left(str_skip(hex, i * 8), 8), 16, &n))
			return false;
		a[i * 4] = (unsigned char)n;
		a[i * 4 + 1] = (unsigned char)(n >> 8);
		a[i * 4 + 2] = (unsigned char)(n >> 16);
		a[i * 4 + 3] = (unsigned char)(n >> 24);
	}
	if (inet_ntop(words == 1 ? AF_INET : AF_INET6, a, text, sizeof(text)) == NULL)
		return false;
	put_text(o, address, str_of(text));
	put_int(o, port, (int64_t)p);
	return true;
}

bool
read_net_tcp(const struct format *f, struct str text, struct json_object *top)
{
	static const struct { const char *first, *second; enum field_kind kind; } words[] = {
		{ "state", NULL, AS_TEXT }, { "tx_queue", "rx_queue", AS_TEXT }, { "timer_active", "jiffies_until_timer_expires", AS_TEXT },
		{ "unrecovered_rto_timeouts", NULL, AS_TEXT }, { "uid", NULL, AS_INT }, { "unanswered_0_window_probes", NULL, AS_INT },
		{ "inode", NULL, AS_INT }, { "sock_ref_count", NULL, AS_INT }, { "sock_mem_loc", NULL, AS_TEXT },
		{ "retransmit_timeout", NULL, AS_INT }, { "soft_clock_tick", NULL, AS_INT }, { "ack_quick_pingpong", NULL, AS_INT },
		{ "sending_congestion_window", NULL, AS_INT }, { "slow_start_size_threshold", NULL, AS_INT },
	};
	struct str line, entry, local, remote, word;
	struct json_object *o;
	bool any = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &entry) || entry.p[entry.n - 1] != ':' || !str_word(&line, &local) || !str_word(&line, &remote)
		    || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "entry", before(entry, ":"));
		any |= put_socket_end(o, "local_address", "local_port", local) && put_socket_end(o, "remote_address", "remote_port", remote);
		for (i = 0; i < sizeof(words) / sizeof(words[0]) && str_word(&line, &word); i++) {
			put_value(o, str_of(words[i].first), i == 2 ? AS_INT : words[i].kind, before(word, ":"));
			if (words[i].second != NULL)
				put_value(o, str_of(words[i].second), AS_TEXT, after(word, ":"));
		}
	}
	return any;
}

/* --- version ------------------------------------------------------------------------------------- */

/* What the parenthesis at the begin of *S holds, with those inside it; *S moves behind it. */
static struct str
take_parenthesis(struct str *s)
{
	struct str out;
	size_t i, depth = 0;

	*s = str_trim(*s);
	for (i = 0; i < s->n; i++) {
		depth += s->p[i] == '(';
		if (s->p[i] == ')' && --depth == 0)
			break;
		if (depth == 0)
			return str_left(*s, 0);
	}
	if (i == s->n)
		return str_left(*s, 0);
	out = str_trim(from_to(s->p + 1, s->p + i));
	*s = str_skip(*s, i + 1);
	return out;
}

static const char *
day_in(struct str s)
{
	static const char *const days[] = { "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun " };
	const char *at;
	size_t i;

	for (i = 0; i < 7; i++)
		if ((at = find(s, days[i])) != NULL)
			return at;
	return NULL;
}

bool
read_version(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word, part;
	const char *day;

	(void)f;
	if (!str_line(&text, &line) || !skip_prefix(&line, "Linux version ") || !str_word(&line, &word))
		return false;
	put_text(top, "version", word);
	if ((part = take_parenthesis(&line)).n > 0)
		put_text(top, "email", part);
	if ((part = take_parenthesis(&line)).n > 0)
		put_text(top, "gcc", part);
	if (str_word(&line, &word))
		put_text(top, "build", word);
	day = day_in(line);
	put_text_or_null(top, "flags", str_trim(day != NULL ? from_to(line.p, day) : line));
	if (day != NULL)
		put_text(top, "date", str_trim(from_to(day, line.p + line.n)));
	return true;
}

/* --- zoneinfo ---------------------------------------------------------------------------------------- */

/* The zones of a node follow each other: the last object of TOP, or a new one. */
static struct json_object *
node_of(struct json_object *top, int64_t node)
{
	size_t n = json_object_array_length(top);
	struct json_object *o = n > 0 ? json_object_array_get_idx(top, n - 1) : NULL, *id;

	if (json_object_object_get_ex(o, "node", &id) && json_object_get_int64(id) == node)
		return o;
	o = out_item(top);
	put_int(o, "node", node);
	return o;
}

static void
zone_line(struct json_object **at, struct json_object *zone, struct str line)
{
	struct str key, value, number;
	char name[PUT_KEY_MAX];
	int64_t n;

	if (skip_prefix(&line, "pages "))
		*at = put_object(zone, "pages");
	if (str_starts(line, "protection:")) {
		value = before(after(line, "("), ")");
		for (zone = put_list(*at, "protection"); str_part(&value, ',', &number);)
			if (str_i64(number, &n))
				add_int(zone, n);
		return;
	}
	if (!str_pair(line, ':', &key, &value)) {
		value = line;
		if (!str_word(&value, &key))
			return;
	}
	if (str_eq(key, "cpu"))
		*at = out_item(put_list(zone, "pagesets"));
	str_copy(name, sizeof(name), key);
	if (str_i64(value, &n))
		put_int(*at, name, n);
}

bool
read_zoneinfo(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *node = NULL, *zone = NULL, *at = NULL;
	struct str line;
	char name[PUT_KEY_MAX];
	int64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (skip_prefix(&line, "Node ")) {
			if (!str_i64(before(line, ","), &n) || (node = node_of(top, n)) == NULL)
				continue;
			str_copy(name, sizeof(name), str_trim(after(line, "zone")));
			at = zone = put_object(node, name);
			continue;
		}
		line = str_trim(line);
		if (zone == NULL || line.n == 0 || str_starts(line, "pagesets"))
			continue;
		if (str_starts(line, "per-node stats"))
			at = node;
		else
			zone_line(&at, zone, line);
	}
	return node != NULL;
}

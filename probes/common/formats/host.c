/* SPDX-License-Identifier: Apache-2.0 */
/* host - small commands about the host as a whole: id, uptime, arp, blkid, swapon, /proc/net/dev; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/put.h"

/* --- id ------------------------------------------------------------------------------- */

/* "1000(name)" at the begin of *S, and what stands behind it. */
static bool
read_account(struct str *s, struct json_object *o)
{
	const char *end = s->p + s->n, *p = s->p, *open;
	int64_t id = 0;

	while (p < end && isdigit((unsigned char)*p) && id < INT64_C(1) << 40)
		id = id * 10 + (*p++ - '0');
	if (p == s->p)
		return false;
	put_int(o, "id", id);
	open = p;
	while (open < end && *open == '(' && p < end && *p != ')')
		p++;
	put_text_or_null(o, "name", open < end && *open == '(' ? from_to(open + 1, p) : from_to(p, p));
	if (p < end && *p == ')')
		p++;
	*s = from_to(p, end);
	return true;
}

static bool
put_account(struct json_object *top, const char *key, struct str text, const char *mark)
{
	const char *at = find(text, mark);
	struct json_object *o;
	struct str rest;

	if (at == NULL)
		return false;
	rest = from_to(at + strlen(mark), text.p + text.n);
	o = json_object_new_object();
	if (read_account(&rest, o) && json_object_object_add(top, key, o) == 0)
		return true;
	json_object_put(o);
	return false;
}

/* Behind "groups=", which is another word in other languages: neither an ID nor a context. */
static struct str
groups_of(struct str text)
{
	static const char *const others[] = { "uid=", "gid=", "euid=", "egid=", "context=" };
	struct str rest = text, word, value;
	size_t i;

	while (str_word(&rest, &word)) {
		for (i = 0; i < sizeof(others) / sizeof(others[0]) && !str_starts(word, others[i]); i++)
			;
		value = after(word, "=");
		if (i == sizeof(others) / sizeof(others[0]) && value.n > 0 && isdigit((unsigned char)value.p[0]))
			return from_to(value.p, text.p + text.n);
	}
	return str_left(text, 0);
}

static void
put_groups(struct json_object *top, struct str text)
{
	struct json_object *list, *o;
	struct str rest = groups_of(text);

	if (rest.n == 0)
		return;
	list = json_object_new_array();
	for (;;) {
		o = json_object_new_object();
		if (!read_account(&rest, o) || json_object_array_add(list, o) < 0) {
			json_object_put(o);
			break;
		}
		if (rest.n == 0 || rest.p[0] != ',')
			break;
		rest = from_to(rest.p + 1, rest.p + rest.n);
	}
	(void)json_object_object_add(top, "groups", list);
}

/* SELinux: user:role:type:level, and the level may hold colons. */
static void
put_context(struct json_object *top, struct str text)
{
	static const char *const names[] = { "user", "role", "type" };
	const char *at = find(text, "context=");
	struct json_object *o;
	struct str rest, part;
	size_t i;

	if (at == NULL)
		return;
	rest = str_trim(from_to(at + 8, text.p + text.n));
	o = json_object_new_object();
	for (i = 0; i < 3 && str_part(&rest, ':', &part); i++)
		put_value(o, str_of(names[i]), AS_TEXT, part);
	put_text_or_null(o, "level", rest);
	(void)json_object_object_add(top, "context", o);
}

bool
read_id(const struct format *f, struct str text, struct json_object *top)
{
	struct str line;

	(void)f;
	if (!str_line(&text, &line) || !put_account(top, "uid", line, "uid="))
		return false;
	(void)put_account(top, "gid", line, "gid=");
	put_groups(top, line);
	put_context(top, line);
	return true;
}

/* --- uptime ----------------------------------------------------------------------------- */

struct span { int64_t days, hours, minutes; };

/* "3 days, 4:05", "16:03", "5 min", "1 day, 2 hrs". */
static struct span
span_of(struct str s)
{
	struct span out = { 0, 0, 0 };
	struct str word;
	int64_t n = 0;
	char text[32];
	int h, m;

	while (str_word(&s, &word)) {
		str_copy(text, sizeof(text), word);
		if (sscanf(text, "%d:%d", &h, &m) == 2) {
			out.hours = h;
			out.minutes = m;
		} else if (isdigit((unsigned char)text[0])) {
			if (sscanf(text, "%6d", &h) == 1)
				n = h;
		} else if (strncmp(text, "day", 3) == 0) {
			out.days = n;
		} else if (strncmp(text, "h", 1) == 0) {
			out.hours = n;
		} else if (strncmp(text, "min", 3) == 0) {
			out.minutes = n;
		}
	}
	return out;
}

static void
put_time(struct json_object *o, struct str time)
{
	char text[32];
	int h = 0, m = 0, s = 0, n;

	put_value(o, str_of("time"), AS_TEXT, time);
	str_copy(text, sizeof(text), time);
	n = sscanf(text, "%d:%d:%d", &h, &m, &s);
	if (n < 2)
		return;
	put_int(o, "time_hour", strpbrk(text, "Pp") != NULL && h < 12 ? h + 12 : h);
	put_int(o, "time_minute", m);
	if (n == 3)
		put_int(o, "time_second", s);
	else
		out_null_at(o, str_of("time_second"));
}

static void
put_loads(struct json_object *o, struct str rest)
{
	static const char *const names[] = { "load_1m", "load_5m", "load_15m" };
	struct str word;
	double d;
	size_t i;

	for (i = 0; i < 3 && str_word(&rest, &word); i++) {
		if (word.p[word.n - 1] == ',')
			word.n--;	/* the other one, if any, is that of "0,04" */
		if (real_of(word, &d))
			put_real(o, names[i], d);
	}
}

/* Where " N user" begins, at the comma before it. */
static const char *
before_users(struct str line, int64_t *users)
{
	const char *user = find(line, " user"), *p = user;
	int64_t n = 0, power = 1;

	if (user == NULL)
		return NULL;
	for (; p > line.p && isdigit((unsigned char)p[-1]) && power < 1000000000; power *= 10)
		n += (*--p - '0') * power;
	*users = n;
	while (p > line.p && p[-1] != ',')
		p--;
	return p > line.p ? p - 1 : NULL;
}

bool
read_uptime(const struct format *f, struct str text, struct json_object *top)
{
	const char *up, *end, *load;
	struct str line, rest, time, word;
	struct span span;
	int64_t users = 0;

	(void)f;
	if (!str_line(&text, &line) || (up = find(line, " up ")) == NULL)
		return false;
	end = before_users(line, &users);
	load = find(line, "load average");
	if (load == NULL || load < up + 4 || (end != NULL && end < up + 4))
		return false;
	rest = from_to(line.p, up);
	if (!str_word(&rest, &time))
		return false;
	rest = str_trim(from_to(up + 4, end != NULL ? end : load));
	while (rest.n > 0 && (rest.p[rest.n - 1] == ',' || rest.p[rest.n - 1] == ' '))
		rest.n--;
	span = span_of(rest);
	while (str_word(&rest, &word))
		put_more(top, "uptime", word, " ");
	put_time(top, time);
	put_int(top, "users", users);
	put_int(top, "uptime_days", span.days);
	put_int(top, "uptime_hours", span.hours);
	put_int(top, "uptime_minutes", span.minutes);
	put_int(top, "uptime_total_seconds", ((span.days * 24 + span.hours) * 60 + span.minutes) * 60);
	rest = from_to(load, line.p + line.n);
	while (rest.n > 0 && *rest.p != ':')
		rest = from_to(rest.p + 1, rest.p + rest.n);
	put_loads(top, rest.n > 0 ? from_to(rest.p + 1, rest.p + rest.n) : rest);
	return true;
}

/* --- arp ---------------------------------------------------------------------------------- */

/* "ADDRESS HWTYPE HWADDRESS FLAGS [MASK] IFACE", or "ADDRESS (incomplete) IFACE". */
static bool
arp_row(struct str line, struct json_object *o)
{
	static const char *const names[] = { "address", "hwtype", "hwaddress", "flags_mask" };
	struct str word[6];
	unsigned n = 0, i;

	while (n < 6 && str_word(&line, &word[n]))
		n++;
	if (n < 3 || n == 4)
		return false;
	for (i = 0; i < 4; i++)
		put_text_or_null(o, names[i], n == 3 && i > 0 ? (struct str){ "", 0 } : word[i]);
	put_value(o, str_of("iface"), AS_TEXT, word[n - 1]);
	return true;
}

/* "NAME (ADDRESS) at HWADDRESS [TYPE] on IFACE", in the order of Linux or BSD. */
static bool
arp_sentence(const struct format *f, struct str line, struct json_object *o)
{
	struct str name, address, at, word, none = { "", 0 }, hw, type = none, iface = none;
	bool bsd = strcmp(f->system, "linux") != 0, permanent = false;
	int64_t seconds = -1;

	if (!str_word(&line, &name) || !str_word(&line, &address) || !str_word(&line, &at) || !str_word(&line, &hw)
	    || (!str_eq(at, "at") && (bsd || str_find(hw, ':') != 2)) || address.n < 3 || address.p[0] != '(')
		return false;
	while (str_word(&line, &word)) {
		if (word.p[0] == '[' && word.n > 2)
			type = from_to(word.p + 1, word.p + word.n - 1);
		else if (str_eq(word, "on") || (!str_eq(at, "at") && str_find(word, '[') < 0))	/* "auf" and the like */
			(void)str_word(&line, &iface);
		else if (str_eq(word, "permanent"))
			permanent = true;
		else if (str_eq(word, "in") && str_word(&line, &word))
			(void)str_i64(word, &seconds);
	}
	put_text_or_null(o, "name", str_eq(name, "?") ? none : name);
	put_value(o, str_of("address"), AS_TEXT, from_to(address.p + 1, address.p + address.n - 1));
	put_text_or_null(o, "hwtype", type);
	put_text_or_null(o, "hwaddress", find(hw, "incomplete") != NULL ? none : hw);
	put_text_or_null(o, "iface", iface);
	if (bsd)
		(void)json_object_object_add(o, "permanent", json_object_new_boolean(permanent));
	if (seconds >= 0)
		put_int(o, "expires", seconds);
	return true;
}

/* In another language: below it stands "192.0.2.1  ether  02:00:00:00:00:01 ...". */
static bool
is_arp_heading(struct str line, struct str text)
{
	struct str next, word[3], none;
	unsigned n = 0;

	if (!str_word(&line, &none) || !str_line(&text, &next))
		return false;
	while (n < 3 && str_word(&next, &word[n]))
		n++;
	return n == 3 && str_find(word[2], ':') == 2 && isalpha((unsigned char)word[1].p[0]) && find(word[0], "(") == NULL && find(line, "(") == NULL;
}

bool
read_arp(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct str line;
	bool table = false, any = false, good;

	while (str_line(&text, &line)) {
		if (find(line, "HWaddress") != NULL || (!table && is_arp_heading(line, text))) {
			table = any = true;
			continue;
		}
		if (find(line, "Entries:") != NULL || str_trim(line).n == 0)
			continue;
		o = json_object_new_object();
		good = table ? arp_row(line, o) : arp_sentence(f, line, o);
		if (good && json_object_array_add(top, o) == 0)
			any = true;
		else
			json_object_put(o);
	}
	return any;
}

/* --- blkid ------------------------------------------------------------------------------------ */

/* In small letters; DEVNAME is called device. */
static void
put_tag(struct json_object *o, struct str key, struct str value)
{
	static const char *const counts[] = { "_size", "_number", "_offset" };
	char name[80];
	size_t i, n;
	int64_t number;
	char *p;

	str_copy(name, sizeof(name), key);
	for (p = name; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (strcmp(name, "devname") == 0)
		snprintf(name, sizeof(name), "device");
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		n = strlen(counts[i]);
		if (strlen(name) > n && strcmp(name + strlen(name) - n, counts[i]) == 0 && strstr(name, "block_size") == NULL && str_i64(value, &number)) {
			put_int(o, name, number);
			return;
		}
	}
	put_value(o, str_of(name), AS_TEXT, value);
}

/* DEVICE: KEY="value" KEY="value" */
static bool
blkid_row(struct str line, struct json_object *o)
{
	const char *end = line.p + line.n, *p = memchr(line.p, ':', line.n), *eq, *close;

	if (p == NULL)
		return false;
	put_value(o, str_of("device"), AS_TEXT, from_to(line.p, p));
	for (p++; p < end; p = close + 1) {
		while (p < end && *p == ' ')
			p++;
		eq = memchr(p, '=', (size_t)(end - p));
		if (eq == NULL || eq + 1 >= end || eq[1] != '"')
			break;
		for (close = eq + 2; close < end && (*close != '"' || close[-1] == '\\'); close++)
			;
		if (close == end)
			break;
		put_tag(o, from_to(p, eq), from_to(eq + 2, close));
	}
	return true;
}

bool
read_blkid(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL, *row;
	struct str line, key, value;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n == 0) {
			o = NULL;	/* the next line is another device's */
		} else if (line.p[0] == '/') {
			row = out_item(top);
			any |= row != NULL && blkid_row(line, row);
		} else if (str_pair(line, '=', &key, &value) && (o != NULL || (o = out_item(top)) != NULL)) {
			put_tag(o, key, value);
			any = true;
		}
	}
	return any;
}

/* --- /proc/net/dev ---------------------------------------------------------------------------- */

bool
read_net_dev(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, rest, word;
	const struct field *at;
	struct json_object *o;
	bool any = false;
	int n = 0;

	while (str_line(&text, &line)) {
		if (n++ < f->skip || !str_pair(line, ':', &name, &rest) || (o = out_item(top)) == NULL)
			continue;
		put_value(o, str_of("interface"), AS_TEXT, name);
		for (at = f->fields; at->key != NULL && str_word(&rest, &word); at++)
			put_value(o, str_of(at->key), at->kind, word);
		any = true;
	}
	return any;
}

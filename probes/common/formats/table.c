/* SPDX-License-Identifier: Apache-2.0 */
/* table - tables whose heading names the columns: route, findmnt; see formats.h. */
#include <arpa/inet.h>
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

#define HEADINGS_MAX 16
#define NAME_MAX_BYTES 32

struct headings { char name[HEADINGS_MAX][NAME_MAX_BYTES]; unsigned n; };

static void
headings_of(struct headings *c, struct str heading)
{
	struct str word;
	char *p;

	c->n = 0;
	while (c->n < HEADINGS_MAX && str_word(&heading, &word)) {
		str_copy(c->name[c->n], NAME_MAX_BYTES, word);
		for (p = c->name[c->n++]; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
	}
}

static void
put_number_or_text(struct json_object *o, const char *key, struct str value)
{
	static const char *const numbers[] = { "metric", "ref", "use", "mss", "window", "irtt" };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(key, numbers[i]) == 0)
			break;
	put_value(o, str_of(key), i < sizeof(numbers) / sizeof(numbers[0]) ? AS_NUMBER : AS_TEXT, value);
}

/* --- route ------------------------------------------------------------------------------- */

/* "Next Hop" is one heading; IPv6 has shorter ones. */
static void
route_columns(struct headings *c, struct str heading)
{
	static const struct { const char *is, *name; } names[] = {
		{ "next", "next_hop" }, { "flag", "flags" }, { "met", "metric" }, { "if", "iface" },
	};
	unsigned from, to = 0;
	size_t i;

	headings_of(c, heading);
	for (from = 0; from < c->n; from++) {
		if (strcmp(c->name[from], "hop") == 0)
			continue;
		if (to != from)
			memcpy(c->name[to], c->name[from], NAME_MAX_BYTES);
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcmp(c->name[to], names[i].is) == 0)
				snprintf(c->name[to], NAME_MAX_BYTES, "%s", names[i].name);
		to++;
	}
	c->n = to;
}

/* route(8): what the letters mean. */
void
put_route_flags(struct json_object *o, const char *key, struct str flags)
{
	static const struct { char letter; const char *means; } letters[] = {
		{ 'U', "UP" }, { 'H', "HOST" }, { 'G', "GATEWAY" }, { 'R', "REINSTATE" }, { 'D', "DYNAMIC" }, { 'M', "MODIFIED" },
		{ 'A', "ADDRCONF" }, { 'C', "CACHE" }, { '!', "REJECT" },
	};
	struct json_object *list = json_object_new_array();
	size_t i, k;

	for (i = 0; list != NULL && i < flags.n; i++)
		for (k = 0; k < sizeof(letters) / sizeof(letters[0]); k++)
			if (letters[k].letter == flags.p[i])
				out_item_text(list, str_of(letters[k].means));
	put_at(o, key, list);
}

static bool
is_ipv4(struct str s)
{
	unsigned char a[4];
	char text[INET_ADDRSTRLEN];

	str_copy(text, sizeof(text), s);
	return s.n < sizeof(text) && inet_pton(AF_INET, text, a) == 1;
}

/* Eight words, of which the first is an address or "default", and the third a mask. */
static bool
is_route(struct str line)
{
	struct str word[9];
	unsigned n = 0;

	while (n < 9 && str_word(&line, &word[n]))
		n++;
	return n == 8 && is_ipv4(word[2]) && (is_ipv4(word[0]) || str_eq(word[0], "default"));
}

struct str
route_heading(struct str line, struct str below)
{
	struct str next, word, rest = line;
	bool mask = false;
	unsigned n;

	if (str_starts(line, "Destination") && (find(line, "Gateway") != NULL || find(line, "Next Hop") != NULL))
		return line;
	for (n = 0; str_word(&rest, &word); n++)
		mask |= n == 2 && is_ipv4(word);
	if (n != 8 || mask || !str_line(&below, &next) || !is_route(next))
		return str_left(line, 0);
	return find(line, "irtt") != NULL ? STR("Destination Gateway Genmask Flags MSS Window irtt Iface")
	    : STR("Destination Gateway Genmask Flags Metric Ref Use Iface");
}

bool
read_route(const struct format *f, struct str text, struct json_object *top)
{
	struct headings c = { .n = 0 };
	struct str line, word, copy;
	struct json_object *o;
	unsigned i;

	(void)f;
	while (str_line(&text, &line)) {
		copy = route_heading(line, text);
		if (copy.n > 0) {
			route_columns(&c, copy);
			continue;
		}
		copy = line;
		for (i = 0; i < c.n && str_word(&copy, &word); i++)
			;
		if (c.n == 0 || i < c.n || (o = out_item(top)) == NULL)
			continue;
		for (i = 0; i < c.n && str_word(&line, &word); i++) {
			put_number_or_text(o, c.name[i], word);
			if (strcmp(c.name[i], "flags") == 0)
				put_route_flags(o, "flags_pretty", word);
		}
	}
	return c.n > 0;
}

/* --- findmnt -------------------------------------------------------------------------------- */

/* "rw,seclabel,mode=755": those with a value apart. */
static void
put_options(struct json_object *o, struct str options)
{
	struct json_object *list = json_object_new_array(), *pairs = NULL;
	struct str part, key, value;

	while (list != NULL && str_part(&options, ',', &part)) {
		if (!str_pair(part, '=', &key, &value)) {
			out_item_text(list, part);
		} else if (pairs != NULL || (pairs = json_object_new_object()) != NULL) {
			put_value(pairs, key, AS_TEXT, value);
		}
	}
	(void)json_object_object_add(o, "options", list);
	if (pairs != NULL)
		(void)json_object_object_add(o, "kv_options", pairs);
}

/* Behind the branches of the tree, in ASCII or not: a target begins with a slash. */
static struct str
target_of(struct str line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] != '/')
		i++;
	return str_skip(line, i);
}

bool
read_findmnt(const struct format *f, struct str text, struct json_object *top)
{
	struct headings c;
	struct str line, word;
	struct json_object *o;
	unsigned i;

	(void)f;
	if (!str_line(&text, &line))
		return false;
	headings_of(&c, line);
	if (c.n < 2 || (strcmp(c.name[0], "target") != 0 && strcmp(c.name[c.n - 1], "target") != 0))
		return false;
	while (str_line(&text, &line)) {
		if (strcmp(c.name[0], "target") == 0)	/* --df has it last, and no tree */
			line = target_of(line);
		if (line.n == 0 || (o = out_item(top)) == NULL)
			continue;
		for (i = 0; i < c.n && str_word(&line, &word); i++) {
			if (strcmp(c.name[i], "options") == 0)
				put_options(o, word);
			else
				put_value(o, str_of(c.name[i]), AS_TEXT, word);
		}
	}
	return true;
}

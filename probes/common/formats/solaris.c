/* SPDX-License-Identifier: Apache-2.0 */
/* solaris - the host as Solaris tells of it: /etc/release, showrev, smbios, prtconf -vp, kstat; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

#define NODES_MAX 32		/* one in another */

/* --- /etc/release ---------------------------------------------------------------------------- */

/* "s10s_u11wos_24a" is update 11 of Solaris 10. */
static void
put_update(struct json_object *top, struct str id)
{
	struct str rest;
	size_t n = 1;

	if (!cut_at(id, "_u", NULL, &rest))
		return;
	rest = (struct str){ rest.p - 1, rest.n + 1 };
	while (n < rest.n && isdigit((unsigned char)rest.p[n]))
		n++;
	if (n > 1)
		put_text(top, "subversion", str_left(rest, n));
}

/* "10", "11.4", "2021.10", "r151038". */
static bool
is_version(struct str word)
{
	return isdigit((unsigned char)word.p[0]) || (word.n > 1 && word.p[0] == 'r' && isdigit((unsigned char)word.p[1]));
}

/* "Oracle Solaris 10 1/13 s10s_u11wos_24a SPARC"; "OmniOS v11 r151038" and other children of OpenSolaris have no more than a version. */
bool
read_etc_release(const struct format *f, struct str text, struct json_object *top)
{
	struct str line = { "", 0 }, rest, word;
	bool known;

	(void)f;
	while (line.n == 0 && str_line(&text, &line))
		line = str_trim(line);
	if (line.n == 0 || str_find(line, '=') >= 0)
		return false;
	put_text(top, "fullname", line);
	known = cut_at(line, "Solaris ", NULL, &rest);
	rest = known ? rest : line;
	while (str_word(&rest, &word) && !is_version(word))
		;
	if (word.n > 0)
		put_value(top, STR("version"), cut_is_number(word) ? AS_INT : AS_TEXT, word);
	if (known && str_word(&rest, &word) && isdigit((unsigned char)word.p[0]) && str_find(word, '/') > 0) {
		put_text(top, "date", word);
		if (str_word(&rest, &word)) {
			put_text(top, "id", word);
			put_update(top, word);
		}
	}
	return true;
}

/* --- showrev ----------------------------------------------------------------------------------- */

/* The first word of each value. */
bool
read_showrev(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, word;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0 || !str_word(&value, &word))
			continue;
		put_value(top, key, AS_TEXT, word);
		any = true;
	}
	return any;
}

/* --- smbios ------------------------------------------------------------------------------------- */

static void
lower(struct str s, char *to, size_t size)
{
	char *p;

	str_copy(to, size, s);
	for (p = to; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

/* "1     76   SMB_TYPE_SYSTEM (system information)", and its values below; of several of a type the last. */
bool
read_smbios(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, rest, id, size, type;
	struct json_object *o = NULL;
	char name[PUT_KEY_MAX];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		rest = line;
		if (str_word(&rest, &id) && cut_is_number(id) && str_word(&rest, &size) && str_word(&rest, &type) && str_starts(type, "SMB_")) {
			lower(type, name, sizeof(name));
			o = put_object_at(top, str_of(name));
			any = true;
		} else if (o != NULL && str_pair(line, ':', &key, &value) && (value.n > 0 || str_ends(line, " "))) {
			put_value(o, str_eq(key, "UUID") ? STR("uuid") : key, AS_TEXT, value);
		}
	}
	return any;
}

/* The modules of memory apart, as there are several. */
bool
read_smbios_memories(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[][2] = {
		{ "Manufacturer", "manufacturer" }, { "Serial Number", "serial" }, { "Part Number", "model" }, { "Location Tag", "caption" },
		{ "Device Locator", "caption" }, { "Memory Type", "type" }, { "Speed", "speed" }, { "Bank Locator", "bank" }, { "Size", "size" },
	};
	struct str line, key, value;
	struct json_object *o = NULL;
	bool any = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (find(line, " SMB_TYPE_") != NULL) {
			o = find(line, " SMB_TYPE_MEMDEVICE ") != NULL ? out_item(top) : NULL;
			any |= o != NULL;
		} else if (o != NULL && str_pair(line, ':', &key, &value)) {
			for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
				if (str_eq(key, names[i][0]))
					put_known(o, names[i][1], value);
		}
	}
	return any;
}

/* --- prtconf -vp ---------------------------------------------------------------------------------- */

struct node { struct json_object *o; unsigned indent; char name[PUT_KEY_MAX]; };
struct tree { struct node at[NODES_MAX]; unsigned n; unsigned too_deep; };

/* Ends those that begin at INDENT or right of it: each is a member of the one around it, by its name. */
static void
close_nodes(struct tree *t, unsigned indent)
{
	struct node *last;

	while (t->n > 1 && t->at[t->n - 1].indent >= indent) {
		last = &t->at[--t->n];
		if (last->name[0] == '\0')
			json_object_put(last->o);
		else
			put_at(t->at[t->n - 1].o, last->name, last->o);
	}
}

static void
open_node(struct tree *t, unsigned indent)
{
	close_nodes(t, indent);
	t->too_deep = t->n == NODES_MAX ? indent : 0;
	if (t->n == NODES_MAX)
		return;
	t->at[t->n] = (struct node){ json_object_new_object(), indent, "" };
	t->n++;
}

/* Without its quotes; the blanks within are part of it. */
static struct str
unquoted(struct str s)
{
	return s.n >= 2 && s.p[0] == '\'' && s.p[s.n - 1] == '\'' ? str_left(str_skip(s, 1), s.n - 2) : s;
}

/* 'SUNW,Sun-Fire' is a text, 'su16550' + 'su' two, 00000007 a number of some size. */
static void
put_property(struct json_object *o, struct str key, struct str value)
{
	struct json_object *list, *one, *item;
	struct str part;

	if (find(value, "' + '") == NULL) {
		put_value(o, key, AS_TEXT, unquoted(value));
		return;
	}
	list = put_list_at(o, key);
	one = json_object_new_object();	/* a text with the blanks at its end */
	while (list != NULL && one != NULL && value.n > 0) {
		if (!cut_at(value, " + ", &part, &value)) {
			part = value;
			value.n = 0;
		}
		out_whole(one, "text", unquoted(part));
		if (json_object_object_get_ex(one, "text", &item))
			(void)json_object_array_add(list, json_object_get(item));
	}
	json_object_put(one);
}

static void
tree_line(struct tree *t, struct str line)
{
	unsigned indent = cut_indent(line);
	struct node *last = &t->at[t->n - 1];
	struct str key, value;

	if (str_starts(str_trim(line), "Node 0x")) {
		open_node(t, indent);
		return;
	}
	if ((t->too_deep > 0 && indent > t->too_deep) || !str_pair(line, ':', &key, &value) || key.n == 0 || value.n == 0)
		return;
	if (t->n == 1 ? indent == 0 : indent > last->indent) {
		if (t->n > 1 && str_eq(key, "name")) {
			value = str_unquote(value);
			str_copy(last->name, sizeof(last->name), value);
			for (char *p = last->name; *p != '\0'; p++)
				*p = (unsigned char)*p < 0x80 ? *p : '?';
		} else {
			put_property(last->o, key, value);
		}
	}
}

bool
read_prtconf_tree(const struct format *f, struct str text, struct json_object *top)
{
	struct tree t = { .n = 1 };
	struct str line;

	(void)f;
	t.at[0].o = top;
	while (str_line(&text, &line))
		tree_line(&t, line);
	close_nodes(&t, 0);
	return json_object_object_length(top) > 0;
}

/* --- kstat ------------------------------------------------------------------------------------------ */

/* "module: bge  instance: 1", "name: parameters  class: net", and the values below. */
bool
read_kstat(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value, rest;
	struct json_object *o = NULL, *values = NULL;
	uint64_t n;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (cut_at(line, "module:", NULL, &rest) && str_word(&rest, &value)) {
			o = out_item(top);
			any = true;
			values = NULL;
			put_text(o, "module", value);
			if (cut_at(rest, "instance:", NULL, &rest) && str_word(&rest, &value))
				put_value(o, STR("instance"), AS_INT, value);
		} else if (o != NULL && str_starts(line, "name:")) {
			rest = str_skip(line, 5);
			put_known(o, "name", str_trim(before(rest, "class:")));
			put_known(o, "class", str_trim(after(rest, "class:")));
			values = put_object(o, "values");
		} else if (values != NULL && cut_indent(line) > 0 && str_word(&line, &key)) {
			value = str_trim(line);
			if (value.n > 0)
				put_value(values, key, str_u64(value, 10, &n) ? AS_INT_OR_TEXT : AS_TEXT, value);
		}
	}
	return any;
}

/* The one that is asked for by -s link_speed, in Mbit/s. */
bool
read_kstat_speed(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	int64_t n;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &key) || !str_starts(key, "link_speed") || !str_word(&line, &value) || !str_i64(value, &n))
			continue;
		put_int(top, "speed", n);
		return true;
	}
	return false;
}

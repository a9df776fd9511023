/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iface_bond - who is in which bond or bridge, from both ends, and what the
 * files below /proc/net say of interfaces.
 */
#include "facts/iface.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

/* "eth0.100  VID: 100 ..." and "Device: eth0" */
int
parse_proc_vlan(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, word, key, value;
	uint64_t id;
	bool any = false;

	while (str_line(&rest, &line)) {
		if (str_pair(line, ':', &key, &value) &&
		    str_eq(key, "Device")) {
			out_text(out, "parent", value);
			any = true;
		}
		while (str_word(&line, &word))
			if (str_eq(word, "VID:") && str_word(&line, &word) &&
			    str_u64(word, 10, &id)) {
				out_u64(out, "vlan_id", id);
				any = true;
			}
	}
	return any ? 0 : -1;
}

/* The heading of a bond's file, then a block for each member. */
int
parse_proc_bonding(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	struct json_object *list = NULL, *member = NULL;
	bool any = false;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "Bonding Mode")) {
			out_text(out, "mode", value);
			any = true;
		} else if (str_eq(key, "Currently Active Slave")) {
			out_text(out, "active", value);
		} else if (str_eq(key, "Slave Interface")) {
			if (list == NULL)
				list = out_list(out, "members");
			if (json_object_array_length(list) >= IFACES_MAX)
				break;
			member = out_item(list);
			out_text(member, "name", value);
		} else if (str_eq(key, "Permanent HW addr")) {
			out_text(member, "permanent_mac", value);
		}
	}
	return any ? 0 : -1;
}

int
parse_net_dev(const char *data, size_t len, struct json_object *out)
{
	struct json_object *list = out_list(out, "items"), *item;
	struct str rest = { data, len }, line, name, text, word;
	uint64_t v;
	unsigned int i;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, ':', &name, &text) || name.n == 0 ||
		    json_object_array_length(list) >= IFACES_MAX)
			continue;
		item = out_item(list);
		out_text(item, "name", name);
		for (i = 0; str_word(&text, &word); i++)
			if ((i == 0 || i == 8) && str_u64(word, 10, &v))
				out_u64(item, i == 0 ? "rx_bytes" : "tx_bytes",
				    v);
	}
	return 0;
}

static struct json_object *
find(struct json_object *index, const char *name)
{
	struct json_object *item = NULL;

	if (name != NULL)
		(void)json_object_object_get_ex(index, name, &item);
	return item;
}

/* "bonding_masters" names the bonds where their folders do not tell. */
static void
mark_bonds(struct facts_source *src, struct json_object *index)
{
	char text[FACTS_SMALL], name[64];
	struct str rest, word;

	if (facts_read_small(src, "sys/class/net/bonding_masters", text,
		sizeof(text)) < 0)
		return;
	rest = str_of(text);
	while (str_word(&rest, &word)) {
		str_copy(name, sizeof(name), word);
		if (find(index, name) != NULL)
			out_cstr(find(index, name), "kind", "bond");
	}
}

/* "fault-tolerance (active-backup)" is what sysfs calls "active-backup". */
static struct str
short_mode(const char *mode)
{
	struct str s = str_of(mode);
	long open = str_find(s, '(');

	if (open < 0 || !str_ends(s, ")") ||
	    str_starts(s, "load balancing"))
		return str_starts(s, "load balancing (round-robin)")
		    ? STR("balance-rr") : str_starts(s, "load balancing (xor)")
		    ? STR("balance-xor") : s;
	return (struct str){ s.p + open + 1, s.n - (size_t)open - 2 };
}

static void
take_bonding(struct json_object *index, struct json_object *bond,
    struct json_object *found)
{
	struct json_object *members, *list = NULL, *m, *item;
	const char *mac;
	size_t i;

	if (out_get_text(bond, "bond_mode") == NULL)
		out_text(bond, "bond_mode",
		    short_mode(out_get_text(found, "mode")));
	if (out_get_text(bond, "bond_active") == NULL)
		out_cstr(bond, "bond_active", out_get_text(found, "active"));
	if (!json_object_object_get_ex(found, "members", &members))
		return;
	if (!json_object_object_get_ex(bond, "members", NULL))
		list = out_list(bond, "members");
	for (i = 0; i < json_object_array_length(members); i++) {
		m = json_object_array_get_idx(members, i);
		out_item_text(list, str_of(out_get_text(m, "name")));
		item = find(index, out_get_text(m, "name"));
		mac = out_get_text(m, "permanent_mac");
		if (item != NULL && mac != NULL &&
		    out_get_text(item, "permanent_mac") == NULL)
			out_cstr(item, "permanent_mac", mac);
	}
}

static void
read_bonding(struct facts_source *src, struct json_object *index,
    struct json_object *item)
{
	const char *kind = out_get_text(item, "kind");
	struct json_object *found;
	struct facts_err ignored;
	char path[FACTS_PATH_MAX];

	if (kind == NULL || strcmp(kind, "bond") != 0 ||
	    !facts_path(path, "proc/net/bonding/%s",
		out_get_text(item, "name")))
		return;
	found = json_object_new_object();
	if (facts_parse_file(src, path, 1 << 20, parse_proc_bonding, found,
		&ignored) == 0)
		take_bonding(index, item, found);
	json_object_put(found);
}

/* What the owner says of its members, said of the members too. */
static void
tell_members(struct json_object *index, struct json_object *owner)
{
	struct json_object *list, *m;
	size_t i;

	if (!json_object_object_get_ex(owner, "members", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		m = find(index, json_object_get_string(
		    json_object_array_get_idx(list, i)));
		if (m != NULL && out_get_text(m, "master") == NULL)
			out_cstr(m, "master", out_get_text(owner, "name"));
	}
}

void
iface_masters(struct facts_source *src, struct json_object *list)
{
	struct json_object *index = json_object_new_object(), *item;
	size_t i, n = json_object_array_length(list);

	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(list, i);
		if (out_get_text(item, "name") != NULL)
			json_object_object_add(index,
			    out_get_text(item, "name"),
			    json_object_get(item));
	}
	mark_bonds(src, index);
	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(list, i);
		read_bonding(src, index, item);
		tell_members(index, item);
	}
	json_object_put(index);
}

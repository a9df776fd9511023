/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iface - network interfaces: what they are, how fast, what hangs on what.
 */
#include "facts/sections.h"

#include <ctype.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/iface.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define DIR "sys/class/net"
#define IFF_UP 1u

static const struct out_row rows[] = {
	{ "ifindex", "index", OUT_NUMBER, 1 },
	{ "mtu", "mtu_bytes", OUT_NUMBER, 1 },
	{ "operstate", "operstate", OUT_TEXT, 0 },
	{ "carrier", "carrier", OUT_BOOL, 0 },
	{ "duplex", "duplex", OUT_TEXT, 0 },
	{ "ifalias", "alias", OUT_TEXT, 0 },
	{ "statistics/rx_bytes", "rx_bytes", OUT_NUMBER, 1 },
	{ "statistics/tx_bytes", "tx_bytes", OUT_NUMBER, 1 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static const struct out_row bond_rows[] = {
	{ "bonding/active_slave", "bond_active", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static const struct out_row bridge_rows[] = {
	{ "bridge/bridge_id", "bridge_id", OUT_TEXT, 0 },
	{ "bridge/stp_state", "bridge_stp", OUT_BOOL, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* DEVTYPE of the uevent file. */
static const struct {
	const char *devtype, *kind;
} devtypes[] = {
	{ "wlan", "wireless" }, { "bond", "bond" }, { "bridge", "bridge" },
	{ "vlan", "vlan" }, { "vxlan", "vxlan" }, { "wireguard", "wireguard" },
	{ "team", "team" }, { "ppp", "ppp" }, { "macvlan", "macvlan" },
	{ "macvtap", "macvtap" }, { "ipvlan", "ipvlan" }, { "gre", "tunnel" },
	{ "geneve", "tunnel" }, { "wwan", "wwan" }, { "dsa", "ethernet" },
};

/* ARPHRD_* of the kernel. */
static const struct {
	uint64_t type;
	const char *kind;
} types[] = {
	{ 1, "ethernet" }, { 24, "firewire" }, { 32, "infiniband" },
	{ 280, "can" }, { 512, "ppp" }, { 768, "tunnel" }, { 769, "tunnel" },
	{ 772, "loopback" }, { 776, "tunnel" }, { 778, "tunnel" },
	{ 801, "wireless" }, { 803, "wireless" }, { 65534, "tun" },
};

/* What lies in the folder of an interface. */
static const struct {
	const char *name, *kind;
} folders[] = {
	{ "bonding", "bond" }, { "bridge", "bridge" }, { "tun_flags", "tap" },
	{ "wireless", "wireless" }, { "phy80211", "wireless" },
};

static struct str
attr(struct facts_source *src, const char *dir, const char *name, char *text,
    size_t size)
{
	char path[FACTS_PATH_MAX];

	if (!facts_path(path, "%s/%s", dir, name) ||
	    facts_read_small(src, path, text, size) < 0)
		return (struct str){ "", 0 };
	return str_of(text);
}

/* The last name of a link's target, as of "device/driver". */
static struct str
link_name(struct facts_source *src, const char *dir, const char *name,
    char *text, size_t size)
{
	char path[FACTS_PATH_MAX];
	const char *slash;

	if (!facts_path(path, "%s/%s", dir, name) ||
	    facts_link(src, path, text, size) < 0)
		return (struct str){ "", 0 };
	slash = strrchr(text, '/');
	return str_of(slash != NULL ? slash + 1 : text);
}

static const char *
kind_by_type(uint64_t type)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].kind;
	return "other";
}

static const char *
kind_by_devtype(struct facts_source *src, const char *dir)
{
	char text[FACTS_SMALL];
	struct str rest = attr(src, dir, "uevent", text, sizeof(text));
	struct str line, key, value;
	size_t i;

	while (str_line(&rest, &line)) {
		if (!str_pair(line, '=', &key, &value) ||
		    !str_eq(key, "DEVTYPE"))
			continue;
		for (i = 0; i < sizeof(devtypes) / sizeof(devtypes[0]); i++)
			if (str_eq(value, devtypes[i].devtype))
				return devtypes[i].kind;
	}
	return NULL;
}

static const char *
kind_by_folder(const struct facts_names *in)
{
	size_t i, j;

	for (i = 0; i < in->count; i++)
		for (j = 0; j < sizeof(folders) / sizeof(folders[0]); j++)
			if (strcmp(in->name[i], folders[j].name) == 0)
				return folders[j].kind;
	return NULL;
}

/* A veth has a peer for its link and nothing below; a dummy has no link. */
static const char *
kind_virtual(const char *name)
{
	if (strncmp(name, "veth", 4) == 0)
		return "veth";
	return strncmp(name, "dummy", 5) == 0 ? "dummy" : NULL;
}

static void
put_kind(struct facts_source *src, const char *name, const char *dir,
    const struct facts_names *in, bool is_virtual, struct json_object *item)
{
	char text[32];
	uint64_t type = 0;
	const char *kind;

	kind = kind_by_devtype(src, dir);
	if (kind == NULL)
		kind = kind_by_folder(in);
	if (kind == NULL && is_virtual)
		kind = kind_virtual(name);
	if (kind == NULL && str_u64(attr(src, dir, "type", text,
			sizeof(text)), 10, &type))
		kind = kind_by_type(type);
	out_cstr(item, "kind", kind);
}

static void
put_mac(struct json_object *item, const char *key, struct str mac)
{
	char text[64];
	size_t i;
	bool any = false;

	if (mac.n == 0 || mac.n >= sizeof(text))
		return;
	for (i = 0; i < mac.n; i++) {
		text[i] = (char)tolower((unsigned char)mac.p[i]);
		any = any || (text[i] != '0' && text[i] != ':');
	}
	if (any)
		out_text(item, key, (struct str){ text, mac.n });
}

static void
put_flags(struct facts_source *src, const char *dir, struct json_object *item)
{
	char text[64];
	uint64_t flags;
	int64_t speed;

	if (str_u64(attr(src, dir, "flags", text, sizeof(text)), 16, &flags))
		out_bool(item, "admin_up", (flags & IFF_UP) != 0);
	/* -1, or 2^32-1 on older kernels: nobody knows. */
	if (str_i64(attr(src, dir, "speed", text, sizeof(text)), &speed) &&
	    speed > 0 && speed < UINT32_MAX)
		out_i64(item, "speed_mbps", speed);
}

static void
put_device(struct facts_source *src, const char *dir,
    const struct facts_names *in, struct json_object *item)
{
	char text[FACTS_PATH_MAX];
	bool device = false;
	size_t i;

	for (i = 0; i < in->count; i++)
		device = device || strcmp(in->name[i], "device") == 0;
	if (device) {
		out_text(item, "driver", link_name(src, dir, "device/driver",
		    text, sizeof(text)));
		out_text(item, "bus_address", link_name(src, dir, "device",
		    text, sizeof(text)));
	}
	/* In a tree where links were left out nobody can say. */
	if (device || facts_link(src, dir, text, sizeof(text)) == 0)
		out_bool(item, "virtual",
		    !device && strstr(text, "/virtual/") != NULL);
}

static void
add_member(struct json_object *item, struct json_object **list,
    struct str name)
{
	size_t i;

	if (*list == NULL)
		*list = out_list(item, "members");
	for (i = 0; i < json_object_array_length(*list); i++)
		if (str_eq(name, json_object_get_string(
			json_object_array_get_idx(*list, i))))
			return;
	if (json_object_array_length(*list) < IFACES_MAX)
		out_item_text(*list, name);
}

/* "lower_eth0" and, in older kernels, "slave_eth0" are links to what is below. */
static void
put_lower(const struct facts_names *in, struct json_object *item,
    const char *kind)
{
	bool owner = kind != NULL && (strcmp(kind, "bond") == 0 ||
	    strcmp(kind, "bridge") == 0 || strcmp(kind, "team") == 0);
	struct json_object *list = NULL;
	struct str name;
	size_t i;

	for (i = 0; i < in->count; i++) {
		name = str_of(in->name[i]);
		if (str_starts(name, "slave_"))
			add_member(item, &list, str_skip(name, 6));
		else if (str_starts(name, "lower_") && owner)
			add_member(item, &list, str_skip(name, 6));
		else if (str_starts(name, "lower_"))
			out_text(item, "parent", str_skip(name, 6));
	}
}

static void
put_bond(struct facts_source *src, const char *dir, struct json_object *item)
{
	char text[FACTS_SMALL];
	struct str mode, word;

	mode = attr(src, dir, "bonding/mode", text, sizeof(text));
	if (str_word(&mode, &word))
		out_text(item, "bond_mode", word);
	out_files(item, src, dir, bond_rows);
}

static void
put_bridge(struct facts_source *src, const char *dir, struct json_object *item)
{
	struct facts_names ports;
	struct json_object *list = NULL;
	char path[FACTS_PATH_MAX];
	size_t i;

	out_files(item, src, dir, bridge_rows);
	if (json_object_object_get_ex(item, "members", NULL) ||
	    !facts_path(path, "%s/brif", dir) ||
	    facts_list(src, path, &ports) < 0)
		return;
	for (i = 0; i < ports.count; i++)
		add_member(item, &list, str_of(ports.name[i]));
	facts_names_free(&ports);
}

static void
put_relations(struct facts_source *src, const char *name, const char *dir,
    const struct facts_names *in, struct json_object *item)
{
	const char *kind = out_get_text(item, "kind");
	char text[FACTS_PATH_MAX], path[FACTS_PATH_MAX];
	struct facts_err ignored;

	out_text(item, "master",
	    link_name(src, dir, "master", text, sizeof(text)));
	put_lower(in, item, kind);
	if (kind != NULL && strcmp(kind, "bond") == 0)
		put_bond(src, dir, item);
	if (kind != NULL && strcmp(kind, "bridge") == 0)
		put_bridge(src, dir, item);
	if (kind != NULL && strcmp(kind, "vlan") == 0 &&
	    facts_path(path, "proc/net/vlan/%s", name))
		(void)facts_parse_file(src, path, FACTS_SMALL,
		    parse_proc_vlan, item, &ignored);
	put_mac(item, "permanent_mac",
	    attr(src, dir, "bonding_slave/perm_hwaddr", text, sizeof(text)));
}

static void
put_iface(struct facts_source *src, const char *name,
    struct json_object *list)
{
	struct json_object *item, *v;
	struct facts_names in;
	char dir[FACTS_PATH_MAX], text[FACTS_SMALL];

	/* Not each entry is one: there is a file "bonding_masters". */
	if (!facts_path(dir, DIR "/%s", name) ||
	    facts_list(src, dir, &in) < 0)
		return;
	item = out_item(list);
	out_cstr(item, "name", name);
	put_device(src, dir, &in, item);
	put_kind(src, name, dir, &in,
	    json_object_object_get_ex(item, "virtual", &v) &&
		json_object_get_boolean(v), item);
	put_mac(item, "mac", attr(src, dir, "address", text, sizeof(text)));
	put_mac(item, "broadcast",
	    attr(src, dir, "broadcast", text, sizeof(text)));
	out_files(item, src, dir, rows);
	put_flags(src, dir, item);
	put_relations(src, name, dir, &in, item);
	facts_names_free(&in);
}

/* A tree without sysfs: the names and counts of /proc/net/dev. */
static int
from_proc(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	return facts_parse_file(src, "proc/net/dev", 4 << 20, parse_net_dev,
	    out, err);
}

int
facts_interfaces(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct facts_names names;
	struct json_object *list;
	size_t i;

	if (facts_list(src, DIR, &names) < 0)
		return from_proc(src, out, err);
	list = out_list(out, "items");
	for (i = 0; i < names.count && i < IFACES_MAX; i++)
		put_iface(src, names.name[i], list);
	facts_names_free(&names);
	iface_masters(src, list);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guests_lxc - containers of LXC, and all guests of Proxmox.
 */
#include "facts/guests.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

/* Older and newer names of the same setting. */
static const struct {
	const char *key;
	const char *field;
} lxc_keys[] = {
	{ "lxc.uts.name", "hostname" },
	{ "lxc.utsname", "hostname" },
	{ "lxc.arch", "arch" },
	{ "lxc.net.0.hwaddr", "mac" },
	{ "lxc.network.hwaddr", "mac" },
	{ "lxc.net.0.ipv4.address", "address" },
	{ "lxc.network.ipv4", "address" },
};

int
parse_lxc_config(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	size_t i;

	while (str_line(&rest, &line)) {
		if (str_starts(str_trim(line), "#") ||
		    !str_pair(line, '=', &key, &value))
			continue;
		for (i = 0; i < sizeof(lxc_keys) / sizeof(lxc_keys[0]); i++)
			if (str_eq(key, lxc_keys[i].key))
				out_text(out, lxc_keys[i].field, value);
	}
	return 0;
}

/* A container that runs has a control group; where depends on the version. */
static bool
has_group(struct facts_source *src, const char *name)
{
	static const char *const groups[] = {
		"sys/fs/cgroup/lxc.payload.%s", "sys/fs/cgroup/lxc/%s",
		"sys/fs/cgroup/systemd/lxc/%s",
		"sys/fs/cgroup/unified/lxc.payload.%s",
		"sys/fs/cgroup/systemd/lxc.payload.%s",
	};
	char path[FACTS_PATH_MAX], *mark;
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		mark = strchr(groups[i], '%');
		if (facts_path(path, "%.*s%s", (int)(mark - groups[i]),
			groups[i], name) && facts_exists(src, path))
			return true;
	}
	return false;
}

static void
put_state(struct guest_list *list, struct json_object *item, const char *name)
{
	/* Of a captured tree this is only known when it has control groups. */
	if (has_group(list->src, name))
		out_cstr(item, "state", "running");
	else if (facts_exists(list->src, "sys/fs/cgroup"))
		out_cstr(item, "state", "stopped");
}

static void
add_lxc(struct guest_list *list, const char *dir, const char *name)
{
	char path[FACTS_PATH_MAX];
	struct json_object *item;

	if (!facts_path(path, "%s/%s/config", dir, name))
		return;
	item = guest_from_file(list, "lxc", path, parse_lxc_config);
	if (item == NULL)
		return;
	out_cstr(item, "name", name);
	put_state(list, item, name);
}

void
guests_lxc(struct guest_list *list)
{
	/* Proxmox makes these from its own files, which say more. */
	if (!facts_exists(list->src, "etc/pve/lxc"))
		guests_each(list, "var/lib/lxc", "", add_lxc);
}

/* "smbios1: uuid=...,serial=..." */
static void
put_smbios(struct json_object *out, struct str value)
{
	struct str part;

	while (str_part(&value, ',', &part))
		if (str_starts(part, "uuid="))
			out_text(out, "uuid", str_skip(part, 5));
}

/* "virtio=BC:24:11:00:00:01,bridge=vmbr0" or "name=eth0,hwaddr=...,ip=..." */
static void
put_net(struct json_object *list, struct str value)
{
	struct json_object *item = out_item(list);
	struct str part, key, text;

	while (str_part(&value, ',', &part)) {
		if (!str_pair(part, '=', &key, &text))
			continue;
		if (str_eq(key, "hwaddr") || (text.n == 17 &&
			text.p[2] == ':' && text.p[14] == ':'))
			out_text(item, "mac", text);
		else if (str_eq(key, "ip"))
			out_text(item, "address", text);
		else if (str_eq(key, "bridge"))
			out_text(item, "bridge", text);
		else if (str_eq(key, "name"))
			out_text(item, "name", text);
	}
}

/* "key: value" up to the first snapshot, which begins with "[". */
int
parse_proxmox_config(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, key, value;
	struct json_object *networks = NULL;
	uint64_t n;

	while (str_line(&rest, &line) && !str_starts(line, "[")) {
		if (str_starts(line, "#") ||
		    !str_pair(line, ':', &key, &value))
			continue;
		if (str_eq(key, "name") || str_eq(key, "hostname"))
			out_text(out, "name", value);
		else if (str_eq(key, "memory") && str_u64(value, 10, &n) &&
		    n < UINT64_MAX >> 20)
			out_u64(out, "memory_bytes", n << 20);
		else if (str_eq(key, "cores") && str_u64(value, 10, &n))
			out_u64(out, "cpus", n);
		else if (str_eq(key, "smbios1"))
			put_smbios(out, value);
		else if (str_starts(key, "net") && key.n <= 5) {
			if (networks == NULL)
				networks = out_list(out, "networks");
			put_net(networks, value);
		}
	}
	return 0;
}

static void
add_proxmox(struct guest_list *list, const char *kind, const char *dir,
    const char *name)
{
	struct str id = { name, strlen(name) - 5 };	/* without ".conf" */
	char path[FACTS_PATH_MAX];
	struct json_object *item;

	if (!facts_path(path, "%s/%s", dir, name))
		return;
	item = guest_from_file(list, kind, path, parse_proxmox_config);
	if (item != NULL)
		out_text(item, "id", id);
}

static void
add_pve_container(struct guest_list *list, const char *dir, const char *name)
{
	add_proxmox(list, "lxc", dir, name);
}

static void
add_pve_machine(struct guest_list *list, const char *dir, const char *name)
{
	add_proxmox(list, "qemu", dir, name);
}

void
guests_proxmox(struct guest_list *list)
{
	guests_each(list, "etc/pve/lxc", ".conf", add_pve_container);
	guests_each(list, "etc/pve/qemu-server", ".conf", add_pve_machine);
}

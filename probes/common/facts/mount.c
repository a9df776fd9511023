/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mount - what is mounted where, and how full the file systems are.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"

#define FILE_MAX (4u << 20)
#define MOUNTS_MAX 16384
#define OPTIONS_MAX 64

/* File systems that live elsewhere: asking one whose server is gone would block. */
static const char *const network_types[] = {
	"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre",
	"gpfs", "afs", "ncpfs", "ocfs2", "gfs2", "beegfs", "fuse.sshfs",
	"fuse.glusterfs", "fuse.s3fs", "fuse.ceph",
};

/* File systems that hold data without a name below /dev. */
static const char *const data_types[] = {
	"zfs", "btrfs", "xfs", "ext4", "ext3", "ext2", "virtiofs", "9p",
	"bcachefs", "ubifs", "jffs2", "overlay",
};

static bool
is_one_of(const char *const *list, size_t n, const char *type)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i], type) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(list, type) \
	is_one_of(list, sizeof(list) / sizeof((list)[0]), type)

static void
put_options(struct json_object *item, struct str a, struct str b)
{
	struct json_object *list = out_list(item, "options");
	struct str part;
	bool read_only = false;
	unsigned int n = 0;

	while (n++ < OPTIONS_MAX && str_part(&a, ',', &part)) {
		out_item_text(list, part);
		read_only = read_only || str_eq(part, "ro");
	}
	while (n++ < OPTIONS_MAX && str_part(&b, ',', &part)) {
		if (!str_eq(part, "rw"))
			out_item_text(list, part);
		read_only = read_only || str_eq(part, "ro");
	}
	out_bool(item, "read_only", read_only);
}

static void
put_name(struct json_object *item, const char *key, struct str name)
{
	char plain[FACTS_SMALL];

	out_text(item, key, str_octal(name, plain, sizeof(plain)));
}

static struct json_object *
new_mount(struct json_object *out)
{
	struct json_object *list;

	if (!json_object_object_get_ex(out, "items", &list))
		list = out_list(out, "items");
	if (json_object_array_length(list) < MOUNTS_MAX)
		return out_item(list);
	out_bool(out, "truncated", true);
	return NULL;
}

/* "36 35 98:0 /root /point rw,noatime shared:1 - ext3 /dev/root rw,errors=continue" */
int
parse_mountinfo(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, f[6], tail[3] = { { "", 0 } };
	struct str word;
	struct json_object *item;
	unsigned int i;

	(void)out_list(out, "items");
	while (str_line(&rest, &line)) {
		for (i = 0; i < 6 && str_word(&line, &f[i]); i++)
			;
		while (str_word(&line, &word) && !str_eq(word, "-"))
			;
		if (i < 6 || !str_word(&line, &tail[0]) ||
		    !str_word(&line, &tail[1]))
			continue;
		if (!str_word(&line, &tail[2]))
			tail[2] = (struct str){ "", 0 };
		item = new_mount(out);
		put_name(item, "device", tail[1]);
		put_name(item, "mount_point", f[4]);
		out_text(item, "type", tail[0]);
		put_name(item, "root", f[3]);
		out_text(item, "dev", f[2]);
		put_options(item, f[5], tail[2]);
	}
	return 0;
}

/* "/dev/sda1 /boot ext4 rw,relatime 0 0" */
int
parse_mounts(const char *data, size_t len, struct json_object *out)
{
	struct str rest = { data, len }, line, f[4];
	struct json_object *item;
	unsigned int i;

	(void)out_list(out, "items");
	while (str_line(&rest, &line)) {
		for (i = 0; i < 4 && str_word(&line, &f[i]); i++)
			;
		if (i < 4 || f[0].p[0] == '#')
			continue;
		item = new_mount(out);
		put_name(item, "device", f[0]);
		put_name(item, "mount_point", f[1]);
		out_text(item, "type", f[2]);
		put_options(item, f[3], (struct str){ "", 0 });
	}
	return 0;
}

/* Newer and fuller places first. */
static int
read_mounts(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	static const struct {
		const char *path;
		facts_parse_fn *parse;
	} places[] = {
		{ "proc/self/mountinfo", parse_mountinfo },
		{ "proc/1/mountinfo", parse_mountinfo },
		{ "proc/self/mounts", parse_mounts },
		{ "proc/1/mounts", parse_mounts },
		{ "proc/mounts", parse_mounts },
		{ "etc/mtab", parse_mounts },
	};
	struct facts_err later;
	size_t i;
	int r;

	r = facts_parse_file(src, places[0].path, FILE_MAX, places[0].parse,
	    out, err);
	for (i = 1; r < 0 && i < sizeof(places) / sizeof(places[0]); i++)
		r = facts_parse_file(src, places[i].path, FILE_MAX,
		    places[i].parse, out, &later);
	return r;
}

int
facts_mounts(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	return read_mounts(src, out, err);
}

static bool
holds_data(const char *device, const char *type)
{
	return strcmp(type, "squashfs") != 0 && strcmp(type, "devtmpfs") != 0 &&
	    (strncmp(device, "/dev/", 5) == 0 ||
		IS_ONE_OF(network_types, type) || IS_ONE_OF(data_types, type));
}

static void
put_usage(struct facts_source *src, const char *point,
    struct json_object *item)
{
	struct facts_usage u;
	uint64_t used;

	while (*point == '/')
		point++;
	if (facts_usage(src, point, &u) < 0 || u.size_bytes == 0 ||
	    u.free_bytes > u.size_bytes)
		return;
	used = u.size_bytes - u.free_bytes;
	out_u64(item, "size_bytes", u.size_bytes);
	out_u64(item, "used_bytes", used);
	out_u64(item, "free_bytes", u.free_bytes);
	out_u64(item, "available_bytes", u.available_bytes);
	if (used + u.available_bytes > 0)
		out_real(item, "used_percent", 100.0 * (double)used /
		    (double)(used + u.available_bytes));
	if (u.inodes > 0) {
		out_u64(item, "inodes", u.inodes);
		out_u64(item, "inodes_free", u.inodes_free);
	}
}

static void
put_filesystem(struct facts_source *src, struct json_object *mount,
    struct json_object *list)
{
	static const char *const keys[] = {
		"device", "mount_point", "type", "dev", "read_only",
	};
	const char *point = out_get_text(mount, "mount_point");
	const char *type = out_get_text(mount, "type");
	struct json_object *item = out_item(list), *v;
	bool network = IS_ONE_OF(network_types, type);
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_object_object_get_ex(mount, keys[i], &v))
			json_object_object_add(item, keys[i],
			    json_object_get(v));
	out_bool(item, "network", network);
	if (!network && strncmp(type, "fuse", 4) != 0)
		put_usage(src, point, item);
}

/* The same file system mounted twice is one; its root is what names it best. */
static void
choose(struct json_object *chosen, struct json_object *mount)
{
	const char *device = out_get_text(mount, "device");
	const char *key = out_get_text(mount, "dev");
	const char *type = out_get_text(mount, "type");
	const char *root;
	struct json_object *was;

	if (device == NULL || type == NULL ||
	    out_get_text(mount, "mount_point") == NULL ||
	    !holds_data(device, type))
		return;
	if (key == NULL)	/* overlays and the like share a name */
		key = strncmp(device, "/dev/", 5) == 0
		    ? device : out_get_text(mount, "mount_point");
	if (json_object_object_get_ex(chosen, key, &was)) {
		root = out_get_text(was, "root");
		if (root == NULL || strcmp(root, "/") == 0 ||
		    out_get_text(mount, "root") == NULL ||
		    strcmp(out_get_text(mount, "root"), "/") != 0)
			return;
	}
	json_object_object_add(chosen, key, json_object_get(mount));
}

int
facts_filesystems(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct json_object *found = json_object_new_object(), *mounts;
	struct json_object *chosen = json_object_new_object();
	struct json_object *list = out_list(out, "items");
	size_t i;
	int r;

	r = read_mounts(src, found, err);
	if (r == 0 && json_object_object_get_ex(found, "items", &mounts)) {
		for (i = 0; i < json_object_array_length(mounts); i++)
			choose(chosen, json_object_array_get_idx(mounts, i));
		json_object_object_foreach(chosen, key, mount) {
			(void)key;
			put_filesystem(src, mount, list);
		}
	}
	json_object_put(chosen);
	json_object_put(found);
	return r;
}

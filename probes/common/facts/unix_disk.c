/* SPDX-License-Identifier: Apache-2.0 */
/* unix_disk - the sections filesystems and mounts of systems that are no Linux: df, mount, /etc/mnttab. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/system.h"
#include "facts/unix.h"

#define MOUNTS_MAX 20000

struct mount { struct str node, device, point, type, options; };	/* node: AIX, whose device it is; or empty */
typedef void mount_cb(void *arg, const struct mount *m);

static bool
listed(const char *const *names, struct str name)
{
	for (; *names != NULL; names++)
		if (str_eq(name, *names))
			return true;
	return false;
}

static bool
is_network(struct str type)
{
	static const char *const types[] = { "smbfs", "cifs", "afpfs", "webdav", "afs", NULL };

	return str_starts(type, "nfs") || listed(types, type);
}

static bool
is_pseudo(struct str type)
{
	static const char *const types[] = {
		"devfs", "procfs", "fdescfs", "autofs", "proc", "ctfs", "mntfs", "objfs", "sharefs", "lofs", "fd", "dev", "nullfs",
		"linprocfs", "linsysfs", "kernfs", "swap", "bootfs", "ahafs", "namefs", "avfs", NULL,
	};

	return listed(types, type);
}

/* --- what is mounted, in each system's words ----------------------------------------------- */

/* "/dev/ada0p2  /  ufs  rw 1 1" of mount -p; /etc/mnttab has the same order. */
static bool
of_table(struct str line, struct mount *m)
{
	return str_word(&line, &m->device) && str_word(&line, &m->point) && str_word(&line, &m->type) && str_word(&line, &m->options);
}

/* OpenBSD: "/dev/sd0a on / type ffs (local, nodev)". */
static bool
of_words(struct str line, struct mount *m)
{
	const char *on = memmem(line.p, line.n, " on ", 4), *type, *open;

	if (on == NULL)
		return false;
	m->device = str_left(line, (size_t)(on - line.p));
	line = str_skip(line, m->device.n + 4);
	type = memmem(line.p, line.n, " type ", 6);
	if (type == NULL)
		return false;
	m->point = str_left(line, (size_t)(type - line.p));
	line = str_skip(line, m->point.n + 6);
	if (!str_word(&line, &m->type))
		return false;
	open = memchr(line.p, '(', line.n);
	m->options = open == NULL ? STR("") : str_skip(line, (size_t)(open - line.p) + 1);
	if (str_ends(m->options, ")"))
		m->options.n--;
	return true;
}

/* "/dev/disk1s1 on /Volumes/My Disk (apfs, local, journaled)" */
static bool
of_brackets(struct str line, struct mount *m)
{
	const char *on = memmem(line.p, line.n, " on ", 4);
	struct str rest;
	size_t i;

	if (on == NULL)
		return false;
	m->device = str_left(line, (size_t)(on - line.p));
	rest = str_skip(line, (size_t)(on - line.p) + 4);
	for (i = rest.n; i > 0 && rest.p[i - 1] != '('; i--)
		;
	if (i < 3)
		return false;
	m->point = str_trim(str_left(rest, i - 1));
	m->options = str_trim(str_skip(rest, i));
	if (m->options.n > 0 && m->options.p[m->options.n - 1] == ')')
		m->options.n--;
	m->type = str_left(m->options, str_find(m->options, ',') >= 0 ? (size_t)str_find(m->options, ',') : m->options.n);
	m->options = str_trim(str_skip(m->options, m->type.n + 1));
	return !str_starts(m->device, "map ");
}

/* AIX: "[node]  /dev/hd4  /  jfs2  Nov 27 10:00  rw,log=/dev/hd8" below two lines of heading. */
static bool
of_aix(struct str line, struct mount *m)
{
	struct str word;
	int i;

	if (line.n > 0 && !isspace((unsigned char)line.p[0]))
		(void)str_word(&line, &m->node);
	if (!str_word(&line, &m->device) || !str_word(&line, &m->point) || !str_word(&line, &m->type) || m->point.p[0] != '/' ||
	    m->type.p[0] == '-')
		return false;
	m->options = STR("");
	for (i = 0; i < 3 && str_word(&line, &word); i++)
		;
	(void)str_word(&line, &m->options);
	return true;
}

static bool
of_bsd(struct str line, struct mount *m)
{
	return of_words(line, m) || of_table(line, m);
}

static const struct { const char *system, *path; bool (*read)(struct str line, struct mount *m); } tables[] = {
	{ "freebsd", "commands/mount", of_bsd }, { "macos", "commands/mount", of_brackets }, { "aix", "commands/mount", of_aix },
	{ "solaris", "etc/mnttab", of_table }, { "hpux", "etc/mnttab", of_table },
};

static int
each_mount(struct facts_source *src, mount_cb *cb, void *arg)
{
	const struct facts_system *sys = facts_system(src);
	struct facts_bytes b;
	struct str rest, line;
	struct mount m;
	size_t i, n = 0;
	int r = -ENOENT;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (!facts_is(sys, tables[i].system) || (r = facts_read(src, tables[i].path, FACTS_COMMAND_MAX, &b)) < 0)
			continue;
		for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line) && n < MOUNTS_MAX;) {
			m.node = STR("");
			if (line.n > 0 && line.p[0] != '#' && tables[i].read(line, &m)) {
				cb(arg, &m);
				n++;
			}
		}
		facts_bytes_free(&b);
	}
	return r;
}

static bool
is_read_only(struct str options)
{
	struct str part;

	while (str_part(&options, ',', &part))
		if (str_eq(str_trim(part), "ro") || str_eq(str_trim(part), "read-only"))
			return true;
	return false;
}

static void
put_mount(void *arg, const struct mount *m)
{
	struct json_object *item = out_item(arg), *list = out_list(item, "options");
	struct str rest = m->options, part;
	char device[1024];

	snprintf(device, sizeof(device), "%.*s%s%.*s", (int)str_left(m->node, 255).n, m->node.p, m->node.n > 0 ? ":" : "",
	    (int)str_left(m->device, 700).n, m->device.p);
	out_cstr(item, "device", device);
	out_text(item, "mount_point", m->point);
	out_text(item, "type", m->type);
	while (str_part(&rest, ',', &part))
		out_item_text(list, str_trim(part));
	out_bool(item, "read_only", is_read_only(m->options));
}

int
facts_unix_mounts(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	int r = each_mount(src, put_mount, out_list(out, "items"));

	return r < 0 ? facts_fail(err, r, "etc/mnttab") : 0;
}

/* --- how full they are ------------------------------------------------------------------------ */

struct usage { struct str device, point; uint64_t size, used, available; };

/* "/dev/ada0p2  20307196  9811824  8870800  53%  /my data"; a long device has a line of its own. */
static bool
read_usage(struct str *rest, struct usage *u)
{
	struct str line, more, word;
	uint64_t *const number[] = { &u->size, &u->used, &u->available };
	int i;

	if (!str_line(rest, &line))
		return false;
	u->point = STR("");
	if (!str_word(&line, &u->device))
		return true;
	if (str_trim(line).n == 0) {
		more = *rest;
		if (!str_line(&more, &line) || line.n == 0 || !isspace((unsigned char)line.p[0]))
			return true;
		*rest = more;
	}
	for (i = 0; i < 3; i++)
		if (!str_word(&line, &word) || !str_u64(word, 10, number[i]) || *number[i] > (1ULL << 52))
			return true;
	if (str_word(&line, &word) && word.p[word.n - 1] == '%')
		u->point = str_trim(line);
	return true;
}

static void
note_type(void *arg, const struct mount *m)
{
	struct json_object *item = json_object_new_object();
	char point[1024];

	out_text(item, "type", m->type);
	out_bool(item, "read_only", is_read_only(m->options));
	str_copy(point, sizeof(point), m->point);
	json_object_object_add(arg, point, item);
}

static void
put_usage(const struct usage *u, struct json_object *types, struct json_object *items)
{
	struct json_object *how = NULL, *item, *v;
	char point[1024];
	struct str type = STR("");

	str_copy(point, sizeof(point), u->point);
	if (json_object_object_get_ex(types, point, &how) && out_get_text(how, "type") != NULL)
		type = str_of(out_get_text(how, "type"));
	/* Space of memory is no disk's: what df shows of swap, and folders of the system itself. */
	if (is_pseudo(type) || str_eq(u->device, "swap") || (u->size == 0 && u->used == 0 && u->available == 0))
		return;
	item = out_item(items);
	out_text(item, "device", u->device);
	out_text(item, "mount_point", u->point);
	out_text(item, "type", type);
	if (how != NULL && json_object_object_get_ex(how, "read_only", &v))
		out_bool(item, "read_only", json_object_get_boolean(v));
	out_bool(item, "network", is_network(type) || (type.n == 0 && memmem(u->device.p, u->device.n, ":/", 2) != NULL));
	/* A dataset without a quota of its own is as large as what it holds and may still take. */
	out_u64(item, "size_bytes", (u->size > 0 ? u->size : u->used + u->available) * 1024);
	out_u64(item, "used_bytes", u->used * 1024);
	out_u64(item, "available_bytes", u->available * 1024);
	if (u->size >= u->used && u->size > 0)
		out_u64(item, "free_bytes", (u->size - u->used) * 1024);
	if (u->used + u->available > 0)
		out_real(item, "used_percent", 100.0 * (double)u->used / (double)(u->used + u->available));
}

int
facts_unix_filesystems(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = out_list(out, "items"), *types = json_object_new_object();
	struct facts_bytes b;
	struct usage u;
	struct str rest;
	int r = facts_command(src, "df", &b);

	if (r == -ENOENT)
		r = facts_command(src, "bdf", &b);
	(void)each_mount(src, note_type, types);
	if (r == 0) {
		for (rest = (struct str){ b.data, b.len }; read_usage(&rest, &u);)
			if (u.point.n > 0 && json_object_array_length(items) < MOUNTS_MAX)
				put_usage(&u, types, items);
		facts_bytes_free(&b);
	}
	json_object_put(types);
	return r < 0 ? facts_command_failed(err, r, "df") : 0;
}

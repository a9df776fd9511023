/* SPDX-License-Identifier: Apache-2.0 */
/* unix_block - the sections block_devices and volumes of systems that are no Linux. */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/pick.h"
#include "facts/system.h"
#include "facts/unix.h"

static struct json_object *
disk(struct json_object *items, struct str name)
{
	struct json_object *item = out_item(items);

	out_text(item, "name", name);
	out_cstr(item, "kind", name.n > 1 && (str_starts(name, "cd") || str_starts(name, "acd")) && isdigit((unsigned char)name.p[name.n - 1]) ?
	    "optical" : "disk");
	return item;
}

/* The number in "<73400057856 bytes>" and "(500,277,790,720 bytes)". */
static bool
bytes_in(struct str s, uint64_t *out)
{
	const char *end = memmem(s.p, s.n, " bytes", 6), *p;
	uint64_t v = 0, unit = 1;

	if (end == NULL)
		return false;
	for (p = end; p > s.p && (isdigit((unsigned char)p[-1]) || p[-1] == ',') && unit <= 1000000000000000000ULL; p--)
		if (p[-1] != ',') {
			v += (uint64_t)(p[-1] - '0') * unit;
			unit *= 10;
		}
	*out = v;
	return unit > 1 && v > 0;
}

/* geom disk list: "1. Name: ada0", "   Mediasize: 500107862016 (466G)", "   descr: ...", "   ident: ..." */
static void
of_geom(struct str text, struct json_object *items)
{
	static const struct { const char *key, *field; } rows[] = { { "descr", "model" }, { "ident", "serial" }, { "lunid", "wwid" } };
	struct json_object *item = NULL;
	struct str line, key, value;
	uint64_t v;
	size_t i;

	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (str_ends(key, "Name") && key.n > 4 && isdigit((unsigned char)key.p[0]))
			item = disk(items, value);
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_eq(key, rows[i].key) && !str_eq(value, "(null)"))
				out_text(item, rows[i].field, value);
		if (str_eq(key, "Mediasize") && str_leading_u64(value, &v) && v > 0)
			out_u64(item, "size_bytes", v);
		if (str_eq(key, "Sectorsize") && str_leading_u64(value, &v))
			out_u64(item, "logical_block_bytes", v);
		if (str_eq(key, "rotationrate") && (str_u64(value, 10, &v)))
			out_bool(item, "rotational", v > 0);
	}
}

/* system_profiler: what stands before "BSD Name: disk0" is of that disk; its parts follow and have names as disk0s1. */
static void
of_profiler(struct str text, struct json_object *items)
{
	static const struct { const char *key, *field; } rows[] = {
		{ "Model", "model" }, { "Serial Number", "serial" }, { "Revision", "revision" }, { "Device Name", "model" },
	};
	struct json_object *about = json_object_new_object(), *item;
	struct str line, key, value;
	uint64_t v;
	size_t i;

	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value))
			continue;
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_eq(key, rows[i].key))
				out_text(about, rows[i].field, value);
		if (str_eq(key, "Capacity") && bytes_in(value, &v))
			out_u64(about, "size_bytes", v);
		if (!str_eq(key, "BSD Name"))
			continue;
		if (str_starts(value, "disk") && str_find(str_skip(value, 4), 's') < 0) {
			item = disk(items, value);
			json_object_object_foreach(about, k, have)
				json_object_object_add(item, k, json_object_get(have));
		}
		json_object_put(about);
		about = json_object_new_object();
	}
	json_object_put(about);
}

/* What stands behind KEY in a line of several, up to END (NULL: all). */
static struct str
between(struct str line, const char *key, const char *end)
{
	const char *at = memmem(line.p, line.n, key, strlen(key)), *to;
	struct str rest;

	if (at == NULL)
		return STR("");
	rest = str_skip(line, (size_t)(at - line.p) + strlen(key));
	to = end == NULL ? NULL : memmem(rest.p, rest.n, end, strlen(end));
	return str_trim(to == NULL ? rest : str_left(rest, (size_t)(to - rest.p)));
}

/* iostat -En, of five lines each: "c0t0d0  Soft Errors: ...", "Vendor: X Product: Y Revision: Z Serial No: N", "Size: 73.40GB <... bytes>" */
static void
of_iostat(struct str text, struct json_object *items)
{
	struct json_object *item = NULL;
	struct str line, word, rest;
	uint64_t v;

	while (str_line(&text, &line)) {
		rest = line;
		if (memmem(line.p, line.n, "Soft Errors:", 12) != NULL && str_word(&rest, &word))
			item = disk(items, word);
		else if (str_starts(line, "Vendor:") || str_starts(line, "Model:")) {
			out_text(item, "vendor", between(line, "Vendor:", "Product:"));
			out_text(item, "model", str_starts(line, "Model:") ? between(line, "Model:", "Revision:") : between(line, "Product:", "Revision:"));
			out_text(item, "revision", between(line, "Revision:", "Serial No:"));
			out_text(item, "serial", between(line, "Serial No:", "Size:"));
		}
		if (memmem(line.p, line.n, "Size:", 5) != NULL && item != NULL) {
			if (bytes_in(line, &v))
				out_u64(item, "size_bytes", v);
			else if (memmem(line.p, line.n, "<0 bytes>", 9) != NULL)
				out_cstr(item, "kind", "optical");
		}
	}
}

/* ioscan -kfnC disk: "disk 0 0/0/2/0.0.0.0 sdisk CLAIMED DEVICE HP 36.4GST336753LC", its files in the next line. */
static void
of_ioscan(struct str text, struct json_object *items)
{
	struct json_object *item = NULL;
	struct str line, word[6], name;
	int i;

	while (str_line(&text, &line)) {
		if (str_starts(line, "disk")) {
			for (i = 0; i < 6 && str_word(&line, &word[i]); i++)
				;
			item = i == 6 ? disk(items, word[2]) : NULL;
			if (str_word(&line, &name)) {
				out_text(item, "vendor", name);
				out_text(item, "model", str_trim(line));
				if (memmem(line.p, line.n, "CD", 2) != NULL || memmem(line.p, line.n, "DVD", 3) != NULL || memmem(line.p, line.n, "DV-", 3) != NULL)
					out_cstr(item, "kind", "optical");
			}
			if (item != NULL)
				out_text(item, "bus_address", word[2]);
		} else if (item != NULL && str_word(&line, &name) && str_starts(name, "/dev/")) {
			for (i = (int)name.n; i > 0 && name.p[i - 1] != '/'; i--)
				;
			out_text(item, "name", str_skip(name, (size_t)i));
			item = NULL;
		}
	}
}

/* --- AIX ------------------------------------------------------------------------------- */

/* bootinfo -s says MB, to root only; else lspv: "TOTAL PPs:  546 (69888 megabytes)". */
static void
aix_size(struct facts_source *src, struct str name, struct json_object *item)
{
	char path[FACTS_PATH_MAX], text[FACTS_SMALL];
	struct facts_bytes b;
	struct str value;
	uint64_t v;
	long open;

	if (facts_path(path, "commands/size/%.*s", (int)name.n, name.p) && facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    str_u64(str_of(text), 10, &v) && v > 0 && v < (1ULL << 40)) {
		out_u64(item, "size_bytes", v << 20);
		return;
	}
	if (!facts_path(path, "disk/%.*s", (int)name.n, name.p) || facts_command(src, path, &b) < 0)
		return;
	if (pick_value((struct str){ b.data, b.len }, "TOTAL PPs", &value) && (open = str_find(value, '(')) > 0 &&
	    str_leading_u64(str_skip(value, (size_t)open + 1), &v) && v > 0 && v < (1ULL << 40))
		out_u64(item, "size_bytes", v << 20);
	facts_bytes_free(&b);
}

/* lscfg -vp: below "  hdisk0   U787A...  16 Bit LVD SCSI Disk Drive", up to the next name, "Manufacturer................IBM". */
static void
aix_vpd(struct str text, struct str name, struct json_object *item)
{
	static const struct { const char *key, *field; } rows[] = {
		{ "Manufacturer", "vendor" }, { "Machine Type and Model", "model" }, { "Serial Number", "serial" }, { "ROS Level and ID", "revision" },
	};
	struct str line, rest, word, value;
	bool ours = false;
	size_t i;

	while (str_line(&text, &line)) {
		rest = line;
		if (!str_word(&rest, &word))
			continue;
		if (memmem(line.p, line.n, "...", 3) == NULL)
			ours = str_same(word, name);
		for (i = 0; ours && i < sizeof(rows) / sizeof(rows[0]); i++)
			if (pick_value(line, rows[i].key, &value) && !json_object_object_get_ex(item, rows[i].field, NULL))
				out_text(item, rows[i].field, value);
	}
}

static void
aix_disks(struct facts_source *src, struct str text, struct json_object *items)
{
	struct facts_bytes vpd = { NULL, 0 };
	struct json_object *item;
	struct str line, name;

	(void)facts_command(src, "lscfg", &vpd);
	while (str_line(&text, &line)) {
		if (!str_word(&line, &name) || name.n > 64)
			continue;
		item = disk(items, name);
		aix_size(src, name, item);
		if (vpd.data != NULL)
			aix_vpd((struct str){ vpd.data, vpd.len }, name, item);
	}
	facts_bytes_free(&vpd);
}

static const struct { const char *system, *command; void (*read)(struct str text, struct json_object *items); } readers[] = {
	{ "freebsd", "geom", of_geom }, { "macos", "system_profiler", of_profiler }, { "solaris", "iostat", of_iostat },
	{ "hpux", "ioscan", of_ioscan }, { "aix", "lspv", NULL },
};

int
facts_unix_block_devices(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	const struct facts_system *sys = facts_system(src);
	struct json_object *items = out_list(out, "items");
	struct facts_bytes b;
	size_t i;
	int r;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]) && !facts_is(sys, readers[i].system); i++)
		;
	if (i == sizeof(readers) / sizeof(readers[0]))
		return facts_say(err, "missing", "nothing tells which disks there are");
	r = facts_command(src, readers[i].command, &b);
	if (r < 0)
		return facts_command_failed(err, r, readers[i].command);
	if (readers[i].read != NULL)
		readers[i].read((struct str){ b.data, b.len }, items);
	else
		aix_disks(src, (struct str){ b.data, b.len }, items);
	facts_bytes_free(&b);
	return 0;
}

/* --- volumes ------------------------------------------------------------------------------ */

/* lsvg -l: "hd4  jfs2  2  2  1  open/syncd  /" below the group's name and a heading. */
static void
aix_group(struct facts_source *src, const char *group, struct json_object *items)
{
	char path[FACTS_PATH_MAX];
	struct facts_bytes b;
	struct str rest, line, word[6];
	struct json_object *item;
	uint64_t n;
	int i;

	if (!facts_path(path, "lsvg/%s", group) || facts_command(src, path, &b) < 0)
		return;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
		for (i = 0; i < 6 && str_word(&line, &word[i]); i++)
			;
		if (i < 6 || !str_u64(word[2], 10, &n))
			continue;
		item = out_item(items);
		out_text(item, "name", word[0]);
		out_text(item, "device", word[0]);
		out_cstr(item, "kind", "lvm");
		out_cstr(item, "group", group);
		out_text(item, "volume", word[0]);
	}
	facts_bytes_free(&b);
}

/* zfs list -H -o name,used,available,mountpoint; the first part of a name is the pool. */
static void
zfs(struct str text, struct json_object *items)
{
	struct str line, name, word;
	struct json_object *item;
	double v;
	long slash;

	while (str_line(&text, &line)) {
		if (!str_word(&line, &name))
			continue;
		slash = str_find(name, '/');
		item = out_item(items);
		out_text(item, "name", name);
		out_cstr(item, "kind", "zfs");
		out_text(item, "group", slash > 0 ? str_left(name, (size_t)slash) : name);
		if (str_word(&line, &word) && pick_scaled(word, 1024, &v))
			out_u64(item, "used_bytes", (uint64_t)v);
	}
}

int
facts_unix_volumes(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *items = out_list(out, "items");
	struct facts_names groups;
	struct facts_bytes b;
	size_t i;

	(void)err;
	if (facts_list(src, "commands/lsvg", &groups) == 0) {
		for (i = 0; i < groups.count; i++)
			aix_group(src, groups.name[i], items);
		facts_names_free(&groups);
	}
	if (facts_command(src, "zfs", &b) == 0) {
		zfs((struct str){ b.data, b.len }, items);
		facts_bytes_free(&b);
	}
	return 0;
}

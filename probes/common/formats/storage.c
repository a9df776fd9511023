/* SPDX-License-Identifier: Apache-2.0 */
/* storage - block devices, partitions, file systems, pools: lsblk, swapon, sfdisk, tune2fs, zpool status; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/linux.h"

/* --- lsblk --------------------------------------------------------------------------------- */

/* Without the branches of the tree, in ASCII or not. */
static struct str
tree_name(struct str s)
{
	while (s.n > 0 && ((unsigned char)s.p[0] >= 0x80 || strchr(" |`-", s.p[0]) != NULL))
		s = str_skip(s, 1);
	return s;
}

static void
lsblk_cell(struct json_object *o, const struct format *f, const char *key, struct str value)
{
	static const char *const sizes[] = { "size", "fsize", "fsused", "fsavail", "disc_gran", "disc_max", "wsame" };
	char name[PUT_KEY_MAX + 8];
	int64_t n;
	size_t i;

	if (strcmp(key, "name") == 0)
		value = tree_name(value);
	if (strcmp(key, "mountpoints") == 0) {
		put_list(o, key);
		if (value.n > 0)
			out_item_text(put_list(o, key), value);
		return;
	}
	if (value.n == 0)
		put_null(o, key);
	else
		put_value(o, str_of(key), kind_of(f->fields, key, AS_TEXT), value);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (strcmp(key, sizes[i]) == 0 && bytes_of(value, &n)) {
			snprintf(name, sizeof(name), "%s_bytes", key);
			put_int(o, name, n);
		}
}

/* Where the name stands: first, but with -O of new ones and with -o. */
static bool
lsblk_heading(struct columns *c, struct str line, unsigned *name)
{
	static const char *const names[] = { "name", "kname", "path" };
	size_t i;

	(void)columns_of(c, line, 1);
	columns_rename(c, "fsuse", "fsuse%");	/* as jc has it */
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (*name = 0; *name < c->n; (*name)++)
			if (strcmp(c->at[*name].name, names[i]) == 0 && isupper((unsigned char)str_trim(line).p[0]))
				return true;
	return false;
}

bool
read_lsblk(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct json_object *o = NULL;
	struct columns c = { .n = 0 };
	unsigned i, name = 0;

	while (str_line(&text, &line)) {
		if (c.n == 0) {
			if (!lsblk_heading(&c, line, &name))
				c.n = 0;
			continue;
		}
		if (str_trim(line).n == 0)
			continue;
		columns_cells(&c, line, cell);
		if (tree_name(cell[name]).n == 0) {	/* one more mount point */
			for (i = 0; o != NULL && i < c.n; i++)
				if (strcmp(c.at[i].name, "mountpoints") == 0 && cell[i].n > 0)
					lsblk_cell(o, f, c.at[i].name, cell[i]);
			continue;
		}
		o = out_item(top);
		for (i = 0; i < c.n; i++)
			lsblk_cell(o, f, c.at[i].name, cell[i]);
	}
	return c.n > 0;
}

/* --- swapon ----------------------------------------------------------------------------------- */

bool
read_swapon(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct json_object *o;
	struct columns c = { .n = 0 };
	int64_t n, unit = 1;
	unsigned i;

	while (str_line(&text, &line)) {
		if (c.n == 0) {
			if (!str_starts(line, "NAME") && !str_starts(line, "Filename"))
				continue;
			unit = line.p[0] == 'F' ? 1024 : 1;	/* swapon -s counts kB */
			(void)columns_of(&c, line, 1);
			columns_rename(&c, "filename", "name");
			columns_rename(&c, "prio", "priority");
			continue;
		}
		if (str_trim(line).n == 0)
			continue;
		if (unit == 1)
			columns_cells(&c, line, cell);
		else if (columns_words(&c, line, cell) < c.n)	/* with tabs, and no cell is empty */
			continue;
		o = out_item(top);
		for (i = 0; i < c.n; i++) {
			if (kind_of(f->fields, c.at[i].name, AS_TEXT) == AS_BYTES && bytes_of(cell[i], &n) && n < INT64_C(1) << 52)
				put_int(o, c.at[i].name, n * unit);
			else if (cell[i].n > 0)
				put_value(o, str_of(c.at[i].name), kind_of(f->fields, c.at[i].name, AS_TEXT), cell[i]);
		}
	}
	return c.n > 0;
}

/* --- sfdisk -------------------------------------------------------------------------------------- */

/* The number before or behind the words MARK. */
static void
put_count(struct json_object *o, const char *key, struct str s)
{
	int64_t n;

	if (digits_of(s, &n))
		put_int(o, key, n);
}

/* "Disk /dev/sda: 20 GiB, 21474836480 bytes, 41943040 sectors", "Disk /dev/sda: 2610 cylinders, 255 heads, 63 sectors/track" */
static struct json_object *
new_disk(struct json_object *top, struct str line, bool free)
{
	struct json_object *o = out_item(top);
	struct str rest = after(line, ": "), part;

	put_text(o, "disk", before(line, ": "));
	while (str_part(&rest, ',', &part)) {
		part = str_trim(part);
		if (str_ends(part, "cylinders"))
			put_count(o, "cylinders", part);
		else if (str_ends(part, "heads"))
			put_count(o, "heads", part);
		else if (str_ends(part, "sectors/track"))
			put_count(o, "sectors_per_track", part);
		else if (str_ends(part, " bytes"))
			put_count(o, free ? "free_bytes" : "bytes", part);
		else if (str_ends(part, " sectors"))
			put_count(o, free ? "free_sectors" : "sectors", part);
		else if (part.n > 0)
			put_text(o, free ? "free_disk_size" : "disk_size", part);
	}
	return o;
}

/* "Units: ...", "Sector size (logical/physical): 512 bytes / 512 bytes", "label: gpt" */
static void
disk_line(struct json_object *o, struct str line)
{
	static const struct { const char *is, *key, *second; } lines[] = {
		{ "Units", "units", NULL }, { "Units =", "units", NULL }, { "unit", "units", NULL }, { "Disk model", "disk_model", NULL },
		{ "Disklabel type", "disk_label_type", NULL }, { "label", "disk_label_type", NULL }, { "Disk identifier", "disk_identifier", NULL },
		{ "label-id", "disk_identifier", NULL }, { "Sector size (logical/physical)", "logical_sector_size", "physical_sector_size" },
		{ "I/O size (minimum/optimal)", "min_io_size", "optimal_io_size" },
	};
	struct str key, value;
	size_t i;

	if (!str_pair(line, ':', &key, &value))
		return;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!str_eq(key, lines[i].is))
			continue;
		if (lines[i].second != NULL) {
			put_count(o, lines[i].key, before(value, "/"));
			put_count(o, lines[i].second, after(value, "/"));
		} else {
			put_text(o, lines[i].key, value);
		}
	}
}

/* The next at a comma that is not within quotes. */
static bool
dump_part(struct str *rest, struct str *out)
{
	struct str all = *rest, part;
	size_t i, quotes;

	while (str_part(rest, ',', &part)) {
		*out = from_to(all.p, part.p + part.n);
		for (i = 0, quotes = 0; i < out->n; i++)
			quotes += out->p[i] == '"';
		if (quotes % 2 == 0)
			return true;
	}
	return all.n > 0;
}

/* "/dev/sda1 : start=     2048, size=  2097152, Id=83, bootable" */
static void
dump_line(struct json_object *o, struct str line)
{
	struct str device, rest, part, key, value;
	char name[PUT_KEY_MAX];
	bool boot = false;

	if (!str_pair(line, ':', &device, &rest))
		return;
	put_text(o, "device", device);
	while (dump_part(&rest, &part)) {
		boot |= str_eq(str_trim(part), "bootable");
		if (!str_pair(part, '=', &key, &value))
			continue;
		key_of(key, name, sizeof(name));
		put_value(o, str_of(name), strcmp(name, "start") == 0 || strcmp(name, "size") == 0 ? AS_INT : AS_TEXT, str_unquote(value));
	}
	put_bool(o, "boot", boot);
}

/* "Linux swap  2BE4294B-1ABF-...": a type of several words, with an identifier behind it, or a wide gap. */
static struct str
take_type(struct str *line)
{
	struct str all = str_trim(*line), word, rest = all;
	const char *end = all.p;

	while (str_word(&rest, &word)) {
		if (end > all.p && (word.p - end > 1 || (word.n == 36 && word.p[8] == '-')))
			break;
		end = word.p + word.n;
	}
	*line = from_to(end, all.p + all.n);
	return from_to(all.p, end);
}

/* Below "Device Boot Start End ...": a star, or nothing, in the second column. */
static void
partition_line(struct json_object *o, const struct format *f, const struct columns *c, struct str line)
{
	struct str word, rest;
	unsigned i;

	for (i = 0; i < c->n; i++) {
		rest = line;
		if (strcmp(c->at[i].name, "boot") == 0) {
			put_bool(o, "boot", str_word(&rest, &word) && str_eq(word, "*"));
			if (str_word(&line, &word) && !str_eq(word, "*"))
				line = from_to(word.p, line.p + line.n);
			continue;
		}
		if (i + 1 == c->n)
			word = str_trim(line);
		else if (strcmp(c->at[i].name, "type") == 0 && c->at[c->n - 1].at > c->at[i].end)
			word = take_type(&line);
		else if (!str_word(&line, &word))
			return;
		put_value(o, str_of(c->at[i].name), kind_of(f->fields, c->at[i].name, AS_NUMBER), word);
	}
}

bool
read_sfdisk(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct columns c = { .n = 0 };
	struct str line, all;

	while (str_line(&text, &line)) {
		all = line;
		line = str_trim(line);
		if (line.n == 0) {
			continue;
		} else if (str_starts(line, "Disk /") && skip_prefix(&line, "Disk ")) {
			o = new_disk(top, line, false);
			c.n = 0;
		} else if (skip_prefix(&line, "Unpartitioned space ")) {
			o = new_disk(top, line, true);
			c.n = 0;
		} else if (skip_prefix(&line, "# partition table of ") || (o == NULL && skip_prefix(&line, "device:"))) {
			o = out_item(top);
			put_text(o, "disk", str_trim(line));
		} else if (str_starts(line, "label:") && find(all, "label: ") != NULL) {
			disk_line(o = out_item(top), line);	/* a dump of today names the device later */
		} else if (o != NULL && skip_prefix(&line, "device:")) {
			put_text(o, "disk", str_trim(line));
		} else if (o != NULL && (str_starts(line, "Device ") || str_starts(line, "Start "))) {
			(void)columns_of(&c, line, 1);
			put_list(o, "partitions");
		} else if (o != NULL && line.p[0] == '/' && find(line, " : ") != NULL && find(line, "start=") != NULL) {
			dump_line(out_item(put_list(o, "partitions")), line);
		} else if (o != NULL && c.n > 0 && (line.p[0] == '/' || isdigit((unsigned char)line.p[0]))) {
			partition_line(out_item(put_list(o, "partitions")), f, &c, line);
		} else if (o != NULL) {
			disk_line(o, line);
		}
	}
	return o != NULL;
}

/* --- tune2fs ---------------------------------------------------------------------------------------- */

bool
read_tune2fs(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const dates[] = { "filesystem_created", "last_mount_time", "last_write_time", "last_checked" };
	struct str line, key, value;
	char plain[PUT_KEY_MAX], name[PUT_KEY_MAX + 8], epoch[PUT_KEY_MAX + 24];
	bool any = false;
	size_t i;

	while (str_line(&text, &line)) {
		if (skip_prefix(&line, "tune2fs ") || skip_prefix(&line, "dumpe2fs ")) {
			put_text(top, "version", str_trim(line));
			any = true;
		}
		if (!str_pair(line, ':', &key, &value) || key.n == 0)
			continue;
		key_of(key, plain, sizeof(plain));
		snprintf(name, sizeof(name), "%s%s", plain, key.p[key.n - 1] == '#' ? "_number" : "");
		if (kind_of(f->fields, name, AS_TEXT) == AS_WORDS)
			put_words(top, name, value, ' ');
		else
			put_value(top, str_of(name), kind_of(f->fields, name, AS_INT), value);
		for (i = 0; i < 4; i++)
			if (strcmp(name, dates[i]) == 0) {
				snprintf(epoch, sizeof(epoch), "%s_epoch_utc", name);
				put_null(top, epoch);	/* of a zone that is not told */
			}
		any = true;
	}
	return any;
}

/* --- zpool status -------------------------------------------------------------------------------------- */

/* "tank  DEGRADED  0  0  0  what is wrong" */
static void
zpool_device(struct json_object *o, struct str line)
{
	static const char *const keys[] = { "name", "state", "read", "write", "checksum" };
	struct str word;
	size_t i;

	for (i = 0; i < 5 && str_word(&line, &word); i++)
		put_value(o, str_of(keys[i]), i < 2 ? AS_TEXT : AS_INT, word);
	if (str_trim(line).n > 0)
		put_text(o, "errors", str_trim(line));
}

bool
read_zpool(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[PUT_KEY_MAX] = "";
	size_t in;

	(void)f;
	while (str_line(&text, &line)) {
		in = indent_of(line);
		if (in < 8 && line.n > 0 && line.p[0] != '\t' && str_pair(line, ':', &key, &value) && key.n > 0) {
			key_of(key, name, sizeof(name));
			if (strcmp(name, "pool") == 0)
				o = out_item(top);
			if (o != NULL && strcmp(name, "config") == 0)
				put_list(o, name);
			else if (o != NULL)
				put_text(o, name, value);
		} else if (o == NULL || str_trim(line).n == 0) {
			continue;
		} else if (strcmp(name, "config") == 0) {
			if (!str_starts(str_trim(line), "NAME "))
				zpool_device(out_item(put_list(o, name)), line);
		} else {
			put_more(o, name, str_trim(line), "\n");
		}
	}
	return o != NULL;
}

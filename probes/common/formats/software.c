/* SPDX-License-Identifier: Apache-2.0 */
/* software - packages, units, volumes and what is mounted, as commands list them; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "formats/columns.h"
#include "formats/cut.h"
#include "formats/formats.h"

#define UNIT_COLUMNS_MAX 12

/* --- dpkg-query, lslpp ------------------------------------------------------------------- */

static bool
is_installed(struct str status)
{
	static const char end[] = " installed";

	status = str_trim(status);
	return status.n > sizeof(end) - 1 && memcmp(status.p + status.n - sizeof(end) + 1, end, sizeof(end) - 1) == 0;
}

static void
put_name_version(struct json_object *o, struct str name, struct str version)
{
	struct str arch = after(name, ":");

	put_text(o, "name", before(name, ":"));
	if (arch.n > 0)
		put_text(o, "arch", arch);
	put_text(o, "version", version);
}

/* Name, architecture, version, kilobytes, section and status: with tabs between; the last ones may be left out. */
bool
read_dpkg_query(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[] = { "name", "arch", "version" };
	struct str line, part[6];
	struct json_object *o;
	bool any = false;
	char bytes[32];
	int64_t kb;
	size_t i, n;

	(void)f;
	while (str_line(&text, &line)) {
		for (n = 0; n < 6 && str_part(&line, '\t', &part[n]);)
			n++;
		if (n < 2 || (n == 6 && !is_installed(part[5])) || str_trim(part[n - 1]).n == 0 || (o = out_item(top)) == NULL)
			continue;
		if (n == 2)		/* NAME[:ARCH] and VERSION, as dpkg-query -W has them without more */
			put_name_version(o, part[0], str_trim(part[1]));
		for (i = 0; i < 3 && n > 2; i++)
			put_value(o, str_of(names[i]), AS_TEXT, str_trim(part[i]));
		if (n > 3) {
			if (!str_i64(part[3], &kb) || kb < 0 || kb > INT64_C(1) << 40)
				kb = 0;
			snprintf(bytes, sizeof(bytes), "%lld", (long long)kb * 1024);
			put_value(o, str_of("filesize"), AS_TEXT, str_of(bytes));
		}
		if (n > 4)
			put_value(o, str_of("system_category"), AS_TEXT, str_trim(part[4]));
		put_value(o, str_of("from"), AS_TEXT, str_of("deb"));
		any = true;
	}
	return any;
}

/* What the letters of dpkg -l mean: its own heading says so. */
static const char *
meaning(const char *const *table, char letter)
{
	for (; *table != NULL; table++)
		if (tolower((unsigned char)letter) == **table)
			return *table + 2;
	return NULL;
}

static void
dpkg_codes(struct json_object *o, struct str codes)
{
	static const char *const desired[] = { "u unknown", "i install", "r remove", "p purge", "h hold", NULL };
	static const char *const status[] = { "n not installed", "i installed", "c config-files", "u unpacked", "f failed config",
	    "h half installed", "w trigger await", "t trigger pending", NULL };
	static const char *const error[] = { "r reinstall required", NULL };
	static const struct { const char *key; const char *const *table; } rows[] = {
		{ "desired", desired }, { "status", status }, { "error", error },
	};
	const char *text;
	size_t i;

	for (i = 0; i < 3 && i < codes.n; i++)
		if ((text = meaning(rows[i].table, codes.p[i])) != NULL)
			put_value(o, str_of(rows[i].key), AS_TEXT, str_of(text));
}

bool
read_dpkg(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o;
	struct str line, codes;
	const struct field *at;
	struct str word;
	bool begun = false;

	while (str_line(&text, &line)) {
		if (!begun) {
			begun = str_starts(line, "+++-");
			continue;
		}
		if (!str_word(&line, &codes) || codes.n > 3 || str_trim(line).n == 0 || (o = out_item(top)) == NULL)
			continue;
		put_value(o, str_of("codes"), AS_TEXT, codes);
		for (at = f->fields; at->key != NULL; at++) {
			if (at->kind == AS_REST)
				word = str_trim(line);
			else if (!str_word(&line, &word))
				break;
			put_value(o, str_of(at->key), AS_TEXT, word);
		}
		dpkg_codes(o, codes);
	}
	return begun;
}

#define LSLPP_FIELDS 17

/* lslpp -l, -L: a table, whose descriptions go on below; "Path: /usr/lib/objrepos" stands before those of a folder. */
static bool
lslpp_table(struct str text, struct json_object *top)
{
	struct str line, name, level, word, path, folder = { "", 0 };
	struct json_object *o = NULL;
	bool in = false;

	while (str_line(&text, &line)) {
		path = str_trim(line);
		if (str_starts(path, "--")) {
			in = true;
		} else if (skip_prefix(&path, "Path: ")) {
			folder = str_trim(path);
		} else if (indent_of(line) > 20 && o != NULL) {
			put_more(o, "comments", path, " ");
		} else if (in && str_word(&line, &name) && str_word(&line, &level) && str_word(&line, &word) && isdigit((unsigned char)level.p[0])) {
			if (word.n == 1 && indent_of(line) < 6)	/* -L: the state in one letter, then the type */
				(void)str_word(&line, &word);
			o = str_starts(name, "device") ? NULL : out_item(top);
			if (folder.n > 0)
				put_known(o, "folder", folder);
			put_text(o, "name", name);
			put_text(o, "version", level);
			put_text(o, "comments", str_trim(line));
		} else {
			o = NULL;
		}
	}
	return json_object_array_length(top) > 0;
}

/*
 * AIX, lslpp -c -l: FOLDER:FILESET:LEVEL:PTF:STATE:TYPE:DESCRIPTION; lslpp -L -c: PACKAGE:FILESET:LEVEL:STATE:PTF:FIX STATE:TYPE:DESCRIPTION
 * and more, with the folder near the end. Filesets of devices are drivers, left out.
 */
bool
read_lslpp(const struct format *f, struct str text, struct json_object *top)
{
	static const struct { const char *key; unsigned at, in_long; } names[] = {
		{ "folder", 0, 16 }, { "name", 1, 1 }, { "version", 2, 2 }, { "comments", 6, 7 },
	};
	struct str line, part[LSLPP_FIELDS];
	struct json_object *o;
	bool any = false;
	size_t i, n, at;

	(void)f;
	if (!str_starts(text, "#") && find(text, "-----") != NULL && find(text, "Fileset ") != NULL)
		return lslpp_table(text, top);
	while (str_line(&text, &line)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		for (n = 0; n < LSLPP_FIELDS && str_part(&line, ':', &part[n]);)
			n++;
		if (n < 3 || str_starts(part[1], "device") || (o = out_item(top)) == NULL)
			continue;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			at = n > 12 ? names[i].in_long : names[i].at;
			if (at < n && !str_eq(part[at], "(none)"))
				put_value(o, str_of(names[i].key), AS_TEXT, str_trim(part[at]));
		}
		any = true;
	}
	return any;
}

/* --- systemctl --------------------------------------------------------------------------------- */

/* "UNIT FILE" and "VENDOR PRESET" are one heading each. */
static unsigned
unit_heading(struct str line, char name[UNIT_COLUMNS_MAX][40])
{
	struct str word;
	unsigned n = 0;
	size_t have;
	char *p;

	while (n < UNIT_COLUMNS_MAX && str_word(&line, &word)) {
		if (n > 0 && ((str_eq(word, "FILE") && strcmp(name[n - 1], "unit") == 0)
		    || (str_eq(word, "PRESET") && strcmp(name[n - 1], "vendor") == 0))) {
			have = strlen(name[n - 1]);
			snprintf(name[n - 1] + have, 40 - have, str_eq(word, "FILE") ? "_file" : "_preset");
			continue;
		}
		str_copy(name[n], 40, word);
		for (p = name[n++]; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
	}
	return n;
}

/* An address of a socket may hold blanks: it ends before the unit, which is a .socket. */
static void
listen_address(struct str *line, struct str *address)
{
	static const char end[] = ".socket";
	struct str rest = *line, word;

	while (str_word(&rest, &word)) {
		if (word.p == line->p || word.n < sizeof(end) || memcmp(word.p + word.n - sizeof(end) + 1, end, sizeof(end) - 1) != 0)
			continue;
		*address = str_trim((struct str){ line->p, (size_t)(word.p - line->p) });
		*line = str_skip(*line, (size_t)(word.p - line->p));
		return;
	}
	(void)str_word(line, address);
}

/* NEXT, LEFT, LAST and PASSED are of several words: each stands below its heading. */
static bool
read_timers(struct str heading, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c;

	(void)columns_of(&c, heading, 1);
	while (str_line(&text, &line) && str_trim(line).n > 0) {
		columns_cells(&c, line, cell);
		columns_put(&c, cell, NULL, AS_DASH, out_item(top));
	}
	return true;
}

/* The mark of a unit that failed, and what stands behind it. */
static struct str
unmarked(struct str line)
{
	struct str mark;

	if (line.n > 0 && ((unsigned char)line.p[0] >= 0x80 || (line.p[0] == '*' && line.n > 1 && line.p[1] == ' ')))
		(void)str_word(&line, &mark);
	return str_trim(line);
}

/* Units while there are jobs: few of them have one, so that each word belongs to the heading above it. */
static bool
read_units_with_jobs(struct str heading, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct json_object *o;
	struct columns c;
	unsigned i;

	(void)columns_of(&c, heading, 1);
	while (str_line(&text, &line) && str_trim(line).n > 0) {
		columns_cells(&c, line, cell);
		cell[0] = unmarked(cell[0]);
		o = out_item(top);
		for (i = 0; i < c.n; i++)
			if (cell[i].n > 0)
				put_value(o, str_of(c.at[i].name), AS_TEXT, cell[i]);
	}
	return true;
}

/* A table up to the first empty line; below it stands what the words mean. */
bool
read_systemctl(const struct format *f, struct str text, struct json_object *top)
{
	char name[UNIT_COLUMNS_MAX][40];
	struct str line, word;
	struct json_object *o;
	unsigned columns, i;

	(void)f;
	if (!str_line(&text, &line) || (columns = unit_heading(line, name)) < 2)
		return false;
	if (strcmp(name[0], "next") == 0)
		return read_timers(line, text, top);
	for (i = 1; i < columns; i++)
		if (strcmp(name[i], "job") == 0)
			return read_units_with_jobs(line, text, top);
	while (str_line(&text, &line) && str_trim(line).n > 0) {
		line = unmarked(str_trim(line));
		o = out_item(top);
		i = 0;
		if (o != NULL && strcmp(name[0], "listen") == 0) {
			listen_address(&line, &word);
			put_value(o, str_of(name[i++]), AS_TEXT, word);
		}
		for (; o != NULL && i + 1 < columns && str_word(&line, &word); i++)
			put_value(o, str_of(name[i]), strcmp(name[i], "job") == 0 ? AS_INT : AS_TEXT, word);
		if (o != NULL && str_trim(line).n > 0)
			put_value(o, str_of(name[columns - 1]), AS_TEXT, str_trim(line));
	}
	return true;
}

/* --- pvs, vgs, lvs ---------------------------------------------------------------------------------- */

/* "15846.08", "<5.76g" or "16.00M", in MB: small letters count in powers of 1024, capitals of 1000. */
static void
put_lvm_size(struct json_object *o, const char *key, struct str value)
{
	static const char units[] = "mgtpe";
	const char *unit;
	double d, power;

	(void)skip_prefix(&value, "<");
	if (!real_of(value, &d) || d < 0 || value.n == 0)
		return;
	unit = memchr(units, tolower((unsigned char)value.p[value.n - 1]), sizeof(units) - 1);
	power = islower((unsigned char)value.p[value.n - 1]) ? 1024 : 1000;
	if ((value.p[value.n - 1] | 32) == 'k')
		d /= power;
	for (; unit != NULL && unit > units; unit--)
		d *= power;
	if (d < 9e15)
		put_int(o, key, (int64_t)d);
}

static bool
lvm_row(struct json_object *o, const struct format *f, struct str line)
{
	const struct field *at;
	struct str word;

	for (at = f->fields; at->key != NULL && str_word(&line, &word); at++) {
		if (at->kind == AS_WHOLE)
			put_lvm_size(o, at->key, word);
		else
			put_value(o, str_of(at->key), at->kind, word);
	}
	return at->key == NULL;
}

/* Where LINE is a heading, "PV VG Fmt Attr PSize PFree", its columns. */
static bool
lvm_heading(struct columns *c, struct str line)
{
	static const char *const names[][2] = {
		{ "lv", "lv_name" }, { "vg", "vg_name" }, { "pv", "device" }, { "fmt", "format" }, { "lsize", "size" }, { "psize", "size" }, { "vsize", "size" },
		{ "pfree", "free" }, { "vfree", "free" }, { "data", "data_percent" }, { "meta", "meta_percent" },
		{ "cpy_sync", "sync_percent" }, { "ext", "vg_extent_size" }, { "seg", "seg_count" }, { "pe", "pv_pe_count" },
	};
	struct str word, rest = line;
	size_t i;

	if (!str_word(&rest, &word) || (!str_eq(word, "LV") && !str_eq(word, "VG") && !str_eq(word, "PV")) || find(line, "Attr") == NULL)
		return false;
	(void)columns_of(c, line, 1);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		columns_rename(c, names[i][0], names[i][1]);
	for (i = 0; i < c->n; i++)	/* "#PV" and "#LV" count */
		if (find(line, "#") != NULL && i > 0 && (strcmp(c->at[i].name, "device") == 0 || strcmp(c->at[i].name, "lv_name") == 0))
			snprintf(c->at[i].name, PUT_KEY_MAX, "%s", c->at[i].name[0] == 'd' ? "pv_count" : "lv_count");
	return true;
}

static void
lvm_columns(struct json_object *o, const struct columns *c, struct str line)
{
	struct str cell[COLUMNS_MAX];
	unsigned i;

	columns_cells(c, line, cell);
	for (i = 0; i < c->n; i++) {
		if (strcmp(c->at[i].name, "size") == 0 || strcmp(c->at[i].name, "free") == 0)
			put_lvm_size(o, c->at[i].name, cell[i]);
		else
			put_text_or_null(o, c->at[i].name, cell[i]);
	}
}

/* Below a heading, or without one in the order of FIELDS; warnings stand between. */
bool
read_lvm(const struct format *f, struct str text, struct json_object *top)
{
	struct columns c = { .n = 0 };
	struct json_object *o;
	struct str line;
	bool any = false;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0 || find(line, "WARNING:") != NULL || str_starts(str_trim(line), "File descriptor "))
			continue;
		if (lvm_heading(&c, line)) {
			any = true;
			continue;
		}
		o = json_object_new_object();
		if (c.n > 0)
			lvm_columns(o, &c, line);
		if ((c.n > 0 || lvm_row(o, f, line)) && json_object_array_add(top, o) == 0)
			any = true;
		else
			json_object_put(o);
	}
	return any;
}

/* And how large an extent is. */
bool
read_pvs(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o, *size, *count;
	int64_t extents;
	size_t i;

	if (!read_lvm(f, text, top))
		return false;
	for (i = 0; i < json_object_array_length(top); i++) {
		o = json_object_array_get_idx(top, i);
		if (json_object_object_get_ex(o, "size", &size) && json_object_object_get_ex(o, "pv_pe_count", &count)
		    && str_i64(str_of(json_object_get_string(count)), &extents) && extents > 0)
			(void)json_object_object_add(o, "pe_size", json_object_new_int64(json_object_get_int64(size) / extents));
	}
	return true;
}

/* --- mount of macOS -------------------------------------------------------------------------------- */

/* "DEVICE on POINT (OPTION, OPTION)". */
bool
read_mount_bsd(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, mount, device, point, rest, part;
	struct json_object *o, *options;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (!str_ends(line, ")") || !cut_at_last(line, " (", &mount, &rest) || !cut_at(mount, " on ", &device, &point)
		    || (o = out_item(top)) == NULL)
			continue;
		put_value(o, str_of("filesystem"), AS_TEXT, device);
		if (cut_at_last(point, " type ", &point, &part))
			put_value(o, str_of("type"), AS_TEXT, part);	/* OpenBSD */
		put_value(o, str_of("mount_point"), AS_TEXT, point);
		options = json_object_new_array();
		rest.n--;
		while (options != NULL && str_part(&rest, ',', &part))
			out_item_text(options, str_trim(part));
		(void)json_object_object_add(o, "options", options);
		any = true;
	}
	return any;
}

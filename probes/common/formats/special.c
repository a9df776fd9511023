/* SPDX-License-Identifier: Apache-2.0 */
/* special - forms that are like no other; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "formats/cut.h"
#include "formats/formats.h"

#define COLUMNS_MAX 12

/* --- df ----------------------------------------------------------------------------- */

/* "1.9G" with powers of BASE, "1.9Gi" with those of 1024; false: no number. */
static bool
size_of(struct str s, double base, int64_t *out)
{
	static const char units[] = "KMGTPE";
	size_t power = 0;
	double d;

	if (str_i64(s, out) && *out >= 0)
		return true;
	if (!real_of(s, &d) || d < 0 || d > 1e15)
		return false;
	for (; s.n > 0 && (s.p[s.n - 1] == 'B' || s.p[s.n - 1] == 'i'); s.n--)
		if (s.p[s.n - 1] == 'i')
			base = 1024;
	while (s.n > 0 && units[power] != '\0' && units[power] != (s.p[s.n - 1] == 'k' ? 'K' : s.p[s.n - 1]))
		power++;
	for (power = units[power] == '\0' ? 0 : power + 1; power > 0; power--)
		d *= base;
	*out = d < 9e18 ? (int64_t)d : 0;
	return true;
}

/* What a heading is called: "Use%" use_percent, "Avail" available, "1K-blocks" 1k_blocks. */
static void
column_name(struct str heading, char *to, size_t size)
{
	static const struct { const char *heading, *name; } names[] = {
		{ "Use%", "use_percent" }, { "Capacity", "capacity_percent" }, { "Avail", "available" }, { "IUse%", "iuse_percent" },
		{ "%used", "use_percent" }, { "%iused", "iused_percent" },
	};
	size_t i;
	char *p;

	str_copy(to, size, heading);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(heading, names[i].heading))
			snprintf(to, size, "%s", names[i].name);
	for (p = to; *p != '\0'; p++)
		*p = *p == '-' ? '_' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
}

/* True for what stands between the device and the mount point: a size, a percentage, a dash. */
static bool
is_amount(struct str s)
{
	return (s.p[0] >= '0' && s.p[0] <= '9') || str_eq(s, "-") || (s.p[0] == '-' && s.n > 1 && s.p[1] >= '0' && s.p[1] <= '9');
}

/* The words of LINE, at most COLUMNS_MAX - 1, the last is the mount point with its blanks. A long device stands on a line of its own, and
 * one with blanks ("map auto_home") ends where the amounts begin. */
static unsigned
df_words(struct str *text, struct str line, const struct str *heading, unsigned columns, struct str *word)
{
	unsigned n = 0;

	while (n + 1 < columns && (str_word(&line, &word[n]) || (n == 1 && str_line(text, &line) && str_word(&line, &word[n])))) {
		if (n == 1 && !str_eq(heading[1], "Type") && !is_amount(word[1]))
			word[0].n = (size_t)(word[1].p + word[1].n - word[0].p);
		else
			n++;
	}
	word[n] = str_trim(line);
	return word[n].n > 0 ? n + 1 : n;
}

static void
df_value(struct json_object *o, const char *name, struct str value, double base)
{
	bool percent = strstr(name, "percent") != NULL;
	int64_t n;

	if (percent && value.n > 0 && value.p[value.n - 1] == '%')
		value.n--;
	if (strcmp(name, "filesystem") == 0 || strcmp(name, "type") == 0 || strcmp(name, "mounted_on") == 0)
		put_value(o, str_of(name), AS_TEXT, value);
	else if (size_of(value, base, &n))
		(void)json_object_object_add(o, name, json_object_new_int64(n));
	else
		(void)json_object_object_add(o, name, NULL);
}

/* A line of words, in any encoding: short, and no control characters. */
static bool
is_words(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\r')
			return false;
	return s.n < 200;
}

/* A heading of another language has one "%", and a type or none, as the rows have: as the English one. */
static unsigned
df_foreign(struct str line, struct str *word)
{
	static const char *const english[] = { "Filesystem", "Type", "1K-blocks", "Used", "Available", "Use%", "Mounted" };
	bool human = !cut_at(line, "1K", NULL, NULL) && !cut_at(line, "1k", NULL, NULL), type = cut_at(line, " Ty", NULL, NULL) || cut_at(line, " Tip", NULL, NULL);
	struct str rest;
	unsigned i, n = 0;

	if (!is_words(line) || !cut_at(line, "%", NULL, &rest) || cut_at(rest, "%", NULL, NULL) || str_trim(rest).n == 0 || cut_is_number(str_trim(rest))
	    || cut_at(line, "/", NULL, NULL))
		return 0;
	for (i = 0; i < 7; i++)
		if (i != 1 || type)
			word[n++] = str_of(i == 2 && human ? "Size" : english[i]);
	return n;
}

/* Headings, without "on" of "Mounted on". */
static unsigned
df_heading(struct str *text, struct str *word)
{
	struct str line, all;
	unsigned n = 0;

	if (!str_line(text, &line))
		return 0;
	all = line;
	while (n < COLUMNS_MAX && str_word(&line, &word[n]))
		if (!str_eq(word[n], "on"))
			n++;
	if (n >= 3 && str_eq(word[0], "Filesystem") && str_eq(word[n - 1], "Mounted"))
		return n;
	return df_foreign(all, word);
}

bool
read_df(const struct format *f, struct str text, struct json_object *top)
{
	struct str heading[COLUMNS_MAX], word[COLUMNS_MAX], line;
	unsigned columns = df_heading(&text, heading), i;
	struct json_object *o;
	char name[40];

	while (columns > 0 && str_line(&text, &line)) {
		if (str_trim(line).n == 0 || df_words(&text, line, heading, columns, word) < columns)
			continue;
		o = out_item(top);
		for (i = 0; o != NULL && i < columns; i++) {
			column_name(heading[i], name, sizeof(name));
			df_value(o, i + 1 == columns ? "mounted_on" : name, word[i], strcmp(f->system, "macos") == 0 ? 1000 : 1024);
		}
	}
	return columns > 0;
}

/* Which column says what is free: AIX has it in front of what is used. */
static unsigned
free_column(const struct str *heading, unsigned columns)
{
	static const char *const names[] = { "Free", "Avail", "Available", "avail" };
	unsigned i;
	size_t k;

	for (i = 0; i < columns; i++)
		for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (str_eq(heading[i], names[k]))
				return i;
	return 3;
}

/* As text, in MB where the system counts kB; HP-UX's bdf counts what it shows. */
bool
read_df_mb(const struct format *f, struct str text, struct json_object *top)
{
	struct str heading[COLUMNS_MAX], word[COLUMNS_MAX], line;
	unsigned columns = df_heading(&text, heading), i, at[2];
	static const char *const keys[] = { "total_mb", "free_mb" };
	int64_t unit = strcmp(f->command, "bdf") == 0 ? 1 : 1024, n;
	bool type = columns == 7 && str_eq(heading[1], "Type");
	struct json_object *o;
	char mb[24];

	at[0] = 1 + type;
	at[1] = free_column(heading, columns);
	while (columns >= 6 && str_line(&text, &line)) {
		if (str_trim(line).n == 0 || df_words(&text, line, heading, columns, word) < columns)
			continue;
		o = out_item(top);
		put_value(o, STR("device"), AS_TEXT, word[0]);
		if (type)
			put_value(o, STR("fs_type"), AS_TEXT, word[1]);
		for (i = 0; i < 2; i++)
			if (str_i64(word[at[i]], &n)) {
				snprintf(mb, sizeof(mb), "%lld", (long long)(n / unit));
				put_value(o, str_of(keys[i]), AS_TEXT, str_of(mb));
			}
		put_value(o, STR("mount_point"), AS_TEXT, word[columns - 1]);
	}
	return columns >= 6;
}

/* What takes no room of a disk: /proc and the like, and parts of others that are shown again. */
static bool
is_no_store(struct str device, int64_t total)
{
	return total == 0 || str_eq(device, "/dev") || str_eq(device, "/devices") || str_starts(device, "/usr/lib/libc/") || str_starts(device, "/platform/");
}

/* Solaris, df -k: a file system of ZFS shares the room of its pool, and may say 0 kB; then it is what it has used and may use. */
bool
read_df_solaris(const struct format *f, struct str text, struct json_object *top)
{
	struct str heading[COLUMNS_MAX], word[COLUMNS_MAX], line;
	unsigned columns = df_heading(&text, heading);
	int64_t total, used, left;
	struct json_object *o;

	(void)f;
	while (columns == 6 && str_line(&text, &line)) {
		if (str_trim(line).n == 0 || df_words(&text, line, heading, columns, word) < columns || !str_i64(word[1], &total)
		    || !str_i64(word[2], &used) || !str_i64(word[3], &left))
			continue;
		if (total == 0 && used >= 0 && left >= 0 && used < INT64_MAX / 2 && left < INT64_MAX / 2)
			total = used + left;
		if (is_no_store(word[0], total) || (o = out_item(top)) == NULL)
			continue;
		put_value(o, STR("device"), AS_TEXT, word[0]);
		if (str_eq(word[0], "swap"))
			put_value(o, STR("fs_type"), AS_TEXT, word[0]);
		else if (!str_starts(word[0], "/dev/") && str_find(word[0], ':') < 0)
			put_value(o, STR("fs_type"), AS_TEXT, STR("zfs"));
		(void)json_object_object_add(o, "total_mb", json_object_new_int64(total / 1024));
		(void)json_object_object_add(o, "free_mb", json_object_new_int64(left / 1024));
		put_value(o, STR("mount_point"), AS_TEXT, word[5]);
	}
	return columns == 6;
}

/* --- mount --------------------------------------------------------------------------- */

/* Where the last WHAT in S stands, or -1. */
static long
last_of(struct str s, const char *what)
{
	size_t n = strlen(what), at;

	for (at = s.n >= n ? s.n - n + 1 : 0; at > 0; at--)
		if (memcmp(s.p + at - 1, what, n) == 0)
			return (long)at - 1;
	return -1;
}

/* "DEVICE on DIR type TYPE (OPTIONS)", where blanks may be in DIR, and the type may be among the options. */
static bool
mount_line(struct str line, struct json_object *top)
{
	const char *on = memmem(line.p, line.n, " on ", 4);
	long options = last_of(line, " ("), type, label;
	struct str dir, list, part;
	struct json_object *o;

	if (on == NULL || options < on - line.p + 4)
		return false;
	dir = (struct str){ on + 4, (size_t)options - (size_t)(on - line.p) - 4 };
	list = str_skip(line, (size_t)options + 2);
	label = str_ends(list, "]") ? last_of(list, ") [") : -1;	/* mount -l */
	if (label >= 0)
		list.n = (size_t)label;
	else if (list.n > 0 && list.p[list.n - 1] == ')')
		list.n--;
	o = out_item(top);
	put_value(o, STR("filesystem"), AS_TEXT, (struct str){ line.p, (size_t)(on - line.p) });
	type = last_of(dir, " type ");
	if (type >= 0)
		put_value(o, STR("type"), AS_TEXT, str_skip(dir, (size_t)type + 6));
	put_value(o, STR("mount_point"), AS_TEXT, type >= 0 ? str_left(dir, (size_t)type) : dir);
	top = out_list(o, "options");
	while (str_part(&list, ',', &part))
		out_item_text(top, str_trim(part));
	return true;
}

bool
read_mount(const struct format *f, struct str text, struct json_object *top)
{
	struct str line;
	bool any = false;

	(void)f;
	while (str_line(&text, &line))
		any |= mount_line(str_trim(line), top);
	return any;
}

/* --- others ---------------------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* uname -a: the version has blanks in it, and ends with a year; Debian says nothing of processor and platform. */
bool
read_uname(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const tail[] = { "machine", "hardware_platform", "processor" };
	struct str w[40], line, version;
	unsigned n = 0, last, known = 1, i;

	(void)f;
	if (!str_line(&text, &line))
		return false;
	while (n < 40 && str_word(&line, &w[n]))
		n++;
	if (n < 6 || !str_eq(w[0], "Linux"))
		return false;
	last = n - 1;
	while (known < 3 && known + 4 < last && is_letter(w[last - known - 1].p[0]))
		known++;
	put_value(top, STR("kernel_name"), AS_TEXT, w[0]);
	put_value(top, STR("node_name"), AS_TEXT, w[1]);
	put_value(top, STR("kernel_release"), AS_TEXT, w[2]);
	put_value(top, STR("operating_system"), AS_TEXT, w[last]);
	for (i = 0; i < 3; i++)
		put_value(top, str_of(tail[i]), AS_TEXT, i < known && (known == 3 || i == 0) ? w[last - known + i] : STR("unknown"));
	version = (struct str){ w[3].p, (size_t)(w[last - known - 1].p + w[last - known - 1].n - w[3].p) };
	put_value(top, STR("kernel_version"), AS_TEXT, version);
	return true;
}

/* "FreeBSD NODE RELEASE VERSION... MACHINE", with double blanks in it. */
bool
read_uname_bsd(const struct format *f, struct str text, struct json_object *top)
{
	struct str w[40], line;
	unsigned n = 0, i;
	char joined[1000];
	size_t len = 0;

	(void)f;
	if (!str_line(&text, &line))
		return false;
	while (n < 40 && str_word(&line, &w[n]))
		n++;
	if (n < 5 || str_eq(w[0], "Linux"))
		return false;
	for (i = 3; i + 1 < n && len + w[i].n + 2 < sizeof(joined); i++)
		len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%.*s", i > 3 ? " " : "", (int)w[i].n, w[i].p);
	put_value(top, STR("kernel_name"), AS_TEXT, w[0]);
	put_value(top, STR("node_name"), AS_TEXT, w[1]);
	put_value(top, STR("kernel_release"), AS_TEXT, w[2]);
	put_value(top, STR("kernel_version"), AS_TEXT, (struct str){ joined, len });
	put_value(top, STR("machine"), AS_TEXT, w[n - 1]);
	return true;
}

/* "Mem:" or what another language has for it, perhaps with a wide colon; the I-th of its lines. */
static bool
free_type(struct str word, bool foreign, unsigned i, struct str *type)
{
	static const char *const types[] = { "Mem", "Swap", "Total" };

	bool wide = str_ends(word, "\xef\xbc\x9a");

	if (!wide && !str_ends(word, ":"))
		return false;
	*type = !foreign && !wide ? str_left(word, word.n - 1) : str_of(i < 3 ? types[i] : "");
	return type->n > 0;
}

/* The headings in English, in place of those of another language: they stand in the same order. */
static bool
free_foreign(struct str *heading, unsigned columns)
{
	static const char *const names[] = { "total", "used", "free", "shared", "buff/cache", "available" };
	static const char *const wide[] = { "total", "used", "free", "shared", "buffers", "cache", "available" };
	unsigned i;

	if (columns > 0 && str_eq(heading[0], "total") && str_eq(heading[1 % columns], "used"))
		return false;
	for (i = 0; i < columns && (columns == 6 || columns == 7); i++)
		heading[i] = str_of(columns == 7 || str_find(heading[4], '/') < 0 ? wide[i] : names[i]);
	return true;
}

/* Its short form ("3.7G") counts in powers of 1000 here, as jc has it. */
bool
read_free(const struct format *f, struct str text, struct json_object *top)
{
	struct str heading[COLUMNS_MAX], line, type, value;
	unsigned columns = 0, i, row = 0;
	struct json_object *o;
	bool any = false, foreign;
	char name[40], *p;
	int64_t n;

	(void)f;
	if (!str_line(&text, &line))
		return false;
	while (columns < COLUMNS_MAX && str_word(&line, &heading[columns]))
		columns++;
	foreign = free_foreign(heading, columns);
	while (columns > 0 && str_eq(heading[0], "total") && str_line(&text, &line)) {
		if (!str_word(&line, &type) || !free_type(type, foreign, row, &type))
			continue;
		o = out_item(top);
		row++;
		put_value(o, STR("type"), AS_TEXT, type);
		for (i = 0; o != NULL && i < columns && str_word(&line, &value); i++) {
			str_copy(name, sizeof(name), heading[i]);
			for (p = name; *p != '\0'; p++)
				*p = *p == '/' ? '_' : *p;
			if (size_of(value, 1000, &n))
				(void)json_object_object_add(o, name, json_object_new_int64(n));
		}
		any = true;
	}
	return any;
}

bool
read_filesystems(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word;
	struct json_object *o;
	bool any = false, nodev;

	(void)f;
	while (str_line(&text, &line)) {
		nodev = str_starts(line, "nodev");
		line = str_skip(line, nodev ? 5 : 0);
		if (!str_word(&line, &word))
			continue;
		o = out_item(top);
		put_value(o, STR("filesystem"), AS_TEXT, word);
		out_bool(o, "nodev", nodev);
		any = true;
	}
	return any;
}

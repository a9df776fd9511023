/* SPDX-License-Identifier: Apache-2.0 */
/* aix_volumes - volumes, their groups, and paging space of AIX: lspv, lslv, lsvg, lsps; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/cut.h"

/* The value behind KEY, which begins a line or stands behind a blank that ends another value. */
static bool
value_of(struct str text, const char *key, struct str *value)
{
	struct str line, before, after;

	while (str_line(&text, &line)) {
		for (; cut_at(line, key, &before, &after); line = after) {
			if (before.n > 0 && (before.p[before.n - 1] != ' ' || (before.n > 1 && before.p[before.n - 2] != ' ' && !str_eq(STR("VG IDENTIFIER"), key))))
				continue;
			if (after.n > 0 && after.p[0] == ':')
				after = str_skip(after, 1);
			return cut_column(&after, value);
		}
	}
	return false;
}

/* "543 (34752 megabytes)", "64 megabyte(s)": the number, and the one in brackets. */
static int64_t
number_of(struct str text, const char *key, int64_t *megabytes)
{
	struct str value, within;
	uint64_t n = 0, mb = 0;

	if (value_of(text, key, &value)) {
		(void)str_leading_u64(value, &n);
		if (megabytes != NULL && cut_at(value, "(", NULL, &within))
			(void)str_leading_u64(within, &mb);
	}
	if (megabytes != NULL)
		*megabytes = mb < INT64_MAX ? (int64_t)mb : 0;
	return n < 1000000000 ? (int64_t)n : 0;
}

static void
put_column(struct json_object *o, const char *key, struct str text, const char *name)
{
	struct str value;

	if (value_of(text, name, &value))
		put_known(o, key, value);
}

/* PREFIX and the first word behind NAME in the text. */
static void
put_named(struct json_object *o, const char *key, const char *prefix, struct str text, const char *name)
{
	struct str value, word;
	char all[120];

	if (!value_of(text, name, &value) || !str_word(&value, &word))
		return;
	snprintf(all, sizeof(all), "%s%.*s", prefix, (int)(word.n < 100 ? word.n : 100), word.p);
	put_known(o, key, str_of(all));
}

bool
read_lspv(const struct format *f, struct str text, struct json_object *top)
{
	struct str value;
	int64_t size, free_mb;

	(void)f;
	if (!value_of(text, "PHYSICAL VOLUME:", &value))
		return false;
	put_named(top, "device", "/dev/", text, "PHYSICAL VOLUME:");
	put_known(top, "format", str_of("AIX PV"));
	put_named(top, "attr", "VG ", text, "VOLUME GROUP:");
	put_named(top, "pv_uuid", "", text, "PV IDENTIFIER:");
	put_named(top, "vg_uuid", "", text, "VG IDENTIFIER");
	put_column(top, "state", text, "PV STATE:");
	put_int(top, "pe_size", number_of(text, "PP SIZE:", NULL));
	put_int(top, "pv_pe_count", number_of(text, "TOTAL PPs:", &size));
	put_int(top, "size", size);
	(void)number_of(text, "FREE PPs:", &free_mb);
	put_int(top, "free", free_mb);
	return true;
}

/* lspv alone: "hdisk0  00c6ce9d4f2c404a  rootvg  active". */
bool
read_lspv_list(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = { "name", "pv_uuid", "vg_name", "state" };
	struct str line, word[4];
	struct json_object *o;
	bool any = false;
	unsigned n, i;

	(void)f;
	while (str_line(&text, &line)) {
		for (n = 0; n < 4 && str_word(&line, &word[n]);)
			n++;
		if (n < 3 || str_find(line, ':') >= 0 || str_find(word[0], ':') >= 0 || str_ends(word[1], ":") || str_ends(word[2], ":")
		    || (n == 4 && str_ends(word[3], ":")) || (word[1].n != 16 && word[1].n != 32 && !str_eq(word[1], "none")))
			continue;
		if ((o = out_item(top)) == NULL)
			break;
		for (i = 0; i < n; i++)
			if (!str_eq(word[i], "none") && !str_eq(word[i], "None"))
				put_known(o, keys[i], word[i]);
		any = true;
	}
	return any;
}

bool
read_lslv(const struct format *f, struct str text, struct json_object *top)
{
	struct str value;
	int64_t lps;

	(void)f;
	if (!value_of(text, "LOGICAL VOLUME:", &value))
		return false;
	lps = number_of(text, "LPs:", NULL);
	put_named(top, "lv_name", "", text, "LOGICAL VOLUME:");
	put_named(top, "vg_name", "", text, "VOLUME GROUP:");
	put_named(top, "lv_uuid", "", text, "LV IDENTIFIER:");
	put_named(top, "attr", "Type ", text, "TYPE:");
	put_int(top, "seg_count", lps);
	put_int(top, "size", lps * number_of(text, "PP SIZE:", NULL));
	put_column(top, "state", text, "LV STATE:");
	put_column(top, "mount_point", text, "MOUNT POINT:");
	put_column(top, "label", text, "LABEL:");
	put_int(top, "copies", number_of(text, "COPIES:", NULL));
	return true;
}

bool
read_lsvg(const struct format *f, struct str text, struct json_object *top)
{
	struct str value;
	int64_t size, free_mb;

	(void)f;
	if (!value_of(text, "VOLUME GROUP:", &value) || value_of(text, "PHYSICAL VOLUME:", &value) || value_of(text, "LOGICAL VOLUME:", &value))
		return false;
	put_named(top, "vg_name", "", text, "VOLUME GROUP:");
	put_named(top, "vg_uuid", "", text, "VG IDENTIFIER");
	put_column(top, "attr", text, "VG STATE:");
	put_int(top, "vg_extent_size", number_of(text, "PP SIZE:", NULL));
	(void)number_of(text, "TOTAL PPs:", &size);
	(void)number_of(text, "FREE PPs:", &free_mb);
	put_int(top, "size", size);
	put_int(top, "free", free_mb);
	put_int(top, "lv_count", number_of(text, "LVs:", NULL));
	put_int(top, "pv_count", number_of(text, "TOTAL PVs:", NULL));
	return true;
}

/* Tables below the name of the group, "rootvg:": lsvg -l and lsvg -p. */
static bool
group_table(struct str text, struct json_object *top, const char *heading, const struct field *fields)
{
	struct str line, vg = { "", 0 }, word;
	const struct field *at;
	struct json_object *o;
	bool in = false;

	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (str_ends(line, ":") && str_find(line, ' ') < 0) {
			vg = str_left(line, line.n - 1);
		} else if (str_starts(line, heading)) {
			in = true;
		} else if (in && line.n > 0 && (o = out_item(top)) != NULL) {
			put_known(o, "vg_name", vg);
			for (at = fields; at->key != NULL && str_word(&line, &word); at++)
				put_value(o, str_of(at->key), at->kind, word);
		}
	}
	return in;
}

bool
read_lsvg_logical(const struct format *f, struct str text, struct json_object *top)
{
	return group_table(text, top, "LV NAME", f->fields);
}

bool
read_lsvg_physical(const struct format *f, struct str text, struct json_object *top)
{
	return group_table(text, top, "PV_NAME", f->fields);
}

/* lsvg alone: names, one a line. */
bool
read_lsvg_names(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, rest = text, word;
	bool any = false;

	(void)f;
	while (str_line(&rest, &line))
		if (str_word(&line, &word) && (str_find(word, ':') >= 0 || str_word(&line, &word)))
			return false;
	while (str_word(&text, &word)) {
		out_item_text(top, word);
		any = true;
	}
	return any;
}

/* lsps -a: "hd6  hdisk0  rootvg  512MB  1  yes  yes  lv"; with lsps -s only total and percent. */
bool
read_lsps(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, word, key;
	const struct field *at;
	struct json_object *o;
	uint64_t mb;
	bool in = false;

	while (str_line(&text, &line)) {
		if (str_starts(line, "Page Space")) {
			in = true;
			continue;
		}
		if (!in || str_trim(line).n == 0 || (o = out_item(top)) == NULL)
			continue;
		for (at = f->fields; at->key != NULL && str_word(&line, &word); at++) {
			key = str_of(at->key);
			if (str_eq(key, "size_mb") && cut_megabytes(word, &mb))
				put_int(o, "size_mb", (int64_t)mb);
			else
				put_value(o, key, at->kind, word);
		}
	}
	return in;
}

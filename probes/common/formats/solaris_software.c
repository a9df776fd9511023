/* SPDX-License-Identifier: Apache-2.0 */
/* solaris_software - packages, swap, pools and links of Solaris: pkg info, pkginfo -l, swap -l, zpool list, zfs list, dladm, ipadm; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/columns.h"
#include "formats/cut.h"

/* --- pkg info -------------------------------------------------------------------------------------- */

/* "Sun Oct 31 20:36:45 2021" as 31/10/2021; "August 31, 2021 ..." of Solaris 11.0 too. */
static void
put_date(struct json_object *o, struct str value)
{
	struct str word;
	int64_t day = 0, year = 0, n;
	char text[16];
	int month = 0;

	while (str_word(&value, &word)) {
		if (str_ends(word, ","))
			word.n--;
		if (month == 0)
			month = month_of(word);
		else if (str_i64(word, &n) && n > 0 && n < 32)
			day = n;
		else if (str_i64(word, &n) && n > 1900 && n < 10000)
			year = n;
	}
	if (month == 0 || day == 0 || year == 0)
		return;
	snprintf(text, sizeof(text), "%02d/%02d/%04d", (int)day, month, (int)year);
	put_text(o, "installdate", str_of(text));
}

static void
put_package(struct json_object *o, struct str key, struct str value)
{
	static const char *const names[][2] = { { "Summary", "comments" }, { "Publisher", "publisher" }, { "Version", "version" } };
	uint64_t mb;
	char text[24];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(key, names[i][0]))
			put_known(o, names[i][1], value);
	if (str_eq(key, "Last Install Time"))
		put_date(o, value);
	if (str_eq(key, "Size") && cut_megabytes(value, &mb)) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)mb);
		put_text(o, "filesize", str_of(text));
	}
}

/* A package begins with its name; lines without a key belong to a text that goes on. */
bool
read_pkg_info_solaris(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, key, value;
	struct json_object *o = NULL;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || key.n == 0)
			continue;
		if (str_eq(key, "Name")) {
			o = out_item(top);
			put_text(o, "name", value);
		} else if (o != NULL) {
			put_package(o, key, value);
		}
	}
	return o != NULL;
}

/* --- pkginfo -l -------------------------------------------------------------------------------------- */

bool
read_pkginfo(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const names[][2] = {
		{ "NAME", "title" }, { "DESC", "comments" }, { "VERSION", "version" }, { "VENDOR", "publisher" }, { "ARCH", "arch" }, { "CATEGORY", "system_category" },
		{ "INSTDATE", "installed" }, { "STATUS", "status" }, { "BASEDIR", "folder" },
	};
	struct str line, key, value;
	struct json_object *o = NULL;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_pair(line, ':', &key, &value) || value.n == 0)
			continue;
		if (str_eq(key, "PKGINST")) {
			o = out_item(top);
			put_text(o, "name", value);
			continue;
		}
		for (i = 0; o != NULL && i < sizeof(names) / sizeof(names[0]); i++)
			if (str_eq(key, names[i][0]))
				put_text(o, names[i][1], value);
	}
	return o != NULL;
}

/* pkginfo alone: "system      SUNWcsr     Core Solaris, (Root)". */
bool
read_pkginfo_short(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, category, name;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (find(line, "PKGINST:") != NULL)
			return false;
		if (!str_word(&line, &category) || !islower((unsigned char)category.p[0]) || str_find(category, ':') >= 0 || !str_word(&line, &name)
		    || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "name", name);
		put_text(o, "system_category", category);
		put_known(o, "comments", str_trim(line));
		any = true;
	}
	return any;
}

/* --- swap -l, zpool list, zfs list, dladm, ipadm ------------------------------------------------------- */

/* "/dev/zvol/dsk/rpool/swap 256,2      16 2097136 2097136": blocks of 512 bytes. */
bool
read_swap_l(const struct format *f, struct str text, struct json_object *top)
{
	static const char *const keys[] = { "dev", "swaplo", "blocks", "free" };
	struct str line, word[5];
	struct json_object *o;
	bool in = false;
	unsigned n, i;

	(void)f;
	while (str_line(&text, &line)) {
		for (n = 0; n < 5 && str_word(&line, &word[n]); n++)
			;
		if (n > 0 && str_eq(word[0], "swapfile")) {
			in = true;
			continue;
		}
		if (!in || n < 5 || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "swapfile", word[0]);
		for (i = 0; i < 4; i++)
			put_value(o, str_of(keys[i]), i == 0 ? AS_TEXT : AS_INT, word[i + 1]);
	}
	return in;
}

/* A heading in capitals and rows of as many words: sizes as they stand, a dash is null. */
bool
read_capitals(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, cell[COLUMNS_MAX];
	struct columns c = { .n = 0 };
	struct str word, rest;
	size_t i;

	while (str_line(&text, &line)) {
		rest = line;
		if (!str_word(&rest, &word))
			continue;
		for (i = 0; i < word.n && (isupper((unsigned char)word.p[i]) || word.p[i] == '_'); i++)
			;
		if (c.n == 0 && i == word.n)
			(void)columns_of(&c, line, 1);
		else if (c.n > 0 && columns_words(&c, line, cell) == c.n)
			columns_put(&c, cell, f->fields, AS_DASH, out_item(top));
	}
	return c.n > 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* packages - software in detail: rpm, pacman, package indices, update-alternatives; and udevadm, which is alike; see formats.h. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

/* "Thu 08 Aug 2019 05:47:25 PM UTC": when it was, if the zone is UTC; else null. */
static void
put_epoch_utc(struct json_object *o, const char *key, struct str date)
{
	struct str word[8];
	int64_t day, year;
	int h, m, s;
	char clock[12];
	unsigned n = 0;

	while (n < 8 && str_word(&date, &word[n]))
		n++;
	if (n >= 6 && (str_eq(word[n - 1], "UTC") || str_eq(word[n - 1], "GMT")) && str_i64(word[1], &day) && month_of(word[2]) > 0
	    && str_i64(word[3], &year) && year > 1970 && year < 9999 && day < 32) {
		str_copy(clock, sizeof(clock), word[4]);
		if (sscanf(clock, "%2d:%2d:%2d", &h, &m, &s) == 3) {
			if (str_eq(word[5], "PM") && h < 12)
				h += 12;
			put_int(o, key, epoch_of((int)year, month_of(word[2]), (int)day, str_eq(word[5], "AM") && h == 12 ? 0 : h, m, s));
			return;
		}
	}
	put_null(o, key);
}

/* --- rpm --------------------------------------------------------------------------------------- */

static void
rpm_value(struct json_object *o, const struct format *f, struct str key, struct str value)
{
	char name[PUT_KEY_MAX];

	key_of(key, name, sizeof(name));
	put_value(o, str_of(name), kind_of(f->fields, name, AS_TEXT), value);
	if (strcmp(name, "build_date") == 0)
		put_epoch_utc(o, "build_epoch_utc", value);
	else if (strcmp(name, "install_date") == 0)
		put_epoch_utc(o, "install_date_epoch_utc", value);
}

/* Old ones have two in a line: "Version     : 3.81        Vendor: CentOS". */
static void
rpm_line(struct json_object *o, const struct format *f, struct str key, struct str value)
{
	static const char *const second[] = { "  Relocations:", "  Vendor:", "  Build Date:", "  Build Host:", "  Source RPM:", "  License:" };
	const char *at;
	struct str rest, name, is;
	size_t i;

	for (i = 0; i < sizeof(second) / sizeof(second[0]); i++) {
		if ((at = find(value, second[i])) == NULL)
			continue;
		rest = from_to(at, value.p + value.n);
		value = str_trim(from_to(value.p, at));
		if (str_pair(rest, ':', &name, &is))
			rpm_value(o, f, name, is);
	}
	rpm_value(o, f, key, value);
}

bool
read_rpm_info(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	bool description = false;

	while (str_line(&text, &line)) {
		if (str_starts(line, "Name  ") && str_pair(line, ':', &key, &value)) {
			o = out_item(top);
			description = false;
			rpm_line(o, f, key, value);
		} else if (o != NULL && description) {
			if (str_trim(line).n > 0)
				put_more(o, "description", str_trim(line), " ");
		} else if (o != NULL && str_pair(line, ':', &key, &value) && key.n > 0) {
			description = str_eq(key, "Description");
			rpm_line(o, f, key, value);
		}
	}
	return o != NULL;
}

static void
put_day(struct json_object *o, const char *key, struct str seconds)
{
	int64_t s, days, era, of_era, year, of_year, month;
	char text[48];

	if (!str_i64(seconds, &s) || s < 0 || s > INT64_C(253402300799))
		return;
	days = s / 86400 + 719468;	/* from the first of March of year 0 */
	era = days / 146097;
	of_era = days % 146097;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	snprintf(text, sizeof(text), "%02d/%02d/%04d", (int)(of_year - (153 * month + 2) / 5 + 1), (int)(month < 10 ? month + 3 : month - 9),
	    (int)(year + era * 400 + (month >= 10)));
	put_text(o, key, str_of(text));
}

/* NAME, ARCH, VERSION-RELEASE, INSTALLTIME, SIZE, VENDOR, SUMMARY, GROUP, with tabs between them. */
static bool
rpm_fields(struct json_object *top, struct str line)
{
	static const char *const keys[] = { "name", "arch", "version", "installdate", "filesize", "publisher", "comments", "system_category" };
	struct json_object *o;
	struct str part;
	size_t i;

	if ((o = out_item(top)) == NULL)
		return false;
	put_text(o, "from", STR("rpm"));
	for (i = 0; i < 8 && str_part(&line, '\t', &part); i++) {
		if (i == 3)
			put_day(o, keys[i], part);
		else if (part.n > 0 && !str_eq(part, "(none)"))
			put_text(o, keys[i], part);
	}
	return true;
}

/* NAME-VERSION-RELEASE.ARCH, as rpm -qa without more, or with the date behind it. */
static bool
rpm_name(struct json_object *top, struct str line)
{
	struct str rest = line, word = { "", 0 }, date;
	const char *dot, *dash;
	struct json_object *o;

	(void)str_word(&rest, &word);
	date = str_trim(rest);		/* of rpm -qa --last */
	dot = memrchr(word.p, '.', word.n);
	dash = memrchr(word.p, '-', word.n);
	if (dot == NULL || dash == NULL || dot < dash || (date.n > 0 && find(date, ":") == NULL))
		return false;
	line = word;
	dash = memrchr(line.p, '-', (size_t)(dash - line.p));
	if (dash == NULL || dash == line.p || (o = out_item(top)) == NULL)
		return false;
	put_text(o, "name", from_to(line.p, dash));
	put_text(o, "version", from_to(dash + 1, dot));
	put_text(o, "arch", from_to(dot + 1, line.p + line.n));
	put_text(o, "from", STR("rpm"));
	if (date.n > 0)
		put_text(o, "installed", date);
	return true;
}

bool
read_rpm_list(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, rest;
	unsigned tabs;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		for (tabs = 0, rest = line; str_find(rest, '\t') >= 0; tabs++)
			rest = str_skip(rest, (size_t)str_find(rest, '\t') + 1);
		if (tabs >= 5)
			any |= rpm_fields(top, line);
		else if (str_trim(line).n > 0)
			any |= rpm_name(top, str_trim(line));
	}
	return any;
}

/* --- pacman --------------------------------------------------------------------------------------- */

/* "testing: this is a description" */
static void
put_optional(struct json_object *o, struct str value)
{
	struct json_object *item;
	struct str name, why;

	if (str_eq(value, "None") || (item = out_item(put_list(o, "optional_deps"))) == NULL)
		return;
	name = before(value, ": ");
	why = after(value, ": ");
	put_text(item, "name", str_trim(name));
	put_text(item, "description", str_trim(why));
}

/* Two blanks stand between them; "GPL OR MIT" is one. */
static void
put_apart(struct json_object *o, const char *key, struct str value)
{
	struct json_object *list = put_list(o, key);
	struct str part;

	while (value.n > 0) {
		part = before(value, "  ");
		value = str_skip(value, part.n);
		value = str_skip(value, indent_of(value));
		out_item_text(list, part);
	}
}

static void
pacman_value(struct json_object *o, const struct format *f, const char *name, struct str value)
{
	char bytes[PUT_KEY_MAX + 8];
	int64_t n;

	if (strcmp(name, "optional_deps") == 0) {
		put_optional(o, value);
	} else if (kind_of(f->fields, name, AS_TEXT) == AS_WORDS) {
		put_apart(o, name, str_eq(value, "None") ? str_left(value, 0) : value);
	} else if (str_eq(value, "None")) {
		put_null(o, name);
	} else {
		put_text(o, name, value);
		if (strstr(name, "_size") != NULL && bytes_of(value, &n)) {
			snprintf(bytes, sizeof(bytes), "%s_bytes", name);
			put_int(o, bytes, n);
		}
	}
}

bool
read_pacman(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[PUT_KEY_MAX] = "";
	bool ended = true;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0) {
			ended = true;
		} else if (indent_of(line) == 0 && str_pair(line, ':', &key, &value) && find(line, " : ") != NULL) {
			if (ended)
				o = out_item(top);
			ended = false;
			key_of(key, name, sizeof(name));
			pacman_value(o, f, name, value);
		} else if (o != NULL && strcmp(name, "optional_deps") != 0 && kind_of(f->fields, name, AS_TEXT) != AS_WORDS) {
			put_more(o, name, str_trim(line), " ");
		} else if (o != NULL) {
			pacman_value(o, f, name, str_trim(line));
		}
	}
	return o != NULL;
}

/* --- indices of packages ------------------------------------------------------------------------------- */

static const struct { char letter; const char *key; enum field_kind kind; } apk_letters[] = {
	{ 'C', "checksum", AS_TEXT }, { 'P', "package", AS_TEXT }, { 'V', "version", AS_TEXT }, { 'A', "architecture", AS_TEXT },
	{ 'S', "package_size", AS_INT }, { 'I', "installed_size", AS_INT }, { 'T', "description", AS_TEXT }, { 'U', "url", AS_TEXT },
	{ 'L', "license", AS_TEXT }, { 'o', "origin", AS_TEXT }, { 't', "build_time", AS_INT }, { 'c', "commit", AS_TEXT },
	{ 'k', "provider_priority", AS_INT }, { 'D', "dependencies", AS_WORDS }, { 'p', "provides", AS_WORDS }, { 'i', "install_if", AS_WORDS },
};

/* "Natanael Copa <ncopa@alpinelinux.org>" */
static void
put_maintainer(struct json_object *o, struct str value)
{
	o = put_object(o, "maintainer");
	put_text(o, "name", str_trim(before(value, "<")));
	if (find(value, "<") != NULL)
		put_text(o, "email", before(after(value, "<"), ">"));
}

bool
read_apk_index(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, value;
	bool any = false;
	size_t i;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0)
			o = NULL;
		if (line.n < 2 || line.p[1] != ':')
			continue;
		value = str_skip(line, 2);
		if (o == NULL && (o = out_item(top)) == NULL)
			break;
		if (line.p[0] == 'm')
			put_maintainer(o, value);
		for (i = 0; i < sizeof(apk_letters) / sizeof(apk_letters[0]); i++) {
			if (apk_letters[i].letter != line.p[0])
				continue;
			if (apk_letters[i].kind == AS_WORDS)
				put_words(o, apk_letters[i].key, value, ' ');
			else
				put_value(o, str_of(apk_letters[i].key), apk_letters[i].kind, value);
		}
		any = true;
	}
	return any;
}

bool
read_deb_index(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line, key, value;
	char name[PUT_KEY_MAX] = "";
	bool any = false;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0) {
			o = NULL;
		} else if (o != NULL && indent_of(line) > 0) {
			put_more(o, name, line, "\n");
		} else if (str_pair(line, ':', &key, &value) && key.n > 1 && str_find(key, ' ') < 0) {
			if (o == NULL && (o = out_item(top)) == NULL)
				break;
			key_of(key, name, sizeof(name));
			put_value(o, str_of(name), kind_of(f->fields, name, AS_TEXT), value);
			any = true;
		}
	}
	return any;
}

/* --- update-alternatives --query -------------------------------------------------------------------------- */

bool
read_update_alternatives(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = top, *slave;
	struct str line, key, value;
	char name[PUT_KEY_MAX];
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (indent_of(line) > 0 && any) {
			if (str_word(&line, &key) && (slave = out_item(put_list(o, "slaves"))) != NULL) {
				put_text(slave, "name", key);
				put_text(slave, "path", str_trim(line));
			}
		} else if (str_pair(line, ':', &key, &value) && key.n > 0) {
			key_of(key, name, sizeof(name));
			if (strcmp(name, "alternative") == 0)
				o = out_item(put_list(top, "alternatives"));
			if (strcmp(name, "slaves") == 0)
				put_list(o, name);
			else
				put_value(o, str_of(name), strcmp(name, "priority") == 0 ? AS_INT : AS_TEXT, value);
			any = true;
		}
	}
	return any;
}

/* update-alternatives --get-selections: "editor   auto   /bin/nano". */
bool
read_selections(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, name, status;
	struct json_object *o;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (!str_word(&line, &name) || !str_word(&line, &status) || (!str_eq(status, "auto") && !str_eq(status, "manual"))
		    || (o = out_item(top)) == NULL)
			continue;
		put_text(o, "name", name);
		put_text(o, "status", status);
		put_text_or_null(o, "current", str_trim(line));
		any = true;
	}
	return any;
}

/* --- udevadm info ---------------------------------------------------------------------------------------------- */

/* "P: PATH", "S: LINK", "E: KEY=value" */
static bool
udev_line(struct json_object *o, struct str line)
{
	struct str key, value, name, is;
	char letter[2];

	if (line.n < 3 || line.p[1] != ':' || !str_pair(line, ':', &key, &value))
		return false;
	str_copy(letter, sizeof(letter), key);
	if (letter[0] == 'S')
		out_item_text(put_list(o, letter), value);
	else if (letter[0] == 'E' && str_pair(value, '=', &name, &is))
		out_whole_at(put_object(o, letter), name, is);
	else
		put_value(o, key, letter[0] == 'L' ? AS_INT : AS_TEXT, value);
	return true;
}

bool
read_udevadm(const struct format *f, struct str text, struct json_object *top)
{
	struct str line, rest = text;
	unsigned devices = 0;
	bool any = false;

	(void)f;
	while (str_line(&rest, &line))
		devices += str_starts(line, "P: ");
	while (devices == 1 && str_line(&text, &line))
		any |= udev_line(top, line);
	return any;
}

/* --export-db: all of them. */
bool
read_udevadm_db(const struct format *f, struct str text, struct json_object *top)
{
	struct json_object *o = NULL;
	struct str line;

	(void)f;
	while (str_line(&text, &line)) {
		if (str_starts(line, "P: "))
			o = out_item(top);
		if (o != NULL)
			(void)udev_line(o, line);
	}
	return o != NULL;
}

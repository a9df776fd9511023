/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unix_packages - what package managers say when they are asked: rpm, apk and pacman on Linux
 * over a login, and those of the other systems. A table a manager: the fields of a line, in
 * order, or the keys of a block.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/packages.h"
#include "facts/system.h"
#include "facts/unix.h"

enum as { TEXT, NUMBER, SKIP, REST, NAME_VERSION /* name-1.2 */ };
struct column { const char *field; enum as as; };

static const struct column rpm[] = {	/* as probes/ssh/script.c asks */
	{ "name", TEXT }, { "version", TEXT }, { "release", TEXT }, { "epoch", NUMBER }, { "arch", TEXT }, { "size_bytes", NUMBER },
	{ "installed_s", NUMBER }, { "vendor", TEXT }, { "license", TEXT }, { "source", TEXT }, { "section", TEXT }, { "summary", TEXT },
	{ NULL, SKIP },
};
static const struct column pkg[] = {
	{ "name", TEXT }, { "version", TEXT }, { "arch", TEXT }, { "size_bytes", NUMBER }, { "installed_s", NUMBER }, { "summary", TEXT }, { NULL, SKIP },
};
static const struct column pkg_info[] = { { "name", NAME_VERSION }, { "summary", REST }, { NULL, SKIP } };
static const struct column lslpp[] = {	/* Package:Fileset:Level:State:PTF:Fix State:Type:Description:... */
	{ "section", TEXT }, { "name", TEXT }, { "version", TEXT }, { NULL, SKIP },
};
static const struct column swlist[] = { { "name", TEXT }, { "version", TEXT }, { "summary", REST }, { NULL, SKIP } };
static const struct column pkgutil[] = { { "name", TEXT }, { NULL, SKIP } };

static void
put_name_version(struct json_object *item, struct str s)
{
	size_t i;

	for (i = s.n; i > 0 && s.p[i - 1] != '-'; i--)
		;
	out_text(item, "name", i < 2 ? s : str_left(s, i - 1));
	out_text(item, "version", i < 2 ? STR("") : str_skip(s, i));
}

static struct json_object *
take_line(struct str line, const struct column *c, char sep)
{
	struct json_object *item = json_object_new_object();
	struct str value;
	uint64_t v;

	for (; c->field != NULL; c++) {
		if (c->as == REST) {
			out_text(item, c->field, str_trim(line));
			break;
		}
		if (!(sep == ' ' ? str_word(&line, &value) : str_part(&line, sep, &value)))
			break;
		value = str_trim(value);
		if (str_eq(value, "(none)"))
			continue;
		if (c->as == NAME_VERSION)
			put_name_version(item, value);
		else if (c->as == NUMBER && str_u64(value, 10, &v) && v < (1ULL << 60))
			out_u64(item, c->field, v);
		else if (c->as == TEXT)
			out_text(item, c->field, value);
	}
	return item;
}

/* --- forms of their own ------------------------------------------------------------ */

/* lslpp's description is the eighth field. */
static void
lslpp_summary(struct str line, struct json_object *item)
{
	struct str value;
	int i;

	for (i = 0; str_part(&line, ':', &value) && i < 7; i++)
		;
	if (i == 7)
		out_text(item, "summary", str_trim(value));
}

/* IPS: "archiver/gnu-tar  1.26-0.175.1  i--", a publisher in brackets behind the name where it is another than usual. */
static struct json_object *
of_ips(struct str line)
{
	struct json_object *item = json_object_new_object();
	struct str name, word;
	long dash;

	if (!str_word(&line, &name) || !str_word(&line, &word))
		return item;
	if (word.p[0] == '(') {
		out_text(item, "vendor", str_left(str_skip(word, 1), word.n - 2));
		if (!str_word(&line, &word))
			return item;
	}
	dash = str_find(word, '-');
	out_text(item, "name", name);
	out_text(item, "version", dash > 0 ? str_left(word, (size_t)dash) : word);
	if (dash > 0)
		out_text(item, "release", str_skip(word, (size_t)dash + 1));
	return item;
}

/* --- blocks ----------------------------------------------------------------------------- */

struct key { const char *key; const char *field; enum as as; uint64_t unit; };

static const struct key apk[] = {
	{ "P", "name", TEXT, 0 }, { "V", "version", TEXT, 0 }, { "A", "arch", TEXT, 0 }, { "I", "size_bytes", NUMBER, 1 }, { "T", "summary", TEXT, 0 },
	{ "L", "license", TEXT, 0 }, { "o", "source", TEXT, 0 }, { "m", "vendor", TEXT, 0 }, { NULL, NULL, SKIP, 0 },
};
static const struct key pkginfo[] = {
	{ "PKGINST", "name", TEXT, 0 }, { "VERSION", "version", TEXT, 0 }, { "ARCH", "arch", TEXT, 0 }, { "VENDOR", "vendor", TEXT, 0 },
	{ "NAME", "summary", TEXT, 0 }, { "CATEGORY", "section", TEXT, 0 }, { "STATUS", "status", TEXT, 0 }, { NULL, NULL, SKIP, 0 },
};
static const struct key pacman[] = {
	{ "%NAME%", "name", TEXT, 0 }, { "%VERSION%", "version", TEXT, 0 }, { "%ARCH%", "arch", TEXT, 0 }, { "%SIZE%", "size_bytes", NUMBER, 1 },
	{ "%DESC%", "summary", TEXT, 0 }, { "%LICENSE%", "license", TEXT, 0 }, { "%PACKAGER%", "vendor", TEXT, 0 },
	{ "%INSTALLDATE%", "installed_s", NUMBER, 1 }, { NULL, NULL, SKIP, 0 },
};

static void
put_key(const struct key *k, struct str key, struct str value, struct json_object *item)
{
	uint64_t v;

	for (; k->key != NULL; k++) {
		if (!str_eq(key, k->key) || json_object_object_get_ex(item, k->field, NULL))
			continue;
		if (k->as == NUMBER && str_u64(value, 10, &v) && v < (1ULL << 60))
			out_u64(item, k->field, v * k->unit);
		else if (k->as == TEXT)
			out_text(item, k->field, value);
	}
}

/* --- the list ------------------------------------------------------------------------------ */

void
package_keep(struct package_list *list, struct json_object *item)
{
	if (out_get_text(item, "name") == NULL || list->installed >= PACKAGES_MAX) {
		list->truncated |= list->installed >= PACKAGES_MAX;
		json_object_put(item);
		return;
	}
	out_bool(item, "installed", true);
	json_object_array_add(list->items, item);
	list->known++;
	list->installed++;
}

/* Keys with their values up to an empty line, or the next FIRST. */
static void
blocks(struct str text, const struct key *keys, struct package_list *list)
{
	struct json_object *item = json_object_new_object();
	struct str line, key, value;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0) {
			package_keep(list, item);
			item = json_object_new_object();
		} else if (str_pair(line, ':', &key, &value))
			put_key(keys, key, value, item);
	}
	package_keep(list, item);
}

/* Applications: "    Safari:", and below it "      Version: 17.1". */
static void
applications(struct str text, struct package_list *list)
{
	struct json_object *item = NULL;
	struct str line, key, value;
	size_t indent;

	while (str_line(&text, &line)) {
		for (indent = 0; indent < line.n && line.p[indent] == ' '; indent++)
			;
		if (!str_pair(line, ':', &key, &value))
			continue;
		if (indent == 4 && value.n == 0) {
			if (item != NULL)
				package_keep(list, item);
			item = json_object_new_object();
			out_text(item, "name", key);
		} else if (item != NULL && str_eq(key, "Version"))
			out_text(item, "version", value);
		else if (item != NULL && str_eq(key, "Obtained from"))
			out_text(item, "vendor", value);
	}
	if (item != NULL)
		package_keep(list, item);
}

static const struct manager {
	const char *command, *name;
	const struct column *columns;	/* of a line; or */
	const struct key *keys;		/* of a block */
	char sep;
} managers[] = {
	{ "rpm", "rpm", rpm, NULL, '\t' }, { "pkg", "pkg", pkg, NULL, '\t' }, { "pkg_info", "pkg_info", pkg_info, NULL, ' ' },
	{ "lslpp", "lslpp", lslpp, NULL, ':' }, { "swlist", "swlist", swlist, NULL, ' ' }, { "pkginfo", "pkginfo", NULL, pkginfo, ':' },
	{ "applications", "applications", NULL, NULL, 0 }, { "pkgutil", "pkgutil", pkgutil, NULL, ' ' },
};

static void
lines(struct str text, const struct manager *m, struct package_list *list, bool ips)
{
	struct json_object *item;
	struct str line;

	while (str_line(&text, &line)) {
		if (str_trim(line).n == 0 || line.p[0] == '#' || str_starts(str_trim(line), "#"))
			continue;
		item = ips ? of_ips(line) : take_line(line, m->columns, m->sep);
		if (m->columns == lslpp)
			lslpp_summary(line, item);
		package_keep(list, item);
	}
}

void
package_database(struct json_object *databases, const char *manager, const char *format, const char *path, uint64_t count)
{
	struct json_object *db = out_item(databases);

	out_cstr(db, "manager", manager);
	out_cstr(db, "format", format);
	out_cstr(db, "path", path);
	out_u64(db, "count", count);
}

static void
pacman_folder(struct facts_source *src, struct package_list *list)
{
	struct facts_names names;
	struct facts_bytes b;
	struct json_object *item;
	struct str rest, line, key;
	char path[FACTS_PATH_MAX];
	size_t i;

	if (facts_list(src, "var/lib/pacman/local", &names) < 0)
		return;
	for (i = 0; i < names.count; i++) {
		if (!facts_path(path, "var/lib/pacman/local/%s/desc", names.name[i]) || facts_read(src, path, 1u << 20, &b) < 0)
			continue;
		item = json_object_new_object();
		for (key = STR(""), rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
			line = str_trim(line);
			if (line.n > 0 && key.n > 0)
				put_key(pacman, key, line, item);
			key = line.n > 2 && line.p[0] == '%' ? line : STR("");
		}
		package_keep(list, item);
		facts_bytes_free(&b);
	}
	facts_names_free(&names);
}

void
packages_of_files(struct facts_source *src, struct package_list *list, struct json_object *databases)
{
	static const char *const apk_files[] = { "lib/apk/db/installed", "usr/lib/apk/db/installed" };
	struct facts_bytes b;
	uint64_t before = list->installed;
	size_t i;

	for (i = 0; i < 2 && list->installed == before; i++) {
		if (facts_read(src, apk_files[i], 64u << 20, &b) < 0)
			continue;
		blocks((struct str){ b.data, b.len }, apk, list);
		facts_bytes_free(&b);
		package_database(databases, "apk", "output", apk_files[i], list->installed - before);
	}
	before = list->installed;
	pacman_folder(src, list);
	if (list->installed > before)
		package_database(databases, "pacman", "output", "var/lib/pacman/local", list->installed - before);
	packages_of_names(src, list, databases);
}

bool
packages_of_command(struct facts_source *src, const char *command, struct package_list *list, struct json_object *databases)
{
	const bool ips = strcmp(command, "pkg") == 0 && facts_is(facts_system(src), "solaris");
	uint64_t before = list->installed;
	char path[64];
	struct facts_bytes b;
	struct str text;
	size_t i;

	for (i = 0; i < sizeof(managers) / sizeof(managers[0]) && strcmp(managers[i].command, command) != 0; i++)
		;
	if (i == sizeof(managers) / sizeof(managers[0]) || facts_command(src, command, &b) < 0)
		return false;
	text = (struct str){ b.data, b.len };
	if (managers[i].columns != NULL)
		lines(text, &managers[i], list, ips);
	else if (managers[i].keys != NULL)
		blocks(text, managers[i].keys, list);
	else
		applications(text, list);
	facts_bytes_free(&b);
	snprintf(path, sizeof(path), "commands/%s", command);
	package_database(databases, ips ? "ips" : managers[i].name, "output", path, list->installed - before);
	return true;
}

int
facts_unix_packages(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *databases = out_list(out, "databases");
	struct package_list list = { .items = out_list(out, "items") };
	bool any = false;
	size_t i;

	for (i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
		any |= packages_of_command(src, managers[i].command, &list, databases);
	packages_of_names(src, &list, databases);
	out_u64(out, "installed_count", list.installed);
	if (list.truncated)
		out_bool(out, "truncated", true);
	return any || list.installed > 0 ? 0 : facts_say(err, "missing", "no package manager answered");
}

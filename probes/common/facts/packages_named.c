/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packages_named - package managers whose folders tell name and version: Gentoo's portage,
 * Slackware's pkgtools, Homebrew. Over a login the names come as the output of ls.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "facts/out.h"
#include "facts/packages.h"
#include "facts/system.h"
#include "facts/unix.h"

/* Takes apart WITHIN/NAME, where WITHIN is the folder above. False: that is no package. */
typedef bool split_fn(struct str within, struct str name, struct json_object *item);

/* Where the last MARK of S is, or -1. */
static long
last_of(struct str s, char mark)
{
	const char *at = s.n == 0 ? NULL : memrchr(s.p, mark, s.n);

	return at == NULL ? -1 : at - s.p;
}

/* "dev-libs" and "openssl-3.0.13-r2": the version begins behind the last hyphen but that of its revision. */
static bool
of_portage(struct str within, struct str name, struct json_object *item)
{
	struct str rest = name;
	char whole[256];
	long at = last_of(rest, '-');

	if (at > 0 && at + 2 < (long)rest.n && rest.p[at + 1] == 'r' && isdigit((unsigned char)rest.p[at + 2])) {
		rest = str_left(rest, (size_t)at);
		at = last_of(rest, '-');
	}
	if (at <= 0 || at + 1 >= (long)rest.n || !isdigit((unsigned char)rest.p[at + 1]) || within.n == 0 || name.p[0] == '-')
		return false;
	snprintf(whole, sizeof(whole), "%.*s/%.*s", (int)str_left(within, 100).n, within.p, (int)str_left(name, (size_t)at < 140 ? (size_t)at : 140).n, name.p);
	out_cstr(item, "name", whole);
	out_text(item, "version", str_skip(name, (size_t)at + 1));
	return true;
}

/* "aaa_base-15.0-x86_64-3" */
static bool
of_slackware(struct str within, struct str name, struct json_object *item)
{
	static const char *const fields[] = { "release", "arch", "version" };
	long at;
	size_t i;

	(void)within;
	for (i = 0; i < 3; i++) {
		at = last_of(name, '-');
		if (at <= 0)
			return false;
		out_text(item, fields[i], str_skip(name, (size_t)at + 1));
		name = str_left(name, (size_t)at);
	}
	out_text(item, "name", name);
	return true;
}

/* "Cellar/openssl@3/3.2.1" */
static bool
of_brew(struct str within, struct str name, struct json_object *item)
{
	if (within.n == 0 || !isalnum((unsigned char)name.p[0]))
		return false;
	out_text(item, "name", within);
	out_text(item, "version", name);
	return true;
}

static const struct manager {
	const char *name;		/* also of the command */
	const char *folders[2];
	bool deep;			/* packages are in folders of the folder */
	split_fn *split;
} managers[] = {
	{ "portage", { "var/db/pkg", NULL }, true, of_portage },
	{ "slackware", { "var/lib/pkgtools/packages", "var/log/packages" }, false, of_slackware },
	{ "brew", { "opt/homebrew/Cellar", "usr/local/Cellar" }, true, of_brew },
};

static void
take(const struct manager *m, struct str within, struct str name, struct package_list *list)
{
	struct json_object *item;

	if (name.n == 0 || name.p[0] == '.' || (item = json_object_new_object()) == NULL)
		return;
	if (m->split(within, name, item))
		package_keep(list, item);
	else
		json_object_put(item);
}

static void
take_folder(struct facts_source *src, const struct manager *m, const char *dir, const char *within, struct package_list *list)
{
	struct facts_names names;
	char path[FACTS_PATH_MAX];
	size_t i;

	if (facts_list(src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++) {
		if (!m->deep || within != NULL)
			take(m, str_of(within), str_of(names.name[i]), list);
		else if (facts_path(path, "%s/%s", dir, names.name[i]))
			take_folder(src, m, path, names.name[i], list);
	}
	facts_names_free(&names);
}

/* Lines of ls: paths, or names alone. */
static bool
take_listing(struct facts_source *src, const struct manager *m, struct package_list *list)
{
	struct facts_bytes b;
	struct str rest, line, above;
	long at;

	if (facts_command(src, m->name, &b) < 0)
		return false;
	for (rest = (struct str){ b.data, b.len }; str_line(&rest, &line);) {
		line = str_trim(line);
		at = last_of(line, '/');
		above = at < 0 ? STR("") : str_left(line, (size_t)at);
		line = str_skip(line, (size_t)(at + 1));
		take(m, str_skip(above, (size_t)(last_of(above, '/') + 1)), line, list);
	}
	facts_bytes_free(&b);
	return true;
}

void
packages_of_names(struct facts_source *src, struct package_list *list, struct json_object *databases)
{
	uint64_t before;
	size_t i, k;

	for (i = 0; i < sizeof(managers) / sizeof(managers[0]); i++) {
		before = list->installed;
		for (k = 0; !take_listing(src, &managers[i], list) && k < 2 && list->installed == before; k++)
			if (managers[i].folders[k] != NULL)
				take_folder(src, &managers[i], managers[i].folders[k], NULL, list);
		if (list->installed > before)
			package_database(databases, managers[i].name, "names", managers[i].folders[0], list->installed - before);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packages - installed software, from the package managers' own databases.
 */
#include "facts/sections.h"

#include <errno.h>
#include <json-c/json.h>

#include "facts/image.h"
#include "facts/out.h"
#include "facts/packages.h"
#include "facts/unix.h"
#include "facts/rpm.h"

#define STATUS_MAX	(64u << 20)
#define DATABASE_MAX	(512u << 20)

struct packages {
	struct facts_source *src;
	struct json_object *databases;
	struct package_list list;
	struct facts_err *err;
	int failed;
};

/* A part that is simply not there is no error. */
static void
note_error(struct packages *p, int r, const char *path)
{
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		p->failed = facts_fail(p->err, r, path);
}

static void
read_dpkg(struct packages *p, const char *path, bool each_is_installed)
{
	struct facts_bytes b;
	int r;

	r = facts_read(p->src, path, STATUS_MAX, &b);
	note_error(p, r, path);
	if (r < 0)
		return;
	dpkg_scan((struct str){ b.data, b.len }, each_is_installed, &p->list);
	facts_bytes_free(&b);
}

static void
collect_dpkg(struct packages *p)
{
	static const char path[] = "var/lib/dpkg/status";

	if (!facts_exists(p->src, path))
		return;
	read_dpkg(p, path, false);
	package_database(p->databases, "dpkg", "status", path, p->list.installed);
}

/* OpenWrt: the same form. */
static void
collect_opkg(struct packages *p)
{
	static const char path[] = "usr/lib/opkg/status";
	uint64_t before = p->list.installed;

	if (!facts_exists(p->src, path))
		return;
	read_dpkg(p, path, false);
	package_database(p->databases, "opkg", "status", path, p->list.installed - before);
}

static void
collect_dpkg_dir(struct packages *p)
{
	static const char dir[] = "var/lib/dpkg/status.d";
	uint64_t before = p->list.installed;
	char path[FACTS_PATH_MAX];
	struct facts_names names;
	size_t i;

	if (facts_list(p->src, dir, &names) < 0)
		return;
	for (i = 0; i < names.count; i++)
		if (!str_ends(str_of(names.name[i]), ".md5sums") &&
		    facts_path(path, "%s/%s", dir, names.name[i]))
			read_dpkg(p, path, true);
	facts_names_free(&names);
	package_database(p->databases, "dpkg", "status.d", dir, p->list.installed - before);
}

static int
read_sqlite(struct packages *p, const struct image *img, const char *path)
{
	char log[FACTS_PATH_MAX];
	struct image wal = image_of(NULL, 0);
	int r;

	if (facts_path(log, "%s-wal", path))
		(void)image_open(&wal, p->src, log, DATABASE_MAX);
	r = rpm_read_sqlite_wal(img, &wal, rpm_take_header, &p->list);
	image_close(&wal);
	return r;
}

static int
read_ndb(struct packages *p, const struct image *img, const char *path)
{
	(void)path;
	return rpm_read_ndb(img, rpm_take_header, &p->list);
}

static int
read_bdb(struct packages *p, const struct image *img, const char *path)
{
	(void)path;
	return rpm_read_bdb(img, rpm_take_header, &p->list);
}

/* A system has one of these; after a change of format the older stays behind. */
static const struct rpm_place {
	const char *file;
	const char *format;
	int (*read)(struct packages *p, const struct image *img,
	    const char *path);
} rpm_places[] = {
	{ "rpmdb.sqlite", "sqlite", read_sqlite },
	{ "Packages.db", "ndb", read_ndb },
	{ "Packages", "bdb", read_bdb },
};

/* True when there is such a database, readable or not. */
static bool
collect_rpm_file(struct packages *p, const char *dir,
    const struct rpm_place *place)
{
	uint64_t before = p->list.installed;
	char path[FACTS_PATH_MAX];
	struct image img;
	int r;

	if (!facts_path(path, "%s/%s", dir, place->file))
		return false;
	r = image_open(&img, p->src, path, DATABASE_MAX);
	if (r == -ENOENT || r == -ENOTDIR)
		return false;
	if (r == 0) {
		r = place->read(p, &img, path);
		image_close(&img);
	}
	if (r != -E2BIG)
		note_error(p, r, path);
	package_database(p->databases, "rpm", place->format, path,
	    p->list.installed - before);
	return true;
}

static void
collect_rpm(struct packages *p)
{
	static const char *const dirs[] = {
		"var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm",
	};
	size_t d, i;

	for (d = 0; d < sizeof(dirs) / sizeof(dirs[0]); d++)
		for (i = 0; i < sizeof(rpm_places) / sizeof(rpm_places[0]); i++)
			if (collect_rpm_file(p, dirs[d], &rpm_places[i]))
				return;
}

int
facts_packages(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct packages p = {
		.src = src,
		.err = err,
		.databases = out_list(out, "databases"),
		.list.items = out_list(out, "items"),
	};

	if (p.databases == NULL || p.list.items == NULL)
		return facts_fail(err, -ENOMEM, "var/lib");
	collect_dpkg(&p);
	collect_dpkg_dir(&p);
	collect_opkg(&p);
	collect_rpm(&p);
	(void)packages_of_command(src, "rpm", &p.list, p.databases);
	packages_of_files(src, &p.list, p.databases);
	out_u64(out, "installed_count", p.list.installed);
	if (p.list.truncated)
		out_bool(out, "truncated", true);
	if (p.failed == 0 && json_object_array_length(p.databases) == 0)
		return facts_say(err, "missing",
		    "there is no database of dpkg, rpm, apk, pacman, opkg, portage or pkgtools");
	return p.failed;
}

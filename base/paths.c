/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - see paths.h. Two layouts, a row each per path. A build folder is
 * known by midd-worker standing beside the program and the probes beside that.
 */
#include "paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "os.h"
#include "xalloc.h"

/* %B is the build folder, %S the source tree, %P the prefix. */
static const struct {
	const char *built, *installed;
} rows[] = {
	[PATH_WORKER]  = { "%B/bin/midd-worker", "%P/lib/midd/midd-worker" },
	[PATH_PROBES]  = { "%B/probes", "%P/lib/midd/probes" },
	[PATH_MAPS]    = { "%S/share/map", "%P/share/midd/map" },
	[PATH_EXEC]    = { "%S/share/exec", "%P/lib/midd/exec" },
	[PATH_MIDD]    = { "%B/bin/midd", "%P/sbin/midd" },
	[PATH_CONFIG]  = { "%S/etc/midd.yaml", "/etc/midd/midd.yaml" },
	[PATH_CONTROL] = { "%B/var/control", "/run/midd/control" },
	[PATH_STATE]   = { "%B/var/lib", "/var/lib/midd" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Folders a program of ours is installed to, below the prefix. */
static const char *const homes[] = { "/bin", "/sbin", "/lib/midd" };

static struct {
	bool known, built;
	char *build, *source, *prefix;
	char *path[ROWS];
} layout;

static bool
there(const char *dir, const char *name)
{
	char *p = xasprintf("%s/%s", dir, name);
	struct stat st;
	bool yes = stat(p, &st) == 0;

	free(p);
	return yes;
}

static char *
parent(const char *dir)
{
	const char *slash = strrchr(dir, '/');

	return slash == NULL || slash == dir ? xstrdup("/") : xstrndup(dir, (size_t)(slash - dir));
}

/* The source tree is one or two levels above the build folder: build/, build/san/. */
static char *
source_above(const char *build)
{
	char *one = parent(build), *two = parent(one);

	if (!there(one, "include/midd/probe.h") && there(two, "include/midd/probe.h")) {
		free(one);
		return two;
	}
	free(two);
	return one;
}

static char *
prefix_of(const char *dir)
{
	size_t i, n, d = strlen(dir);

	for (i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		n = strlen(homes[i]);
		if (d > n && strcmp(dir + d - n, homes[i]) == 0)
			return xstrndup(dir, d - n);
	}
	return xstrdup("/usr");
}

static void
look(void)
{
	const char *dir = os_program_dir();

	layout.known = true;
	layout.build = parent(dir);
	layout.source = source_above(layout.build);
	layout.prefix = prefix_of(dir);
	layout.built = there(dir, "midd-worker") && there(layout.build, "probes");
}

static char *
spell(const char *row)
{
	const char *base;

	if (row[0] != '%')
		return xstrdup(row);
	base = row[1] == 'B' ? layout.build : row[1] == 'S' ? layout.source : layout.prefix;
	return xasprintf("%s%s", base, row + 2);
}

const char *
path_default(enum path_of what)
{
	if (!layout.known)
		look();
	if (layout.path[what] == NULL)
		layout.path[what] = spell(layout.built ? rows[what].built : rows[what].installed);
	return layout.path[what];
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - see paths.h. Two layouts, a row each per path (os_layout.c). A build folder is
 * known by midd-worker standing beside the program and the probes beside that.
 */
#include "paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "os.h"
#include "xalloc.h"

/* Folders a program of ours is installed to, below the prefix. */
static const char *const homes[] = { "/bin", "/sbin", "/lib/midd" };

static struct {
	bool known, built;
	char *build, *source, *prefix;
	char *path[PATH_STATE + 1];
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
	char *worker;

	layout.known = true;
	layout.build = parent(dir);
	layout.source = source_above(layout.build);
	layout.prefix = prefix_of(dir);
	worker = xasprintf("midd-worker%s", os_program_suffix);
	layout.built = there(dir, worker) && there(layout.build, "probes");
	free(worker);
}

static char *
spell(const char *row)
{
	const char *base;

	if (row[0] != '%')
		return xstrdup(row);
	base = row[1] == 'B' ? layout.build : row[1] == 'S' ? layout.source :
	    row[1] == 'D' ? os_program_dir() : layout.prefix;
	return xasprintf("%s%s", base, row + 2);
}

const char *
path_default(enum path_of what)
{
	if (!layout.known)
		look();
	if (layout.path[what] == NULL)
		layout.path[what] = spell(layout.built ? os_layout[what].built : os_layout[what].installed);
	return layout.path[what];
}

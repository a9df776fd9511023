/* SPDX-License-Identifier: Apache-2.0 */
/* config - see config.h. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "err.h"
#include "options.h"
#include "os.h"
#include "paths.h"
#include "read.h"
#include "xalloc.h"

#define DROPINS_MAX 64

static struct config *
config_new(void)
{
	struct config *c = xcalloc(1, sizeof(*c));
	const struct option *o;
	struct err err = { 0, "" };

	c->origins = xcalloc(OPTIONS_MAX, sizeof(*c->origins));
	for (o = config_options; o->key != NULL; o++)
		if (option_set(c, o, option_default(o), ".", &err) < 0)
			abort();	/* a row whose default is out of its own range: config_options.c's test says which */
	return c;
}

void
config_free(struct config *c)
{
	const struct option *o;

	if (c == NULL)
		return;
	for (o = config_options; o->key != NULL; o++) {
		if (o->kind <= OPT_CHOICE)
			free(*(char **)((char *)c + o->at));
		free(c->origins[o - config_options].file);
	}
	free(c->origins);
	free(c);
}

/* --- files ------------------------------------------------------------------------ */

struct loading {
	struct config *c;
	const char *file;
	char *folder;
};

static int
take_option(void *arg, const struct option *o, const char *value, int line, struct err *err)
{
	struct loading *ld = arg;
	struct config_origin *org = &ld->c->origins[o - config_options];
	int r = option_set(ld->c, o, value, ld->folder, err);

	if (r < 0)
		return r;
	free(org->file);
	org->file = xstrdup(ld->file);
	org->line = line;
	if (o == option_find("paths.state"))
		ld->c->paths.state_relative = !os_path_is_absolute(value);
	return 0;
}

static char *
folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return xstrdup(".");
	return slash == file ? xstrdup("/") : xstrndup(file, (size_t)(slash - file));
}

static int
load_file(struct config *c, const char *file, struct err *err)
{
	struct loading ld = { c, file, folder_of(file) };
	struct buf text;
	struct err why;
	int r;

	buf_init(&text, CONFIG_FILE_MAX + 1);
	r = os_read_file(&text, file, &why);
	if (r < 0)
		r = err_set(err, -r, "%s: midd must be able to read it, as the user it runs as", why.text);
	else
		r = read_options(file, buf_str(&text), text.len, take_option, &ld, err);
	buf_fini(&text);
	free(ld.folder);
	return r;
}

/* Overlooked, it would be the operator's word that is not heard. */
static bool
is_yml(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".yml") == 0;
}

static int
is_dropin(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && ((n > 5 && strcmp(d->d_name + n - 5, ".yaml") == 0) || is_yml(d->d_name));
}

/* Drop-ins in the order of their names, as bytes: the same in every locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
load_dropins(struct config *c, const char *file, struct err *err)
{
	char *folder = folder_of(file);
	char *dir = xasprintf("%s/midd.d", folder), *path;
	struct dirent **list = NULL;
	int i, n = scandir(dir, &list, is_dropin, by_name), r = 0;

	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		r = err_os(err, "%s", dir);
	if (n > DROPINS_MAX)
		r = err_set(err, E_FULL, "%s: %d files, more than the %d that are read", dir, n, DROPINS_MAX);
	for (i = 0; i < n; i++) {
		path = xasprintf("%s/%s", dir, list[i]->d_name);
		if (r == 0 && is_yml(path))
			r = err_set(err, E_BAD, "%s: only files called NAME.yaml are read here: name it so, or take it away", path);
		else if (r == 0)
			r = load_file(c, path, err);
		free(path);
		free(list[i]);
	}
	free(list);
	free(dir);
	free(folder);
	return r;
}

static void
fill_in(struct config *c)
{
	if (c->name[0] == '\0') {
		free(c->name);
		c->name = xstrdup(os_host_name());
	}
	if (c->seal.rest_key[0] == '\0') {
		free(c->seal.rest_key);
		c->seal.rest_key = xasprintf("%s/rest.key", c->paths.state_dir);
	}
}

/* The first thing a new operator meets: say what to do. */
static int
check_there(const char *file, struct err *err)
{
	if (access(file, F_OK) == 0 || errno != ENOENT)
		return 0;
	return err_set(err, E_NONE, "there is no configuration %s: name yours with --config FILE, or write it; "
	    "it begins with instance.url, instance.cert and instance.key (see midd.yaml(5))", file);
}

int
config_load(struct config **out, const char *file, struct err *err)
{
	struct config *c = config_new();
	int r;

	if (file == NULL)
		file = path_default(PATH_CONFIG);
	r = check_there(file, err);
	if (r == 0)
		r = load_file(c, file, err);
	if (r == 0)
		r = load_dropins(c, file, err);
	if (r == 0) {
		fill_in(c);
		r = check_config(c, file, err);
	}
	if (r < 0) {
		config_free(c);
		return r;
	}
	*out = c;
	return 0;
}

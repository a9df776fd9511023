/* SPDX-License-Identifier: Apache-2.0 */
/* profile_files - see profile.h: the files as they are, and what they make. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_rows.h"

#define FILE_MAX (4u << 20)

struct profile_text {
	char *name, *text;
	size_t n;
};

struct profile_texts {
	struct profile_text v[PROFILE_FILES_MAX];
	unsigned n;
};

/* --- the files -------------------------------------------------------------------------------- */

/* All of PATH, *N bytes, no larger than they are; NULL: not to be read, or too long. */
static char *
text_of(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	char *text = f == NULL ? NULL : malloc(FILE_MAX), *fitting;
	bool good = false;

	if (text != NULL) {
		*n = fread(text, 1, FILE_MAX, f);
		good = !ferror(f) && *n < FILE_MAX;
	}
	if (f != NULL)
		fclose(f);
	fitting = good ? realloc(text, *n + 1) : NULL;
	if (fitting == NULL)
		free(text);
	return fitting;
}

static void
add(struct profile_texts *t, const char *path, const char *name, char *why, size_t room)
{
	struct profile_text one = { .text = text_of(path, &one.n) };
	size_t at = strlen(why);

	one.name = one.text == NULL ? NULL : strdup(name);
	if (one.name != NULL && t->n < PROFILE_FILES_MAX) {
		t->v[t->n++] = one;
		return;
	}
	snprintf(why + at, room - at, one.name == NULL ? "%s%s can't be read, or has more than 4 MB" : "%s%s: there are too many files before it",
	    at == 0 ? "" : "\n", path);
	free(one.name);
	free(one.text);
}

static int
is_yaml(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".yaml") == 0;
}

struct profile_texts *
profile_texts_read(const char *dir, char *why, size_t room)
{
	struct profile_texts *t = calloc(1, sizeof(*t));
	struct dirent **names;
	char path[4400];
	int i, n = scandir(dir, &names, is_yaml, alphasort);

	why[0] = '\0';
	if (n < 0)
		snprintf(why, room, "the folder of device profiles %s can't be read: devices are told by the standard MIBs alone", dir);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		if (t != NULL)
			add(t, path, names[i]->d_name, why, room);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return t;
}

/* --- what they make ----------------------------------------------------------------------------- */

void
profile_texts_free(struct profile_texts *t)
{
	unsigned i;

	for (i = 0; t != NULL && i < t->n; i++) {
		free(t->v[i].name);
		free(t->v[i].text);
	}
	free(t);
}

static struct profiles *
make(const struct profile_texts *t, char *why, size_t room)
{
	struct profiles *p = t == NULL ? NULL : profiles_new();
	unsigned i;

	for (i = 0; p != NULL && i < t->n; i++)
		profiles_read_text(p, t->v[i].name, t->v[i].text, t->v[i].n, why, room);
	return p;
}

struct profiles *
profiles_make(const struct profile_texts *t, char *why, size_t room)
{
	why[0] = '\0';
	return make(t, why, room);
}

struct profiles *
profiles_load(const char *dir, char *why, size_t room)
{
	struct profile_texts *t = profile_texts_read(dir, why, room);
	struct profiles *p = make(t, why, room);

	profile_texts_free(t);
	return p;
}

struct profiles *
profiles_load_file(const char *file, char *why, size_t room)
{
	struct profile_texts *t = calloc(1, sizeof(*t));
	const char *slash = strrchr(file, '/');
	struct profiles *p;

	why[0] = '\0';
	if (t != NULL)
		add(t, file, slash == NULL ? file : slash + 1, why, room);
	p = make(t, why, room);
	profile_texts_free(t);
	return p;
}

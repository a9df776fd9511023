/* SPDX-License-Identifier: Apache-2.0 */
/* folder - scandir(3). */
#include <dirent.h>
#include <stdlib.h>

#include "dirent_more.h"

int
alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
scandir(const char *dir, struct dirent ***out, int (*wanted)(const struct dirent *),
    int (*order)(const struct dirent **, const struct dirent **))
{
	DIR *d = opendir(dir);
	struct dirent **list = NULL, *e, **more;
	int n = 0;

	if (d == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		if (wanted != NULL && !wanted(e))
			continue;
		more = realloc(list, (size_t)(n + 1) * sizeof(*list));
		if (more == NULL || (more[n] = malloc(sizeof(*e))) == NULL)
			break;
		list = more;
		*list[n++] = *e;
	}
	closedir(d);
	if (order != NULL && n > 1)
		qsort(list, (size_t)n, sizeof(*list), (int (*)(const void *, const void *))(uintptr_t)order);
	*out = list;
	return n;
}

/* Of a path that is there; with '/', as everywhere in midd. */
char *
realpath(const char *path, char *out)
{
	char *full = access(path, F_OK) < 0 ? NULL : _fullpath(out, path, 0), *p;

	for (p = full; p != NULL && *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	return full;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* names - see names.h. */
#include "facts/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* The names stand one after the other in the store, each with its NUL. */
int
names_index(struct facts_names *n)
{
	char *p = n->store;
	size_t i;

	n->name = calloc(n->count + 1, sizeof(*n->name));
	if (n->name == NULL)
		return -ENOMEM;
	for (i = 0; i < n->count; i++, p += strlen(p) + 1)
		n->name[i] = p;
	qsort(n->name, n->count, sizeof(*n->name), by_version);
	return 0;
}

int
names_add(struct facts_names *n, const char *name, size_t *used, size_t *cap)
{
	size_t len = strlen(name) + 1;
	char *bigger;

	if (n->count >= FACTS_NAMES_MAX)
		return -E2BIG;
	if (*used + len > *cap) {
		*cap = (*cap + len) * 2;
		bigger = realloc(n->store, *cap);
		if (bigger == NULL)
			return -ENOMEM;
		n->store = bigger;
	}
	memcpy(n->store + *used, name, len);
	*used += len;
	n->count++;
	return 0;
}

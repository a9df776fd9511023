/* SPDX-License-Identifier: Apache-2.0 */
/* source_over - see source_over.h. */
#include "facts/source_over.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts/names.h"

struct over {
	struct facts_source base;
	struct facts_source *first, *second;
};

/* The error that the first gave stays, unless the second knows more. */
#define EITHER(CALL, ...) do { \
		struct over *o = (struct over *)s; \
		int r = CALL(o->first, __VA_ARGS__); \
		int q = lacks(r) ? CALL(o->second, __VA_ARGS__) : r; \
		return q < 0 ? r : q; \
	} while (0)

static bool
lacks(int r)
{
	return r == -EACCES || r == -EPERM || r == -ENOENT || r == -ESRCH;
}

static int
over_read(struct facts_source *s, const char *path, char *buf, size_t size, size_t *len)
{
	EITHER(facts_read_into, path, buf, size, len);
}

static int
over_read_all(struct facts_source *s, const char *path, size_t max, size_t line_max, struct facts_bytes *out)
{
	EITHER(facts_read_table, path, max, line_max, out);
}

static int
over_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	EITHER(facts_link, path, buf, size);
}

static int
over_stat(struct facts_source *s, const char *path, struct facts_stat *out)
{
	EITHER(facts_stat, path, out);
}

static bool
holds(const struct facts_names *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (strcmp(n->name[i], name) == 0)
			return true;
	return false;
}

static int
join(const struct facts_names *a, const struct facts_names *b, struct facts_names *out)
{
	size_t used = 0, cap = 0, i;
	int r = 0;

	for (i = 0; r == 0 && i < a->count; i++)
		r = names_add(out, a->name[i], &used, &cap);
	for (i = 0; r == 0 && i < b->count; i++)
		if (!holds(a, b->name[i]))
			r = names_add(out, b->name[i], &used, &cap);
	if (r == 0)
		r = names_index(out);
	if (r < 0)
		facts_names_free(out);
	return r;
}

/* Of /proc both know some; elsewhere one knows all. */
static int
over_list(struct facts_source *s, const char *dir, struct facts_names *out)
{
	struct over *o = (struct over *)s;
	struct facts_names a, b;
	int r = facts_list(o->first, dir, &a), q;

	if (r < 0 && lacks(r)) {
		q = facts_list(o->second, dir, out);
		return q < 0 ? r : 0;
	}
	if (r < 0 || strcmp(dir, "proc") != 0 || facts_list(o->second, dir, &b) < 0) {
		*out = a;
		return r;
	}
	r = join(&a, &b, out);
	facts_names_free(&a);
	facts_names_free(&b);
	return r;
}

static int
over_open(struct facts_source *s, const char *path)
{
	return facts_open(((struct over *)s)->first, path);
}

static int
over_usage(struct facts_source *s, const char *path, struct facts_usage *out)
{
	return facts_usage(((struct over *)s)->first, path, out);
}

static int
over_machine(struct facts_source *s, char *buf, size_t size)
{
	return facts_machine(((struct over *)s)->first, buf, size);
}

static int
over_addresses(struct facts_source *s, facts_address_cb *cb, void *arg)
{
	return facts_addresses(((struct over *)s)->first, cb, arg);
}

static void
over_close(struct facts_source *s)
{
	struct over *o = (struct over *)s;

	facts_source_close(o->first);
	facts_source_close(o->second);
	free(o);
}

static const struct facts_source_ops ops = {
	.read = over_read, .read_all = over_read_all, .open = over_open, .list = over_list, .link = over_link, .stat = over_stat,
	.usage = over_usage, .machine = over_machine, .addresses = over_addresses, .close = over_close,
};

struct facts_source *
facts_source_over_take(struct facts_source *first, struct facts_source *second)
{
	struct over *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		facts_source_close(first);
		facts_source_close(second);
		return NULL;
	}
	*o = (struct over){ .base = { .ops = &ops, .live = first->live }, .first = first, .second = second };
	return &o->base;
}

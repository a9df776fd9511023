/* SPDX-License-Identifier: Apache-2.0 */
/* source_bundle - see source_bundle.h. The bytes come from a host that nobody trusts. */
#include "facts/source_bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/names.h"
#include "facts/system.h"

struct entry {
	const char *path;
	char kind;			/* F, L, X */
	const char *data;
	size_t len;
	size_t turn;			/* as it came: the first of a path counts */
};

struct bundle {
	struct facts_source base;
	struct entry *v;
	size_t n;
};

/* --- what there is ------------------------------------------------------------- */

static int
by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = strcmp(x->path, y->path);

	return d != 0 ? d : x->turn < y->turn ? -1 : 1;
}

/* The first entry whose path is PATH or comes after it. */
static size_t
lower(const struct bundle *b, const char *path)
{
	size_t lo = 0, hi = b->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(b->v[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Links are kept beside files: a device of sysfs is a link and the folder of its attributes. */
static const struct entry *
find(const struct bundle *b, const char *path, const char *kinds)
{
	size_t i = lower(b, path);

	for (; i < b->n && strcmp(b->v[i].path, path) == 0; i++)
		if (strchr(kinds, b->v[i].kind) != NULL)
			return &b->v[i];
	return NULL;
}

static bool
is_folder(const struct bundle *b, const char *path)
{
	char prefix[FACTS_PATH_MAX];
	int n = snprintf(prefix, sizeof(prefix), "%s/", path);
	size_t i;

	if (n < 0 || (size_t)n >= sizeof(prefix))
		return false;
	i = lower(b, prefix);
	return i < b->n && strncmp(b->v[i].path, prefix, (size_t)n) == 0;
}

/* --- as a source ------------------------------------------------------------------ */

static const struct entry *
file_of(struct facts_source *s, const char *path, int *why)
{
	const struct bundle *b = (const struct bundle *)s;
	const struct entry *e = find(b, path, "FX");

	*why = e == NULL ? is_folder(b, path) ? -EINVAL : -ENOENT : e->kind == 'X' ? -EACCES : 0;
	return *why == 0 ? e : NULL;
}

static int
bundle_read(struct facts_source *s, const char *path, char *buf, size_t size, size_t *len)
{
	int r;
	const struct entry *e = file_of(s, path, &r);

	if (e == NULL)
		return r;
	if (e->len >= size)
		return -EFBIG;
	memcpy(buf, e->data, e->len);
	buf[e->len] = '\0';
	*len = e->len;
	return 0;
}

static int
bundle_read_all(struct facts_source *s, const char *path, size_t max, size_t line_max, struct facts_bytes *out)
{
	int r;
	const struct entry *e = file_of(s, path, &r);

	(void)line_max;
	if (e == NULL)
		return r;
	if (e->len > max)
		return -EFBIG;
	out->data = malloc(e->len + 1);
	if (out->data == NULL)
		return -ENOMEM;
	memcpy(out->data, e->data, e->len);
	out->data[e->len] = '\0';
	out->len = e->len;
	return 0;
}

/* Names in one folder: the next component of all paths below it, each once. */
static int
bundle_list(struct facts_source *s, const char *dir, struct facts_names *out)
{
	const struct bundle *b = (const struct bundle *)s;
	char prefix[FACTS_PATH_MAX], name[256], last[256] = "";
	size_t used = 0, cap = 0, n, i, len;
	int r = 0;

	n = (size_t)snprintf(prefix, sizeof(prefix), "%s%s", dir, dir[0] == '\0' ? "" : "/");
	if (n >= sizeof(prefix))
		return -ENAMETOOLONG;
	for (i = lower(b, prefix); r == 0 && i < b->n && strncmp(b->v[i].path, prefix, n) == 0; i++) {
		len = strcspn(b->v[i].path + n, "/");
		if (len == 0 || len >= sizeof(name))
			continue;
		memcpy(name, b->v[i].path + n, len);
		name[len] = '\0';
		/* Those of one name may be parted by others, as "a", "a-b", "a/c": by_version sorts, here only neighbours are joined. */
		if (strcmp(name, last) == 0)
			continue;
		memcpy(last, name, len + 1);
		r = names_add(out, name, &used, &cap);
	}
	if (r == 0 && out->count == 0)
		return -ENOENT;
	if (r == 0)
		r = names_index(out);
	for (i = n = 0; r == 0 && i < out->count; i++)
		if (n == 0 || strcmp(out->name[n - 1], out->name[i]) != 0)
			out->name[n++] = out->name[i];
	if (r == 0)
		out->count = n;
	else
		facts_names_free(out);
	return r;
}

static int
bundle_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	const struct entry *e = find((const struct bundle *)s, path, "L");

	if (e == NULL)
		return facts_exists(s, path) ? -EINVAL : -ENOENT;
	if (e->len >= size)
		return -ENAMETOOLONG;
	memcpy(buf, e->data, e->len);
	buf[e->len] = '\0';
	return 0;
}

static int
bundle_stat(struct facts_source *s, const char *path, struct facts_stat *out)
{
	const struct bundle *b = (const struct bundle *)s;
	const struct entry *e = find(b, path, "FX");

	*out = (struct facts_stat){ .mode = S_IFREG | 0444 };
	if (e != NULL)
		out->size_bytes = e->len;
	else if (is_folder(b, path) || find(b, path, "L") != NULL)
		out->mode = S_IFDIR | 0555;
	else
		return -ENOENT;
	return 0;
}

/* Of "Filesystem 1024-blocks Used Available Capacity Mounted on": the line that ends with PATH. */
static int
bundle_usage(struct facts_source *s, const char *path, struct facts_usage *out)
{
	const struct entry *e = find((const struct bundle *)s, "commands/df", "F");
	const char *at = e == NULL ? "" : e->data, *end = at + (e == NULL ? 0 : e->len), *nl;
	unsigned long long size, used, available;
	char line[2048], point[1024];

	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (nl == NULL)
			nl = end;
		if ((size_t)(nl - at) >= sizeof(line))
			continue;
		memcpy(line, at, (size_t)(nl - at));
		line[nl - at] = '\0';
		if (sscanf(line, "%*s %llu %llu %llu %*s %1023[^\n]", &size, &used, &available, point) != 4 ||
		    point[0] != '/' || strcmp(point + 1, path) != 0 || size < used)
			continue;
		*out = (struct facts_usage){ .size_bytes = size * 1024, .free_bytes = (size - used) * 1024,
		    .available_bytes = available * 1024 };
		return 0;
	}
	return -ENOENT;
}

static int
bundle_machine(struct facts_source *s, char *buf, size_t size)
{
	facts_uname(s, UNAME_M, buf, size);
	return buf[0] == '\0' ? -ENOENT : 0;
}

static void
bundle_close(struct facts_source *s)
{
	free(((struct bundle *)s)->v);
	free(s);
}

static const struct facts_source_ops ops = {
	.read = bundle_read, .read_all = bundle_read_all, .list = bundle_list, .link = bundle_link, .stat = bundle_stat,
	.usage = bundle_usage, .machine = bundle_machine, .close = bundle_close,
};

/* --- reading it ----------------------------------------------------------------------- */

static int
add(struct bundle *b, size_t *cap, const struct entry *e)
{
	struct entry *bigger;

	if (b->n == BUNDLE_ENTRIES_MAX)
		return 0;
	if (b->n == *cap) {
		*cap = *cap == 0 ? 1024 : *cap * 2;
		bigger = realloc(b->v, *cap * sizeof(*b->v));
		if (bigger == NULL)
			return -ENOMEM;
		b->v = bigger;
	}
	b->v[b->n] = *e;
	b->v[b->n].turn = b->n;
	b->n++;
	return 0;
}

/* One "KIND PATH" line, NUL-ended in place; then its bytes up to NEXT. */
static int
take(struct bundle *b, size_t *cap, char *line, char *next, bool *whole)
{
	char *nl = memchr(line, '\n', (size_t)(next - line));
	struct entry e = { .kind = line[0] };

	if (nl == NULL)
		return 0;
	*nl = '\0';
	if (e.kind == 'E') {
		*whole = true;
		return 0;
	}
	if (strchr("FLX", e.kind) == NULL || line[1] != ' ' || strlen(line) >= FACTS_PATH_MAX)
		return 0;
	e.path = line + 2 + (line[2] == '/');
	e.data = nl + 1;
	e.len = (size_t)(next - e.data);
	return add(b, cap, &e);
}

int
facts_source_bundle(struct facts_source **out, char *data, size_t len, const char *mark, bool *whole)
{
	struct bundle *b = calloc(1, sizeof(*b));
	size_t m = strlen(mark), cap = 0;
	char *end = data + len, *at = b == NULL ? NULL : memmem(data, len, mark, m), *next;
	int r = b == NULL ? -ENOMEM : 0;

	*whole = false;
	while (r == 0 && at != NULL) {
		next = memmem(at + m, (size_t)(end - at) - m, mark, m);
		/* The line break before a mark is the script's. */
		r = take(b, &cap, at + m, next == NULL ? end : next > at + m && next[-1] == '\n' ? next - 1 : next, whole);
		at = next;
	}
	if (r == 0 && b->n == 0)
		r = -EINVAL;
	if (r < 0) {
		if (b != NULL)
			free(b->v);
		free(b);
		return r;
	}
	qsort(b->v, b->n, sizeof(*b->v), by_path);
	b->base.ops = &ops;
	*out = &b->base;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source - the calls that are the same for every kind of source.
 */
#include "facts/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
facts_source_close(struct facts_source *s)
{
	if (s != NULL)
		s->ops->close(s);
}

int
facts_read(struct facts_source *s, const char *path, size_t max,
    struct facts_bytes *out)
{
	return s->ops->read_all(s, path, max, 0, out);
}

int
facts_read_table(struct facts_source *s, const char *path, size_t max,
    size_t line_max, struct facts_bytes *out)
{
	return s->ops->read_all(s, path, max, line_max, out);
}

void
facts_bytes_free(struct facts_bytes *b)
{
	free(b->data);
	*b = (struct facts_bytes){ NULL, 0 };
}

int
facts_read_into(struct facts_source *s, const char *path, char *buf,
    size_t size, size_t *len)
{
	return s->ops->read(s, path, buf, size, len);
}

int
facts_open(struct facts_source *s, const char *path)
{
	return s->ops->open != NULL ? s->ops->open(s, path) : -ENOTSUP;
}

int
facts_read_small(struct facts_source *s, const char *path, char *buf,
    size_t size)
{
	struct str text;
	size_t len;
	int r;

	buf[0] = '\0';
	r = s->ops->read(s, path, buf, size, &len);
	if (r < 0)
		return r;
	text = str_trim((struct str){ buf, len });
	memmove(buf, text.p, text.n);
	buf[text.n] = '\0';
	return 0;
}

int
facts_list(struct facts_source *s, const char *dir, struct facts_names *out)
{
	*out = (struct facts_names){ NULL, 0, NULL };
	return s->ops->list(s, dir, out);
}

void
facts_names_free(struct facts_names *n)
{
	free(n->name);
	free(n->store);
	*n = (struct facts_names){ NULL, 0, NULL };
}

int
facts_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	return s->ops->link(s, path, buf, size);
}

int
facts_stat(struct facts_source *s, const char *path, struct facts_stat *out)
{
	return s->ops->stat(s, path, out);
}

bool
facts_exists(struct facts_source *s, const char *path)
{
	struct facts_stat st;

	return s->ops->stat(s, path, &st) == 0;
}

int
facts_usage(struct facts_source *s, const char *path, struct facts_usage *out)
{
	return s->ops->usage != NULL ? s->ops->usage(s, path, out) : -ENOTSUP;
}

int
facts_machine(struct facts_source *s, char *buf, size_t size)
{
	return s->ops->machine != NULL ? s->ops->machine(s, buf, size)
				       : -ENOTSUP;
}

int
facts_addresses(struct facts_source *s, facts_address_cb *cb, void *arg)
{
	return s->ops->addresses != NULL ? s->ops->addresses(s, cb, arg)
					 : -ENOTSUP;
}

bool
facts_path(char path[FACTS_PATH_MAX], const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(path, FACTS_PATH_MAX, fmt, ap);
	va_end(ap);
	if (n >= 0 && n < FACTS_PATH_MAX)
		return true;
	path[0] = '\0';
	return false;
}

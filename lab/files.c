/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - see the header.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

char *
path_join(const char *dir, const char *name)
{
	struct text t = { 0 };

	text_addf(&t, "%s/%s", dir, name);
	return text_take(&t);
}

static int
write_all(int fd, const char *p, size_t n)
{
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int
file_write(const char *path, const void *p, size_t n, mode_t mode)
{
	struct text part = { 0 };
	int fd, r = -1;

	text_addf(&part, "%s.part", path);
	(void)unlink(text_str(&part));
	fd = open(text_str(&part), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    mode);
	if (fd >= 0) {
		r = write_all(fd, p, n);
		if (close(fd) < 0)
			r = -1;
		if (r == 0)
			r = rename(text_str(&part), path);
	}
	if (r < 0)
		complain("cannot write %s: %s", path, strerror(errno));
	text_fini(&part);
	return r;
}

char *
file_read(const char *path, size_t max, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *buf;
	size_t n;

	if (f == NULL)
		return NULL;
	buf = xcalloc(max + 1, 1);
	n = fread(buf, 1, max, f);
	if (ferror(f) || (n == max && fgetc(f) != EOF)) {
		free(buf);
		buf = NULL;
	}
	fclose(f);
	if (buf != NULL && len != NULL)
		*len = n;
	return buf;
}

int
complain(const char *fmt, ...)
{
	va_list ap;

	fputs("midlab: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return 1;
}

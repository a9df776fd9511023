/* SPDX-License-Identifier: Apache-2.0 */
/* archive - see archive.h. The form is ustar of POSIX.1-1988, which every tar reads. */
#include "archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "err.h"
#include "xalloc.h"

#define BLOCK 512

struct archive {
	gzFile gz;
	char *path;
};

/* One block; what is no text is zero. Numbers are octal. */
struct head {
	char name[100], mode[8], uid[8], gid[8], size[12], changed[12], sum[8], type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

static int
put(struct archive *ar, const void *data, size_t len, struct err *err)
{
	errno = 0;
	if (len == 0 || gzwrite(ar->gz, data, (unsigned)len) == (int)len)
		return 0;
	return errno != 0 ? err_os(err, "%s cannot be written", ar->path) : err_set(err, E_OS, "%s cannot be written", ar->path);
}

static void
fill(struct head *h, const char *name, size_t len, int64_t changed_s)
{
	const unsigned char *p = (const unsigned char *)h;
	unsigned sum = 0;
	size_t i;

	memset(h, 0, sizeof(*h));
	snprintf(h->name, sizeof(h->name), "%s", name);
	snprintf(h->mode, sizeof(h->mode), "%07o", 0600u);
	snprintf(h->uid, sizeof(h->uid), "%07o", 0u);
	snprintf(h->gid, sizeof(h->gid), "%07o", 0u);
	snprintf(h->size, sizeof(h->size), "%011llo", (unsigned long long)len);
	snprintf(h->changed, sizeof(h->changed), "%011llo", (unsigned long long)changed_s);
	memset(h->sum, ' ', sizeof(h->sum));
	h->type = '0';
	memcpy(h->magic, "ustar", 6);
	memcpy(h->version, "00", 2);
	for (i = 0; i < sizeof(*h); i++)
		sum += p[i];
	snprintf(h->sum, sizeof(h->sum), "%06o", sum);	/* NUL, and the blank behind it stays */
}

int
archive_open(struct archive **out, const char *path, struct err *err)
{
	struct archive *ar;
	gzFile gz = gzopen(path, "wb");

	if (gz == NULL)
		return err_os(err, "%s cannot be written", path);
	ar = xcalloc(1, sizeof(*ar));
	ar->gz = gz;
	ar->path = xstrdup(path);
	*out = ar;
	return 0;
}

int
archive_add(struct archive *ar, const char *name, const void *data, size_t len, int64_t changed_s, struct err *err)
{
	static const char zeros[BLOCK];
	struct head h;
	int r;

	_Static_assert(sizeof(h) == BLOCK, "a head is a block");
	fill(&h, name, len, changed_s);
	r = put(ar, &h, sizeof(h), err);
	if (r == 0)
		r = put(ar, data, len, err);
	return r == 0 ? put(ar, zeros, (BLOCK - len % BLOCK) % BLOCK, err) : r;
}

int
archive_close(struct archive *ar, struct err *err)
{
	static const char end[2 * BLOCK];
	int r = put(ar, end, sizeof(end), err);

	errno = 0;
	if (gzclose(ar->gz) != Z_OK && r == 0)
		r = errno != 0 ? err_os(err, "%s cannot be written", ar->path) : err_set(err, E_OS, "%s cannot be written", ar->path);
	free(ar->path);
	free(ar);
	return r;
}

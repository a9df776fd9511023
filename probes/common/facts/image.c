/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image - bytes at an offset: a file of a source, or a piece of memory.
 */
#include "facts/image.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct image
image_of(const void *data, size_t len)
{
	return (struct image){ .mem = data, .fd = -1, .size = len };
}

static int
open_whole(struct image *img, struct facts_source *src, const char *path,
    size_t max)
{
	struct facts_bytes own;
	int r;

	r = facts_read(src, path, max, &own);
	if (r < 0)
		return r;
	*img = image_of(own.data, own.len);
	img->own = own;
	return 0;
}

int
image_open(struct image *img, struct facts_source *src, const char *path,
    size_t max)
{
	struct stat st;
	int fd, r;

	*img = image_of(NULL, 0);
	fd = facts_open(src, path);
	if (fd == -ENOTSUP)
		return open_whole(img, src, path, max);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	img->fd = fd;
	img->size = (uint64_t)st.st_size;
	return 0;
}

void
image_close(struct image *img)
{
	facts_bytes_free(&img->own);
	if (img->fd >= 0)
		close(img->fd);
	*img = image_of(NULL, 0);
}

static int
read_fd(int fd, uint64_t offset, unsigned char *buf, size_t n)
{
	ssize_t got;

	while (n > 0) {
		got = pread(fd, buf, n, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA;
		buf += got;
		offset += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

int
image_read(const struct image *img, uint64_t offset, void *buf, size_t n)
{
	if (offset > img->size || n > img->size - offset)
		return -ENODATA;
	if (img->fd >= 0)
		return read_fd(img->fd, offset, buf, n);
	if (n > 0)
		memcpy(buf, img->mem + offset, n);
	return 0;
}

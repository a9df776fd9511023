/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image - bytes at an offset: a file of a source, or a piece of memory.
 *
 * Package databases are larger than what a worker should hold, and change
 * while they are read; so they are read piece by piece and never mapped.
 */
#ifndef MID_FACTS_IMAGE_H
#define MID_FACTS_IMAGE_H
#include <stddef.h>
#include <stdint.h>

#include "facts/source.h"

struct image {
	const unsigned char *mem;	/* borrowed; NULL: the descriptor */
	int fd;
	uint64_t size;
	struct facts_bytes own;
};

/* What a source cannot open it reads whole, up to MAX. 0 or a negative errno. */
int image_open(struct image *img, struct facts_source *src, const char *path,
    size_t max);
void image_close(struct image *img);

/* Borrows DATA. No need to close. */
struct image image_of(const void *data, size_t len);

/* All N bytes, or a negative errno: -ENODATA when they are not all there. */
int image_read(const struct image *img, uint64_t offset, void *buf, size_t n);

#endif

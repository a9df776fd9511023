/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm_ndb - rpm's own container ("Packages.db", SUSE).
 *
 * Pages of slots first, then the blobs in blocks of 16 bytes; little endian on
 * every machine. The two first slots' room is the header. A slot says which
 * package and where; the blob repeats the package, so a stale slot shows.
 */
#include "facts/rpm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts/bytes.h"
#include "facts/image.h"

#define PAGE		4096
#define SLOT		16
#define BLOCK		16
#define SLOT_PAGES_MAX	1024	/* 262,000 packages */

static int
read_blob(const struct image *img, const unsigned char *slot,
    rpm_header_fn *fn, void *arg)
{
	uint64_t at = (uint64_t)le32(slot + 8) * BLOCK;
	unsigned char head[16], *blob;
	uint32_t len;
	int r;

	r = image_read(img, at, head, sizeof(head));
	if (r < 0)
		return r;
	len = le32(head + 12);
	if (memcmp(head, "BlbS", 4) != 0 || le32(head + 4) != le32(slot + 4) ||
	    len > RPM_HEADER_MAX || len > (uint64_t)le32(slot + 12) * BLOCK)
		return -EINVAL;
	blob = malloc((size_t)len + 1);
	if (blob == NULL)
		return -ENOMEM;
	r = image_read(img, at + sizeof(head), blob, len);
	if (r == 0)
		r = fn(arg, blob, len);
	free(blob);
	return r;
}

/* A package that cannot be read does not cost the others. */
static int
read_slots(const struct image *img, const unsigned char *page, size_t first,
    rpm_header_fn *fn, void *arg, int *bad)
{
	const unsigned char *slot;
	int r;

	for (slot = page + first; slot < page + PAGE; slot += SLOT) {
		if (memcmp(slot, "Slot", 4) != 0)
			return -EINVAL;
		if (le32(slot + 4) == 0)
			continue;
		r = read_blob(img, slot, fn, arg);
		if (r == -EINVAL || r == -ENODATA)
			*bad = r;
		else if (r < 0)
			return r;
	}
	return 0;
}

int
rpm_read_ndb(const struct image *img, rpm_header_fn *fn, void *arg)
{
	unsigned char page[PAGE];
	uint32_t pages, i;
	int r, bad = 0;

	r = image_read(img, 0, page, 32);
	if (r < 0 || memcmp(page, "RpmP", 4) != 0 || le32(page + 4) != 0)
		return -EINVAL;
	pages = le32(page + 12);
	if (pages == 0 || pages > SLOT_PAGES_MAX)
		return -EINVAL;
	for (i = 0; i < pages; i++) {
		r = image_read(img, (uint64_t)i * PAGE, page, PAGE);
		if (r == 0)
			r = read_slots(img, page, i == 0 ? 2 * SLOT : 0, fn,
			    arg, &bad);
		if (r < 0)
			return r == -ENODATA ? -EINVAL : r;
	}
	return bad < 0 ? -EINVAL : 0;
}

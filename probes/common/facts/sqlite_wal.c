/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_wal - which pages a write-ahead log holds.
 *
 * A log is a header and frames, each a page with a head of 24 bytes: page
 * number, size of the database if this frame commits, two salts and a running
 * checksum. Frames count only up to the last commit whose salts and checksum
 * fit; what stands behind is left from an earlier round.
 */
#include "facts/sqlite_image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "facts/bytes.h"
#include "facts/out.h"
#include "facts/parsers.h"

#define HEAD		32
#define FRAME_HEAD	24
#define FRAMES_MAX	(1u << 20)
#define MAGIC		0x377f0682	/* the last bit: checksums are big endian */

struct checksum {
	bool big;
	uint32_t a, b;
};

/* N is a multiple of 8. */
static void
sum(struct checksum *c, const unsigned char *p, size_t n)
{
	for (; n >= 8; p += 8, n -= 8) {
		c->a += any32(p, c->big) + c->b;
		c->b += any32(p + 4, c->big) + c->a;
	}
}

static bool
sum_is(const struct checksum *c, const unsigned char *p)
{
	return be32(p) == c->a && be32(p + 4) == c->b;
}

/* Reads frame NO into BUF and carries the checksum on. */
static bool
check_frame(const struct sqlite_wal *wal, uint32_t no, const unsigned char *head,
    struct checksum *c, unsigned char *buf)
{
	uint64_t at = HEAD + (uint64_t)no * (FRAME_HEAD + wal->page_size);

	if (image_read(wal->img, at, buf, FRAME_HEAD + wal->page_size) < 0 ||
	    memcmp(buf + 8, head + 16, 8) != 0 || be32(buf) == 0)
		return false;
	sum(c, buf, 8);
	sum(c, buf + FRAME_HEAD, wal->page_size);
	return sum_is(c, buf + 16);
}

/* By page, and the newest frame of a page first. */
static int
by_page(const void *a, const void *b)
{
	const struct sqlite_wal_page *x = a, *y = b;

	if (x->page != y->page)
		return x->page < y->page ? -1 : 1;
	return x->frame > y->frame ? -1 : x->frame < y->frame;
}

static void
keep_newest(struct sqlite_wal *wal)
{
	size_t i, kept = 0;

	qsort(wal->at, wal->count, sizeof(*wal->at), by_page);
	for (i = 0; i < wal->count; i++)
		if (kept == 0 || wal->at[kept - 1].page != wal->at[i].page)
			wal->at[kept++] = wal->at[i];
	wal->count = kept;
}

static int
load_frames(struct sqlite_wal *wal, const unsigned char *head,
    struct checksum *c, uint32_t frames)
{
	unsigned char *buf = malloc(FRAME_HEAD + (size_t)wal->page_size);
	uint32_t i;

	wal->at = calloc(frames, sizeof(*wal->at));
	if (buf == NULL || wal->at == NULL) {
		free(buf);
		return -ENOMEM;
	}
	for (i = 0; i < frames && check_frame(wal, i, head, c, buf); i++) {
		wal->at[i] = (struct sqlite_wal_page){ be32(buf), i };
		if (be32(buf + 4) != 0) {
			wal->pages = be32(buf + 4);
			wal->count = (size_t)i + 1;
		}
	}
	free(buf);
	keep_newest(wal);
	return 0;
}

int
sqlite_wal_load(struct sqlite_wal *wal, const struct image *img)
{
	unsigned char head[HEAD];
	struct checksum c = { false, 0, 0 };
	uint64_t frames;

	*wal = (struct sqlite_wal){ .img = img };
	if (img == NULL || image_read(img, 0, head, HEAD) < 0 ||
	    (be32(head) & ~1u) != MAGIC)
		return 0;
	wal->page_size = be32(head + 8);
	if (wal->page_size < 512 || wal->page_size > 65536 ||
	    (wal->page_size & (wal->page_size - 1)) != 0)
		return 0;
	c.big = be32(head) & 1;
	sum(&c, head, 24);
	frames = (img->size - HEAD) / (FRAME_HEAD + wal->page_size);
	if (!sum_is(&c, head + 24) || frames == 0)
		return 0;
	return load_frames(wal, head, &c,
	    (uint32_t)(frames < FRAMES_MAX ? frames : FRAMES_MAX));
}

void
sqlite_wal_free(struct sqlite_wal *wal)
{
	free(wal->at);
	*wal = (struct sqlite_wal){ NULL, 0, 0, NULL, 0 };
}

uint64_t
sqlite_wal_find(const struct sqlite_wal *wal, uint32_t page)
{
	size_t low = 0, high = wal->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (wal->at[mid].page < page)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == wal->count || wal->at[low].page != page)
		return 0;
	return HEAD + FRAME_HEAD + (uint64_t)wal->at[low].frame *
	    (FRAME_HEAD + wal->page_size);
}

/* How many pages it holds of a database of how many. */
int
parse_sqlite_wal(const char *data, size_t len, struct json_object *out)
{
	struct image img = image_of(data, len);
	struct sqlite_wal wal;

	if (sqlite_wal_load(&wal, &img) < 0)
		return -1;
	out_u64(out, "pages", wal.count);
	out_u64(out, "database_pages", wal.pages);
	sqlite_wal_free(&wal);
	return 0;
}

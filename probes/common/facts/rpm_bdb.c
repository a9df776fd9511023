/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm_bdb - Berkeley DB's hash container ("Packages", to RHEL 8).
 *
 * Page 0 says page size, number of buckets and where each doubling of the
 * buckets begins. A bucket is a chain of pages that hold keys and values by
 * turns, growing from the page's end; a value that is large (a header always
 * is) is a chain of overflow pages. The magic number tells the byte order.
 * Chains are counted, so a loop of pages ends.
 */
#include "facts/rpm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts/bytes.h"
#include "facts/image.h"

#define HASH_MAGIC	0x00061561
#define META_SIZE	512
#define PAGE_MAX	65536
#define CHECKSUMMED	0x01
#define FILE_PAGES_MAX	(16u << 20)

enum { PAGE_HASH_UNSORTED = 2, PAGE_OVERFLOW = 7, PAGE_HASH = 13 };
enum { ITEM_INLINE = 1, ITEM_OFFPAGE = 3 };

struct bdb {
	const struct image *img;
	rpm_header_fn *fn;
	void *arg;
	bool big;
	uint32_t page_size;
	uint32_t last_page;
	uint32_t buckets;
	uint32_t spares[32];
	size_t head;		/* bytes before a page's table of offsets */
	uint32_t left;		/* pages that may still be read */
	int bad;
	unsigned char *page, *over;
};

static int
read_page(struct bdb *b, uint32_t no, unsigned char *page)
{
	if (no == 0 || no > b->last_page || b->left == 0)
		return -EINVAL;
	b->left--;
	return image_read(b->img, (uint64_t)no * b->page_size, page,
	    b->page_size);
}

/* Gathers LEN bytes from the chain of overflow pages that starts at NO. */
static int
read_chain(struct bdb *b, uint32_t no, unsigned char *blob, size_t len)
{
	size_t n, got = 0;
	int r;

	while (got < len) {
		r = read_page(b, no, b->over);
		if (r < 0)
			return r;
		n = any16(b->over + 22, b->big);
		if (b->over[25] != PAGE_OVERFLOW || n == 0 || n > len - got ||
		    n > b->page_size - b->head)
			return -EINVAL;
		memcpy(blob + got, b->over + b->head, n);
		got += n;
		no = any32(b->over + 16, b->big);
	}
	return 0;
}

static int
hand_offpage(struct bdb *b, const unsigned char *item)
{
	uint32_t len = any32(item + 8, b->big);
	unsigned char *blob;
	int r;

	if (len == 0 || len > RPM_HEADER_MAX || len > b->img->size)
		return -EINVAL;
	blob = malloc(len);
	if (blob == NULL)
		return -ENOMEM;
	r = read_chain(b, any32(item + 4, b->big), blob, len);
	if (r == 0)
		r = b->fn(b->arg, blob, len);
	free(blob);
	return r;
}

/* Item I of the page just read: it ends where the one before it begins. */
static int
find_item(struct bdb *b, unsigned int i, const unsigned char **item, size_t *len)
{
	const unsigned char *table = b->page + b->head;
	size_t at = any16(table + 2 * i, b->big);
	size_t end = i == 0 ? b->page_size : any16(table + 2 * (i - 1), b->big);

	if (at < b->head || at >= end || end > b->page_size)
		return -EINVAL;
	*item = b->page + at;
	*len = end - at;
	return 0;
}

static bool
is_all_zero(const unsigned char *p, size_t n)
{
	while (n > 0 && p[n - 1] == 0)
		n--;
	return n == 0;
}

/* Key number 0 holds a counter, not a package. */
static int
hand_pair(struct bdb *b, unsigned int i)
{
	const unsigned char *key, *item;
	size_t key_len, len;

	if (find_item(b, i, &key, &key_len) < 0 ||
	    find_item(b, i + 1, &item, &len) < 0)
		return -EINVAL;
	if (key[0] == ITEM_INLINE && is_all_zero(key + 1, key_len - 1))
		return 0;
	if (item[0] == ITEM_OFFPAGE && len >= 12)
		return hand_offpage(b, item);
	if (item[0] == ITEM_INLINE)
		return b->fn(b->arg, item + 1, len - 1);
	return -EINVAL;
}

/* A package that cannot be read does not cost the others. */
static int
hand_page(struct bdb *b)
{
	unsigned int i, count = any16(b->page + 20, b->big);
	int r;

	if (b->head + 2 * (size_t)count > b->page_size)
		return -EINVAL;
	for (i = 0; i + 1 < count; i += 2) {
		r = hand_pair(b, i);
		if (r == -EINVAL || r == -ENODATA)
			b->bad = r;
		else if (r < 0)
			return r;
	}
	return 0;
}

static uint32_t
page_of_bucket(const struct bdb *b, uint32_t bucket)
{
	unsigned int doubling = 0;

	while (doubling < 31 && (1u << doubling) < bucket + 1)
		doubling++;
	return bucket + b->spares[doubling];
}

static int
walk_bucket(struct bdb *b, uint32_t bucket)
{
	uint32_t no = page_of_bucket(b, bucket);
	int r;

	while (no != 0) {
		r = read_page(b, no, b->page);
		if (r < 0)
			return r;
		if (b->page[25] == 0)
			return 0;	/* a bucket that never held anything */
		if (b->page[25] != PAGE_HASH && b->page[25] != PAGE_HASH_UNSORTED)
			return -EINVAL;
		r = hand_page(b);
		if (r < 0)
			return r;
		no = any32(b->page + 16, b->big);
	}
	return 0;
}

static int
read_meta(struct bdb *b)
{
	unsigned char m[META_SIZE];
	size_t i;

	if (image_read(b->img, 0, m, sizeof(m)) < 0)
		return -EINVAL;
	b->big = be32(m + 12) == HASH_MAGIC;
	if (any32(m + 12, b->big) != HASH_MAGIC || m[24] != 0)
		return -EINVAL;
	b->page_size = any32(m + 20, b->big);
	b->buckets = any32(m + 72, b->big);
	b->head = m[26] & CHECKSUMMED ? 32 : 26;
	for (i = 0; i < 32; i++)
		b->spares[i] = any32(m + 96 + 4 * i, b->big);
	if (b->page_size < 512 || b->page_size > PAGE_MAX ||
	    (b->page_size & (b->page_size - 1)) != 0 ||
	    b->img->size < b->page_size ||
	    b->img->size / b->page_size > FILE_PAGES_MAX)
		return -EINVAL;
	/* By the size: page 0 may have been written before the last pages. */
	b->last_page = (uint32_t)(b->img->size / b->page_size - 1);
	b->left = b->last_page;
	return b->buckets > b->last_page ? -EINVAL : 0;
}

int
rpm_read_bdb(const struct image *img, rpm_header_fn *fn, void *arg)
{
	struct bdb b = { .img = img, .fn = fn, .arg = arg };
	uint32_t i;
	int r;

	r = read_meta(&b);
	if (r < 0)
		return r;
	b.page = malloc((size_t)b.page_size * 2);
	if (b.page == NULL)
		return -ENOMEM;
	b.over = b.page + b.page_size;
	for (i = 0; r == 0 && i <= b.buckets; i++) {
		r = walk_bucket(&b, i);
		if (r == -EINVAL || r == -ENODATA) {
			b.bad = r;
			r = 0;
		}
	}
	free(b.page);
	return r < 0 ? r : b.bad < 0 ? -EINVAL : 0;
}

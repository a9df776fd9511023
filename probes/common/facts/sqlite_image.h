/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_image - lets SQLite read a database that is only bytes.
 *
 * A foreign database is opened without its path, without locks and without
 * writing beside it: a small VFS serves the pages of an image. What its
 * write-ahead log has committed and not yet copied back lies over the pages.
 */
#ifndef MID_FACTS_SQLITE_IMAGE_H
#define MID_FACTS_SQLITE_IMAGE_H
#include <sqlite3.h>

#include "facts/image.h"

/* The pages that a log holds, newest version of each. */
struct sqlite_wal {
	const struct image *img;
	uint32_t page_size;
	uint32_t pages;		/* of the database after the last commit */
	struct sqlite_wal_page {
		uint32_t page;
		uint32_t frame;
	} *at;			/* sorted by page */
	size_t count;
};

/* An empty, foreign or half-written log is no error, it just adds nothing. */
int sqlite_wal_load(struct sqlite_wal *wal, const struct image *img);
void sqlite_wal_free(struct sqlite_wal *wal);
/* Where page PAGE stands in the log; 0 when it does not. */
uint64_t sqlite_wal_find(const struct sqlite_wal *wal, uint32_t page);

struct sqlite_image {
	sqlite3_vfs vfs;
	const struct image *img;
	struct sqlite_wal wal;
	sqlite3 *db;
	char name[40];
	int steps;
};

/* SI must stay where it is until sqlite_image_close(). WAL may be NULL. 0 or a negative errno. */
int sqlite_image_open(struct sqlite_image *si, const struct image *img,
    const struct image *wal);
void sqlite_image_close(struct sqlite_image *si);

#endif

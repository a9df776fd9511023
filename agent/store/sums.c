/* SPDX-License-Identifier: Apache-2.0 */
/* sums - see sums.h. */
#include "store/sums.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "store/pass.h"

#define BODY (SUMS_PAGE - SUMS_RESERVED)

struct file {
	struct pass_file pass;
	unsigned char page[SUMS_PAGE];	/* on its way out */
};

static sqlite3_vfs layer, *below;
static sqlite3_io_methods methods;

/* --- the sum ------------------------------------------------------------------- */

/* Every bit of the page moves every bit of the sum; not meant to stop a forger. Never 0. */
static uint64_t
sum_of(const unsigned char *page)
{
	uint64_t h = 0x6d6964642073746fu, w;

	for (int i = 0; i < BODY; i += 8) {
		memcpy(&w, page + i, 8);
		h = (h ^ w) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	return h != 0 ? h : 1;
}

static bool
holds(const unsigned char *page)
{
	uint64_t stored, any = 0, w;

	memcpy(&stored, page + BODY, 8);
	if (stored != 0)
		return stored == sum_of(page);
	for (int i = 0; i < BODY; i += 8) {
		memcpy(&w, page + i, 8);
		any |= w;
	}
	return any != 0;		/* a page of nothing was never written by anybody */
}

static bool
is_page(int n, sqlite3_int64 at)
{
	return n == SUMS_PAGE && at % SUMS_PAGE == 0;
}

/* --- the database file --------------------------------------------------------------- */

/* What SQLite gets has zeros in the reserved bytes, so that its WAL has them too. */
static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	int rc = PASS_REAL(f)->pMethods->xRead(PASS_REAL(f), p, n, at);

	/* The core takes a page that the file does not hold, or only half, for one of zeros: of a file that was cut that
	 * would be a result of zeros. Only the first page of an empty file is not there by right. */
	if (rc == SQLITE_IOERR_SHORT_READ && is_page(n, at) && at > 0)
		return SQLITE_IOERR_DATA;
	if (rc != SQLITE_OK || !is_page(n, at))
		return rc;
	if (!holds(p))
		return SQLITE_IOERR_DATA;
	memset((unsigned char *)p + BODY, 0, SUMS_RESERVED);
	return SQLITE_OK;
}

static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	unsigned char *page = ((struct file *)f)->page;
	uint64_t sum;

	if (!is_page(n, at))
		return PASS_REAL(f)->pMethods->xWrite(PASS_REAL(f), p, n, at);
	memcpy(page, p, BODY);
	sum = sum_of(page);
	memcpy(page + BODY, &sum, SUMS_RESERVED);
	return PASS_REAL(f)->pMethods->xWrite(PASS_REAL(f), page, n, at);
}

/* --- the layer ----------------------------------------------------------------------------- */

/* Any other kind of file is the layer's below, without us. */
static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *file, int flags, int *got)
{
	if (!(flags & SQLITE_OPEN_MAIN_DB))
		return below->xOpen(below, name, file, flags, got);
	return pass_open(v, name, file, flags, got, &methods);
}

static void
set_up(void)
{
	below = sqlite3_vfs_find(NULL);
	pass_init(&layer, below, "midd-sums", sizeof(struct file));
	layer.xOpen = v_open;
	methods = pass_methods;
	methods.xRead = f_read;
	methods.xWrite = f_write;
}

const char *
sums_vfs(void)
{
	sqlite3_mutex *m;
	int rc;

	if (sqlite3_initialize() != SQLITE_OK)
		return NULL;
	m = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
	sqlite3_mutex_enter(m);
	if (below != sqlite3_vfs_find(NULL))
		set_up();
	rc = sqlite3_vfs_register(&layer, 0);
	sqlite3_mutex_leave(m);
	return rc == SQLITE_OK ? layer.zName : NULL;
}

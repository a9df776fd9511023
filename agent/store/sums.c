/* SPDX-License-Identifier: Apache-2.0 */
/* sums - see sums.h. */
#include "store/sums.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BODY (SUMS_PAGE - SUMS_RESERVED)

struct file {
	sqlite3_file base;
	sqlite3_file *real;		/* right behind this struct */
	unsigned char page[SUMS_PAGE];	/* on its way out */
};

static sqlite3_vfs layer, *below;

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

#define REAL(f) (((struct file *)(f))->real)

static int
f_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}

/* What SQLite gets has zeros in the reserved bytes, so that its WAL has them too. */
static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	int rc = REAL(f)->pMethods->xRead(REAL(f), p, n, at);

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
		return REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
	memcpy(page, p, BODY);
	sum = sum_of(page);
	memcpy(page + BODY, &sum, SUMS_RESERVED);
	return REAL(f)->pMethods->xWrite(REAL(f), page, n, at);
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
f_sync(sqlite3_file *f, int flags)
{
	return REAL(f)->pMethods->xSync(REAL(f), flags);
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int
f_lock(sqlite3_file *f, int how)
{
	return REAL(f)->pMethods->xLock(REAL(f), how);
}

static int
f_unlock(sqlite3_file *f, int how)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), how);
}

static int
f_check(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
f_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
f_traits(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int
f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), offset, n, flags);
}

static void
f_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
f_shm_unmap(sqlite3_file *f, int del)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), del);
}

/* Version 2: with shared memory for the WAL, without mapped reads, which would go past the check. */
static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate,
	.xSync = f_sync, .xFileSize = f_size, .xLock = f_lock, .xUnlock = f_unlock,
	.xCheckReservedLock = f_check, .xFileControl = f_control, .xSectorSize = f_sector,
	.xDeviceCharacteristics = f_traits, .xShmMap = f_shm_map, .xShmLock = f_shm_lock,
	.xShmBarrier = f_shm_barrier, .xShmUnmap = f_shm_unmap,
};

/* --- the layer ----------------------------------------------------------------------------- */

/* Any other kind of file is the layer's below, without us. */
static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *file, int flags, int *got)
{
	struct file *f = (struct file *)file;
	int rc;

	(void)v;
	if (!(flags & SQLITE_OPEN_MAIN_DB))
		return below->xOpen(below, name, file, flags, got);
	f->base.pMethods = NULL;
	f->real = (sqlite3_file *)(f + 1);
	rc = below->xOpen(below, name, f->real, flags, got);
	if (rc == SQLITE_OK)
		f->base.pMethods = &methods;
	return rc;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync)
{
	(void)v;
	return below->xDelete(below, name, sync);
}

static int
v_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	(void)v;
	return below->xAccess(below, name, flags, out);
}

static int
v_full(sqlite3_vfs *v, const char *name, int n, char *out)
{
	(void)v;
	return below->xFullPathname(below, name, n, out);
}

static int
v_error(sqlite3_vfs *v, int n, char *text)
{
	(void)v;
	return below->xGetLastError(below, n, text);
}

static void
set_up(void)
{
	below = sqlite3_vfs_find(NULL);
	layer = *below;			/* randomness, time and the like as there */
	layer.pNext = NULL;
	layer.zName = "midd-sums";
	layer.szOsFile = (int)sizeof(struct file) + below->szOsFile;
	layer.xOpen = v_open;
	layer.xDelete = v_delete;
	layer.xAccess = v_access;
	layer.xFullPathname = v_full;
	layer.xGetLastError = v_error;
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

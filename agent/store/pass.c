/* SPDX-License-Identifier: Apache-2.0 */
/* pass - see pass.h. */
#include "store/pass.h"

/* --- a file ---------------------------------------------------------------------- */

static int
p_close(sqlite3_file *f)
{
	return PASS_REAL(f)->pMethods->xClose(PASS_REAL(f));
}

static int
p_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return PASS_REAL(f)->pMethods->xRead(PASS_REAL(f), p, n, at);
}

static int
p_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	return PASS_REAL(f)->pMethods->xWrite(PASS_REAL(f), p, n, at);
}

static int
p_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return PASS_REAL(f)->pMethods->xTruncate(PASS_REAL(f), size);
}

static int
p_sync(sqlite3_file *f, int flags)
{
	return PASS_REAL(f)->pMethods->xSync(PASS_REAL(f), flags);
}

static int
p_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return PASS_REAL(f)->pMethods->xFileSize(PASS_REAL(f), size);
}

static int
p_lock(sqlite3_file *f, int how)
{
	return PASS_REAL(f)->pMethods->xLock(PASS_REAL(f), how);
}

static int
p_unlock(sqlite3_file *f, int how)
{
	return PASS_REAL(f)->pMethods->xUnlock(PASS_REAL(f), how);
}

static int
p_check(sqlite3_file *f, int *out)
{
	return PASS_REAL(f)->pMethods->xCheckReservedLock(PASS_REAL(f), out);
}

static int
p_control(sqlite3_file *f, int op, void *arg)
{
	return PASS_REAL(f)->pMethods->xFileControl(PASS_REAL(f), op, arg);
}

static int
p_sector(sqlite3_file *f)
{
	return PASS_REAL(f)->pMethods->xSectorSize(PASS_REAL(f));
}

static int
p_traits(sqlite3_file *f)
{
	return PASS_REAL(f)->pMethods->xDeviceCharacteristics(PASS_REAL(f));
}

static int
p_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return PASS_REAL(f)->pMethods->xShmMap(PASS_REAL(f), page, size, extend, out);
}

static int
p_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return PASS_REAL(f)->pMethods->xShmLock(PASS_REAL(f), offset, n, flags);
}

static void
p_shm_barrier(sqlite3_file *f)
{
	PASS_REAL(f)->pMethods->xShmBarrier(PASS_REAL(f));
}

static int
p_shm_unmap(sqlite3_file *f, int del)
{
	return PASS_REAL(f)->pMethods->xShmUnmap(PASS_REAL(f), del);
}

const sqlite3_io_methods pass_methods = {
	.iVersion = 2, .xClose = p_close, .xRead = p_read, .xWrite = p_write, .xTruncate = p_truncate,
	.xSync = p_sync, .xFileSize = p_size, .xLock = p_lock, .xUnlock = p_unlock,
	.xCheckReservedLock = p_check, .xFileControl = p_control, .xSectorSize = p_sector,
	.xDeviceCharacteristics = p_traits, .xShmMap = p_shm_map, .xShmLock = p_shm_lock,
	.xShmBarrier = p_shm_barrier, .xShmUnmap = p_shm_unmap,
};

/* --- the layer --------------------------------------------------------------------- */

sqlite3_vfs *
pass_below(const sqlite3_vfs *layer)
{
	return layer->pAppData;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync)
{
	return pass_below(v)->xDelete(pass_below(v), name, sync);
}

static int
v_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	return pass_below(v)->xAccess(pass_below(v), name, flags, out);
}

static int
v_full(sqlite3_vfs *v, const char *name, int n, char *out)
{
	return pass_below(v)->xFullPathname(pass_below(v), name, n, out);
}

static int
v_error(sqlite3_vfs *v, int n, char *text)
{
	return pass_below(v)->xGetLastError(pass_below(v), n, text);
}

void
pass_init(sqlite3_vfs *layer, sqlite3_vfs *below, const char *name, size_t file_size)
{
	*layer = *below;		/* randomness, time and the like as there */
	layer->pNext = NULL;
	layer->pAppData = below;
	layer->zName = name;
	layer->szOsFile = (int)file_size + below->szOsFile;
	layer->xDelete = v_delete;
	layer->xAccess = v_access;
	layer->xFullPathname = v_full;
	layer->xGetLastError = v_error;
}

int
pass_open(sqlite3_vfs *layer, sqlite3_filename name, sqlite3_file *file, int flags, int *got, const sqlite3_io_methods *methods)
{
	struct pass_file *f = (struct pass_file *)file;
	sqlite3_vfs *below = pass_below(layer);
	int rc;

	f->base.pMethods = NULL;
	f->real = (sqlite3_file *)((char *)file + layer->szOsFile - below->szOsFile);
	rc = below->xOpen(below, name, f->real, flags, got);
	if (rc == SQLITE_OK)
		f->base.pMethods = methods;
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* fault_vfs - see fault_vfs.h: a shim over SQLite's own file layer. */
#include "fault_vfs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xalloc.h"

struct file {
	sqlite3_file base;
	sqlite3_file *real;		/* right behind this struct */
};

/* What a write replaced, until its file is synced. */
struct undo {
	struct undo *next;		/* newest first */
	struct file *file;
	sqlite3_int64 at, size;		/* size of the file before */
	int n;
	char *was;			/* N bytes, zeroes past SIZE */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs vfs, *real;
	int calls[FAULT_ANY + 1];
	enum fault_call call;
	enum fault_act act;
	int from, to, errno_;		/* calls with these numbers are hit; 0: none */
	int last_errno;
	unsigned torn;
	struct undo *undos;
} fv = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- undo ----------------------------------------------------------------------- */

static void
remember(struct file *f, int n, sqlite3_int64 at)
{
	struct undo *u = xcalloc(1, sizeof(*u));

	f->real->pMethods->xFileSize(f->real, &u->size);
	u->file = f;
	u->at = at;
	u->n = n;
	u->was = xcalloc(1, (size_t)n + 1);
	if (at < u->size)		/* a short read fills up with zeroes */
		f->real->pMethods->xRead(f->real, u->was, n, at);
	u->next = fv.undos;
	fv.undos = u;
}

/* ALL, or those of F. */
static void
forget(struct file *f, bool undo)
{
	struct undo **at = &fv.undos, *u;

	while ((u = *at) != NULL) {
		if (f != NULL && u->file != f) {
			at = &u->next;
			continue;
		}
		if (undo && (fv.torn == 0 || (rand_r(&fv.torn) & 1))) {
			u->file->real->pMethods->xWrite(u->file->real, u->was, u->n, u->at);
			if (fv.torn == 0)
				u->file->real->pMethods->xTruncate(u->file->real, u->size);
		}
		*at = u->next;
		free(u->was);
		free(u);
	}
}

/* --- the fault -------------------------------------------------------------------- */

/* 0, or an errno: the caller fails. Called with the lock. */
static int
strike(enum fault_call call)
{
	int n = ++fv.calls[call];

	if (call == FAULT_WRITE || call == FAULT_SYNC)
		fv.calls[FAULT_ANY]++;
	if (fv.call == FAULT_ANY && (call == FAULT_WRITE || call == FAULT_SYNC))
		n = fv.calls[FAULT_ANY];
	else if (fv.call != call)
		return 0;
	if (fv.from == 0 || n < fv.from || n > fv.to)
		return 0;
	if (fv.act == FAULT_ERRNO)
		return fv.last_errno = fv.errno_;
	if (fv.act == FAULT_POWER)
		forget(NULL, true);
	kill(getpid(), SIGKILL);
	return EIO;
}

static int
result_of(int e, int io)
{
	return e == ENOSPC ? SQLITE_FULL : e == EROFS ? SQLITE_READONLY : io;
}

/* --- a file ------------------------------------------------------------------------ */

#define REAL(f) (((struct file *)(f))->real)

static int
f_close(sqlite3_file *f)
{
	pthread_mutex_lock(&fv.lock);
	forget((struct file *)f, false);
	pthread_mutex_unlock(&fv.lock);
	return REAL(f)->pMethods->xClose(REAL(f));
}

static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	int e;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_READ);
	pthread_mutex_unlock(&fv.lock);
	return e != 0 ? SQLITE_IOERR_READ : REAL(f)->pMethods->xRead(REAL(f), p, n, at);
}

static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int e;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_WRITE);
	if (e == 0)
		remember((struct file *)f, n, at);
	pthread_mutex_unlock(&fv.lock);
	return e != 0 ? result_of(e, SQLITE_IOERR_WRITE) : REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
f_sync(sqlite3_file *f, int flags)
{
	int e, rc;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_SYNC);
	pthread_mutex_unlock(&fv.lock);
	if (e != 0)
		return result_of(e, SQLITE_IOERR_FSYNC);
	rc = REAL(f)->pMethods->xSync(REAL(f), flags);
	pthread_mutex_lock(&fv.lock);
	if (rc == SQLITE_OK)
		forget((struct file *)f, false);
	pthread_mutex_unlock(&fv.lock);
	return rc;
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

/* Version 2: no memory-mapped reads, so that nothing goes past us. */
static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate,
	.xSync = f_sync, .xFileSize = f_size, .xLock = f_lock, .xUnlock = f_unlock,
	.xCheckReservedLock = f_check, .xFileControl = f_control, .xSectorSize = f_sector,
	.xDeviceCharacteristics = f_traits, .xShmMap = f_shm_map, .xShmLock = f_shm_lock,
	.xShmBarrier = f_shm_barrier, .xShmUnmap = f_shm_unmap,
};

/* --- the file layer ------------------------------------------------------------------ */

static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *file, int flags, int *got)
{
	struct file *f = (struct file *)file;
	int e, rc;

	(void)v;
	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_OPEN);
	pthread_mutex_unlock(&fv.lock);
	f->base.pMethods = NULL;
	if (e != 0)
		return SQLITE_CANTOPEN;
	f->real = (sqlite3_file *)(f + 1);
	rc = fv.real->xOpen(fv.real, name, f->real, flags, got);
	if (rc == SQLITE_OK)
		f->base.pMethods = &methods;
	return rc;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync)
{
	(void)v;
	return fv.real->xDelete(fv.real, name, sync);
}

static int
v_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	(void)v;
	return fv.real->xAccess(fv.real, name, flags, out);
}

static int
v_full(sqlite3_vfs *v, const char *name, int n, char *out)
{
	(void)v;
	return fv.real->xFullPathname(fv.real, name, n, out);
}

static int
v_error(sqlite3_vfs *v, int n, char *text)
{
	int e = fv.last_errno;

	(void)v;
	fv.last_errno = 0;
	return e != 0 ? e : fv.real->xGetLastError(fv.real, n, text);
}

/* --- what tests call ------------------------------------------------------------------- */

void
fault_install(void)
{
	if (fv.real == NULL) {
		fv.real = sqlite3_vfs_find(NULL);
		fv.vfs = *fv.real;
		fv.vfs.pNext = NULL;
		fv.vfs.zName = "fault";
		fv.vfs.szOsFile = (int)sizeof(struct file) + fv.real->szOsFile;
		fv.vfs.xOpen = v_open;
		fv.vfs.xDelete = v_delete;
		fv.vfs.xAccess = v_access;
		fv.vfs.xFullPathname = v_full;
		fv.vfs.xGetLastError = v_error;
	}
	memset(fv.calls, 0, sizeof(fv.calls));
	fault_calm();
	sqlite3_vfs_register(&fv.vfs, 1);
}

void
fault_remove(void)
{
	sqlite3_vfs_unregister(&fv.vfs);
}

void
fault_order(enum fault_call call, int n, int times, enum fault_act act, int errno_)
{
	pthread_mutex_lock(&fv.lock);
	fv.call = call;
	fv.act = act;
	fv.errno_ = errno_;
	fv.from = fv.calls[call] + n;
	fv.to = fv.from + times - 1;
	pthread_mutex_unlock(&fv.lock);
}

void
fault_calm(void)
{
	pthread_mutex_lock(&fv.lock);
	fv.from = fv.to = 0;
	pthread_mutex_unlock(&fv.lock);
}

int
fault_calls(enum fault_call call)
{
	int n;

	pthread_mutex_lock(&fv.lock);
	n = fv.calls[call];
	pthread_mutex_unlock(&fv.lock);
	return n;
}

void
fault_torn(unsigned seed)
{
	fv.torn = seed;
}

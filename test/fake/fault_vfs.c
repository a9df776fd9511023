/* SPDX-License-Identifier: Apache-2.0 */
/* fault_vfs - see fault_vfs.h: a shim over SQLite's own file layer. */
#include "fault_vfs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/pass.h"
#include "xalloc.h"

/* What a write replaced, until its file is synced. */
struct undo {
	struct undo *next;		/* newest first */
	struct pass_file *file;
	sqlite3_int64 at, size;		/* size of the file before */
	int n;
	char *was;			/* N bytes, zeroes past SIZE */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs vfs;
	sqlite3_io_methods methods;
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
remember(struct pass_file *f, int n, sqlite3_int64 at)
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
forget(struct pass_file *f, bool undo)
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

static int
f_close(sqlite3_file *f)
{
	pthread_mutex_lock(&fv.lock);
	forget((struct pass_file *)f, false);
	pthread_mutex_unlock(&fv.lock);
	return PASS_REAL(f)->pMethods->xClose(PASS_REAL(f));
}

static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	int e;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_READ);
	pthread_mutex_unlock(&fv.lock);
	return e != 0 ? SQLITE_IOERR_READ : PASS_REAL(f)->pMethods->xRead(PASS_REAL(f), p, n, at);
}

static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int e;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_WRITE);
	if (e == 0)
		remember((struct pass_file *)f, n, at);
	pthread_mutex_unlock(&fv.lock);
	return e != 0 ? result_of(e, SQLITE_IOERR_WRITE) : PASS_REAL(f)->pMethods->xWrite(PASS_REAL(f), p, n, at);
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
	rc = PASS_REAL(f)->pMethods->xSync(PASS_REAL(f), flags);
	pthread_mutex_lock(&fv.lock);
	if (rc == SQLITE_OK)
		forget((struct pass_file *)f, false);
	pthread_mutex_unlock(&fv.lock);
	return rc;
}

/* --- the file layer ------------------------------------------------------------------ */

static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *file, int flags, int *got)
{
	int e;

	pthread_mutex_lock(&fv.lock);
	e = strike(FAULT_OPEN);
	pthread_mutex_unlock(&fv.lock);
	file->pMethods = NULL;
	return e != 0 ? SQLITE_CANTOPEN : pass_open(v, name, file, flags, got, &fv.methods);
}

static int
v_error(sqlite3_vfs *v, int n, char *text)
{
	int e = fv.last_errno;

	fv.last_errno = 0;
	return e != 0 ? e : pass_below(v)->xGetLastError(pass_below(v), n, text);
}

/* --- what tests call ------------------------------------------------------------------- */

void
fault_install(void)
{
	if (fv.vfs.zName == NULL) {
		pass_init(&fv.vfs, sqlite3_vfs_find(NULL), "fault", sizeof(struct pass_file));
		fv.vfs.xOpen = v_open;
		fv.vfs.xGetLastError = v_error;
		fv.methods = pass_methods;
		fv.methods.xClose = f_close;
		fv.methods.xRead = f_read;
		fv.methods.xWrite = f_write;
		fv.methods.xSync = f_sync;
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

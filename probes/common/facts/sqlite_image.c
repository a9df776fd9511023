/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite_image - lets SQLite read a database that is only bytes.
 */
#include "facts/sqlite_image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define STEPS_MAX	200	/* times 100,000 instructions of SQLite */
#define VALUE_MAX	(64 << 20)

struct file {
	sqlite3_file base;
	struct sqlite_image *si;
};

static struct sqlite_image *
image_behind(sqlite3_file *f)
{
	return ((struct file *)f)->si;
}

/* Bytes 18 and 19 say "has a log"; here it has not, we put it in. */
static void
say_no_log(sqlite3_int64 offset, unsigned char *buf, int n)
{
	int i;

	for (i = 18; i <= 19; i++)
		if (offset <= i && i < offset + n)
			buf[i - offset] = 1;
}

static uint64_t
place_of(const struct sqlite_image *si, uint64_t offset,
    const struct image **img)
{
	const struct sqlite_wal *wal = &si->wal;
	uint64_t at = 0;

	*img = si->img;
	if (wal->count == 0)
		return offset;
	at = sqlite_wal_find(wal, (uint32_t)(offset / wal->page_size + 1));
	if (at == 0)
		return offset;
	*img = wal->img;
	return at + offset % wal->page_size;
}

static int
file_read(sqlite3_file *f, void *buf, int n, sqlite3_int64 offset)
{
	struct sqlite_image *si = image_behind(f);
	const struct image *img;
	uint64_t at;

	memset(buf, 0, (size_t)n);
	if (si->wal.count > 0 && (uint64_t)offset % si->wal.page_size +
	    (unsigned)n > si->wal.page_size)
		return SQLITE_IOERR_READ;
	at = place_of(si, (uint64_t)offset, &img);
	if (image_read(img, at, buf, (size_t)n) < 0)
		return SQLITE_IOERR_SHORT_READ;
	say_no_log(offset, buf, n);
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	struct sqlite_image *si = image_behind(f);

	*size = si->wal.count > 0
	    ? (sqlite3_int64)si->wal.pages * si->wal.page_size
	    : (sqlite3_int64)si->img->size;
	return SQLITE_OK;
}

static int
file_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

static int
file_write(sqlite3_file *f, const void *buf, int n, sqlite3_int64 offset)
{
	(void)f, (void)buf, (void)n, (void)offset;
	return SQLITE_READONLY;
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	(void)f, (void)size;
	return SQLITE_READONLY;
}

static int
file_flag(sqlite3_file *f, int flag)
{
	(void)f, (void)flag;
	return SQLITE_OK;
}

static int
file_reserved(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	(void)f, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *f)
{
	(void)f;
	return 512;
}

static int
file_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods file_methods = {
	.iVersion = 1,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_flag,
	.xFileSize = file_size,
	.xLock = file_flag,
	.xUnlock = file_flag,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
};

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *out_flags)
{
	struct file *file = (struct file *)f;

	(void)name;
	f->pMethods = NULL;
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
		return SQLITE_CANTOPEN;
	file->base.pMethods = &file_methods;
	file->si = vfs->pAppData;
	if (out_flags != NULL)
		*out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs, (void)name, (void)sync;
	return SQLITE_READONLY;
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs, (void)name, (void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int
vfs_full_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)size, "%s", name);
	return SQLITE_OK;
}

static int
vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 0, (size_t)n);
	return n;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int
vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 0;
	return SQLITE_OK;
}

/* A schema may hold endless queries under innocent names. */
static int
count_steps(void *arg)
{
	return --*(int *)arg < 0;
}

static int
open_db(struct sqlite_image *si)
{
	if (sqlite3_open_v2("image", &si->db, SQLITE_OPEN_READONLY,
		si->vfs.zName) != SQLITE_OK)
		return -EINVAL;
	si->steps = STEPS_MAX;
	sqlite3_progress_handler(si->db, 100000, count_steps, &si->steps);
	sqlite3_limit(si->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_limit(si->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(si->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(si->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

int
sqlite_image_open(struct sqlite_image *si, const struct image *img,
    const struct image *wal)
{
	int r;

	*si = (struct sqlite_image){
		.img = img,
		.vfs = {
			.iVersion = 1,
			.szOsFile = sizeof(struct file),
			.mxPathname = 64,
			.pAppData = si,
			.xOpen = vfs_open,
			.xDelete = vfs_delete,
			.xAccess = vfs_access,
			.xFullPathname = vfs_full_name,
			.xRandomness = vfs_random,
			.xSleep = vfs_sleep,
			.xCurrentTime = vfs_time,
		},
	};
	(void)snprintf(si->name, sizeof(si->name), "mid-image-%p", (void *)si);
	si->vfs.zName = si->name;
	r = sqlite_wal_load(&si->wal, wal);
	if (r == 0 && sqlite3_vfs_register(&si->vfs, 0) != SQLITE_OK)
		r = -ENOMEM;
	if (r == 0)
		r = open_db(si);
	if (r < 0)
		sqlite_image_close(si);
	return r;
}

void
sqlite_image_close(struct sqlite_image *si)
{
	sqlite3_close(si->db);
	sqlite3_vfs_unregister(&si->vfs);
	sqlite_wal_free(&si->wal);
}

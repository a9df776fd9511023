/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm_sqlite - SQLite as rpm's container ("rpmdb.sqlite", RHEL 9, Fedora).
 */
#include "facts/rpm.h"

#include <errno.h>
#include <sqlite3.h>

#include "facts/sqlite_image.h"

static int
walk_rows(sqlite3_stmt *st, rpm_header_fn *fn, void *arg)
{
	const void *blob;
	int len, r, bad = 0;

	while ((r = sqlite3_step(st)) == SQLITE_ROW) {
		blob = sqlite3_column_blob(st, 0);
		len = sqlite3_column_bytes(st, 0);
		if (blob == NULL || (unsigned int)len > RPM_HEADER_MAX) {
			bad = -EINVAL;
			continue;
		}
		r = fn(arg, blob, (size_t)len);
		if (r < 0 && r != -EINVAL)
			return r;
		if (r < 0)
			bad = r;
	}
	if (r != SQLITE_DONE)
		return r == SQLITE_NOMEM ? -ENOMEM : -EINVAL;
	return bad;
}

int
rpm_read_sqlite_wal(const struct image *img, const struct image *wal,
    rpm_header_fn *fn, void *arg)
{
	struct sqlite_image si;
	sqlite3_stmt *st = NULL;
	int r;

	r = sqlite_image_open(&si, img, wal);
	if (r < 0)
		return r;
	if (sqlite3_prepare_v2(si.db, "SELECT blob FROM Packages", -1, &st,
		NULL) == SQLITE_OK)
		r = walk_rows(st, fn, arg);
	else
		r = -EINVAL;
	sqlite3_finalize(st);
	sqlite_image_close(&si);
	return r;
}

int
rpm_read_sqlite(const struct image *img, rpm_header_fn *fn, void *arg)
{
	return rpm_read_sqlite_wal(img, NULL, fn, arg);
}

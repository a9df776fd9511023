/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm - the package databases of rpm, without rpm.
 *
 * Three containers hold the same thing, one header blob per package: a
 * Berkeley DB hash (to RHEL 8), ndb (SUSE) and SQLite (RHEL 9, Fedora). Each
 * reader walks its container and hands every blob to a callback.
 */
#ifndef MID_FACTS_RPM_H
#define MID_FACTS_RPM_H
#include <stddef.h>
#include <stdint.h>

struct image;

#define RPM_HEADER_MAX	(32u << 20)	/* a kernel's is about 1 MB */

/* Borrows BLOB. Negative stops the walk and is what the reader returns. */
typedef int rpm_header_fn(void *arg, const unsigned char *blob, size_t len);

/* 0, or a negative errno: -EINVAL when it is no such database, or broken. */
typedef int rpm_read_fn(const struct image *img, rpm_header_fn *fn, void *arg);
rpm_read_fn rpm_read_bdb;
rpm_read_fn rpm_read_ndb;
rpm_read_fn rpm_read_sqlite;

/* The same with what its write-ahead log says on top; WAL may be NULL. */
int rpm_read_sqlite_wal(const struct image *img, const struct image *wal,
    rpm_header_fn *fn, void *arg);

#endif

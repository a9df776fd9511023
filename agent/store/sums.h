/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sums - a check sum in every page of the database, which SQLite itself does
 * not have: a flipped bit in a stage or a name must be damage, not a value.
 *
 * A thin file layer over SQLite's own. It uses the eight bytes that the
 * header reserves at the end of each page: filled when a page goes into the
 * database file, checked when it comes out. The WAL has sums of its own, and
 * zeros in these bytes: a page that another program checkpoints for us passes
 * unchecked. Others may read the file as ever; a page they change is damage.
 */
#ifndef MID_STORE_SUMS_H
#define MID_STORE_SUMS_H

#define SUMS_PAGE 4096
#define SUMS_RESERVED 8		/* for SQLITE_FCNTL_RESERVE_BYTES, before the first page is made */

/* Name of the layer for sqlite3_open_v2(), over what is SQLite's default now. NULL: out of memory. */
const char *sums_vfs(void);

#endif

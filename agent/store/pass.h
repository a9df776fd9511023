/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pass - a file layer of SQLite that hands each call on to the layer below: what
 * a layer of ours is made of, which replaces a few of them.
 */
#ifndef MID_STORE_PASS_H
#define MID_STORE_PASS_H

#include <sqlite3.h>
#include <stddef.h>

/* A file of such a layer begins with it; behind what the layer adds stands the file below. */
struct pass_file {
	sqlite3_file base;
	sqlite3_file *real;
};
#define PASS_REAL(f) (((struct pass_file *)(f))->real)

/* Version 2: with shared memory for the WAL, without mapped reads, which would go past us. */
extern const sqlite3_io_methods pass_methods;

/* LAYER, called NAME, over BELOW: only xOpen is left to be set. FILE_SIZE: of its own struct of a file. */
void pass_init(sqlite3_vfs *layer, sqlite3_vfs *below, const char *name, size_t file_size);
sqlite3_vfs *pass_below(const sqlite3_vfs *layer);
/* Opens FILE of LAYER, with METHODS: an SQLITE_ code. */
int pass_open(sqlite3_vfs *layer, sqlite3_filename name, sqlite3_file *file, int flags, int *got, const sqlite3_io_methods *methods);

#endif

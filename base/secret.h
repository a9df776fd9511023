/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - bytes that must not be seen: kept out of core dumps and swap where
 * the system allows, wiped on free, never logged, never in a struct err.
 */
#ifndef MID_SECRET_H
#define MID_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

struct secret {
	unsigned char *data;	/* NUL-ended beyond len */
	size_t len;
};

void secret_init(struct secret *s);
void secret_fini(struct secret *s);			/* wipes */
void secret_set(struct secret *s, const void *p, size_t n);	/* copies */
/*
 * Whole file, 64 KiB at most; refuses one that group or others may read. One that secret_write_file() has
 * locked is opened; -E_AUTH when another machine has locked it.
 */
int secret_read_file(struct secret *s, const char *path, struct err *err);
/* For its owner alone, and where the system can (os_machine_binds()) for this machine alone. */
int secret_write_file(const char *path, const void *p, size_t n, struct err *err);
int secret_write_new_file(const char *path, const void *p, size_t n, struct err *err);	/* -E_EXISTS: never replaces */
/* It could be locked here, and is not. False also when it can't be read. */
bool secret_lies_open(const char *path);
/* Locks such a file. 1 it lay open, 0 there was nothing to do. */
int secret_lock_file(const char *path, struct err *err);

/*
 * A locked secret is a block as those of PEM, so that it can stand in a file with others, and says where it
 * can be opened, so that it can be refused in words anywhere else.
 */
/* Puts P behind OUT, locked; where the system can't do that, as it is. */
int secret_lock(struct buf *out, const void *p, size_t n, struct err *err);
#define SECRET_LOCKED "-----BEGIN MIDD LOCKED SECRET-----\n"
const char *secret_find_locked(const char *text);	/* the first such block in it, or NULL */
/* What is in the BLOCK that secret_find_locked() has found in file PATH. */
int secret_unlock(struct secret *s, const char *block, const char *path, struct err *err);

void secret_wipe(void *p, size_t n);

/* --- secret_heap.c: for libraries that keep pass words in plain buffers --- */

void secret_heap_free(void *p);			/* wipes; P is of malloc() */
void *secret_heap_realloc(void *p, size_t n);	/* leaves no unwiped copy behind */

/* Before anything uses OpenSSL: what it frees from then on is wiped, as it reads keys and pass words by plain buffers. <0: too late. */
int secret_wipe_openssl(void);

#endif

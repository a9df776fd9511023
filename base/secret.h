/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - bytes that must not be seen: kept out of core dumps and swap where
 * the system allows, wiped on free, never logged, never in a struct err.
 */
#ifndef MID_SECRET_H
#define MID_SECRET_H

#include <stddef.h>

struct err;

struct secret {
	unsigned char *data;	/* NUL-ended beyond len */
	size_t len;
};

void secret_init(struct secret *s);
void secret_fini(struct secret *s);			/* wipes */
void secret_set(struct secret *s, const void *p, size_t n);	/* copies */
/* Whole file, 64 KiB at most; refuses one that group or others may read. */
int secret_read_file(struct secret *s, const char *path, struct err *err);
void secret_wipe(void *p, size_t n);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - whole files read and written, and the tongue that a command
 * complains with.
 */
#ifndef LAB_FILES_H
#define LAB_FILES_H
#include <stddef.h>
#include <sys/types.h>

/* "DIR/NAME", caller frees. */
char *path_join(const char *dir, const char *name);
/* Written beside and renamed: a reader sees all of it or the old one. */
int file_write(const char *path, const void *p, size_t n, mode_t mode);
/* At most MAX bytes, 0-terminated; caller frees. NULL when it cannot. */
char *file_read(const char *path, size_t max, size_t *len);
/* "midlab: ..." on standard error; always 1, so a command can return it. */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#endif

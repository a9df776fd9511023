/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xalloc - memory for small fixed things. Out of memory ends the process: the
 * store makes dying safe. What another party sizes goes into struct buf.
 */
#ifndef MID_XALLOC_H
#define MID_XALLOC_H

#include <stddef.h>

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);		/* NULL gives NULL */
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif

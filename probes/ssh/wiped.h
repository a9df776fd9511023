/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wiped - memory that is wiped when it goes, for libssh2: pass words and keys pass
 * through buffers that it only frees.
 */
#ifndef MID_SSH_WIPED_H
#define MID_SSH_WIPED_H

#include <stddef.h>

/* As malloc, free, realloc; ABSTRACT is libssh2's and not looked at. */
void *wiped_new(size_t n, void **abstract);
void wiped_free(void *p, void **abstract);
void *wiped_resize(void *p, size_t n, void **abstract);
void *wiped_copy(const void *p, size_t n);	/* that libssh2 may free */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive - a .tar.gz of a few small files, written as they come. By ourselves, as the image of a
 * container has no tar, and a file that is packed need not lie about first.
 */
#ifndef MIDCTL_ARCHIVE_H
#define MIDCTL_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct archive;
struct err;

/* PATH is there already, and ours: what is in it goes. */
int archive_open(struct archive **out, const char *path, struct err *err);
/* NAME has less than 100 bytes. */
int archive_add(struct archive *ar, const char *name, const void *data, size_t len, int64_t changed_s, struct err *err);
/* Its end; AR is freed whatever comes of it. */
int archive_close(struct archive *ar, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* folder - a folder of one test, removed with all that is in it. */
#ifndef FAKE_FOLDER_H
#define FAKE_FOLDER_H

#include <ftw.h>
#include <stdio.h>

static inline int
folder_remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st, (void)flag, (void)f;
	return remove(path);
}

static inline int
folder_remove(const char *path)
{
	return nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MIDD_POSIX_DIRENT_MORE_H
#define MIDD_POSIX_DIRENT_MORE_H
int alphasort(const struct dirent **a, const struct dirent **b);
int scandir(const char *dir, struct dirent ***out, int (*wanted)(const struct dirent *),
    int (*order)(const struct dirent **, const struct dirent **));
#endif

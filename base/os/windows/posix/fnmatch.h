/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MIDD_POSIX_FNMATCH_H
#define MIDD_POSIX_FNMATCH_H
#define FNM_NOMATCH 1
#define FNM_CASEFOLD 16
#define FNM_PATHNAME 1
int fnmatch(const char *pattern, const char *s, int flags);
#endif

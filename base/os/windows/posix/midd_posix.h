/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the C library of Linux has and that of mingw-w64 has not, for the whole
 * tree: included before each file of a Windows build. Declared here and in the
 * headers beside, defined in the .c files beside.
 */
#ifndef MIDD_POSIX_H
#define MIDD_POSIX_H

#include <stddef.h>
#include <stdint.h>
#include <io.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

char *strsep(char **rest, const char *ends);
char *strcasestr(const char *in, const char *what);
char *strndup(const char *s, size_t max);
char *stpcpy(char *to, const char *from);
char *strchrnul(const char *s, int c);
void *mempcpy(void *to, const void *from, size_t n);
void *memmem(const void *in, size_t n, const void *what, size_t m);
void *memrchr(const void *in, int c, size_t n);
void explicit_bzero(void *p, size_t n);
void *reallocarray(void *p, size_t n, size_t size);
char *strptime(const char *s, const char *form, struct tm *out);
time_t timegm(struct tm *tm);
const char *strsignal(int signo);
int strverscmp(const char *a, const char *b);
void qsort_r(void *p, size_t n, size_t size, int (*order)(const void *, const void *, void *), void *arg);
ssize_t getline(char **line, size_t *room, FILE *f);
char *realpath(const char *path, char *out);	/* OUT: NULL */
FILE *posix_fopen(const char *path, const char *mode);
ssize_t pread(int fd, void *p, size_t n, off_t at);

#define fopen(path, mode) posix_fopen(path, mode)

#ifndef SIGKILL
#define SIGKILL 9
#define SIGHUP 1
#endif
#define O_CLOEXEC 0
#define O_NOFOLLOW 0
#define O_NOCTTY 0
#define O_NONBLOCK 0
#define tell posix_tell		/* a word of ours, and an old call of io.h */
#define F_OK 0
#define EDQUOT 10069		/* no call of Windows' gives it */

#define malloc_usable_size _msize

static inline int
malloc_trim(size_t pad)
{
	(void)pad;
	return _heapmin();
}

#endif

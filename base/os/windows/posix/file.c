/* SPDX-License-Identifier: Apache-2.0 */
/* file - see midd_posix.h. */
#include <errno.h>
#include <windows.h>
#undef fopen

/* Bytes as they are; no child gets files of ours anyway, and its C library knows no "e". */
FILE *
posix_fopen(const char *path, const char *mode)
{
	return fopen(path, mode[0] == 'r' ? "rb" : mode[0] == 'w' ? "wb" : "ab");
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	HANDLE h = (HANDLE)_get_osfhandle(fd);
	OVERLAPPED where = { .Offset = (DWORD)at, .OffsetHigh = (DWORD)((uint64_t)at >> 32) };
	DWORD got = 0;

	if (ReadFile(h, p, n > INT32_MAX ? INT32_MAX : (DWORD)n, &got, &where) || GetLastError() == ERROR_HANDLE_EOF)
		return (ssize_t)got;
	errno = EIO;
	return -1;
}

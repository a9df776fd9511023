/* SPDX-License-Identifier: Apache-2.0 */
/* file - see midd_posix.h. */
#include <errno.h>
#include <windows.h>

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

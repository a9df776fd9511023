/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_lock - where several processes race and one must win, on Windows.
 *
 * A byte far behind the end is locked, so that others can read the owner's
 * number. The system lets go when the owner dies, however it dies.
 */
#include "os.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "os_win.h"

#define LOCKED_BYTE 0x7fffffffu

int
os_lock_file(const char *path, intptr_t *out, int *pid, struct err *err)
{
	HANDLE f = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS,
	    FILE_ATTRIBUTE_NORMAL, NULL);
	OVERLAPPED at = { .Offset = LOCKED_BYTE };
	char text[24] = "";
	DWORD n;
	int r;

	*pid = 0;
	if (f == INVALID_HANDLE_VALUE)
		return win_err(err, "open %s", path);
	if (!LockFileEx(f, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)) {
		r = GetLastError() == ERROR_LOCK_VIOLATION || GetLastError() == ERROR_IO_PENDING ?
		    err_set(err, E_EXISTS, "%s is locked", path) : win_err(err, "lock %s", path);
		if (ReadFile(f, text, sizeof(text) - 1, &n, NULL))
			*pid = atoi(text);
		CloseHandle(f);
		return r;
	}
	snprintf(text, sizeof(text), "%lu\n", (unsigned long)GetCurrentProcessId());
	(void)SetEndOfFile(f);
	(void)WriteFile(f, text, (DWORD)strlen(text), &n, NULL);	/* for people */
	*out = (intptr_t)f;
	return 0;
}

void
os_unlock_file(intptr_t lock)
{
	if (lock != -1)
		CloseHandle((HANDLE)lock);
}

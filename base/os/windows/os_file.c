/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_file - files on Windows: read whole, written whole or not at all.
 *
 * Names are UTF-8: the manifest makes that the code page of our programs. A
 * file that is for its owner alone is born with an access list that says so.
 */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "os_win.h"
#include "xalloc.h"

#define READ_CHUNK (16u * 1024)

/* ENOENT is what callers ask about, so it gets its own number. */
static int
no_such(struct err *err, const char *what, const char *path)
{
	DWORD e = GetLastError();
	int missing = e == ERROR_FILE_NOT_FOUND || e == ERROR_PATH_NOT_FOUND || e == ERROR_INVALID_NAME;
	int r = win_err(err, "%s %s", what, path);

	if (!missing)
		return r;
	if (err != NULL)
		err->code = E_NONE;
	return -E_NONE;
}

static int
read_all(struct buf *b, HANDLE f, const char *path, struct err *err)
{
	size_t want;
	DWORD n;
	char *to, one;

	for (;;) {
		want = b->max - b->len < READ_CHUNK ? b->max - b->len : READ_CHUNK;
		to = want == 0 ? &one : buf_room(b, want);
		if (!ReadFile(f, to, want == 0 ? 1 : (DWORD)want, &n, NULL))
			return win_err(err, "read %s", path);
		if (n == 0)
			return 0;
		if (want == 0)
			return err_set(err, E_FULL, "%s is larger than the %zu bytes that are read of it", path, b->max);
		b->len += n;
		b->data[b->len] = '\0';
	}
}

int
os_read_file(struct buf *b, const char *path, struct err *err)
{
	HANDLE f = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
	int r;

	if (f == INVALID_HANDLE_VALUE)
		return no_such(err, "open", path);
	r = read_all(b, f, path, err);
	CloseHandle(f);
	return r;
}

static int
write_all(HANDLE f, const char *p, size_t len)
{
	DWORD n;

	for (; len > 0; p += n, len -= n)
		if (!WriteFile(f, p, len > (1u << 30) ? 1u << 30 : (DWORD)len, &n, NULL))
			return -1;
	return 0;
}

/* A name is durable with MOVEFILE_WRITE_THROUGH; there is nothing to flush for a folder. */
int
os_sync_folder_of(const char *path)
{
	(void)path;
	return 0;
}

static int
put_part(const char *part, const void *data, size_t len, unsigned mode, struct err *err)
{
	SECURITY_ATTRIBUTES only = { sizeof(only), NULL, FALSE };
	HANDLE f;
	int r = 0;

	if ((mode & 077) == 0)
		only.lpSecurityDescriptor = win_only_us();
	f = CreateFileA(part, GENERIC_WRITE, 0, &only, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
	if (f == INVALID_HANDLE_VALUE)
		return no_such(err, "create", part);
	if (write_all(f, data, len) < 0 || !FlushFileBuffers(f))
		r = win_err(err, "write %s", part);
	CloseHandle(f);
	return r;
}

static int
write_as(const char *path, const void *data, size_t len, unsigned mode, bool replace, struct err *err)
{
	char *part = xasprintf("%s.part", path);
	int r;

	(void)DeleteFileA(part);
	r = put_part(part, data, len, mode, err);
	if (r == 0 && !MoveFileExA(part, path, MOVEFILE_WRITE_THROUGH | (replace ? MOVEFILE_REPLACE_EXISTING : 0))) {
		if (!replace && (GetLastError() == ERROR_ALREADY_EXISTS || GetLastError() == ERROR_FILE_EXISTS))
			r = err_set(err, E_EXISTS, "%s is there already", path);
		else
			r = win_err(err, "put %s in place", path);
	}
	if (r < 0)
		(void)DeleteFileA(part);
	free(part);
	return r;
}

int
os_write_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err)
{
	return write_as(path, data, len, mode, true, err);
}

int
os_write_new_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err)
{
	return write_as(path, data, len, mode, false, err);
}

static bool
is_slash(char c)
{
	return c == '/' || c == '\\';
}

int
os_make_file(const char *path, struct err *err)
{
	int r;

	if (GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES)
		return err_set(err, E_EXISTS, "%s is there already", path);
	r = put_part(path, "", 0, 0600, err);
	return r == -E_NONE ? -E_OS : r;
}

int
os_mkdirs(const char *path, unsigned mode, struct err *err)
{
	SECURITY_ATTRIBUTES only = { sizeof(only), (mode & 077) == 0 ? win_only_us() : NULL, FALSE };
	char *p = xstrdup(path), *at = p, was;
	DWORD a;
	int r = 0;

	if (p[0] != '\0' && p[1] == ':')
		at += 2;
	while (r == 0 && *at != '\0') {
		while (is_slash(*at))
			at++;
		while (*at != '\0' && !is_slash(*at))
			at++;
		was = *at;
		*at = '\0';
		if (!CreateDirectoryA(p, &only) && GetLastError() != ERROR_ALREADY_EXISTS && GetLastError() != ERROR_ACCESS_DENIED)
			r = win_err(err, "make the folder %s", p);
		*at = was;
	}
	a = GetFileAttributesA(path);
	if (r == 0 && (a == INVALID_FILE_ATTRIBUTES || (a & FILE_ATTRIBUTE_DIRECTORY) == 0))
		r = win_err(err, "make the folder %s", path);
	free(p);
	return r;
}

int
os_file_is_private(const char *path)
{
	return win_only_ours(path, FILE_READ_DATA);
}

int
os_file_only_owner_writes(const char *path)
{
	return win_only_ours(path, FILE_WRITE_DATA | FILE_APPEND_DATA | WRITE_DAC | WRITE_OWNER | DELETE);
}

bool
os_service_may_read(const char *path)
{
	(void)path;
	return true;		/* files inherit that from the folder, midd recover */
}

int64_t
os_disk_free(const char *path)
{
	char *at = xstrdup(path), *slash = at;
	ULARGE_INTEGER n;
	int64_t room = -1;

	os_path_tidy(at);
	/* It knows folders only: one above PATH, when that is a file. */
	while (room < 0 && slash != NULL && *at != '\0') {
		if (GetDiskFreeSpaceExA(at, &n, NULL, NULL))
			room = (int64_t)n.QuadPart;
		slash = strrchr(at, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	free(at);
	return room;
}

int64_t
os_file_changed(const char *path)
{
	WIN32_FILE_ATTRIBUTE_DATA d;

	if (!GetFileAttributesExA(path, GetFileExInfoStandard, &d))
		return 0;
	return ((((int64_t)d.ftLastWriteTime.dwHighDateTime << 32) | d.ftLastWriteTime.dwLowDateTime) - 116444736000000000ll) * 100;
}

void
os_write_stderr(const char *p, size_t n)
{
	(void)write_all(GetStdHandle(STD_ERROR_HANDLE), p, n);
}

void
os_path_tidy(char *path)
{
	for (; *path != '\0'; path++)
		if (*path == '\\')
			*path = '/';
}

char *
os_real_path(const char *path)
{
	char full[MAX_PATH * 4];

	if (GetFullPathNameA(path, sizeof(full), full, NULL) == 0 || GetFileAttributesA(full) == INVALID_FILE_ATTRIBUTES) {
		errno = GetLastError() == ERROR_ACCESS_DENIED ? EACCES : ENOENT;
		return NULL;
	}
	os_path_tidy(full);
	return xstrdup(full);
}

bool
os_path_is_absolute(const char *path)
{
	return is_slash(path[0]) || (path[0] != '\0' && path[1] == ':');
}

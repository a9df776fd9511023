/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_file - files on Linux: read whole, written whole or not at all.
 *
 * The rename is the commit: who looks sees all of the old bytes or all of the
 * new ones, also after a power cut.
 */
#include "os.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "xalloc.h"

#define READ_CHUNK (16u * 1024)

/* ENOENT is what callers ask about, so it gets its own number. */
static int
no_such(struct err *err, const char *what, const char *path)
{
	int missing = errno == ENOENT || errno == ENOTDIR;
	int r = err_os(err, "%s %s", what, path);

	if (!missing)
		return r;
	if (err != NULL)
		err->code = E_NONE;
	return -E_NONE;
}

static int
read_all(struct buf *b, int fd, const char *path, struct err *err)
{
	size_t want;
	ssize_t n;
	char *to, one;

	for (;;) {
		want = b->max - b->len < READ_CHUNK ? b->max - b->len : READ_CHUNK;
		to = want == 0 ? &one : buf_room(b, want);
		n = read(fd, to, want == 0 ? 1 : want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_os(err, "read %s", path);
		if (n == 0)
			return 0;
		if (want == 0)
			return err_set(err, E_FULL, "%s is larger than the %zu bytes that are read of it", path, b->max);
		b->len += (size_t)n;
		b->data[b->len] = '\0';
	}
}

int
os_read_file(struct buf *b, const char *path, struct err *err)
{
	int fd, r;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return no_such(err, "open", path);
	r = read_all(b, fd, path, err);
	close(fd);
	return r;
}

static int
write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
os_sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? xstrdup(".") : xstrndup(path, (size_t)(slash - path) + 1);
	int fd, r;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

int
os_write_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err)
{
	char *part = xasprintf("%s.part", path);
	int fd, r;

	/* A leftover of a crash would keep its own mode and perhaps a link. */
	(void)unlink(part);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
	if (fd < 0) {
		r = no_such(err, "create", part);
		goto out;
	}
	r = write_all(fd, data, len);
	if (r == 0)
		r = fsync(fd);
	if (r < 0)
		r = err_os(err, "write %s", part);
	close(fd);
	if (r == 0 && (rename(part, path) < 0 || os_sync_folder_of(path) < 0))
		r = err_os(err, "put %s in place", path);
	if (r < 0)
		(void)unlink(part);
out:
	free(part);
	return r;
}

int
os_make_file(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? err_set(err, E_EXISTS, "%s is there already", path) : err_os(err, "create %s", path);
	close(fd);
	return 0;
}

int
os_mkdirs(const char *path, unsigned mode, struct err *err)
{
	char *p = xstrdup(path), *at;
	struct stat st;
	int r = 0;

	for (at = p + (*p == '/'); r == 0 && at != NULL; ) {
		at = strchr(at, '/');
		if (at != NULL)
			*at = '\0';
		if (mkdir(p, (mode_t)mode) < 0 && errno != EEXIST)
			r = err_os(err, "make the folder %s", p);
		if (at != NULL)
			*at++ = '/';
	}
	if (r == 0 && (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))) {
		errno = ENOTDIR;
		r = err_os(err, "make the folder %s", path);
	}
	free(p);
	return r;
}

/*
 * With an access list (acl(5)) the bits of the group are its mask. systemd may give a service its credentials
 * so (257 on Debian 13 does): a file of root, which the user of the service may read by such a list.
 */
#define ACL_ENTRIES_MAX 32

/* 1 when the list, and OWNER is root, lets one user read besides; 0 when it lets more in; <0: there is no list. */
static int
acl_is_private(const char *path, uid_t owner)
{
	struct {
		struct posix_acl_xattr_header head;
		struct posix_acl_xattr_entry entry[ACL_ENTRIES_MAX];
	} acl;
	ssize_t n = getxattr(path, "system.posix_acl_access", &acl, sizeof(acl));
	size_t i, count, users = 0;

	if (n < (ssize_t)sizeof(acl.head))
		return n < 0 && errno == ERANGE ? 0 : -E_NONE;
	count = ((size_t)n - sizeof(acl.head)) / sizeof(acl.entry[0]);
	for (i = 0; i < count; i++) {
		unsigned tag = le16toh(acl.entry[i].e_tag);

		if (tag == ACL_USER_OBJ || tag == ACL_MASK || acl.entry[i].e_perm == 0)
			continue;
		if (tag != ACL_USER)
			return 0;
		users++;
	}
	return users == 0 || (users == 1 && owner == 0);
}

int
os_file_is_private(const char *path)
{
	struct stat st;
	int r;

	if (stat(path, &st) < 0)
		return -E_OS;
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return 1;
	r = acl_is_private(path, st.st_uid);
	return r >= 0 ? r : 0;
}

int
os_file_only_owner_writes(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -E_OS;
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 && (st.st_uid == 0 || st.st_uid == geteuid());
}

/* By its way too, so a process tries it as that user. */
bool
os_service_may_read(const char *path)
{
	const struct passwd *user = geteuid() == 0 ? getpwnam("midd") : NULL;
	pid_t pid;
	int st = 0;

	if (user == NULL)
		return true;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(setgroups(0, NULL) == 0 && setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0 && access(path, R_OK) < 0);
	return pid < 0 || waitpid(pid, &st, 0) != pid || !WIFEXITED(st) || WEXITSTATUS(st) == 0;
}

int64_t
os_disk_free(const char *path)
{
	struct statvfs v;

	if (statvfs(path, &v) < 0)
		return -1;
	return (int64_t)v.f_bavail * (int64_t)v.f_frsize;
}

int64_t
os_file_changed(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

void
os_path_tidy(char *path)
{
	(void)path;
}

bool
os_path_is_absolute(const char *path)
{
	return path[0] == '/';
}

char *
os_real_path(const char *path)
{
	return realpath(path, NULL);
}

void
os_write_stderr(const char *p, size_t n)
{
	(void)write_all(STDERR_FILENO, p, n);
}

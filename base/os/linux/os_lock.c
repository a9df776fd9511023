/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_lock - where several processes race and one must win, on Linux.
 *
 * A lock is flock() on a file that holds the owner's number. The kernel lets go when the owner dies, however it dies, so
 * a stale file locks nobody out. Its holder may remove it: who has opened it before sees that, and begins
 * anew, so that no two hold "the" lock on two files of one name.
 */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "xalloc.h"

static int
owner_of(int fd)
{
	char text[24] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	return n > 0 ? atoi(text) : 0;
}

static int
sign(int fd, const char *path, struct err *err)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	/* A full disk must not keep us from starting: the name in it is for people. */
	if (ftruncate(fd, 0) < 0 || (pwrite(fd, text, (size_t)n, 0) != n && errno != ENOSPC && errno != EDQUOT))
		return err_os(err, "write %s", path);
	return 0;
}

/* Whoever had it may have removed it after we had opened it: then another one could lock the next of that name. */
static bool
is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

int
os_lock_file(const char *path, intptr_t *out, int *pid, struct err *err)
{
	int fd, r;
	bool held;

	*pid = 0;
	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return err_os(err, "open %s", path);
		held = flock(fd, LOCK_EX | LOCK_NB) == 0;
		if (!held || !is_removed(fd))
			break;
		close(fd);
	}
	if (!held) {
		r = errno == EWOULDBLOCK ? err_set(err, E_EXISTS, "%s is locked", path) : err_os(err, "lock %s", path);
		*pid = owner_of(fd);
		goto out;
	}
	r = sign(fd, path, err);
	if (r == 0) {
		*out = fd;
		return 0;
	}
out:
	close(fd);
	return r;
}

void
os_unlock_file(intptr_t lock)
{
	if (lock >= 0)
		close((int)lock);
}

/* link() puts the whole file in place or fails because there is one: rename() would replace it. */
int
os_write_new_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err)
{
	char *mine = xasprintf("%s.new-%d", path, (int)getpid());
	int r = os_write_file(mine, data, len, mode, err);

	if (r == 0 && link(mine, path) < 0)
		r = errno == EEXIST ? err_set(err, E_EXISTS, "%s is there already", path) : err_os(err, "create %s", path);
	(void)unlink(mine);
	if (r == 0 && os_sync_folder_of(path) < 0)
		r = err_os(err, "create %s", path);
	free(mine);
	return r;
}

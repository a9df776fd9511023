/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill_at - ends midd by SIGKILL at its n-th step that anybody else could see:
 * a write to a file or a socket, a sync, a rename, an unlink.
 *
 * Preloaded into midd. KILL_AT=n: at step n the process is gone; a write to a
 * file is then half done. Without KILL_AT, or beyond the last step, it only
 * counts. KILL_COUNT names a file of 8 bytes that holds the steps so far, so
 * that they can be read when the process is dead. With KILL_NAME only steps on files
 * count whose path holds that word. Workers are left alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define REAL(name) ((__typeof__(&name))real(#name))

static atomic_uint_fast64_t own, *steps = &own;
static uint64_t kill_at;
static const char *word;		/* KILL_NAME; NULL: everything counts */

static void *
real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static void
share_count(const char *path)
{
	void *map;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(*steps)) != 0)
		return;
	map = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		steps = map;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *at = getenv("KILL_AT"), *count = getenv("KILL_COUNT");

	/* What midd starts must not count: it inherits nothing of this. */
	unsetenv("LD_PRELOAD");
	if (count != NULL)
		share_count(count);
	word = getenv("KILL_NAME");
	atomic_store(steps, 0);
	if (at != NULL)
		kill_at = strtoull(at, NULL, 10);
}

/* True for the step at which to die. */
static int
is_last(void)
{
	return atomic_fetch_add(steps, 1) + 1 == kill_at;
}

static void __attribute__((noreturn))
die(void)
{
	for (;;)
		kill(getpid(), SIGKILL);
}

static void
step(void)
{
	if (is_last())
		die();
}

static int
counts(const char *path)
{
	return word == NULL || strstr(path, word) != NULL;
}

static int
fd_counts(int fd)
{
	char link[40], path[500];
	ssize_t n;

	if (word == NULL)
		return 1;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return counts(path);
}

/* Wake-ups between our own threads are nobody else's business. */
static mode_t
kind(int fd)
{
	struct stat st;
	int keep = errno;
	mode_t m = fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;

	errno = keep;
	return m;
}

static void
step_write(int fd, const void *p, size_t n, off_t at)
{
	mode_t m = kind(fd);

	if ((m != S_IFREG && m != S_IFSOCK) || !fd_counts(fd) || !is_last())
		return;
	if (m == S_IFREG && at >= 0)
		(void)!REAL(pwrite)(fd, p, n / 2, at);
	else if (m == S_IFREG)
		(void)!REAL(write)(fd, p, n / 2);
	die();
}

EXPORT ssize_t
write(int fd, const void *p, size_t n)
{
	step_write(fd, p, n, -1);
	return REAL(write)(fd, p, n);
}

EXPORT ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	step_write(fd, p, n, at);
	return REAL(pwrite)(fd, p, n, at);
}

EXPORT ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	step_write(fd, p, n, at);
	return REAL(pwrite64)(fd, p, n, at);
}

EXPORT ssize_t
writev(int fd, const struct iovec *v, int n)
{
	if ((kind(fd) == S_IFREG || kind(fd) == S_IFSOCK) && fd_counts(fd))
		step();
	return REAL(writev)(fd, v, n);
}

EXPORT ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	if (fd_counts(fd))
		step();
	return REAL(send)(fd, p, n, flags);
}

EXPORT ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	if (fd_counts(fd))
		step();
	return REAL(sendmsg)(fd, m, flags);
}

EXPORT int
fsync(int fd)
{
	if (fd_counts(fd))
		step();
	return REAL(fsync)(fd);
}

EXPORT int
fdatasync(int fd)
{
	if (fd_counts(fd))
		step();
	return REAL(fdatasync)(fd);
}

EXPORT int
ftruncate(int fd, off_t n)
{
	if (kind(fd) == S_IFREG && fd_counts(fd))
		step();
	return REAL(ftruncate)(fd, n);
}

EXPORT int
ftruncate64(int fd, off64_t n)
{
	if (kind(fd) == S_IFREG && fd_counts(fd))
		step();
	return REAL(ftruncate64)(fd, n);
}

EXPORT int
rename(const char *from, const char *to)
{
	if (counts(from) || counts(to))
		step();
	return REAL(rename)(from, to);
}

EXPORT int
unlink(const char *path)
{
	if (counts(path))
		step();
	return REAL(unlink)(path);
}

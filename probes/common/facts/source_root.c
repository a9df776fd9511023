/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_root - facts from a root directory: "/" or a captured tree.
 *
 * A captured tree is foreign: its links may point anywhere. They are resolved
 * as if the tree were the root (openat2, or the walk in root_walk.c where the
 * kernel has no openat2), so nothing outside is ever read. A path that is not
 * a plain file is not read either: a FIFO would block.
 */
#include "facts/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "facts/names.h"
#include "facts/root_open.h"

#define KERNEL_PIECE	4096	/* what a file of /proc gives at once */

struct root {
	struct facts_source base;
	int fd;
};

static int
root_fd(struct facts_source *s, const char *path, int flags)
{
	struct root *r = (struct root *)s;

	return root_open(r->fd, s->live, path, flags);
}

static int
open_plain(struct facts_source *s, const char *path, struct stat *st)
{
	int fd = root_fd(s, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fd;
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

/* Until SIZE bytes or the end. LINE_MAX is 0, or as in facts_read_table(). */
static ssize_t
read_some(int fd, char *buf, size_t size, size_t line_max)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		if (line_max > 0 && (size_t)n + line_max <= KERNEL_PIECE)
			break;
	}
	return (ssize_t)len;
}

static int
root_read(struct facts_source *s, const char *path, char *buf, size_t size,
    size_t *len)
{
	struct stat st;
	ssize_t n;
	int fd;

	fd = open_plain(s, path, &st);
	if (fd < 0)
		return fd;
	n = read_some(fd, buf, size, 0);
	close(fd);
	if (n < 0)
		return (int)n;
	if ((size_t)n >= size)
		return -EFBIG;
	*len = (size_t)n;
	buf[n] = '\0';
	return 0;
}

/* Grows BYTES to CAP and one more for the NUL. */
static int
grow(struct facts_bytes *bytes, size_t cap)
{
	char *bigger = realloc(bytes->data, cap + 1);

	if (bigger == NULL)
		return -ENOMEM;
	bytes->data = bigger;
	return 0;
}

/* A file in /proc says size 0, so its size is only known at its end. */
static int
read_to_end(int fd, size_t cap, size_t max, size_t line_max,
    struct facts_bytes *b)
{
	ssize_t n;
	int r;

	for (;;) {
		r = grow(b, cap);
		if (r < 0)
			return r;
		n = read_some(fd, b->data + b->len, cap - b->len, line_max);
		if (n < 0)
			return (int)n;
		b->len += (size_t)n;
		if (b->len < cap)
			return 0;
		if (cap > max)
			return -EFBIG;
		cap = cap * 4 < max ? cap * 4 : max + 1;
	}
}

static int
root_read_all(struct facts_source *s, const char *path, size_t max,
    size_t line_max, struct facts_bytes *out)
{
	struct facts_bytes b = { NULL, 0 };
	struct stat st;
	size_t cap;
	int fd, r;

	fd = open_plain(s, path, &st);
	if (fd < 0)
		return fd;
	cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 16384;
	r = read_to_end(fd, cap <= max ? cap : max + 1, max,
	    s->live ? line_max : 0, &b);
	close(fd);
	if (r < 0) {
		facts_bytes_free(&b);
		return r;
	}
	b.data[b.len] = '\0';
	*out = b;
	return 0;
}

static int
collect_names(DIR *d, struct facts_names *out)
{
	size_t used = 0, cap = 0;
	struct dirent *e;
	int r = 0;

	while (r == 0 && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			r = names_add(out, e->d_name, &used, &cap);
	return r == 0 ? names_index(out) : r;
}

static int
root_fd_plain(struct facts_source *s, const char *path)
{
	struct stat st;

	return open_plain(s, path, &st);
}

static int
root_list(struct facts_source *s, const char *dir, struct facts_names *out)
{
	int fd, r;
	DIR *d;

	fd = root_fd(s, dir, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	d = fdopendir(fd);
	if (d == NULL) {
		r = -errno;
		close(fd);
		return r;
	}
	r = collect_names(d, out);
	closedir(d);
	if (r < 0)
		facts_names_free(out);
	return r;
}

/* A captured tree's, which may be a plain file that holds the text. */
static ssize_t
captured_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	ssize_t n;
	int fd;

	fd = root_fd(s, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	n = readlinkat(fd, "", buf, size);
	close(fd);
	if (n >= 0)
		return n;
	fd = root_fd(s, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	n = root_link_file(fd, buf, size);
	close(fd);
	return n;
}

static int
root_link(struct facts_source *s, const char *path, char *buf, size_t size)
{
	ssize_t n;

	/* Thousands of /proc/PID/fd/N: one call each, not three. */
	if (s->live) {
		n = readlinkat(((struct root *)s)->fd, path, buf, size);
		n = n < 0 ? -errno : n;
	} else {
		n = captured_link(s, path, buf, size);
	}
	if (n < 0)
		return (int)n;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return 0;
}

static int
root_stat(struct facts_source *s, const char *path, struct facts_stat *out)
{
	struct stat st;
	int fd, r;

	fd = root_fd(s, path, O_PATH);
	if (fd < 0)
		return fd;
	r = fstat(fd, &st) < 0 ? -errno : 0;
	close(fd);
	if (r == 0)
		*out = (struct facts_stat){
			.mode = st.st_mode,
			.size_bytes = (uint64_t)st.st_size,
			.inode = st.st_ino,
			.uid = st.st_uid,
			.gid = st.st_gid,
			.mtime_s = st.st_mtime,
		};
	return r;
}

static int
root_usage(struct facts_source *s, const char *path, struct facts_usage *out)
{
	struct statvfs v;
	int fd, r;

	if (!s->live)
		return -ENOTSUP;
	fd = root_fd(s, path, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return fd;
	r = fstatvfs(fd, &v) < 0 ? -errno : 0;
	close(fd);
	if (r == 0)
		*out = (struct facts_usage){
			.size_bytes = (uint64_t)v.f_blocks * v.f_frsize,
			.free_bytes = (uint64_t)v.f_bfree * v.f_frsize,
			.available_bytes = (uint64_t)v.f_bavail * v.f_frsize,
			.inodes = v.f_files,
			.inodes_free = v.f_ffree,
		};
	return r;
}

static int
root_machine(struct facts_source *s, char *buf, size_t size)
{
	struct utsname u;

	if (!s->live)
		return -ENOTSUP;
	if (uname(&u) < 0)
		return -errno;
	str_copy(buf, size, str_of(u.machine));
	return 0;
}

static int
root_addresses(struct facts_source *s, facts_address_cb *cb, void *arg)
{
	return s->live ? root_netlink_addresses(cb, arg) : -ENOTSUP;
}

static void
root_close(struct facts_source *s)
{
	struct root *r = (struct root *)s;

	close(r->fd);
	free(r);
}

static const struct facts_source_ops root_ops = {
	.read = root_read,
	.read_all = root_read_all,
	.open = root_fd_plain,
	.list = root_list,
	.link = root_link,
	.stat = root_stat,
	.usage = root_usage,
	.machine = root_machine,
	.addresses = root_addresses,
	.close = root_close,
};

int
facts_source_root(struct facts_source **out, const char *root)
{
	struct root *r;
	int fd;

	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		close(fd);
		return -ENOMEM;
	}
	r->base.ops = &root_ops;
	r->base.live = strcmp(root, "/") == 0;
	r->fd = fd;
	*out = &r->base;
	return 0;
}

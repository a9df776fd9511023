/* SPDX-License-Identifier: Apache-2.0 */
/*
 * root_open - opens a path below a root that no link can lead out of.
 *
 * openat2 does it in the kernel. The walk does the same by hand, one name at
 * a time: ".." stops at the root, and an absolute link starts there again.
 */
#include "facts/root_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINKS_MAX 40		/* as the kernel */
#define DEPTH_MAX 64

/* A path being walked: the directories down to here, and what is left. */
struct walk {
	int root;
	int flags;
	int dir[DEPTH_MAX];
	int depth;
	int links;
	char left[FACTS_PATH_MAX * 2];
};

static int
here(const struct walk *w)
{
	return w->depth > 0 ? w->dir[w->depth - 1] : w->root;
}

static void
go_up(struct walk *w)
{
	if (w->depth > 0)
		close(w->dir[--w->depth]);
}

ssize_t
root_link_file(int fd, char *text, size_t size)
{
	struct stat st;
	ssize_t n = -1;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (size_t)st.st_size < size)
		n = read(fd, text, size);
	if (n < 4 || memcmp(text, "../", 3) != 0 ||
	    memchr(text, '\0', (size_t)n) != NULL)
		return -EINVAL;
	if (text[n - 1] == '\n')
		n--;
	return memchr(text, '\n', (size_t)n) != NULL ? -EINVAL : n;
}

static ssize_t
link_text(int dir, const char *name, char *text, size_t size)
{
	ssize_t n = readlinkat(dir, name, text, size);
	int fd;

	if (n >= 0 || errno != EINVAL)
		return n >= 0 ? n : -errno;
	fd = openat(dir, name,
	    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	n = root_link_file(fd, text, size);
	close(fd);
	return n;
}

/* Puts the text of the link in front of what is left. */
static int
follow(struct walk *w, const char *name)
{
	char text[FACTS_PATH_MAX * 2];
	ssize_t n;
	size_t left = strlen(w->left);

	if (++w->links > LINKS_MAX)
		return -ELOOP;
	n = link_text(here(w), name, text, FACTS_PATH_MAX);
	if (n < 0)
		return (int)n;
	if (n >= FACTS_PATH_MAX || (size_t)n + left + 2 > sizeof(text))
		return -ENAMETOOLONG;
	text[n] = '/';
	memcpy(text + n + 1, w->left, left + 1);
	memcpy(w->left, text, (size_t)n + left + 2);
	while (text[0] == '/' && w->depth > 0)
		go_up(w);
	return 0;
}

/* Cuts the first name off what is left: 1, or 0 when there is none. */
static int
next_name(struct walk *w, char name[NAME_MAX + 1], bool *last)
{
	char *p = w->left + strspn(w->left, "/");
	size_t n = strcspn(p, "/");
	size_t more = n + strspn(p + n, "/");

	if (n == 0 || n > NAME_MAX)
		return n == 0 ? 0 : -ENAMETOOLONG;
	memcpy(name, p, n);
	name[n] = '\0';
	*last = p[more] == '\0';
	memmove(w->left, p + more, strlen(p + more) + 1);
	return 1;
}

static bool
is_link(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);
}

static int
open_name(const struct walk *w, const char *name, bool last)
{
	int fd;

	fd = openat(here(w), name, O_CLOEXEC | O_NOFOLLOW |
	    (last ? w->flags : O_PATH | O_DIRECTORY));
	if (fd < 0)
		return -errno;
	/* O_PATH opens the link itself, wanted or not. */
	if (last && !(w->flags & O_NOFOLLOW) && is_link(fd)) {
		close(fd);
		return -ELOOP;
	}
	return fd;
}

static int
go_down(struct walk *w, int fd)
{
	if (w->depth == DEPTH_MAX) {
		close(fd);
		return -ENAMETOOLONG;
	}
	w->dir[w->depth++] = fd;
	return 1;
}

/* 1 to go on; 0 at the end, with the descriptor in *FD; or a negative errno. */
static int
walk_name(struct walk *w, const char *name, bool last, int *fd)
{
	int d, r;

	if (strcmp(name, "..") == 0)
		go_up(w);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 1;
	d = open_name(w, name, last);
	if (d == -ELOOP || d == -ENOTDIR) {
		r = follow(w, name);
		return r == 0 ? 1 : r == -EINVAL ? d : r;
	}
	if (d < 0)
		return d;
	if (!last)
		return go_down(w, d);
	*fd = d;
	return 0;
}

int
root_walk(int root, const char *path, int flags)
{
	struct walk w = { .root = root, .flags = flags };
	char name[NAME_MAX + 1];
	bool last = false;
	int fd = -1, r;

	if (strlen(path) >= FACTS_PATH_MAX)
		return -ENAMETOOLONG;
	str_copy(w.left, sizeof(w.left), str_of(path));
	do {
		r = next_name(&w, name, &last);
		if (r == 0)
			break;
		if (r == 1)
			r = walk_name(&w, name, last, &fd);
	} while (r == 1);
	if (r == 0 && fd < 0) {		/* it ended in "..", "." or "/" */
		fd = openat(here(&w), ".", w.flags | O_CLOEXEC);
		r = fd < 0 ? -errno : 0;
	}
	while (w.depth > 0)
		go_up(&w);
	return r < 0 ? r : fd;
}

int
root_open(int root, bool trusted, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	while (*path == '/')
		path++;
	if (*path == '\0')
		path = ".";
	if (trusted)
		fd = openat(root, path, flags | O_CLOEXEC);
	else
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd < 0 && !trusted &&
	    (errno == ENOSYS || errno == EPERM || errno == ENOTDIR))
		return root_walk(root, path, flags);
	return fd < 0 ? -errno : (int)fd;
}

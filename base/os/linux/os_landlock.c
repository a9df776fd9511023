/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_landlock - which files a worker may see: what every user of the host may
 * read of what describes the host, and nothing else. Never our own keys.
 *
 * The kernel's ABI is asked at run time; what newer ones add is defined here,
 * because the headers of the build machine may be older than its kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os_guard_inside.h"
#include "xalloc.h"

#define FS_READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define FS_READ_DIR LANDLOCK_ACCESS_FS_READ_DIR
#define FS_READ (FS_READ_FILE | FS_READ_DIR)
#define FS_EXECUTE LANDLOCK_ACCESS_FS_EXECUTE
#define FS_WRITE_FILE LANDLOCK_ACCESS_FS_WRITE_FILE
#define FS_ABI1 ((1ULL << 13) - 1)
#define FS_REFER (1ULL << 13)		/* ABI 2 */
#define FS_TRUNCATE (1ULL << 14)	/* ABI 3 */
#define FS_IOCTL_DEV (1ULL << 15)	/* ABI 5 */
#define NET_BIND_TCP (1ULL << 0)	/* ABI 4 */
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX (1ULL << 0)	/* ABI 6 */
#define SCOPE_SIGNAL (1ULL << 1)
#define FS_ON_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

#define WALK_DEPTH 12

struct ruleset {
	int fd;
	uint64_t handled;
};

/* As the kernel reads it; how much of it depends on the ABI. */
struct attr {
	uint64_t fs, net, scoped;
};

/* --- rules ------------------------------------------------------------------------------- */

static void
allow(const struct ruleset *rs, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule;
	struct stat st;

	/* What is not there needs no rule. */
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= FS_ON_FILES;
	rule.allowed_access = rights & rs->handled;
	if (rule.allowed_access != 0)
		(void)syscall(SYS_landlock_add_rule, rs->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

/* --- what everybody may read ----------------------------------------------------------------- */

static int
not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

/* An entry of a folder. */
struct entry {
	char *path;
	bool shown, link;
};

static bool offer(const struct ruleset *rs, const char *path, int depth, bool *link);

/* How many; <0: DIR can't be listed. */
static int
entries_of(const struct ruleset *rs, const char *dir, int depth, struct entry **out)
{
	struct dirent **names;
	int i, n = scandir(dir, &names, not_dots, NULL);

	*out = n > 0 ? xcalloc((size_t)n, sizeof(**out)) : NULL;
	for (i = 0; i < n; i++) {
		(*out)[i].path = xasprintf("%s/%s", dir, names[i]->d_name);
		(*out)[i].shown = offer(rs, (*out)[i].path, depth - 1, &(*out)[i].link);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return n;
}

/* May everybody read all that is in DIR? If not, what they may read in it is allowed here. */
static bool
offer_entries(const struct ruleset *rs, const char *dir, int depth, bool open)
{
	struct entry *e;
	int i, n;

	if (depth == 0 || (n = entries_of(rs, dir, depth, &e)) < 0)
		return false;
	for (i = 0; i < n; i++)
		open = open && e[i].shown;
	for (i = 0; i < n; i++) {
		if (!open && e[i].shown && !e[i].link)
			allow(rs, e[i].path, FS_READ);
		free(e[i].path);
	}
	free(e);
	return open;
}

/*
 * May everybody read PATH and all below it? The caller then allows it, or the folder it is in: so the largest such trees
 * are found in one walk. Links are judged where they lead, by the rule for that place.
 */
static bool
offer(const struct ruleset *rs, const char *path, int depth, bool *link)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return false;
	*link = S_ISLNK(st.st_mode);
	if (!S_ISDIR(st.st_mode))
		return (st.st_mode & S_IROTH) != 0;
	return (st.st_mode & S_IXOTH) != 0 && offer_entries(rs, path, depth, (st.st_mode & S_IROTH) != 0);
}

static void
allow_public(const struct ruleset *rs, const char *path)
{
	bool link = false;

	if (offer(rs, path, WALK_DEPTH, &link) && !link)
		allow(rs, path, FS_READ);
}

/* --- the view ----------------------------------------------------------------------------------- */

static const struct {
	const char *path;
	uint64_t rights;
} host_rows[] = {
	{ "/proc", FS_READ },
	{ "/sys", FS_READ },
	{ "/usr", FS_READ },		/* libraries, time zones, PCI and USB names, rpm's data */
	{ "/lib", FS_READ },
	{ "/lib64", FS_READ },
	{ "/etc", FS_READ_DIR },	/* its files: see allow_public() */
	{ "/run", FS_READ_DIR },
	{ "/run/systemd", FS_READ },
	{ "/run/udev", FS_READ },
	{ "/run/utmp", FS_READ },
	{ "/run/resolvconf", FS_READ },
	{ "/run/NetworkManager", FS_READ },
	{ "/run/docker", FS_READ },
	{ "/run/containers", FS_READ },
	{ "/run/libvirt", FS_READ },
	{ "/var/lib", FS_READ_DIR },	/* ours is in there, so by name: */
	{ "/var/lib/dpkg", FS_READ },
	{ "/var/lib/rpm", FS_READ },
	{ "/var/lib/pacman", FS_READ },
	{ "/var/lib/docker", FS_READ },
	{ "/var/lib/containers", FS_READ },
	{ "/var/lib/lxc", FS_READ },
	{ "/var/lib/lxd", FS_READ },
	{ "/var/lib/libvirt", FS_READ },
	{ "/var/lib/machines", FS_READ },
	{ "/var/lib/systemd", FS_READ },
	{ "/var/lib/dbus", FS_READ },
	{ "/dev/null", FS_READ_FILE | FS_WRITE_FILE },
	{ "/dev/zero", FS_READ_FILE },
	{ "/dev/urandom", FS_READ_FILE },
	{ "/dev/random", FS_READ_FILE },
};

/* Programs may list everything, read what is above, and write where all may. */
static const struct {
	const char *path;
	uint64_t rights;
} exec_rows[] = {
	{ "/", FS_READ_DIR },
	{ "/usr", FS_READ | FS_EXECUTE },
	{ "/bin", FS_READ | FS_EXECUTE },
	{ "/sbin", FS_READ | FS_EXECUTE },
	{ "/lib", FS_READ | FS_EXECUTE },
	{ "/lib64", FS_READ | FS_EXECUTE },
	{ "/opt", FS_READ | FS_EXECUTE },
	{ "/tmp", ~FS_EXECUTE },
	{ "/var/tmp", ~FS_EXECUTE },
	{ "/dev/tty", FS_READ_FILE | FS_WRITE_FILE },
	{ "/dev/full", FS_READ_FILE | FS_WRITE_FILE },
};

static void
fill(const struct ruleset *rs, const struct os_guard_want *want)
{
	const char *const *more = want->read_paths;
	size_t i;

	if (want->may_read_host) {
		for (i = 0; i < sizeof(host_rows) / sizeof(host_rows[0]); i++)
			allow(rs, host_rows[i].path, host_rows[i].rights);
		allow_public(rs, "/etc");
	}
	if (want->may_exec)
		for (i = 0; i < sizeof(exec_rows) / sizeof(exec_rows[0]); i++)
			allow(rs, exec_rows[i].path, exec_rows[i].rights);
	for (; more != NULL && *more != NULL; more++)
		allow(rs, *more, want->may_exec ? FS_READ | FS_EXECUTE : FS_READ);
}

static struct attr
attr_for(const struct os_guard_want *want, int abi, size_t *size)
{
	struct attr a = { .fs = FS_ABI1 };

	if (abi >= 2)
		a.fs |= FS_REFER;
	if (abi >= 3)
		a.fs |= FS_TRUNCATE;
	if (abi >= 4)
		a.net = (want->may_exec ? 0 : NET_BIND_TCP) | (want->may_connect ? 0 : NET_CONNECT_TCP);
	if (abi >= 5)
		a.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		a.scoped = SCOPE_SIGNAL | (want->may_exec ? 0 : SCOPE_ABSTRACT_UNIX);
	*size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	return a;
}

static int
no(char why[GUARD_WHY], const char *what)
{
	snprintf(why, GUARD_WHY, "%s: %s", what, strerror(errno));
	return -1;
}

int
guard_landlock(const struct os_guard_want *want, int *abi, char why[GUARD_WHY])
{
	struct ruleset rs;
	struct attr attr;
	size_t size;
	int r;
	long v;

	if (want->may_see_processes) {
		snprintf(why, GUARD_WHY, "it would hide which process owns a socket");
		return -1;
	}
	v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (v < 1) {
		snprintf(why, GUARD_WHY, "this kernel has none, or it is switched off");
		return -1;
	}
	attr = attr_for(want, (int)v, &size);
	rs.handled = attr.fs;
	rs.fd = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (rs.fd < 0)
		return no(why, "cannot make rules");
	fill(&rs, want);
	r = syscall(SYS_landlock_restrict_self, rs.fd, 0) < 0 ? no(why, "cannot set rules") : 0;
	close(rs.fd);
	if (r == 0)
		*abi = (int)v;
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_proc - this process on Linux: where it is, who it is, what it uses.
 */
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"

#define PROC_STAT_MAX 4096

int
os_random(void *p, size_t n)
{
	unsigned char *to = p;
	ssize_t got;

	while (n > 0) {
		got = getrandom(to, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			abort();	/* keys and jitter from a guess would be worse */
		to += got;
		n -= (size_t)got;
	}
	return 0;
}

const char *
os_program_dir(void)
{
	static char dir[PATH_MAX];
	ssize_t n;
	char *slash;

	if (dir[0] != '\0')
		return dir;
	n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	dir[n < 0 ? 0 : n] = '\0';
	slash = strrchr(dir, '/');
	if (slash != NULL && slash != dir)
		*slash = '\0';
	return dir;
}

static int
count_entries(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	if (d == NULL)
		return -1;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;	/* . and .. */
}

/* Fields of proc(5) stat, counted from the state behind the name, which may hold anything. */
static int
read_stat(int pid, struct os_usage *out)
{
	unsigned long utime, stime;
	long threads, rss;
	char path[64];
	struct buf b;
	char *at;
	int r;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	buf_init(&b, PROC_STAT_MAX);
	r = os_read_file(&b, path, NULL);
	at = r < 0 ? NULL : strrchr(buf_str(&b), ')');
	if (at == NULL || sscanf(at + 1,
	    " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld %*d %*u %*u %ld",
	    &utime, &stime, &threads, &rss) != 4)
		r = -E_NONE;
	if (r == 0) {
		out->cpu_ms = (int64_t)(utime + stime) * 1000 / sysconf(_SC_CLK_TCK);
		out->rss_bytes = (int64_t)rss * sysconf(_SC_PAGESIZE);
		out->threads = (int)threads;
	}
	buf_fini(&b);
	return r;
}

int
os_usage_of(int pid, struct os_usage *out)
{
	struct os_usage u = { 0, 0, -1, 0 };
	char path[64];

	if (read_stat(pid, &u) < 0)
		return -E_NONE;
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	u.files = count_entries(path);
	*out = u;
	return 0;
}

void
os_usage(struct os_usage *out)
{
	struct timespec ts;

	memset(out, 0, sizeof(*out));
	(void)os_usage_of((int)getpid(), out);
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) == 0)
		out->cpu_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	if (out->files > 0)
		out->files--;	/* the one that counted them */
}

int64_t
os_time_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

const char *
os_user_name(void)
{
	static char name[64];
	struct passwd *pw;

	if (name[0] != '\0')
		return name;
	pw = getpwuid(geteuid());
	if (pw != NULL)
		snprintf(name, sizeof(name), "%s", pw->pw_name);
	else
		snprintf(name, sizeof(name), "uid %u", (unsigned)geteuid());
	return name;
}

const char *
os_host_name(void)
{
	static char name[HOST_NAME_MAX + 1];

	if (name[0] == '\0' && gethostname(name, sizeof(name) - 1) < 0)
		snprintf(name, sizeof(name), "localhost");
	return name;
}

void
os_ignore_hangup(void)
{
	signal(SIGPIPE, SIG_IGN);
}

void
os_system(struct os_system *out)
{
	struct utsname un;

	memset(out, 0, sizeof(*out));
	if (uname(&un) == 0) {
		snprintf(out->name, sizeof(out->name), "%.31s", un.sysname);
		snprintf(out->release, sizeof(out->release), "%.63s", un.release);
	}
	out->cores = sysconf(_SC_NPROCESSORS_ONLN);
	out->ram_mb = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

void
os_guard_process(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)	/* whose leak check traces us from a child */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

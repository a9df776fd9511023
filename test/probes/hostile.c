/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostile - tries what a probe that was taken over would try, and says which of
 * it was refused: one line "what refused" or "what done" each.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_probe.h"

#define SOME_FILE "/tmp/midd-hostile-was-here"

/* Each: 0 when it could be done. */

static int
try_write(struct test *t)
{
	int fd = open(SOME_FILE, O_WRONLY | O_CREAT, 0600);

	(void)t;
	if (fd < 0)
		return -1;
	close(fd);
	unlink(SOME_FILE);
	return 0;
}

static int
try_read(struct test *t)
{
	int fd = open(t->host->param(t->run, "path"), O_RDONLY), r;
	char byte;

	if (fd < 0)
		return -1;
	r = read(fd, &byte, 1) < 0 ? -1 : 0;
	close(fd);
	return r;
}

static int
try_unlink(struct test *t)
{
	(void)t;
	return unlink("/tmp/midd-there-is-no-such-file") < 0 && errno != ENOENT ? -1 : 0;
}

static int
try_exec(struct test *t)
{
	static const char *const argv[] = { "/bin/there-is-no-such-program", NULL };

	(void)t;
	execve(argv[0], (char *const *)(uintptr_t)argv, NULL);
	return errno == ENOENT ? 0 : -1;
}

static int
try_fork(struct test *t)
{
	pid_t pid = fork();

	(void)t;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid < 0 ? -1 : 0;
}

static int
try_ptrace(struct test *t)
{
	(void)t;
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) < 0 && errno == EPERM ? -1 : 0;
}

static int
try_kill(struct test *t)
{
	(void)t;
	return kill(getppid(), 0);
}

static int
try_mount(struct test *t)
{
	(void)t;
	return mount("none", "/nowhere", "tmpfs", 0, NULL) < 0 && errno == EPERM ? -1 : 0;
}

static int
try_unshare(struct test *t)
{
	(void)t;
	return unshare(CLONE_NEWUSER);
}

static int
try_unix(struct test *t)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)t;
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int
try_listen(struct test *t)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), r;

	(void)t;
	if (fd < 0)
		return -1;
	r = bind(fd, (struct sockaddr *)&any, sizeof(any));
	close(fd);
	return r;
}

/* A refused connection is one that was allowed to be tried. */
static int
try_connect(struct test *t)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), r;

	(void)t;
	if (fd < 0)
		return -1;
	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	r = connect(fd, (struct sockaddr *)&to, sizeof(to));
	if (r < 0 && errno == ECONNREFUSED)
		r = 0;
	close(fd);
	return r;
}

static int
try_privileges(struct test *t)
{
	(void)t;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0;
}

/* Whose sockets are open: what Landlock hides. The parent is no child of ours. */
static int
try_look(struct test *t)
{
	char path[64], to[256];

	(void)t;
	snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)getppid());
	return readlink(path, to, sizeof(to)) < 0 ? -1 : 0;
}

/* A byte of a file of the process that started this one. */
static int
parents_file(const char *name, int flags)
{
	char path[64], byte;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)getppid(), name);
	fd = open(path, flags);
	if (fd < 0)
		return -1;
	n = read(fd, &byte, 1);
	close(fd);
	return n > 0 ? 0 : -1;
}

static int
try_memory(struct test *t)
{
	(void)t;
	return parents_file("mem", O_RDWR);
}

static int
try_environment(struct test *t)
{
	(void)t;
	return parents_file("environ", O_RDONLY);
}

/* A descriptor beside its own channel, log and loop that is a file or a foreign socket. */
static int
try_inherited(struct test *t)
{
	char path[64], to[256];
	int fd;
	ssize_t n;

	(void)t;
	for (fd = 3; fd < 1024; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, to, sizeof(to) - 1);
		to[n < 0 ? 0 : n] = '\0';
		if (strstr(to, ".db") != NULL || strstr(to, ".key") != NULL || strstr(to, ".pem") != NULL)
			return 0;
	}
	return -1;
}

/* Calls that are refused before their arguments are looked at: with these they could do no
 * harm anyhow, and one that is let through says EFAULT, EINVAL or EBADF. */
static const struct {
	const char *name;
	long number;
	long arg[4];
} calls[] = {
	{ "process_vm_readv", SYS_process_vm_readv, { -1, 0, 0, 0 } },
	{ "process_vm_writev", SYS_process_vm_writev, { -1, 0, 0, 0 } },
	{ "execveat", SYS_execveat, { -1, 0, 0, 0 } },
	{ "pidfd_open", SYS_pidfd_open, { -1, 0, 0, 0 } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { -1, -1, 0, 0 } },
	{ "bpf", SYS_bpf, { -1, 0, 0, 0 } },
	{ "perf_event_open", SYS_perf_event_open, { 0, -1, -1, -1 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0, 0, 0, 0 } },	/* refused before there is a sandbox, so not told */
	{ "io_uring_register", SYS_io_uring_register, { -1, -1, 0, 0 } },
	{ "userfaultfd", SYS_userfaultfd, { -1, 0, 0, 0 } },
	{ "add_key", SYS_add_key, { 0, 0, 0, 0 } },
	{ "keyctl", SYS_keyctl, { -1, 0, 0, 0 } },
	{ "setns", SYS_setns, { -1, 0, 0, 0 } },
	{ "chroot", SYS_chroot, { 0, 0, 0, 0 } },
	{ "pivot_root", SYS_pivot_root, { 0, 0, 0, 0 } },
	{ "umount2", SYS_umount2, { 0, 0, 0, 0 } },
	{ "init_module", SYS_init_module, { 0, 0, 0, 0 } },
	{ "finit_module", SYS_finit_module, { -1, 0, 0, 0 } },
	{ "kexec_load", SYS_kexec_load, { 0, 0, 0, -1 } },
	{ "swapon", SYS_swapon, { 0, 0, 0, 0 } },
	{ "acct", SYS_acct, { -1, 0, 0, 0 } },
	{ "clock_settime", SYS_clock_settime, { 0, 0, 0, 0 } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { -1, 0, 0, 0 } },
	{ "socket(packet)", SYS_socket, { AF_PACKET, SOCK_RAW, 0, 0 } },
	{ "socket(raw)", SYS_socket, { AF_INET, SOCK_RAW, 1, 0 } },
	{ "rename", SYS_renameat2, { AT_FDCWD, 0, AT_FDCWD, 0 } },
	{ "link", SYS_linkat, { AT_FDCWD, 0, AT_FDCWD, 0 } },
	{ "symlink", SYS_symlinkat, { 0, AT_FDCWD, 0, 0 } },
	{ "mkdir", SYS_mkdirat, { AT_FDCWD, 0, 0, 0 } },
	{ "mknod", SYS_mknodat, { AT_FDCWD, 0, 0, 0 } },
	{ "truncate", SYS_truncate, { 0, 0, 0, 0 } },
	{ "chmod", SYS_fchmodat, { AT_FDCWD, 0, 0, 0 } },
	{ "chown", SYS_fchownat, { AT_FDCWD, 0, 0, 0 } },
};

static bool
is_refused(int why)
{
	return why == EPERM || why == EACCES || why == ENOSYS || why == EAFNOSUPPORT;
}

/* Says "N of N calls refused", and each that was not. */
static void
try_calls(struct test *t)
{
	size_t i, refused = 0, count = sizeof(calls) / sizeof(calls[0]);
	char line[120];
	int n;

	for (i = 0; i < count; i++) {
		errno = 0;
		if (syscall(calls[i].number, calls[i].arg[0], calls[i].arg[1], calls[i].arg[2], calls[i].arg[3]) < 0 &&
		    is_refused(errno)) {
			refused++;
			continue;
		}
		n = snprintf(line, sizeof(line), "%s done: %s\n", calls[i].name, strerror(errno));
		(void)t->host->emit(t->run, MID_OUTPUT, line, (size_t)n);
	}
	n = snprintf(line, sizeof(line), "%zu of %zu calls refused\n", refused, count);
	(void)t->host->emit(t->run, MID_OUTPUT, line, (size_t)n);
}

static const struct {
	const char *name;
	int (*go)(struct test *t);
} tries[] = {
	{ "write", try_write },
	{ "read", try_read },
	{ "unlink", try_unlink },
	{ "exec", try_exec },
	{ "fork", try_fork },
	{ "ptrace", try_ptrace },
	{ "kill", try_kill },
	{ "mount", try_mount },
	{ "unshare", try_unshare },
	{ "unix", try_unix },
	{ "listen", try_listen },
	{ "connect", try_connect },
	{ "privileges", try_privileges },
	{ "look", try_look },
	{ "memory", try_memory },
	{ "environment", try_environment },
	{ "inherited", try_inherited },
};

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	char line[80];
	size_t i;
	int n;

	(void)wait;
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		n = snprintf(line, sizeof(line), "%s %s\n", tries[i].name, tries[i].go(t) < 0 ? "refused" : "done");
		(void)t->host->emit(t->run, MID_OUTPUT, line, (size_t)n);
	}
	try_calls(t);
	return MID_DONE;
}

static const struct mid_param params[] = {
	{ "path", MID_STRING, false, "/etc/shadow", "a file to read" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestHostile", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-hostile",
	.version = "1.0",
	.help = "tries what is forbidden",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.open = test_open,
	.step = test_step,
	.close = test_close,
};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_seccomp - system calls that no worker has a need for get an error: rows
 * say which and in which kind. A deny list, because libraries change what they
 * call; what matters is that nothing of the system can be changed, no other
 * process touched, and no program started.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "os_guard_inside.h"

/* For whom a row is. */
#define ALWAYS 0u
#define NO_EXEC 1u	/* kinds that start no programs */

static const struct {
	const char *name;
	unsigned whom;
	int answer;
} rows[] = {
	/* other processes */
	{ "ptrace", ALWAYS, EPERM },
	{ "process_vm_readv", ALWAYS, EPERM },
	{ "process_vm_writev", ALWAYS, EPERM },
	{ "process_madvise", ALWAYS, EPERM },
	{ "pidfd_getfd", ALWAYS, EPERM },
	{ "kcmp", ALWAYS, EPERM },
	{ "pidfd_open", NO_EXEC, EPERM },
	{ "pidfd_send_signal", NO_EXEC, EPERM },
	{ "rt_sigqueueinfo", NO_EXEC, EPERM },
	{ "rt_tgsigqueueinfo", NO_EXEC, EPERM },
	{ "tkill", NO_EXEC, EPERM },
	{ "execve", NO_EXEC, EPERM },
	{ "execveat", NO_EXEC, EPERM },
	{ "fork", NO_EXEC, EPERM },
	{ "vfork", NO_EXEC, EPERM },
	/* whose flags can't be seen here: libc falls back to clone and openat */
	{ "clone3", ALWAYS, ENOSYS },
	{ "openat2", NO_EXEC, ENOSYS },
	/* the system */
	{ "mount", ALWAYS, EPERM },
	{ "umount2", ALWAYS, EPERM },
	{ "pivot_root", ALWAYS, EPERM },
	{ "chroot", ALWAYS, EPERM },
	{ "move_mount", ALWAYS, EPERM },
	{ "open_tree", ALWAYS, EPERM },
	{ "fsopen", ALWAYS, EPERM },
	{ "fsconfig", ALWAYS, EPERM },
	{ "fsmount", ALWAYS, EPERM },
	{ "fspick", ALWAYS, EPERM },
	{ "mount_setattr", ALWAYS, EPERM },
	{ "unshare", ALWAYS, EPERM },
	{ "setns", ALWAYS, EPERM },
	{ "bpf", ALWAYS, EPERM },
	{ "perf_event_open", ALWAYS, EPERM },
	{ "userfaultfd", ALWAYS, EPERM },
	{ "io_uring_setup", ALWAYS, EPERM },
	{ "io_uring_enter", ALWAYS, EPERM },
	{ "io_uring_register", ALWAYS, EPERM },
	{ "keyctl", ALWAYS, EPERM },
	{ "add_key", ALWAYS, EPERM },
	{ "request_key", ALWAYS, EPERM },
	{ "kexec_load", ALWAYS, EPERM },
	{ "kexec_file_load", ALWAYS, EPERM },
	{ "init_module", ALWAYS, EPERM },
	{ "finit_module", ALWAYS, EPERM },
	{ "delete_module", ALWAYS, EPERM },
	{ "reboot", ALWAYS, EPERM },
	{ "swapon", ALWAYS, EPERM },
	{ "swapoff", ALWAYS, EPERM },
	{ "acct", ALWAYS, EPERM },
	{ "quotactl", ALWAYS, EPERM },
	{ "quotactl_fd", ALWAYS, EPERM },
	{ "settimeofday", ALWAYS, EPERM },
	{ "clock_settime", ALWAYS, EPERM },
	{ "clock_adjtime", ALWAYS, EPERM },
	{ "adjtimex", ALWAYS, EPERM },
	{ "sethostname", ALWAYS, EPERM },
	{ "setdomainname", ALWAYS, EPERM },
	{ "syslog", ALWAYS, EPERM },
	{ "iopl", ALWAYS, EPERM },
	{ "ioperm", ALWAYS, EPERM },
	{ "modify_ldt", ALWAYS, EPERM },
	{ "vhangup", ALWAYS, EPERM },
	{ "open_by_handle_at", ALWAYS, EPERM },
	{ "fanotify_init", ALWAYS, EPERM },
	/* files: opening for writing is below, by flags */
	{ "creat", NO_EXEC, EACCES },
	{ "unlink", NO_EXEC, EACCES },
	{ "unlinkat", NO_EXEC, EACCES },
	{ "rename", NO_EXEC, EACCES },
	{ "renameat", NO_EXEC, EACCES },
	{ "renameat2", NO_EXEC, EACCES },
	{ "mkdir", NO_EXEC, EACCES },
	{ "mkdirat", NO_EXEC, EACCES },
	{ "rmdir", NO_EXEC, EACCES },
	{ "link", NO_EXEC, EACCES },
	{ "linkat", NO_EXEC, EACCES },
	{ "symlink", NO_EXEC, EACCES },
	{ "symlinkat", NO_EXEC, EACCES },
	{ "mknod", NO_EXEC, EACCES },
	{ "mknodat", NO_EXEC, EACCES },
	{ "truncate", NO_EXEC, EACCES },
	{ "ftruncate", NO_EXEC, EACCES },
	{ "chmod", NO_EXEC, EACCES },
	{ "fchmod", NO_EXEC, EACCES },
	{ "fchmodat", NO_EXEC, EACCES },
	{ "chown", NO_EXEC, EACCES },
	{ "fchown", NO_EXEC, EACCES },
	{ "lchown", NO_EXEC, EACCES },
	{ "fchownat", NO_EXEC, EACCES },
	{ "setxattr", NO_EXEC, EACCES },
	{ "lsetxattr", NO_EXEC, EACCES },
	{ "fsetxattr", NO_EXEC, EACCES },
	{ "removexattr", NO_EXEC, EACCES },
	{ "lremovexattr", NO_EXEC, EACCES },
	{ "fremovexattr", NO_EXEC, EACCES },
	{ "utime", NO_EXEC, EACCES },
	{ "utimes", NO_EXEC, EACCES },
	{ "utimensat", NO_EXEC, EACCES },
	{ "futimesat", NO_EXEC, EACCES },
};

/*
 * Who refuses: whoever started us, who counts it, or the kernel by itself. What
 * libraries try in all innocence is never counted: new calls that they can do
 * without (ENOSYS), and kinds of sockets (EAFNOSUPPORT).
 */
static uint32_t
refusal(const struct os_guard_want *want, int answer)
{
	bool innocent = answer == ENOSYS || answer == EAFNOSUPPORT;

	return want->tell >= 0 && !innocent ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO((uint32_t)answer);
}

/* Negative numbers of libseccomp: this architecture has no such call, so no need of a rule. */
static int
deny(scmp_filter_ctx f, const struct os_guard_want *want, const char *name, int answer)
{
	int nr = seccomp_syscall_resolve_name(name);

	return nr < 0 ? 0 : seccomp_rule_add(f, refusal(want, answer), nr, 0);
}

static int
deny_if(scmp_filter_ctx f, const struct os_guard_want *want, const char *name, int answer, struct scmp_arg_cmp cmp)
{
	int nr = seccomp_syscall_resolve_name(name);

	return nr < 0 ? 0 : seccomp_rule_add(f, refusal(want, answer), nr, 1, cmp);
}

static int
add_rows(scmp_filter_ctx f, const struct os_guard_want *want)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].whom == ALWAYS || !want->may_exec)
			r = deny(f, want, rows[i].name, rows[i].answer);
	return r;
}

/* --- rules that look at an argument ------------------------------------------------------- */

static int
add_clone(scmp_filter_ctx f, const struct os_guard_want *want)
{
	static const unsigned long spaces[] = { CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,
	    CLONE_NEWNET, CLONE_NEWCGROUP };
	size_t i;
	int r = 0;

	if (!want->may_exec)	/* threads, and nothing else */
		return deny_if(f, want, "clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
	for (i = 0; r == 0 && i < sizeof(spaces) / sizeof(spaces[0]); i++)
		r = deny_if(f, want, "clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, spaces[i], spaces[i]));
	return r;
}

static int
add_signals(scmp_filter_ctx f, const struct os_guard_want *want)
{
	uint64_t self = (uint64_t)getpid();
	int r;

	if (want->may_exec)
		return 0;
	r = deny_if(f, want, "kill", EPERM, SCMP_A0(SCMP_CMP_NE, self, 0));
	return r == 0 ? deny_if(f, want, "tgkill", EPERM, SCMP_A0(SCMP_CMP_NE, self, 0)) : r;
}

static int
add_open(scmp_filter_ctx f, const struct os_guard_want *want)
{
	static const struct { uint64_t mask, value; } writing[] = {
		{ O_ACCMODE, O_WRONLY }, { O_ACCMODE, O_RDWR }, { O_CREAT, O_CREAT }, { O_TRUNC, O_TRUNC },
	};
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && !want->may_exec && i < sizeof(writing) / sizeof(writing[0]); i++) {
		r = deny_if(f, want, "open", EACCES, SCMP_A1(SCMP_CMP_MASKED_EQ, writing[i].mask, writing[i].value));
		if (r == 0)
			r = deny_if(f, want, "openat", EACCES,
			    SCMP_A2(SCMP_CMP_MASKED_EQ, writing[i].mask, writing[i].value));
	}
	return r;
}

/* Packets of one's own making. */
static int
rule_raw(scmp_filter_ctx f, const struct os_guard_want *want, uint64_t family)
{
	return seccomp_rule_add(f, refusal(want, EPERM), SCMP_SYS(socket), 2, SCMP_A0(SCMP_CMP_EQ, family, 0),
	    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
}

/* Sockets of a few families: also none in the file system, behind which midd and others listen. */
static int
add_socket(scmp_filter_ctx f, const struct os_guard_want *want)
{
	uint64_t family;
	bool ok;
	int r;

	r = deny_if(f, want, "socket", EPERM, SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0));
	for (family = 0; r == 0 && family < AF_NETLINK; family++) {
		ok = (family == AF_UNIX && want->may_exec) ||
		    ((family == AF_INET || family == AF_INET6) && want->may_connect);
		if (!ok)
			r = deny_if(f, want, "socket", EAFNOSUPPORT, SCMP_A0(SCMP_CMP_EQ, family, 0));
	}
	/* Netlink's are raw by name only. */
	for (family = AF_INET; r == 0 && family <= AF_INET6; family += AF_INET6 - AF_INET)
		if (want->may_connect)
			r = rule_raw(f, want, family);
	return r;
}

/* Typing into the terminal that started us. */
static int
add_ioctl(scmp_filter_ctx f, const struct os_guard_want *want)
{
	int r;

	r = deny_if(f, want, "ioctl", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCSTI));
	return r == 0 ? deny_if(f, want, "ioctl", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCLINUX)) : r;
}

static int
fill(scmp_filter_ctx f, const struct os_guard_want *want)
{
	static int (*const parts[])(scmp_filter_ctx, const struct os_guard_want *) = {
		add_rows, add_clone, add_signals, add_open, add_socket, add_ioctl,
	};
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		r = parts[i](f, want);
	return r;
}

/* 0 or a negative errno. */
static int
enforce(const struct os_guard_want *want)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int r, fd = -1;

	if (f == NULL)
		return -ENOMEM;
	r = fill(f, want);
	if (r == 0)
		r = seccomp_load(f);
	if (r == 0 && want->tell >= 0) {
		fd = seccomp_notify_fd(f);
		/* In force, and nobody to answer: each forbidden call would wait for ever. */
		if (os_hand_send(want->tell, 0, fd) < 0)
			_exit(1);
	}
	seccomp_release(f);
	if (fd >= 0)
		close(fd);
	return r;
}

int
guard_seccomp(const struct os_guard_want *want, bool *told, char why[GUARD_WHY])
{
	struct os_guard_want silent = *want;
	int r = -1;

	*told = false;
	if (want->tell >= 0) {
		r = enforce(want);
		*told = r == 0;
		close(want->tell);
	}
	silent.tell = -1;
	if (r < 0)	/* an old kernel, or one whose only listener is somebody else's */
		r = enforce(&silent);
	if (r < 0)
		snprintf(why, GUARD_WHY, "%s", strerror(-r));
	return r;
}

/*
 * A newer libuv (1.50 of Debian 13) makes an io_uring with each loop, to spare system calls, and goes without where there is none. A
 * worker's loop is older than its sandbox, which would end it at the first turn: so there is none from the begin.
 */
void
guard_no_uring(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);

	if (f == NULL)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(io_uring_setup), 0) == 0)
		(void)seccomp_load(f);
	seccomp_release(f);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cage - see cage.h. */
#include "cage.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS_MAX 64u
#define FILES_ALL ((1ull << 13) - 1)	/* what Landlock's first ABI knows */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#endif

static bool
drop_capabilities(uint32_t keep)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	data[0].effective &= keep;
	data[0].permitted &= keep;
	data[0].inheritable = 0;
	data[1].effective = data[1].permitted = data[1].inheritable = 0;
	return syscall(SYS_capset, &head, data) == 0;
}

/* A kernel without Landlock has other walls: the unit's, and no call that opens a file. */
static bool
drop_files(void)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = FILES_ALL };
	long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	bool ok;

	if (fd < 0)
		return true;
	ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close((int)fd);
	return ok;
}

#if defined(ARCH) && !defined(__SANITIZE_ADDRESS__)	/* whose own calls are others */
/* Architecture, then one comparison a call; on x86-64 no number of the x32 table is in the list. */
static bool
drop_calls(const int *calls, size_t n)
{
	struct sock_filter f[CALLS_MAX + 6], *p = f;
	struct sock_fprog prog = { .filter = f };
	size_t i;

	if (n > CALLS_MAX) {
		errno = E2BIG;
		return false;
	}
	*p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	*p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	*p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (i = 0; i < n; i++)
		*p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], (uint8_t)(n - i), 0);
	*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	*p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	prog.len = (unsigned short)(p - f);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0;
}
#else
static bool
drop_calls(const int *calls, size_t n)
{
	(void)calls, (void)n;
	return true;
}
#endif

bool
cage_close(const struct cage *c)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	    drop_capabilities(c->keep) && (!c->no_files || drop_files()) && drop_calls(c->calls, c->ncalls);
}

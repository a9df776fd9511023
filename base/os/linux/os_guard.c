/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_guard - the sandbox of a worker on Linux; see os.h.
 *
 * Layers that do not know of each other: no_new_privs, limits, capabilities, Landlock (which
 * files, which TCP), seccomp (which system calls). A system that lacks one of
 * the last two still runs workers, and says what is missing.
 */
#include "os.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "os_guard_inside.h"

static bool
limit(int what, uint64_t max)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)what, &r) < 0)
		return false;
	if (r.rlim_max == RLIM_INFINITY || r.rlim_max > max)
		r.rlim_max = max;
	r.rlim_cur = r.rlim_max;
	return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

/*
 * Not RLIMIT_FSIZE: standard error may be a file, and the other layers let no
 * other be opened for writing.
 */
static bool
set_limits(const struct os_guard_want *want)
{
	bool ok = limit(RLIMIT_CORE, 0);

	if (want->files_max > 0)
		ok = limit(RLIMIT_NOFILE, want->files_max) && ok;
#if !defined(__SANITIZE_ADDRESS__)	/* its shadow is terabytes of address space */
	/* Programs of exec probes have needs of their own. */
	if (want->memory_max > 0 && !want->may_exec)
		ok = limit(RLIMIT_AS, want->memory_max) && ok;
#endif
	return ok;
}

#define CAP_BIT(c) (1u << (c))

/*
 * What a superuser may beyond others. Whoever reads this host's own sockets and
 * processes keeps the reading; a worker that talks to targets keeps nothing.
 * Programs of exec probes are what the operator made them.
 */
static bool
drop_capabilities(const struct os_guard_want *want)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	uint32_t keep = want->may_connect ? 0 : CAP_BIT(CAP_DAC_READ_SEARCH) | CAP_BIT(CAP_SYS_PTRACE);

	if (want->may_exec)
		return true;
	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	/* A service manager may have taken them all, and the call that does so. */
	if (((data[0].effective | data[0].permitted) & ~keep) == 0 && data[0].inheritable == 0 &&
	    (data[1].effective | data[1].permitted | data[1].inheritable) == 0)
		return true;
	data[0].effective &= keep;
	data[0].permitted &= keep;
	data[0].inheritable = data[1].effective = data[1].permitted = data[1].inheritable = 0;
	return syscall(SYS_capset, &head, data) == 0;
}

static void
missing(struct os_guard_state *out, const char *layer, const char *why)
{
	size_t n = strlen(out->missing);

	snprintf(out->missing + n, sizeof(out->missing) - n, "%s%s: %s", n > 0 ? "; " : "", layer, why);
}

int
os_guard_close(const struct os_guard_want *want, struct os_guard_state *out, struct err *err)
{
	char why[GUARD_WHY] = "";

	memset(out, 0, sizeof(*out));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_os(err, "cannot give up new privileges");
	out->no_new_privs = true;
	out->rlimits = set_limits(want);
	if (!out->rlimits)
		missing(out, "limits", "the system refused one");
	if (!drop_capabilities(want))
		missing(out, "capabilities", "the system does not take them away");
	if (guard_landlock(want, &out->landlock_abi, why) < 0)
		missing(out, "landlock", why);
	/* Last: it forbids some of what the layers before it had to do. */
	out->seccomp = guard_seccomp(want, &out->told, why) == 0;
	if (!out->seccomp)
		missing(out, "seccomp", why);
	return 0;
}

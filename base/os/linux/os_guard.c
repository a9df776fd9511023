/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os_guard - the sandbox of a worker on Linux; see os.h.
 */
#include "os.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void
os_guard_process(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	/* Nobody of our own user may read our memory either. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int
os_guard_close(const struct os_guard_want *want, struct os_guard_state *out, struct err *err)
{
	(void)want;
	(void)err;
	memset(out, 0, sizeof(*out));
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* crash - kills its worker in the first step. */
#include <signal.h>

#include "test_probe.h"

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	(void)state;
	(void)wait;
	/* Not a wild pointer: what a sanitizer makes of that is not a death by signal. */
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return MID_DONE;
}

static const char *const topics[] = { "TestCrash", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-crash",
	.version = "1.0",
	.help = "kills its worker",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = NULL,
	.open = test_open,
	.step = test_step,
	.close = test_close,
};

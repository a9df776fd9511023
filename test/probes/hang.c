/* SPDX-License-Identifier: Apache-2.0 */
/* hang - a step that never returns: what no probe may do. */
#include "test_probe.h"

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	volatile unsigned *turns = &wait->nfds;

	(void)state;
	for (;;)
		(*turns)++;
	return MID_DONE;
}

static const char *const topics[] = { "TestHang", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-hang",
	.version = "1.0",
	.help = "never returns from a step",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = NULL,
	.open = test_open,
	.step = test_step,
	.close = test_close,
};

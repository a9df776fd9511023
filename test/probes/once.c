/* SPDX-License-Identifier: Apache-2.0 */
/* once - may not be repeated; waits, then says so. */
#define TEST_MORE int64_t ready_ms;
#include "test_probe.h"

static int
begin(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct test *t;

	if (test_open(state, host, run) < 0)
		return -1;
	t = *state;
	t->ready_ms = host->now_ms(run) + host->param_int(run, "wait_ms", 0);
	return 0;
}

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;

	wait->timeout_ms = t->ready_ms - t->host->now_ms(t->run);
	if (wait->timeout_ms > 0)
		return MID_WAIT;
	(void)t->host->emit(t->run, MID_OUTPUT, "once", 4);
	return MID_DONE;
}

/* Where it stands. */
static bool
test_cancel(void *state)
{
	struct test *t = state;

	if (t->host->param_bool(t->run, "tell", false))
		t->host->fail(t->run, MID_TARGET, "half of it is done");
	return false;
}

static const struct mid_param params[] = {
	{ "tell", MID_BOOL, false, "false", "says how far it is when its time is up" },
	{ "wait_ms", MID_MS, false, "0", "how long to wait" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestOnce", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-once",
	.version = "1.0",
	.help = "must not run twice",
	.topics = topics,
	.flags = 0,
	.params = params,
	.open = begin,
	.step = test_step,
	.close = test_close,
	.cancel = test_cancel,
};

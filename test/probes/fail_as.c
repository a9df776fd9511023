/* SPDX-License-Identifier: Apache-2.0 */
/* fail_as - fails with the class it is told, after part of a result. */
#include "test_probe.h"

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	int64_t class = t->host->param_int(t->run, "class", MID_TARGET);

	(void)wait;
	if (t->host->param_bool(t->run, "silent", false))
		return MID_FAIL;
	(void)t->host->emit(t->run, MID_OUTPUT, "half", 4);
	t->host->partial(t->run, "the other half is missing");
	t->host->fail(t->run, (enum mid_class)class, "failed as class %d, with \xff in it", (int)class);
	return MID_FAIL;
}

static const struct mid_param params[] = {
	{ "class", MID_INT, true, NULL, "number of the class" },
	{ "silent", MID_BOOL, false, "no", "fail without a word" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestFail", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-fail",
	.version = "1.0",
	.help = "fails",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.open = test_open,
	.step = test_step,
	.close = test_close,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* flood - emits as many megabytes as it is asked for, as fast as it is let; and logs as many lines. */
#include <string.h>

#define TEST_MORE int64_t left, lines;	/* bytes to emit, lines to log */
#include "test_probe.h"

static int
begin(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct test *t;

	if (test_open(state, host, run) < 0)
		return -1;
	t = *state;
	t->left = host->param_int(run, "mb", 1) << 20;
	t->lines = host->param_int(run, "lines", 0);
	return 0;
}

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	char piece[8192];
	size_t n;

	for (; t->lines > 0; t->lines--)
		t->host->log(t->run, MID_INFO, "line %lld", (long long)t->lines);
	memset(piece, 'f', sizeof(piece));
	while (t->left > 0) {
		n = t->left < (int64_t)sizeof(piece) ? (size_t)t->left : sizeof(piece);
		if (t->host->emit(t->run, MID_STDOUT, piece, n) == MID_AGAIN) {
			wait->timeout_ms = -1;
			return MID_WAIT;
		}
		t->left -= (int64_t)n;
	}
	return MID_DONE;
}

static const struct mid_param params[] = {
	{ "mb", MID_INT, false, "1", "megabytes to emit" },
	{ "lines", MID_INT, false, "0", "lines to log" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestFlood", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-flood",
	.version = "1.0",
	.help = "emits many bytes",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.open = begin,
	.step = test_step,
	.close = test_close,
};

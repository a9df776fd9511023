/* SPDX-License-Identifier: Apache-2.0 */
/* facts - emits the JSON it is given, and has a map: test/data/map/testmap.jq. */
#include <midd/probe.h>
#include <stdlib.h>
#include <string.h>

struct test {
	const struct mid_host *host;
	struct mid_run *run;
};

static int
test_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct test *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	t->host = host;
	t->run = run;
	*state = t;
	return 0;
}

static void
test_close(void *state)
{
	free(state);
}

static enum mid_next
test_step(void *state, struct mid_wait *wait)
{
	struct test *t = state;
	const char *json = t->host->param(t->run, "json");

	(void)wait;
	(void)t->host->emit(t->run, MID_JSON, json, strlen(json));
	return MID_DONE;
}

static const struct mid_param params[] = {
	{ "json", MID_STRING, true, NULL, "what to emit" },
	{ NULL, MID_STRING, false, NULL, NULL }
};

static const char *const topics[] = { "TestFacts", NULL };

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "test-facts",
	.version = "1.0",
	.help = "emits JSON",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.map = "testmap",
	.open = test_open,
	.step = test_step,
	.close = test_close,
};

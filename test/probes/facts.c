/* SPDX-License-Identifier: Apache-2.0 */
/* facts - emits the JSON it is given, and has a map: test/data/map/testmap.jq. */
#include <string.h>

#include "test_probe.h"

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

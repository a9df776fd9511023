/* SPDX-License-Identifier: Apache-2.0 */
/* test_probe - a probe of the tests that keeps nothing of a run but the run itself. */
#ifndef MID_TEST_PROBE_H
#define MID_TEST_PROBE_H

#include <midd/probe.h>
#include <stdlib.h>

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

#endif

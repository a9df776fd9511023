/* SPDX-License-Identifier: Apache-2.0 */
/* test_probe - what the probes of the tests keep of a run: TEST_MORE, fields of their own, all zeros at first. */
#ifndef MID_TEST_PROBE_H
#define MID_TEST_PROBE_H

#include <midd/probe.h>
#include <stdlib.h>

struct test {
	const struct mid_host *host;
	struct mid_run *run;
#ifdef TEST_MORE
	TEST_MORE
#endif
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

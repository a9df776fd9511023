/* SPDX-License-Identifier: Apache-2.0 */
/* What runs have said and midd still holds: a worker that was taken over does not fill its memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "flow/inside.h"
#include "frame.h"
#include "xalloc.h"

#define RUNS 100
#define PIECE ((size_t)32 << 10)

static struct config config;
static struct agent agent = { .config = &config };
static struct flow flow = { .ag = &agent };

static struct job *
run(void)
{
	char id[33];
	static unsigned n;
	struct job *j;

	snprintf(id, sizeof(id), "%032x", ++n);
	j = job_new(id);
	j->flow = &flow;
	result_begin(j, outcome_new(4096));
	return j;
}

static void
runs_share_one_ceiling_for_what_is_no_page(void **state)
{
	struct job *j[RUNS];
	char *piece = xcalloc(1, PIECE);
	size_t i, k, held = 0;

	(void)state;
	for (i = 0; i < RUNS; i++) {
		j[i] = run();
		for (k = 0; k < 400; k++)	/* 12.5 MB of CIs without an end */
			result_piece(j[i], FRAME_KIND_CI, piece, PIECE);
		held += j[i]->out->ci.cap;
	}
	assert_true(flow.held <= HELD_MAX);
	assert_true(held <= 2 * HELD_MAX);
	assert_false(j[0]->out->ci_lost);
	assert_true(j[RUNS - 1]->out->ci_lost);		/* that one's are missing, and it will say so */
	result_piece(j[RUNS - 1], FRAME_KIND_CI_END, "", 0);
	assert_true(j[RUNS - 1]->out->partial);
	for (i = 0; i < RUNS; i++)
		job_free(j[i]);
	assert_int_equal(flow.held, 0);
	free(piece);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(runs_share_one_ceiling_for_what_is_no_page) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

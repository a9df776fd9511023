/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs in memory: found by id, in one list at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/job.h"

static void
the_table_finds_each_of_many_and_none_that_left(void **state)
{
	struct job_table *t = calloc(1, sizeof(*t));
	struct job *jobs[500];
	char id[33];
	int i;

	(void)state;
	for (i = 0; i < 500; i++) {
		snprintf(id, sizeof(id), "%032x", i * 7919);
		jobs[i] = job_new(id);
		job_table_add(t, jobs[i]);
	}
	assert_int_equal(t->n, 500);
	for (i = 0; i < 500; i++)
		assert_ptr_equal(job_table_find(t, jobs[i]->id), jobs[i]);
	job_table_out(t, jobs[17]);
	assert_null(job_table_find(t, jobs[17]->id));
	assert_ptr_equal(job_table_find(t, jobs[18]->id), jobs[18]);
	for (i = 0; i < 500; i++) {
		job_table_out(t, jobs[i]);
		job_free(jobs[i]);
	}
	assert_int_equal(t->n, 0);
	free(t);
}

static void
a_job_that_joins_a_list_leaves_the_one_it_was_in(void **state)
{
	struct job_list a = { 0 }, b = { 0 };
	struct job *x = job_new("x"), *y = job_new("y"), *z = job_new("z");

	(void)state;
	job_list_add(&a, x);
	job_list_add(&a, y);
	job_list_add(&a, z);
	job_list_add(&b, y);
	assert_int_equal(a.n, 2);
	assert_int_equal(b.n, 1);
	assert_ptr_equal(a.first, x);
	assert_ptr_equal(x->next, z);
	assert_ptr_equal(z->prev, x);
	job_list_out(x);
	job_list_out(z);
	job_list_out(y);
	job_list_out(y);
	assert_int_equal(a.n + b.n, 0);
	assert_null(a.first);
	assert_null(a.last);
	job_free(x);
	job_free(y);
	job_free(z);
}

static void
a_list_counts_its_jobs_by_target(void **state)
{
	static unsigned counts[JOB_SOURCES];
	struct job_list runs = { .by_source = counts }, out = { 0 };
	struct job *x = job_new("x"), *y = job_new("y");
	const unsigned *n;

	(void)state;
	free(x->source);
	free(y->source);
	x->source = strdup("10.0.0.1");
	y->source = strdup("10.0.0.1");
	n = &counts[job_hash("10.0.0.1") % JOB_SOURCES];
	job_list_add(&runs, x);
	job_list_add(&runs, y);
	assert_int_equal(*n, 2);
	job_list_add(&out, x);
	assert_int_equal(*n, 1);
	job_list_out(y);
	assert_int_equal(*n, 0);
	job_list_out(x);
	assert_int_equal(*n, 0);
	job_free(x);
	job_free(y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_finds_each_of_many_and_none_that_left),
		cmocka_unit_test(a_job_that_joins_a_list_leaves_the_one_it_was_in),
		cmocka_unit_test(a_list_counts_its_jobs_by_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

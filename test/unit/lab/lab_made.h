/* SPDX-License-Identifier: Apache-2.0 */
/* lab_made - an instance in memory for one test, without tables. */
#ifndef TEST_LAB_MADE_H
#define TEST_LAB_MADE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "db.h"
#include "fault.h"
#include "instance.h"

static inline int
lab_made(void **state)
{
	struct instance *in = calloc(1, sizeof(*in));
	char *why;

	assert_non_null(in);
	assert_int_equal(db_open(&in->db, ":memory:", &why), 0);
	in->faults = fault_list_new();
	*state = in;
	return 0;
}

static inline int
lab_gone(void **state)
{
	struct instance *in = *state;

	db_close(in->db);
	fault_list_free(in->faults);
	free(in);
	return 0;
}

#endif

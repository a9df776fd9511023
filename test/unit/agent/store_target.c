/* SPDX-License-Identifier: Apache-2.0 */
/* store: what is known of targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json_object.h>
#include <stdio.h>

#include "store_rig.h"

struct look { struct rig *rig; size_t n; };

static void
on_rows(void *arg, int r, struct json_object *rows)
{
	struct look *l = arg;

	l->n = r < 0 ? 0 : json_object_array_length(rows);
	rig_done(l->rig, r, NULL);
}

static size_t
look(struct rig *g, int64_t since_ms, int limit)
{
	struct look l = { g, 0 };

	store_targets(g->store, "attempt", "", since_ms, limit, on_rows, &l);
	assert_int_equal(rig_last(g), 0);
	return l.n;
}

/* People are shown a part; the guard of accounts must know each try. */
static void
all_are_read_where_all_are_asked_for(void **state)
{
	struct rig *g = *state;
	char key[32];
	int i;

	for (i = 0; i < 10050; i++) {
		snprintf(key, sizeof(key), "user%d|%d|1", i, i);
		store_target_set(g->store, "attempt", key, "10.0.0.1", i, i < 10049 ? NULL : rig_done, g);
	}
	assert_int_equal(rig_last(g), 0);
	assert_int_equal(look(g, 0, STORE_ALL), 10050);
	assert_int_equal(look(g, 10000, STORE_ALL), 50);
	assert_int_equal(look(g, 0, 0), 10000);
	assert_int_equal(look(g, 0, 7), 7);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_are_read_where_all_are_asked_for, rig_setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

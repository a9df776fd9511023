/* SPDX-License-Identifier: Apache-2.0 */
/* store: the integration log and the audit chain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "store/db.h"
#include "store_rig.h"

/* By somebody who knows our file format, page sums and all. */
static void
tamper(struct rig *g, const char *sql)
{
	struct db *db = NULL;
	char *note = NULL;

	rig_close(g);
	assert_int_equal(db_open(&db, &g->cfg, 1, &note, &g->err), 0);
	assert_int_equal(sqlite3_exec(db->sq, sql, NULL, NULL, NULL), SQLITE_OK);
	db_close(db);
	rig_reopen(g);
	assert_null(g->note);
}

static const char *
text_of(struct json_object *events, size_t i)
{
	return json_str(json_object_array_get_idx(events, i), "text", "");
}

static void
keeps_events_in_order_and_by_job(void **state)
{
	struct rig *g = *state;
	struct json_object *o;

	store_event(g->store, 2, "claim", rig_id(1), "one");
	store_event(g->store, 1, "run", rig_id(2), "two");
	store_event(g->store, 0, "deliver", rig_id(1), "three");
	o = rig_events(g, NULL, 0);
	assert_int_equal(json_object_array_length(o), 3);
	assert_string_equal(text_of(o, 0), "one");
	assert_string_equal(text_of(o, 2), "three");
	assert_string_equal(json_str(json_object_array_get_idx(o, 2), "sub", ""), "deliver");
	o = rig_events(g, rig_id(1), 0);
	assert_int_equal(json_object_array_length(o), 2);
	assert_string_equal(text_of(o, 1), "three");
	o = rig_events(g, NULL, 2);
	assert_int_equal(json_object_array_length(o), 2);
	assert_string_equal(text_of(o, 0), "two");
	rig_reopen(g);
	assert_int_equal(json_object_array_length(rig_events(g, NULL, 0)), 3);
}

static void
lets_the_oldest_events_go(void **state)
{
	struct rig *g = *state;
	struct json_object *o;
	char text[32];
	size_t n;

	for (int i = 1; i <= 21000; i++) {
		snprintf(text, sizeof(text), "line %d", i);
		store_event(g->store, 2, "test", NULL, text);
		if (i % 500 == 0)
			(void)rig_events(g, NULL, 1);
	}
	o = rig_events(g, NULL, 0);
	n = json_object_array_length(o);
	assert_int_equal(n, 20000);
	assert_string_equal(text_of(o, n - 1), "line 21000");
	assert_string_equal(text_of(o, 0), "line 1001");
}

static void
says_how_many_lines_came_too_fast(void **state)
{
	struct rig *g = *state;
	struct json_object *o;
	size_t n;

	for (int i = 0; i < 5000; i++)
		store_event(g->store, 2, "test", NULL, "flood");
	(void)rig_events(g, NULL, 1);
	store_event(g->store, 2, "test", NULL, "after");
	o = rig_events(g, NULL, 0);
	n = json_object_array_length(o);
	assert_int_equal(n, 2002);
	assert_string_equal(text_of(o, n - 1), "after");
	assert_string_equal(text_of(o, n - 2), "3000 lines came too fast to be kept here");
}

static void *
log_from_elsewhere(void *store)
{
	store_event(store, 2, "thread", NULL, "not here");
	return NULL;
}

static void
events_of_other_threads_do_no_harm(void **state)
{
	struct rig *g = *state;
	pthread_t t;

	assert_int_equal(pthread_create(&t, NULL, log_from_elsewhere, g->store), 0);
	pthread_join(t, NULL);
	assert_int_equal(json_object_array_length(rig_events(g, NULL, 0)), 0);
}

static void
make_chain(struct rig *g, int rows)
{
	for (int i = 0; i < rows; i++)
		store_audit(g->store, "command", rig_id(i), "uname -a on 10.0.0.1 by mid.server.test");
}

static void
verifies_its_chain_over_restarts_and_slices(void **state)
{
	struct rig *g = *state;
	struct json_object *o;

	assert_true(json_flag(rig_audit_verify(g), "ok", false));
	make_chain(g, 3000);
	rig_reopen(g);
	make_chain(g, 10);
	o = rig_audit_verify(g);
	assert_true(json_flag(o, "ok", false));
	assert_int_equal(json_int(o, "rows", 0), 3010);
	assert_int_equal(json_int(o, "broken_at", -1), 0);
}

static void
finds_the_row_that_was_changed(void **state)
{
	struct rig *g = *state;
	struct json_object *o;

	make_chain(g, 50);
	tamper(g, "UPDATE audit SET detail = 'rm -rf /' WHERE n = 17");
	o = rig_audit_verify(g);
	assert_false(json_flag(o, "ok", true));
	assert_int_equal(json_int(o, "broken_at", 0), 17);
}

static void
finds_the_place_where_rows_were_taken_out(void **state)
{
	struct rig *g = *state;

	make_chain(g, 50);
	tamper(g, "DELETE FROM audit WHERE n BETWEEN 10 AND 12");
	assert_int_equal(json_int(rig_audit_verify(g), "broken_at", 0), 13);
	tamper(g, "DELETE FROM audit WHERE n < 20");	/* the beginning too */
	assert_int_equal(json_int(rig_audit_verify(g), "broken_at", 0), 20);
}

#define T(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
static const struct CMUnitTest tests[] = {
	T(keeps_events_in_order_and_by_job),
	T(lets_the_oldest_events_go),
	T(says_how_many_lines_came_too_fast),
	T(events_of_other_threads_do_no_harm),
	T(verifies_its_chain_over_restarts_and_slices),
	T(finds_the_row_that_was_changed),
	T(finds_the_place_where_rows_were_taken_out),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

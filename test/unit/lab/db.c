/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables, classes and records of the lab's database.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

static int64_t
fixed_clock(void)
{
	return (int64_t)1775644200 * 1000;
}

static int
made(void **state)
{
	struct db *db;
	char *why;

	assert_int_equal(db_open(&db, ":memory:", &why), 0);
	db_set_clock(db, fixed_clock);
	db_set_user(db, "ada", "");
	assert_int_equal(db_create_table(db, "thing", NULL, "Thing"), 0);
	assert_int_equal(db_create_table(db, "toy", "thing", "Toy"), 0);
	assert_int_equal(db_create_table(db, "car", "toy", "Toy car"), 0);
	db_create_column(db, "thing", "name", "string", "", 5);
	db_create_column(db, "toy", "colour", "string", "", 40);
	db_create_column(db, "car", "wheels", "integer", "", 40);
	db_create_column(db, "car", "fast", "boolean", "", 40);
	db_create_column(db, "thing", "part_of", "reference", "thing", 32);
	*state = db;
	return 0;
}

static int
gone(void **state)
{
	db_close(*state);
	return 0;
}

static int
put(struct db *db, const char *table, const char *json, char id[33])
{
	struct json_object *o = json_tokener_parse(json);
	int r;

	assert_non_null(o);
	r = db_insert(db, table, o, id);
	json_object_put(o);
	return r;
}

static int
change(struct db *db, const char *table, const char *id, const char *json)
{
	struct json_object *o = json_tokener_parse(json);
	int r;

	assert_non_null(o);
	r = db_update(db, table, id, o);
	json_object_put(o);
	return r;
}

static void
has(struct db *db, const char *table, const char *id, const char *field,
    const char *want)
{
	struct json_object *row;

	assert_int_equal(db_get(db, table, id, &row), 0);
	assert_string_equal(json_str(row, field, "(none)"), want);
	json_object_put(row);
}

static long
count(struct db *db, const char *table, const char *query)
{
	long n = -1;

	assert_int_equal(db_count(db, table, query, &n), 0);
	return n;
}

static void
a_class_knows_its_ancestors(void **state)
{
	assert_true(db_is_a(*state, "car", "thing"));
	assert_true(db_is_a(*state, "car", "car"));
	assert_false(db_is_a(*state, "thing", "car"));
	assert_string_equal(db_super_of(*state, "car"), "toy");
	assert_null(db_super_of(*state, "thing"));
	assert_string_equal(db_root_of(*state, "car"), "thing");
	assert_non_null(db_field(*state, "car", "colour"));
	assert_null(db_field(*state, "thing", "colour"));
}

static void
a_query_of_a_class_finds_its_descendants(void **state)
{
	put(*state, "thing", "{\"name\":\"box\"}", NULL);
	put(*state, "toy", "{\"name\":\"bear\"}", NULL);
	put(*state, "car", "{\"name\":\"bus\"}", NULL);
	assert_int_equal(count(*state, "thing", ""), 3);
	assert_int_equal(count(*state, "toy", ""), 2);
	assert_int_equal(count(*state, "car", ""), 1);
	assert_int_equal(count(*state, "toy", "sys_class_name=car"), 1);
	assert_int_equal(count(*state, "thing",
	    "sys_class_nameINSTANCEOFtoy"), 2);
}

static void
a_record_of_another_class_is_not_there(void **state)
{
	struct json_object *row;
	char id[33];

	put(*state, "thing", "{\"name\":\"box\"}", id);
	assert_int_equal(db_get(*state, "car", id, &row), DB_E_NONE);
	assert_int_equal(db_delete(*state, "car", id), DB_E_NONE);
	assert_int_equal(change(*state, "car", id, "{}"), DB_E_NONE);
}

static void
the_server_sets_what_is_its_own(void **state)
{
	char id[33];

	put(*state, "car", "{\"name\":\"bus\",\"sys_created_by\":\"eve\","
	    "\"sys_created_on\":\"1999-01-01\",\"sys_mod_count\":\"9\"}", id);
	has(*state, "car", id, "sys_created_by", "ada");
	has(*state, "car", id, "sys_created_on", "2026-04-08 10:30:00");
	has(*state, "car", id, "sys_mod_count", "0");
	has(*state, "car", id, "sys_class_name", "car");
	db_set_user(*state, "bob", "");
	change(*state, "car", id, "{\"colour\":\"red\",\"sys_id\":\"x\"}");
	has(*state, "car", id, "sys_mod_count", "1");
	has(*state, "car", id, "sys_updated_by", "bob");
	has(*state, "car", id, "sys_created_by", "ada");
	has(*state, "car", id, "name", "bus");
	has(*state, "car", id, "sys_id", id);
}

static void
a_sys_id_that_is_sent_is_kept_and_unique(void **state)
{
	static const char one[] =
	    "{\"sys_id\":\"00000000000000000000000000000abc\"}";
	char id[33];

	assert_int_equal(put(*state, "car", one, id), 0);
	assert_string_equal(id, "00000000000000000000000000000abc");
	assert_int_equal(put(*state, "car", one, id), DB_E_DUPLICATE);
	assert_int_equal(put(*state, "toy", one, id), DB_E_DUPLICATE);
	assert_int_equal(put(*state, "car", "{\"sys_id\":\"short\"}", id),
	    DB_E_BAD);
}

static void
unknown_fields_are_ignored(void **state)
{
	char id[33];

	assert_int_equal(put(*state, "toy",
	    "{\"name\":\"bear\",\"wheels\":\"4\",\"nope\\\"--\":\"x\"}", id), 0);
	has(*state, "toy", id, "wheels", "(none)");
	has(*state, "toy", id, "name", "bear");
}

static void
an_unknown_table_is_an_error(void **state)
{
	struct json_object *row;

	assert_int_equal(put(*state, "nope", "{}", NULL), DB_E_TABLE);
	assert_int_equal(db_get(*state, "nope", "x", &row), DB_E_TABLE);
	assert_string_equal(db_error(*state), "Invalid table nope");
	assert_int_equal(db_create_table(*state, "a b", NULL, ""), DB_E_BAD);
	assert_int_equal(db_create_table(*state, "ab", "nope", ""),
	    DB_E_TABLE);
	assert_int_equal(db_create_column(*state, "toy", "x\"y", "string", "",
	    1), DB_E_BAD);
}

static void
values_become_the_strings_of_their_type(void **state)
{
	char id[33];

	put(*state, "car", "{\"name\":\"\\u00e4\\u00f6\\u00fc45678\","
	    "\"wheels\":4,\"fast\":1,\"colour\":null,"
	    "\"part_of\":{\"link\":\"l\",\"value\":\"v\"}}", id);
	has(*state, "car", id, "name", "\xc3\xa4\xc3\xb6\xc3\xbc" "45");
	has(*state, "car", id, "wheels", "4");
	has(*state, "car", id, "fast", "true");
	has(*state, "car", id, "colour", "");
	has(*state, "car", id, "part_of", "v");
}

static void
a_record_can_move_to_another_class(void **state)
{
	char id[33];

	put(*state, "toy", "{\"name\":\"bus\"}", id);
	assert_int_equal(change(*state, "toy", id,
	    "{\"sys_class_name\":\"car\",\"wheels\":\"6\"}"), 0);
	has(*state, "car", id, "wheels", "6");
	change(*state, "car", id, "{\"sys_class_name\":\"sys_dictionary\"}");
	has(*state, "car", id, "sys_class_name", "car");
}

static void
references_can_be_walked(void **state)
{
	const char *const fields[] = { "name", "part_of.name", "part_of.x",
	    "part_of.part_of.name" };
	struct db_select sel = { .table = "car", .fields = fields,
	    .field_count = 4, .display = true };
	struct json_object *rows, *row;
	char id[33], json[80];

	put(*state, "thing", "{\"name\":\"box\"}", id);
	snprintf(json, sizeof(json), "{\"name\":\"bus\",\"part_of\":\"%s\"}",
	    id);
	put(*state, "car", json, NULL);
	assert_int_equal(db_select(*state, &sel, &rows), 0);
	row = json_object_array_get_idx(rows, 0);
	assert_string_equal(json_str(row, "part_of.name", ""), "box");
	assert_string_equal(json_str(row, "part_of.part_of.name", "?"), "");
	assert_null(json_str(row, "part_of.x", NULL));
	json_object_put(rows);
}

static void
an_inner_rollback_undoes_only_its_own(void **state)
{
	assert_int_equal(db_begin(*state), 0);
	put(*state, "toy", "{\"name\":\"kept\"}", NULL);
	assert_int_equal(db_begin(*state), 0);
	put(*state, "toy", "{\"name\":\"lost\"}", NULL);
	db_rollback(*state);
	assert_int_equal(db_commit(*state), 0);
	assert_int_equal(count(*state, "toy", "name=kept"), 1);
	assert_int_equal(count(*state, "toy", "name=lost"), 0);
	assert_int_equal(db_begin(*state), 0);
	put(*state, "toy", "{\"name\":\"lost\"}", NULL);
	db_rollback(*state);
	assert_int_equal(count(*state, "toy", ""), 1);
}

static void
figures_are_made_over_groups(void **state)
{
	struct db_stats st = { .table = "car", .group_by = "colour",
	    .sum = "wheels", .max = "wheels", .query = "ORDERBYcolour" };
	struct json_object *rows, *row;

	put(*state, "car", "{\"colour\":\"red\",\"wheels\":\"4\"}", NULL);
	put(*state, "car", "{\"colour\":\"red\",\"wheels\":\"6\"}", NULL);
	put(*state, "car", "{\"colour\":\"blue\",\"wheels\":\"3\"}", NULL);
	assert_int_equal(db_stats(*state, &st, &rows), 0);
	assert_int_equal(json_object_array_length(rows), 2);
	row = json_object_array_get_idx(rows, 1);
	assert_string_equal(json_str(row, "colour", ""), "red");
	assert_string_equal(json_str(row, "count", ""), "2");
	assert_string_equal(json_str(row, "sum.wheels", ""), "10.0");
	json_object_put(rows);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, made, gone)
	const struct CMUnitTest tests[] = {
		T(a_class_knows_its_ancestors),
		T(a_query_of_a_class_finds_its_descendants),
		T(a_record_of_another_class_is_not_there),
		T(the_server_sets_what_is_its_own),
		T(a_sys_id_that_is_sent_is_kept_and_unique),
		T(unknown_fields_are_ignored),
		T(an_unknown_table_is_an_error),
		T(values_become_the_strings_of_their_type),
		T(a_record_can_move_to_another_class),
		T(references_can_be_walked),
		T(an_inner_rollback_undoes_only_its_own),
		T(figures_are_made_over_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

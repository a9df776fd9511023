/* SPDX-License-Identifier: Apache-2.0 */
/* What a walk has found is kept, sorted and found again; OIDs as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/table.h"

static struct varbind
number(const struct oid *o, uint64_t v)
{
	return (struct varbind){ .oid = o->id, .oid_n = o->n, .type = VB_GAUGE32, .number = v };
}

static int
put(struct table *t, const char *name, uint64_t v)
{
	struct varbind vb;
	struct oid o;

	assert_int_equal(oid_parse(name, &o), 0);
	vb = number(&o, v);
	return table_put(t, &vb);
}

static void
reads_and_writes_dotted_names(void **state)
{
	char text[OID_TEXT_MAX];
	struct oid o;

	(void)state;
	assert_int_equal(oid_parse(".1.3.6.1.4294967295.0", &o), 0);
	assert_int_equal(o.n, 6);
	assert_int_equal(oid_text(o.id, o.n, text, sizeof(text)), 20);
	assert_string_equal(text, "1.3.6.1.4294967295.0");
	assert_int_equal(oid_text(o.id, o.n, text, 5), 3);
	assert_string_equal(text, "1.3");
}

static void
refuses_what_is_no_dotted_name(void **state)
{
	static const char *const bad[] = { "", ".", "1.", "1..3", "1.x", "1.4294967296", "-1", "1 ", "..1" };
	struct oid o = { .n = 7 };
	char longest[3 * OID_MAX] = "1";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(oid_parse(bad[i], &o), -1);
	for (i = 0; i < OID_MAX; i++)
		memcpy(longest + 1 + 2 * i, ".1", 3);
	assert_int_equal(oid_parse(longest, &o), -1);
	assert_int_equal(o.n, 7);
	longest[2 * OID_MAX - 1] = '\0';
	assert_int_equal(oid_parse(longest, &o), 0);
	assert_int_equal(o.n, OID_MAX);
}

static void
sorts_what_came_in_disorder_and_keeps_the_first_of_two(void **state)
{
	struct table *t = table_new(100, 1 << 20);
	struct varbind vb;
	struct oid o;

	(void)state;
	assert_int_equal(put(t, "1.3.10", 10) | put(t, "1.3.9", 9) | put(t, "1.3", 3) | put(t, "1.3.9", 99), 0);
	table_sort(t);
	assert_int_equal(table_rows(t), 3);
	assert_int_equal(table_row(t, 0).number, 3);
	assert_int_equal(table_row(t, 1).number, 9);
	assert_int_equal(table_row(t, 2).number, 10);
	oid_parse("1.3.9", &o);
	assert_true(table_get(t, o.id, o.n, &vb));
	assert_int_equal(vb.number, 9);
	oid_parse("1.3.8", &o);
	assert_false(table_get(t, o.id, o.n, &vb));
	assert_int_equal(table_lower(t, o.id, o.n), 1);
	table_free(t);
}

static void
gives_the_rows_below_a_name(void **state)
{
	struct table *t = table_new(100, 1 << 20);
	struct varbind vb;
	struct oid p;
	size_t i;
	uint64_t sum = 0;

	(void)state;
	put(t, "1.3.1.5", 1);
	put(t, "1.3.2.1", 10);
	put(t, "1.3.2.7.8", 100);
	put(t, "1.3.20.1", 1000);
	table_sort(t);
	oid_parse("1.3.2", &p);
	for (i = table_lower(t, p.id, p.n); table_below(t, i, p.id, p.n, &vb); i++)
		sum += vb.number;
	assert_int_equal(sum, 110);
	table_free(t);
}

static void
keeps_values_of_each_kind(void **state)
{
	struct table *t = table_new(100, 1 << 20);
	const uint32_t ids[] = { 1, 3, 6, 1, 4, 1, 9 };
	struct varbind vb, got;
	struct oid o;

	(void)state;
	oid_parse("1.3.1", &o);
	vb = (struct varbind){ .oid = o.id, .oid_n = o.n, .type = VB_OCTETS, .bytes = (const uint8_t *)"a\0b", .len = 3 };
	assert_int_equal(table_put(t, &vb), 0);
	o.id[2] = 2;
	vb.type = VB_OID;
	vb.ids = ids;
	vb.len = 7;
	assert_int_equal(table_put(t, &vb), 0);
	o.id[2] = 3;
	vb = (struct varbind){ .oid = o.id, .oid_n = o.n, .type = VB_INTEGER, .integer = -5 };
	assert_int_equal(table_put(t, &vb), 0);
	got = table_row(t, 0);
	assert_int_equal(got.len, 3);
	assert_memory_equal(got.bytes, "a\0b", 3);
	got = table_row(t, 1);
	assert_memory_equal(got.ids, ids, sizeof(ids));
	assert_true(table_row(t, 2).integer == -5);
	table_free(t);
}

static void
stops_at_its_ceilings_and_stays_good(void **state)
{
	struct table *t = table_new(2, 1 << 20);
	char *big = calloc(1, 2000);
	struct varbind vb;
	struct oid o;

	(void)state;
	assert_int_equal(put(t, "1.1", 1) | put(t, "1.2", 2), 0);
	assert_int_equal(put(t, "1.3", 3), TABLE_FULL);
	assert_int_equal(table_rows(t), 2);
	table_free(t);

	t = table_new(100, 1000);
	oid_parse("1.3.1", &o);
	vb = (struct varbind){ .oid = o.id, .oid_n = o.n, .type = VB_OCTETS, .bytes = (const uint8_t *)big, .len = 2000 };
	assert_int_equal(table_put(t, &vb), TABLE_FULL);
	assert_int_equal(put(t, "1.2", 2), 0);
	assert_int_equal(table_row(t, 0).number, 2);
	table_free(t);
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_dotted_names),
		cmocka_unit_test(refuses_what_is_no_dotted_name),
		cmocka_unit_test(sorts_what_came_in_disorder_and_keeps_the_first_of_two),
		cmocka_unit_test(gives_the_rows_below_a_name),
		cmocka_unit_test(keeps_values_of_each_kind),
		cmocka_unit_test(stops_at_its_ceilings_and_stays_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

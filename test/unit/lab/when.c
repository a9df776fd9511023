/* SPDX-License-Identifier: Apache-2.0 */
/* When a schedule is due, and which addresses meet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ranges.h"
#include "util.h"
#include "when.h"

static time_t
at(const char *s)
{
	time_t t = date_parse(s);

	assert_int_not_equal(t, -1);
	return t;
}

static const struct when night = { .zone = "Europe/Berlin", .days = "mon,tue",
    .from = "22:00", .to = "05:30", .at = "" };

static void
a_window_over_midnight_belongs_to_the_day_it_begins(void **state)
{
	(void)state;	/* 2026-11-23 is a Monday; Berlin is an hour ahead */
	assert_false(when_open(&night, at("2026-11-23 20:59:00")));
	assert_true(when_open(&night, at("2026-11-23 21:00:00")));
	assert_true(when_open(&night, at("2026-11-25 04:29:59")));
	assert_false(when_open(&night, at("2026-11-25 04:30:00")));
	assert_false(when_open(&night, at("2026-11-25 21:30:00")));
	assert_false(when_open(&night, at("2026-11-23 03:00:00")));
}

static void
a_daily_time_follows_the_clocks_of_its_zone(void **state)
{
	struct when w = { .zone = "Europe/Berlin", .days = "", .from = "",
	    .to = "", .at = "02:30" };

	(void)state;
	assert_int_equal(when_next(&w, at("2026-07-01 00:00:00")),
	    at("2026-07-01 00:30:00"));
	assert_int_equal(when_next(&w, at("2026-07-01 00:30:00")),
	    at("2026-07-02 00:30:00"));
	assert_int_equal(when_next(&w, at("2026-12-01 00:31:00")),
	    at("2026-12-01 01:30:00"));
	w.at = "";
	assert_int_equal(when_next(&w, 1000), 0);
	w.every_s = 60;
	assert_int_equal(when_next(&w, 1000), 1060);
}

/* Once each day, also where half past two comes twice, or not at all; whatever other zones were asked about in between. */
static void
a_night_in_which_clocks_change_has_one_run(void **state)
{
	static const struct { const char *from, *first, *second; } nights[] = {
		{ "2026-10-24 12:00:00", "2026-10-25 00:30:00", "2026-10-26 01:30:00" },
		{ "2026-03-28 12:00:00", "2026-03-29 01:30:00", "2026-03-30 00:30:00" },
	};
	struct when w = { .zone = "Europe/Berlin", .days = "", .from = "", .to = "", .at = "02:30" };
	struct when south = { .zone = "America/Santiago", .days = "", .from = "", .to = "", .at = "12:00" };
	size_t i, k;
	time_t t;

	(void)state;
	for (i = 0; i < COUNT(nights); i++)
		for (k = 0; k < 4; k++) {
			(void)when_next(&south, at(k % 2 == 0 ? "2026-01-01 00:00:00" : "2026-07-01 00:00:00"));
			(void)when_next(&w, at(k < 2 ? "2026-01-01 00:00:00" : "2026-07-01 00:00:00"));
			t = when_next(&w, at(nights[i].from));
			assert_int_equal(t, at(nights[i].first));
			(void)when_next(&w, at("2026-01-01 00:00:00"));
			assert_int_equal(when_next(&w, t), at(nights[i].second));
		}
}

/* From ten to half past two of a night in which it is half past two twice: open the first time and the second. */
static void
a_window_is_open_by_what_clocks_show(void **state)
{
	struct when w = { .zone = "Europe/Berlin", .days = "sat", .from = "22:00", .to = "02:45", .at = "" };

	(void)state;	/* 2026-10-24 is a Saturday */
	assert_false(when_open(&w, at("2026-10-24 19:59:59")));
	assert_true(when_open(&w, at("2026-10-24 20:00:00")));
	assert_true(when_open(&w, at("2026-10-25 00:30:00")));
	assert_false(when_open(&w, at("2026-10-25 00:50:00")));
	assert_true(when_open(&w, at("2026-10-25 01:30:00")));
	assert_false(when_open(&w, at("2026-10-25 01:45:00")));
}

static void
nonsense_is_said(void **state)
{
	struct when w = night;

	(void)state;
	assert_null(when_wrong(&w));
	w.days = "mon,xyz";
	assert_non_null(when_wrong(&w));
	w = night;
	w.to = "";
	assert_non_null(when_wrong(&w));
	w.to = "24:00";
	assert_non_null(when_wrong(&w));
	w = night;
	w.at = "2:00x";
	assert_non_null(when_wrong(&w));
}

static bool
meet(const char *a, const char *b)
{
	struct ranges x, y;
	char wrong[64];
	bool yes;

	assert_true(ranges_parse(&x, a, wrong));
	assert_true(ranges_parse(&y, b, wrong));
	yes = ranges_meet(&x, &y);
	assert_int_equal(ranges_meet(&y, &x), yes);
	ranges_fini(&x);
	ranges_fini(&y);
	return yes;
}

static void
ranges_meet_when_they_share_an_address(void **state)
{
	(void)state;
	assert_true(meet("10.0.0.0/24", "10.0.0.255"));
	assert_false(meet("10.0.0.0/24", "10.0.1.0"));
	assert_true(meet("10.0.0.5-10.0.0.9, 10.2.0.1", "10.0.0.9-10.0.0.20"));
	assert_false(meet("10.0.0.5-10.0.0.9", "10.0.0.10-10.0.0.20"));
	assert_true(meet("2001:db8::/64", "2001:db8::7"));
	assert_false(meet("2001:db8::/64", "10.0.0.0/8"));
	assert_true(meet("0.0.0.0/0", "192.0.2.1"));
	assert_false(meet("", "192.0.2.1"));
}

static void
an_agents_ranges_must_hold_all_that_is_asked(void **state)
{
	struct ranges x, y;
	char wrong[64];

	(void)state;
	assert_true(ranges_parse(&x, "10.0.0.0/16 192.0.2.0/24", wrong));
	assert_true(ranges_parse(&y, "10.0.7.0/24,192.0.2.7", wrong));
	assert_true(ranges_hold(&x, &y));
	assert_false(ranges_hold(&y, &x));
	ranges_fini(&x);
	ranges_fini(&y);
}

static void
what_is_no_address_is_named(void **state)
{
	static const char *const bad[] = { "10.0.0.0/33", "10.0.0.9-10.0.0.5", "10.0.0.5-9",
	    "10.0.0", "10.0.0.1-::1", "host", "10.0.0.0/", "10.0.0.1-",
	    "1111:2222:3333:4444:5555:6666:7777:8888-1111:2222:3333:4444:5555" };
	struct ranges r;
	char wrong[64] = "";
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		assert_false(ranges_parse(&r, bad[i], wrong));
		assert_memory_equal(wrong, bad[i], 4);
		ranges_fini(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_over_midnight_belongs_to_the_day_it_begins),
		cmocka_unit_test(a_daily_time_follows_the_clocks_of_its_zone),
		cmocka_unit_test(a_night_in_which_clocks_change_has_one_run),
		cmocka_unit_test(a_window_is_open_by_what_clocks_show),
		cmocka_unit_test(nonsense_is_said),
		cmocka_unit_test(ranges_meet_when_they_share_an_address),
		cmocka_unit_test(an_agents_ranges_must_hold_all_that_is_asked),
		cmocka_unit_test(what_is_no_address_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* reach: what is left of asked ranges, by their ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "policy/inside.h"

static char allow[200], deny[200];
static struct policy policy = { .allow = allow, .deny = deny };
static struct err err;

/* What is left of LIST, or the sentence. */
static const char *
left(const char *list)
{
	static char text[4000];
	struct buf b;
	int r;

	buf_init(&b, sizeof(text) - 1);
	r = policy_reach(&policy, list, &b, &err);
	strcpy(text, r < 0 ? err.text : buf_str(&b));
	buf_fini(&b);
	return text;
}

static void
ranges_come_in_order_each_address_once(void **state)
{
	(void)state;
	assert_string_equal(left("10.0.1.0/24 10.0.0.0/24"), "10.0.0.0-10.0.1.255");
	assert_string_equal(left("10.0.0.5/30,10.0.0.6-10.0.0.9"), "10.0.0.4-10.0.0.9");
	assert_string_equal(left("10.0.0.1 10.0.0.3"), "10.0.0.1-10.0.0.1 10.0.0.3-10.0.0.3");
	assert_string_equal(left("10.0.0.1; 10.0.0.3;10.0.0.5"), "10.0.0.1-10.0.0.1 10.0.0.3-10.0.0.3 10.0.0.5-10.0.0.5");
	assert_string_equal(left("fd00::7 fd00::8 10.0.0.1"), "10.0.0.1-10.0.0.1 fd00::7-fd00::8");
}

static void
what_is_left_out_is_left_out_wherever_it_stands(void **state)
{
	(void)state;
	assert_string_equal(left("!10.0.0.16/28 10.0.0.0/27"), "10.0.0.0-10.0.0.15");
	assert_string_equal(left("10.0.0.0/24 !10.0.0.7"), "10.0.0.0-10.0.0.6 10.0.0.8-10.0.0.255");
	assert_string_equal(left("10.0.0.0/24 10.2.0.0/24 10.1.0.0/24 !10.0.0.0-10.1.0.254"), "10.1.0.255-10.1.0.255 10.2.0.0-10.2.0.255");
	assert_string_equal(left("fd00::1 fd00::2 !fd00::1"), "fd00::2-fd00::2");
}

static void
what_policy_denies_is_cut_out_of_a_range(void **state)
{
	(void)state;
	assert_string_equal(left("0.0.0.0/0"), "1.0.0.0-100.100.100.199 100.100.100.201-126.255.255.255 "
	    "128.0.0.0-168.63.129.15 168.63.129.17-169.253.255.255 169.255.0.0-192.0.0.191 192.0.0.193-223.255.255.255");
	strcpy(deny, "10.0.0.128/25 fd00::2");
	assert_string_equal(left("10.0.0.0/24 fd00::1 fd00::2"), "10.0.0.0-10.0.0.127 fd00::1-fd00::1");
	strcpy(allow, "10.0.0.0/26, 10.0.0.100");
	assert_string_equal(left("10.0.0.0/24"), "10.0.0.0-10.0.0.63 10.0.0.100-10.0.0.100");
	deny[0] = allow[0] = '\0';
	policy.loopback = true;
	assert_string_equal(left("127.64.0.0/30 ::1"), "::1-::1 127.64.0.0-127.64.0.3");
	policy.loopback = false;
}

static void
an_address_inside_an_ipv6_range_is_judged_too(void **state)
{
	(void)state;
	assert_string_equal(left("64:ff9b::a9fe:a9fe 64:ff9b::0a00:0001"), "64:ff9b::a00:1-64:ff9b::a00:1");
}

static void
all_that_is_excluded_is_said(void **state)
{
	(void)state;
	assert_non_null(strstr(left("10.0.0.0/24 !10.0.0.0/16"), "all of what was asked is excluded"));
	assert_non_null(strstr(left("10.0.0.0/24 !nonsense"), "\"nonsense\" is no address range"));
}

static void
a_refusal_says_why(void **state)
{
	(void)state;
	assert_non_null(strstr(left("169.254.1.0/24"), "link-local"));
	assert_int_equal(err.code, E_AUTH);
	assert_non_null(strstr(left("10.0.0.0/24 what"), "\"what\" is no address range"));
	assert_int_equal(err.code, E_BAD);
	assert_non_null(strstr(left("10.0.0.1-fd00::1"), "in one family"));
	assert_non_null(strstr(left("fd00::/64"), "nobody can try all addresses"));
}

static void
more_ranges_than_fit_are_refused_and_not_cut_off(void **state)
{
	char *list = calloc(2000, 24);
	size_t n = 0;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++)
		n += (size_t)snprintf(list + n, 24, "10.%d.%d.1 ", i / 250, i % 250);
	assert_non_null(strstr(left(list), "more than 1500 ranges"));
	free(list);
}

static void
what_is_left_out_is_never_lost_on_the_way(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 40);
	assert_int_equal(ranges_without(&b, "10.0.0.0/24", "10.0.0.7, 10.0.0.9"), 0);
	assert_string_equal(left(buf_str(&b)), "10.0.0.0-10.0.0.6 10.0.0.8-10.0.0.8 10.0.0.10-10.0.0.255");
	buf_clear(&b);
	assert_int_equal(ranges_without(&b, "10.0.0.0/24 10.1.0.0/24", "10.0.0.7 10.0.0.9"), -E_FULL);
	buf_fini(&b);
	assert_int_equal(ranges_count("10.0.0.0-10.0.0.6 10.0.0.8-10.0.0.8"), 8);
	assert_int_equal(ranges_count("0.0.0.0-255.255.255.255"), 1ll << 32);
	assert_int_equal(ranges_count(""), 0);
}

/* Each address of a range is asked, and one that carries an IPv4 address is judged: that is bounded for all of a list, which
 * an instance or a worker chooses, and midd does nothing else meanwhile. */
static void
ipv6_addresses_are_counted_over_all_of_a_list(void **state)
{
	(void)state;
	assert_string_equal(left("fd00::/112"), "fd00::-fd00::ffff");
	assert_non_null(strstr(left("fd00::/113 fd01::/112"), "more than 65536 addresses"));
	assert_non_null(strstr(left("64:ff9b::a00:0/115"), "more than 4096 addresses"));
	assert_string_equal(left("64:ff9b::a00:0/120"), "64:ff9b::a00:0-64:ff9b::a00:ff");
	assert_string_equal(left("64:ff9b::7f00:0/127 fd00::1"), "fd00::1-fd00::1");
	assert_string_equal(left("2001:ffff:ffff:ffff:ffff:ffff:ffff:fffe-2002::1"),
	    "2001:ffff:ffff:ffff:ffff:ffff:ffff:fffe-2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_come_in_order_each_address_once),
		cmocka_unit_test(what_is_left_out_is_left_out_wherever_it_stands),
		cmocka_unit_test(what_policy_denies_is_cut_out_of_a_range),
		cmocka_unit_test(an_address_inside_an_ipv6_range_is_judged_too),
		cmocka_unit_test(all_that_is_excluded_is_said),
		cmocka_unit_test(a_refusal_says_why),
		cmocka_unit_test(more_ranges_than_fit_are_refused_and_not_cut_off),
		cmocka_unit_test(what_is_left_out_is_never_lost_on_the_way),
		cmocka_unit_test(ipv6_addresses_are_counted_over_all_of_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

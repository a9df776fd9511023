/* SPDX-License-Identifier: Apache-2.0 */
/* way: the hosts on the way, as proxy_jump names them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ssh/way.c"

static void
hosts_and_ports_are_read(void **state)
{
	struct hop h[3];

	(void)state;
	assert_int_equal(way_read(h, 3, NULL), 0);
	assert_int_equal(way_read(h, 3, ""), 0);
	assert_int_equal(way_read(h, 3, "none"), 0);
	assert_int_equal(way_read(h, 3, "gate"), 1);
	assert_string_equal(h[0].name, "gate");
	assert_int_equal(h[0].port, 22);
	assert_int_equal(way_read(h, 3, "gate.example:2222,[fe80::1]:23,2001:db8::7"), 3);
	assert_string_equal(h[0].name, "gate.example");
	assert_int_equal(h[0].port, 2222);
	assert_string_equal(h[1].name, "fe80::1");
	assert_int_equal(h[1].port, 23);
	assert_string_equal(h[2].name, "2001:db8::7");
	assert_int_equal(h[2].port, 22);
}

static void
what_is_no_host_is_refused(void **state)
{
	static const char *const bad[] = { ",", "a,", ",a", "a,,b", "a:", "a:0", "a:65536", "a:-1", "a: 22", "a:22x", "me@a", "a b",
	    "[::1", "[::1]x", "[]", ":22", "a,b,c,d" };
	struct hop h[3];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (way_read(h, 3, bad[i]) != -1)
			fail_msg("'%s' was taken", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_and_ports_are_read),
		cmocka_unit_test(what_is_no_host_is_refused),
	};

	return cmocka_run_group_tests_name("way", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* scan: ranges by number, the order of asking, ports, the pace, and what is heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scan/asks.h"
#include "scan/dns.h"
#include "scan/found.h"
#include "scan/near.h"
#include "scan/pace.h"
#include "scan/page.h"
#include "scan/plan.h"
#include "scan/udp.h"

static void
every_address_is_asked_once_and_neighbours_far_apart(void **state)
{
	static const char ranges[] = "10.0.0.250-10.0.1.5 10.9.0.0-10.9.3.255 fd00::fffe-fd00::1:0001";
	struct plan p;
	struct where w;
	unsigned char *seen;
	uint32_t k, i, back, close = 0, last = 0;
	char text[WHERE_TEXT];

	(void)state;
	assert_int_equal(plan_read(&p, ranges, 10000, 77), 0);
	assert_int_equal(p.n, 12 + 1024 + 4);
	seen = calloc(p.n, 1);
	for (k = 0; k < p.n; k++) {
		i = plan_order(&p, k);
		assert_true(i < p.n);
		assert_int_equal(seen[i]++, 0);
		plan_at(&p, i, &w);
		assert_true(plan_find(&p, &w, &back));
		assert_int_equal(back, i);
		close += k > 0 && labs((long)i - (long)last) < 256;
		last = i;
	}
	assert_int_equal(close, 0);
	plan_at(&p, 11, &w);
	where_text(&w, text);
	assert_string_equal(text, "10.0.1.5");
	plan_at(&p, p.n - 1, &w);
	where_text(&w, text);
	assert_string_equal(text, "fd00::1:1");
	free(seen);
	plan_free(&p);
}

static void
an_address_outside_the_plan_is_not_found(void **state)
{
	struct plan p;
	struct where w;
	uint32_t i;

	(void)state;
	assert_int_equal(plan_read(&p, "10.0.0.5-10.0.0.9 10.0.0.20-10.0.0.20", 100, 0), 0);
	assert_true(where_read(&w, STR("10.0.0.10")));
	assert_false(plan_find(&p, &w, &i));
	assert_true(where_read(&w, STR("10.0.0.4")));
	assert_false(plan_find(&p, &w, &i));
	assert_true(where_read(&w, STR("::1")));
	assert_false(plan_find(&p, &w, &i));
	plan_free(&p);
	assert_int_equal(plan_read(&p, "10.0.0.0-10.0.0.255", 255, 0), -1);
	assert_int_equal(plan_read(&p, "", 255, 0), -1);
	assert_int_equal(plan_read(&p, "10.0.0.9-10.0.0.1", 255, 0), -1);
}

static void
ports_are_read_by_number_range_and_name(void **state)
{
	struct asks a;
	char why[200];

	(void)state;
	assert_int_equal(asks_read(&a, "22, 8000-8002,https,udp:161,22,icmp", why, sizeof(why)), 0);
	assert_int_equal(a.n, 7);
	assert_string_equal(asks_find(&a, ASK_TCP, 22)->service->name, "ssh");
	assert_string_equal(asks_find(&a, ASK_TCP, 8001)->service->scanner, "GenericTCP");
	assert_int_equal(asks_find(&a, ASK_TCP, 443)->service->talk, TALK_HTTPS);
	assert_non_null(asks_find(&a, ASK_UDP, 161));
	assert_null(asks_find(&a, ASK_UDP, 22));
	assert_int_equal(asks_read(&a, NULL, why, sizeof(why)), 0);
	assert_non_null(asks_find(&a, ASK_TCP, 22));
	assert_int_equal(asks_read(&a, "0", why, sizeof(why)), -1);
	assert_int_equal(asks_read(&a, "70000", why, sizeof(why)), -1);
	assert_int_equal(asks_read(&a, "9-5", why, sizeof(why)), -1);
	assert_int_equal(asks_read(&a, "udp:4", why, sizeof(why)), -1);
	assert_non_null(strstr(why, "\"udp:4\""));
	assert_int_equal(asks_read(&a, "1-1000", why, sizeof(why)), -1);
}

/* How many questions a second of 10 ms turns allows. */
static unsigned
second(struct pace *p, int64_t *now)
{
	unsigned n = 0;
	int i;

	for (i = 0; i < 100; i++) {
		*now += 10;
		pace_time(p, *now);
		while (pace_ask(p, 0)) {
			pace_done(p, 0);
			n++;
		}
	}
	return n;
}

static void
the_pace_grows_to_its_budget_and_halves_where_packets_are_lost(void **state)
{
	struct pace p;
	int64_t now = 1000;
	unsigned n, i;

	(void)state;
	assert_int_equal(pace_init(&p, 256, 1000, 10, now), 0);
	n = second(&p, &now);
	assert_in_range(n, 200, 300);
	for (i = 0; i < 8; i++) {
		n = second(&p, &now);
		assert_true(n <= 1001);
	}
	assert_in_range(n, 950, 1001);
	pace_loss(&p);
	second(&p, &now);
	assert_in_range(second(&p, &now), 400, 650);
	pace_fini(&p);
}

static void
one_network_has_so_many_questions_at_once(void **state)
{
	struct pace p;

	(void)state;
	assert_int_equal(pace_init(&p, 1024, 0, 2, 0), 0);
	assert_true(pace_ask(&p, 3));
	assert_true(pace_ask(&p, 200));
	assert_false(pace_ask(&p, 4));
	assert_true(pace_ask(&p, 300));
	pace_done(&p, 200);
	assert_true(pace_ask(&p, 4));
	pace_fini(&p);
}

static void
an_answer_must_know_what_was_asked(void **state)
{
	/* NetBIOS's table of names: OFFICE of the domain WORK, MAC 00:11:22:33:44:55. */
	uint8_t nbt[200] = { 0x12, 0x34, 0x84, 0, 0, 0, 0, 1 }, *p = nbt + 12;
	struct found f;

	(void)state;
	*p++ = 32;
	memcpy(p, "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 32);
	p += 32;
	memcpy(p, "\0\0\x21\0\1\0\0\0\0\0\x2b\2", 12);
	p += 12;
	memcpy(p, "OFFICE         \0\4\0" "WORK           \0\x84\0" "\0\x11\x22\x33\x44\x55", 42);
	p += 42;
	assert_int_equal(found_init(&f, 1, 1), 0);
	assert_false(udp_read("nbt", 0x9999, nbt, (size_t)(p - nbt), &f, 0, 0));
	assert_true(udp_read("nbt", 0x1234, nbt, (size_t)(p - nbt), &f, 0, 0));
	assert_string_equal(found_value(&f, 0, 0, "nbt_name"), "OFFICE");
	assert_string_equal(found_value(&f, 0, 0, "nbt_domain"), "WORK");
	assert_string_equal(found_value(&f, 0, FACT_OF_ANY, "mac_address"), "00:11:22:33:44:55");
	assert_null(found_value(&f, 0, FACT_OF_HOST, "mac_address"));
	assert_null(found_value(&f, 0, 0, "nbt_software"));
	found_fini(&f);
	memset(p - 6, 0, 6);	/* Samba tells no MAC address */
	assert_int_equal(found_init(&f, 1, 1), 0);
	assert_true(udp_read("nbt", 0x1234, nbt, (size_t)(p - nbt), &f, 0, 0));
	assert_string_equal(found_value(&f, 0, 0, "nbt_software"), "Samba");
	assert_null(found_value(&f, 0, FACT_OF_ANY, "mac_address"));
	found_fini(&f);
}

static void
a_circle_in_a_name_ends(void **state)
{
	static const uint8_t circle[] = { 0, 7, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 24 };
	struct dns_answers a;
	struct dns_answer r;
	char name[DNS_NAME_MAX];

	(void)state;
	assert_true(dns_read(&a, circle, sizeof(circle), 7));
	assert_true(dns_next(&a, &r));
	assert_int_equal(r.type, DNS_PTR);
	assert_false(dns_name(&a, r.data, name));
	assert_false(dns_next(&a, &r));
}

static void
a_page_tells_who_serves_it(void **state)
{
	static const char page[] = "HTTP/1.1 401 Unauthorized\r\nserver: RomPager/4.07\r\nWWW-Authenticate: Basic realm=\"switch\"\r\n\r\n"
	    "<html><TITLE lang=en>\n Web \x1b[31mConsole </TITLE>";
	struct found f;

	(void)state;
	assert_int_equal(found_init(&f, 1, 1), 0);
	assert_false(page_is_enough(page, 40));
	assert_true(page_is_enough(page, sizeof(page) - 1));
	page_tell(page, sizeof(page) - 1, &f, 0, 0);
	assert_string_equal(found_value(&f, 0, 0, "http_status"), "401");
	assert_string_equal(found_value(&f, 0, 0, "http_server"), "RomPager/4.07");
	assert_string_equal(found_value(&f, 0, 0, "http_authenticate"), "Basic realm=\"switch\"");
	assert_null(strchr(found_value(&f, 0, 0, "http_title"), '\x1b'));
	found_fini(&f);
}

static void
makers_are_read_from_lists_of_three_kinds(void **state)
{
	static const struct { const char *line; uint32_t prefix; const char *maker; } rows[] = {
		{ "aabbcc Maker & Sons\n", 0xaabbcc, "Maker & Sons" },
		{ "00-1B-21   (hex)\t\tIntel Corporate\r\n", 0x001b21, "Intel Corporate" },
		{ "001B21     (base 16)\t\tIntel Corporate\n", 0x001b21, "(base 16)\t\tIntel Corporate" },
		{ "\t\t\t\tHillsboro  97124\n", NO_PREFIX, NULL },
		{ "OUI:00000C*\n", 0x00000c, NULL },
		{ " ID_OUI_FROM_DATABASE=Cisco Systems, Inc\n", 0x00000c, "Cisco Systems, Inc" },
		{ "OUI:0050C2AF4*\n", NO_PREFIX, NULL },	/* a part of one */
		{ " ID_OUI_FROM_DATABASE=Small Maker\n", NO_PREFIX, NULL },
		{ "OUI:00\n", NO_PREFIX, NULL },
		{ "\n", NO_PREFIX, NULL },
		{ "# a remark\n", NO_PREFIX, NULL },
	};
	uint32_t prefix = NO_PREFIX;
	struct str maker;
	char text[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(near_read_maker(rows[i].line, &prefix, &maker), rows[i].maker != NULL);
		assert_int_equal(prefix, rows[i].prefix);
		if (rows[i].maker == NULL)
			continue;
		str_copy(text, sizeof(text), maker);
		assert_string_equal(text, rows[i].maker);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_address_is_asked_once_and_neighbours_far_apart),
		cmocka_unit_test(an_address_outside_the_plan_is_not_found),
		cmocka_unit_test(ports_are_read_by_number_range_and_name),
		cmocka_unit_test(the_pace_grows_to_its_budget_and_halves_where_packets_are_lost),
		cmocka_unit_test(one_network_has_so_many_questions_at_once),
		cmocka_unit_test(an_answer_must_know_what_was_asked),
		cmocka_unit_test(a_circle_in_a_name_ends),
		cmocka_unit_test(a_page_tells_who_serves_it),
		cmocka_unit_test(makers_are_read_from_lists_of_three_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

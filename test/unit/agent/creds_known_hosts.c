/* SPDX-License-Identifier: Apache-2.0 */
/* known_hosts: lines as ssh(1) writes them, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "creds/known_hosts.h"
#include "err.h"

static int
parse(struct known_line *out, char *room, size_t n, const char *text, struct err *err)
{
	snprintf(room, n, "%s", text);
	return known_line_parse(out, room, err);
}

static void
names_addresses_and_ports_are_read(void **state)
{
	struct known_line l;
	struct err err = { 0 };
	char room[400];

	(void)state;
	assert_int_equal(parse(&l, room, sizeof(room), "Web1,10.0.0.1,[fe80::1]:2222\tssh-ed25519 AAAAC3== me@home\n", &err), 0);
	assert_int_equal(l.hosts, 3);
	assert_string_equal(l.host[0].name, "web1");
	assert_int_equal(l.host[0].port, 22);
	assert_string_equal(l.host[2].name, "fe80::1");
	assert_int_equal(l.host[2].port, 2222);
	assert_string_equal(l.type, "ssh-ed25519");
	assert_string_equal(l.key, "AAAAC3==");
	assert_int_equal(parse(&l, room, sizeof(room), "  # a comment", &err), 0);
	assert_int_equal(l.hosts, 0);
}

static void
a_hidden_name_is_known_by_its_hash(void **state)
{
	/* HMAC-SHA1 of "web1.example" and of "[web1.example]:2222", salt 0x00 to 0x13 (RFC 2104; made with openssl mac). */
	static const char *const plain = "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|/rwLbm7aEK1m58qiMXNsSXGYHsw=";
	static const char *const port = "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|xrTWYi+3DC9Z4G6w9uSO7lmE/EU=";

	(void)state;
	assert_true(known_hash_fits(plain, "web1.example", 22));
	assert_true(known_hash_fits(plain, "WEB1.example", 22));
	assert_false(known_hash_fits(plain, "web1.example", 2222));
	assert_true(known_hash_fits(port, "web1.example", 2222));
	assert_false(known_hash_fits(port, "web2.example", 2222));
	assert_false(known_hash_fits("|1||", "web1.example", 22));
}

static void
what_is_no_line_is_named(void **state)
{
	static const struct { const char *text, *says; int r; } bad[] = {
		{ "web1", "HOST TYPE BASE64", -E_BAD },
		{ "web1 ssh-ed25519 \"AAAA", "HOST TYPE BASE64", -E_BAD },
		{ "[web1]:70000 ssh-ed25519 AAAA", "1 to 65535", -E_BAD },
		{ "[web1 ssh-ed25519 AAAA", "[HOST]:PORT", -E_BAD },
		{ "a,,b ssh-ed25519 AAAA", "empty", -E_BAD },
		{ "|1|short|AAAA ssh-ed25519 AAAA", "SALT", -E_BAD },
		{ "*.example ssh-ed25519 AAAA", "pattern", -E_NONE },
		{ "@cert-authority *.example", "PATTERNS TYPE BASE64", -E_BAD },
		{ "@revoked web1 ssh-ed25519 AAAA", "remove", -E_NONE },
		{ "@other web1 ssh-ed25519 AAAA", "no marker", -E_BAD },
	};
	struct known_line l;
	struct err err;
	char room[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(parse(&l, room, sizeof(room), bad[i].text, &err), bad[i].r);
		assert_non_null(strstr(err.text, bad[i].says));
	}
}

static void
patterns_of_an_authority_fit_or_do_not(void **state)
{
	(void)state;
	assert_true(known_patterns_fit("*.example.com", "web.EXAMPLE.com", 22));
	assert_false(known_patterns_fit("*.example.com", "example.com", 22));
	assert_true(known_patterns_fit("10.1.*,!10.1.4.?", "10.1.5.7", 22));
	assert_false(known_patterns_fit("10.1.*,!10.1.4.?", "10.1.4.7", 22));
	assert_false(known_patterns_fit("!10.1.4.7,10.1.*", "10.1.4.7", 22));
	assert_true(known_patterns_fit("[web]:2222", "web", 2222));
	assert_false(known_patterns_fit("[web]:2222", "web", 22));
	assert_true(known_patterns_fit("web", "web", 2222));
	assert_false(known_patterns_fit("", "web", 22));
	assert_true(known_patterns_fit("a*b*c", "a-b-b-c", 22));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_addresses_and_ports_are_read),
		cmocka_unit_test(a_hidden_name_is_known_by_its_hash),
		cmocka_unit_test(what_is_no_line_is_named),
		cmocka_unit_test(patterns_of_an_authority_fit_or_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

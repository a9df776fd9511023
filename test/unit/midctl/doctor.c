/* SPDX-License-Identifier: Apache-2.0 */
/* Each way a hop may be broken has its own remedy; what is well has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doctor.h"
#include "err.h"
#include "os.h"

static void
check(const struct hop *h, enum hop_state state, const char *remedy)
{
	if (h->state != state || strstr(h->remedy, remedy) == NULL || (remedy[0] == '\0') != (h->remedy[0] == '\0'))
		fail_msg("\"%s\": state %d, remedy \"%s\", not %d, \"%s\"", h->what, h->state, h->remedy, state, remedy);
}

static void
each_status_of_the_instance_has_its_own_remedy(void **state)
{
	static const struct {
		struct visit v;
		void (*judge)(const struct visit *v, struct hop *h);
		enum hop_state state;
		const char *remedy;
	} rows[] = {
		{ { .status = 200, .result = true }, judge_tls, HOP_OK, "" },
		{ { .code = E_TLS, .why = "the certificate of x has expired: ..." }, judge_tls, HOP_BAD, "must renew" },
		{ { .code = E_TLS, .why = "our certificate c expired 3 days ago, and x refused it" }, judge_tls, HOP_BAD, "instance.cert" },
		{ { .code = E_TLS, .why = "the certificate of x comes from a CA that is not in f" }, judge_tls, HOP_BAD, "instance.ca" },
		{ { .code = E_TLS, .why = "the revocation list in f is out of date: ..." }, judge_tls, HOP_BAD, "instance.crl" },
		{ { .code = E_TLS, .why = "x staples no OCSP response to its certificate: ..." }, judge_tls, HOP_BAD, "staple a fresh" },
		{ { .code = E_TLS, .why = "the certificate of x has been revoked, says OCSP: ..." }, judge_tls, HOP_BAD, "must replace" },
		{ { .code = E_TLS, .why = "x does not speak TLS on this port" }, judge_tls, HOP_BAD, "check the port" },
		{ { .code = E_TLS, .why = "the certificate of x is for another name" }, judge_tls, HOP_BAD, "host name" },
		{ { .code = E_TLS, .why = "private key k does not belong to certificate c" }, judge_tls, HOP_BAD, "a pair" },
		{ { .code = E_TLS, .why = "certificate c holds no certificate in PEM form" }, judge_tls, HOP_BAD, "instance.cert must be" },
		{ { .code = E_TLS, .why = "CA file f holds no certificate in PEM form" }, judge_tls, HOP_BAD, "instance.ca names" },
		{ { .code = E_TLS, .why = "something new" }, judge_tls, HOP_BAD, "s_client" },
		{ { .code = E_OS, .ours = true, .why = "private key: open k: Permission denied" }, judge_tls, HOP_BAD, "as root" },
		{ { .status = 200, .result = true }, judge_http, HOP_OK, "" },
		{ { .status = 200 }, judge_http, HOP_BAD, "login page" },
		{ { .status = 302, .location = "https://portal" }, judge_http, HOP_BAD, "instance.url" },
		{ { .status = 404 }, judge_http, HOP_BAD, "without a path" },
		{ { .status = 429 }, judge_http, HOP_BAD, "rate limit" },
		{ { .status = 503 }, judge_http, HOP_BAD, "loses nothing" },
		{ { .code = E_AUTH, .why = "the proxy wants a login" }, judge_http, HOP_BAD, "instance.proxy_user" },
		{ { .code = E_AUTH, .why = "the proxy wants a Kerberos ticket" }, judge_http, HOP_BAD, "kinit" },
		{ { .status = 511 }, judge_http, HOP_BAD, "portal" },
		{ { .code = E_NET, .why = "closed without an answer" }, judge_http, HOP_BAD, "stands between" },
		{ { .status = 401 }, judge_http, HOP_OK, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hop h = { HOP_OK, "", "" };

		rows[i].judge(&rows[i].v, &h);
		check(&h, rows[i].state, rows[i].remedy);
	}
}

static void
login_and_role_are_told_apart(void **state)
{
	struct visit good = { .status = 200, .result = true }, out = { .status = 401 }, no = { .status = 403 };
	struct hop h = { HOP_OK, "", "" };

	(void)state;
	judge_login(&out, true, &h);
	check(&h, HOP_BAD, "mapped to a user");
	judge_login(&out, false, &h);
	check(&h, HOP_BAD, "instance.password_file");
	judge_login(&no, true, &h);
	check(&h, HOP_OK, "");
	judge_role(&no, &good, &h);
	check(&h, HOP_BAD, "mid_server");
	assert_non_null(strstr(h.what, "ecc_agent"));
	judge_role(&good, &no, &h);
	check(&h, HOP_BAD, "mid_server");
	assert_non_null(strstr(h.what, "ecc_queue"));
	judge_role(&good, &good, &h);
	check(&h, HOP_OK, "");
}

static void
a_clock_is_judged_in_both_directions(void **state)
{
	static const struct { int64_t ahead; enum hop_state state; const char *remedy; } rows[] = {
		{ 0, HOP_OK, "" }, { 29, HOP_OK, "" }, { -29, HOP_OK, "" }, { 30, HOP_WARN, "NTP" }, { -299, HOP_WARN, "NTP" },
		{ 300, HOP_BAD, "NTP" }, { -86400, HOP_BAD, "NTP" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hop h = { HOP_OK, "", "" };

		judge_clock(rows[i].ahead, &h);
		check(&h, rows[i].state, rows[i].remedy);
	}
}

static void
each_layer_of_the_sandbox_has_its_remedy(void **state)
{
	struct os_guard_state whole = { .no_new_privs = true, .seccomp = true, .rlimits = true, .landlock_abi = 5 }, g;
	struct hop h = { HOP_OK, "", "" };

	(void)state;
	judge_sandbox(&whole, &h);
	check(&h, HOP_OK, "");
	g = whole;
	g.landlock_abi = 0;
	judge_sandbox(&g, &h);
	check(&h, HOP_WARN, "Landlock");
	g = whole;
	g.seccomp = false;
	judge_sandbox(&g, &h);
	check(&h, HOP_BAD, "CONFIG_SECCOMP_FILTER");
}

static void
values_of_options_are_read_with_their_units(void **state)
{
	(void)state;
	assert_int_equal(doctor_duration("300ms"), 300);
	assert_int_equal(doctor_duration("10s"), 10000);
	assert_int_equal(doctor_duration("2m"), 120000);
	assert_int_equal(doctor_size("100 MB"), 100000000);
	assert_int_equal(doctor_size("0 B"), 0);
	assert_int_equal(doctor_size("1.5 GB"), 1500000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_of_the_instance_has_its_own_remedy),
		cmocka_unit_test(login_and_role_are_told_apart),
		cmocka_unit_test(a_clock_is_judged_in_both_directions),
		cmocka_unit_test(each_layer_of_the_sandbox_has_its_remedy),
		cmocka_unit_test(values_of_options_are_read_with_their_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

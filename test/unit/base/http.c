/* SPDX-License-Identifier: Apache-2.0 */
/* http.h against a TLS server in this process that says exactly what it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>

#include "err.h"
#include "http.h"
#include "loop.h"
#include "tls_server.h"

#define OK(body) "HTTP/1.1 200 OK\r\nContent-Length: " body

static struct test_cert ca, other_ca, server_cert, server_old, server_other, client, client_old, client_other;
static struct tls_server server;
static struct loop *loop;
static struct http *http;

/* What came of the last request. */
static struct result {
	int calls, status, code;
	bool maybe_done;
	int64_t retry_after_s;
	size_t len;
	char body[200], why[ERR_TEXT_MAX], tls[16], location[200];
} got;

static void
on_done(void *arg, const struct http_answer *a, const struct err *err)
{
	struct result *r = arg;

	r->calls++;
	r->status = a->status;
	r->code = err->code;
	r->maybe_done = a->maybe_done;
	r->retry_after_s = a->retry_after_s;
	r->len = a->len;
	snprintf(r->body, sizeof(r->body), "%s", a->body);
	snprintf(r->why, sizeof(r->why), "%s", err->text);
	snprintf(r->tls, sizeof(r->tls), "%s", a->tls != NULL ? a->tls : "");
	snprintf(r->location, sizeof(r->location), "%s", a->location != NULL ? a->location : "");
}

static void
open_with(const char *ca_file, const struct test_cert *cert)
{
	struct http_config cfg = { .ca_file = ca_file, .connect_ms = 5000, .connections_max = 2, .user_agent = "t/1" };
	struct err err = { 0 };

	if (cert != NULL) {
		cfg.cert_file = cert->crt;
		cfg.key_file = cert->pem;
	}
	assert_int_equal(loop_open(&loop, &err), 0);
	if (http_open(&http, loop, &cfg, &err) < 0)
		fail_msg("%s", err.text);
}

static void
begin(const struct act *acts, size_t n)
{
	tls_server_start(&server, &server_cert, NULL, acts, n);
	open_with(ca.crt, NULL);
}
#define BEGIN(acts) begin(acts, sizeof(acts) / sizeof(*(acts)))

static void
end(void)
{
	http_close(http);
	loop_close(loop);
	tls_server_stop(&server);
}

static struct http_call *
start(const char *method, const char *body, size_t answer_max, int64_t total_ms)
{
	char url[100];
	static const char *const headers[] = { "X-Test: yes", NULL };
	struct http_request req = { .method = method, .url = url, .headers = headers, .body = body,
	    .body_len = body != NULL ? strlen(body) : 0, .answer_max = answer_max, .total_ms = total_ms };

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/p?q=1", server.port);
	memset(&got, 0, sizeof(got));
	return http_start(http, &req, on_done, &got);
}

static void
ask(const char *method, const char *body, size_t answer_max)
{
	start(method, body, answer_max, 10000);
	while (got.calls == 0)
		loop_turn(loop, true);
	assert_int_equal(got.calls, 1);
}

static void
says(const char *part)
{
	if (strstr(got.why, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", got.why, part);
}

/* --- what goes well --------------------------------------------------------------- */

static void
asks_and_is_answered_over_tls(void **state)
{
	static const struct act acts[] = { { .say = OK("5\r\n\r\nhello") } };

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 200);
	assert_int_equal(got.code, 0);
	assert_string_equal(got.body, "hello");
	assert_string_equal(got.tls, "TLSv1.3");
	assert_int_equal(got.retry_after_s, -1);
	assert_int_equal(strncmp(server.seen[0], "GET /p?q=1 HTTP/1.1\r\n", 21), 0);
	assert_non_null(strstr(server.seen[0], "\r\nX-Test: yes\r\n"));
	assert_non_null(strstr(server.seen[0], "\r\nUser-Agent: t/1\r\n"));
	end();
}

static void
keeps_the_connection_and_sends_each_method_with_its_body(void **state)
{
	static const struct act acts[] = {
		{ .say = OK("0\r\n\r\n") }, { .say = OK("0\r\n\r\n") }, { .say = OK("0\r\n\r\n") },
	};

	(void)state;
	BEGIN(acts);
	ask("POST", "{\"a\":1}", 100);
	assert_true(got.maybe_done);
	ask("PATCH", "{\"b\":2}", 100);
	ask("GET", NULL, 100);
	assert_int_equal(server.connections, 1);
	assert_int_equal(strncmp(server.seen[0], "POST ", 5), 0);
	assert_non_null(strstr(server.seen[0], "\r\n\r\n{\"a\":1}"));
	assert_null(strcasestr(server.seen[0], "Expect:"));
	assert_int_equal(strncmp(server.seen[1], "PATCH ", 6), 0);
	assert_non_null(strstr(server.seen[1], "\r\n\r\n{\"b\":2}"));
	assert_int_equal(strncmp(server.seen[2], "GET ", 4), 0);
	assert_null(strcasestr(server.seen[2], "Content-Length"));
	end();
}

static void
hands_on_what_an_error_says_about_waiting_and_moving(void **state)
{
	static const struct act acts[] = {
		{ .say = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n" },
		{ .say = "HTTP/1.1 307 Moved\r\nLocation: /elsewhere?x=1\r\nContent-Length: 0\r\n\r\n" },
	};
	char where[100];

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 503);
	assert_int_equal(got.retry_after_s, 7);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 307);
	assert_int_equal(got.retry_after_s, -1);
	snprintf(where, sizeof(where), "https://127.0.0.1:%d/elsewhere?x=1", server.port);
	assert_string_equal(got.location, where);
	assert_int_equal(server.requests, 2);
	end();
}

/* --- a write is never sent twice ------------------------------------------------------ */

static void
a_post_whose_kept_connection_dies_is_not_sent_again(void **state)
{
	static const struct act acts[] = {
		{ .say = OK("0\r\n\r\n") }, { .hang_up = true }, { .say = OK("0\r\n\r\n") },
	};

	(void)state;
	BEGIN(acts);
	ask("POST", "one", 100);
	ask("POST", "two", 100);
	assert_int_equal(got.status, 0);
	assert_int_equal(got.code, E_NET);
	assert_true(got.maybe_done);
	assert_int_equal(server.requests, 2);
	end();
}

static void
a_get_whose_kept_connection_dies_is(void **state)
{
	static const struct act acts[] = {
		{ .say = OK("0\r\n\r\n") }, { .hang_up = true }, { .say = OK("2\r\n\r\nok") },
	};

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 100);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "ok");
	assert_int_equal(server.connections, 2);
	end();
}

static void
a_port_where_nobody_listens_has_not_done_it(void **state)
{
	static const struct act acts[] = { { .say = OK("0\r\n\r\n") } };
	struct http_request req = { .method = "POST", .url = "https://127.0.0.1:1/", .body = "x", .body_len = 1,
	    .answer_max = 10, .total_ms = 5000 };

	(void)state;
	BEGIN(acts);
	memset(&got, 0, sizeof(got));
	http_start(http, &req, on_done, &got);
	while (got.calls == 0)
		loop_turn(loop, true);
	assert_int_equal(got.code, E_NET);
	assert_false(got.maybe_done);
	says("no connection to 127.0.0.1:1 (Connection refused): check");
	end();
}

/* --- bounds ---------------------------------------------------------------------------- */

static const char bomb[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 132\r\n\r\n"
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f"
	"\xa0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00";	/* 100,000 zeros */

static void
stops_at_the_ceiling_after_unpacking(void **state)
{
	static const struct act acts[] = {
		{ .say = OK("11\r\n\r\nhello world"), .hang_up = true },
		{ .say = bomb, .len = sizeof(bomb) - 1, .hang_up = true },
		{ .say = bomb, .len = sizeof(bomb) - 1 },
	};

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 10);
	assert_int_equal(got.status, 0);
	assert_int_equal(got.code, E_FULL);
	says("larger than the 10 bytes allowed");
	ask("GET", NULL, 99999);
	assert_int_equal(got.code, E_FULL);
	ask("GET", NULL, 100000);
	assert_int_equal(got.status, 200);
	assert_int_equal(got.len, 100000);
	end();
}

static void
takes_no_endless_headers(void **state)
{
	static char many[80000] = "HTTP/1.1 200 OK\r\n";
	struct act acts[] = { { .say = many, .hang_up = true } };
	size_t n = strlen(many);

	(void)state;
	while (n < sizeof(many) - 100)
		n += (size_t)sprintf(many + n, "X-%zu: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", n);
	BEGIN(acts);
	ask("GET", NULL, 10);
	assert_int_equal(got.code, E_FULL);
	says("the headers of 127.0.0.1");
	end();
}

static void
an_answer_that_is_cut_off_is_no_answer(void **state)
{
	static const struct act acts[] = { { .say = OK("100\r\n\r\nhalf"), .hang_up = true } };

	(void)state;
	BEGIN(acts);
	ask("POST", "x", 1000);
	assert_int_equal(got.status, 0);
	assert_int_equal(got.code, E_NET);
	assert_true(got.maybe_done);
	says("was cut off");
	end();
}

static void
a_server_that_stalls_is_given_up_at_the_deadline(void **state)
{
	static const struct act acts[] = { { .stall = true } };

	(void)state;
	BEGIN(acts);
	start("POST", "x", 10, 300);
	while (got.calls == 0)
		loop_turn(loop, true);
	assert_int_equal(got.code, E_NET);
	assert_true(got.maybe_done);
	says("did not answer in time");
	end();
}

/* --- ending early -------------------------------------------------------------------------- */

static void
cancel_and_close_end_each_call_once(void **state)
{
	static const struct act acts[] = { { .stall = true } };
	struct http_call *c;

	(void)state;
	BEGIN(acts);
	c = start("GET", NULL, 10, 5000);
	loop_turn(loop, true);
	http_cancel(c);
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.code, E_CANCELLED);
	start("GET", NULL, 10, 5000);
	loop_turn(loop, true);
	end();
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.code, E_CANCELLED);
}

static void
only_https_is_spoken(void **state)
{
	static const struct act acts[] = { { .say = OK("0\r\n\r\n") } };
	struct http_request req = { .method = "GET", .url = "http://127.0.0.1/", .answer_max = 10, .total_ms = 1000 };

	(void)state;
	BEGIN(acts);
	memset(&got, 0, sizeof(got));
	http_start(http, &req, on_done, &got);
	assert_int_equal(got.calls, 0);
	loop_turn(loop, true);
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.code, E_BAD);
	says("only https:// is spoken");
	end();
}

/* --- certificates ----------------------------------------------------------------------------- */

static void
each_certificate_trouble_has_its_own_sentence(void **state)
{
	static const struct act acts[] = { { .say = OK("0\r\n\r\n") } };
	const struct { struct test_cert *theirs, *wants, *trusts, *shows; const char *says; } cases[] = {
		{ &server_old, NULL, &ca, NULL, "the certificate of 127.0.0.1:# has expired: its operator" },
		{ &server_other, NULL, &ca, NULL, "the certificate of 127.0.0.1:# is for another name" },
		{ &server_cert, NULL, &other_ca, NULL, "the certificate of 127.0.0.1:# comes from a CA that is not in" },
		{ &other_ca, NULL, &ca, NULL, "the certificate of 127.0.0.1:# is self-signed" },
		{ &server_cert, &ca, &ca, NULL, "127.0.0.1:# asks for a client certificate and none is configured" },
		{ &server_cert, &ca, &ca, &client_other, "127.0.0.1:# does not know the CA that issued our certificate" },
		{ &server_cert, &ca, &ca, &client_old, "client-old.crt expired 10 days ago, and 127.0.0.1:# refused it" },
		{ &server_cert, &ca, &ca, &client, "" },
	};
	char want[200];
	const char *rest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tls_server_start(&server, cases[i].theirs, cases[i].wants, acts, 1);
		open_with(cases[i].trusts->crt, cases[i].shows);
		ask("POST", "x", 10);
		rest = strchr(cases[i].says, '#');
		snprintf(want, sizeof(want), "%.*s%d%s", rest != NULL ? (int)(rest - cases[i].says) : 0, cases[i].says,
		    server.port, rest != NULL ? rest + 1 : "");
		if (rest == NULL)
			want[0] = '\0';
		says(want);
		assert_int_equal(got.code, want[0] != '\0' ? E_TLS : 0);
		assert_int_equal(got.maybe_done, want[0] == '\0');
		end();
	}
}

static void
unusable_files_are_found_when_it_is_opened(void **state)
{
	const struct { const char *ca, *cert, *key, *says; } cases[] = {
		{ "/none/ca", NULL, NULL, "CA file /none/ca: No such file" },
		{ client.pem, NULL, NULL, "holds no certificate in PEM form" },
		{ NULL, "/none/c", NULL, "certificate /none/c: No such file" },
		{ NULL, client.crt, "/none/k", "private key /none/k: No such file" },
		{ NULL, client.crt, ca.pem, "does not belong to certificate" },
		{ NULL, client.crt, client.crt, "holds no unencrypted private key" },
	};
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(loop_open(&loop, &err), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_config cfg = { .ca_file = cases[i].ca, .cert_file = cases[i].cert, .key_file = cases[i].key };

		memset(&err, 0, sizeof(err));
		assert_true(http_open(&http, loop, &cfg, &err) < 0);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i].says);
	}
	loop_close(loop);
}

static int
make_certs(void **state)
{
	(void)state;
	test_certs_begin();
	test_cert_make(&ca, "ca", NULL, NULL, 30);
	test_cert_make(&other_ca, "other-ca", NULL, NULL, 30);
	test_cert_make(&server_cert, "server", &ca, "IP:127.0.0.1", 30);
	test_cert_make(&server_old, "server-old", &ca, "IP:127.0.0.1", -1);
	test_cert_make(&server_other, "server-other", &ca, "DNS:example.com", 30);
	test_cert_make(&client, "client", &ca, NULL, 30);
	test_cert_make(&client_old, "client-old", &ca, NULL, -10);
	test_cert_make(&client_other, "client-other", &other_ca, NULL, 30);
	return 0;
}

static int
drop_certs(void **state)
{
	struct test_cert *all[] = { &ca, &other_ca, &server_cert, &server_old, &server_other, &client, &client_old,
	    &client_other };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		test_cert_free(all[i]);
	test_certs_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_and_is_answered_over_tls),
		cmocka_unit_test(keeps_the_connection_and_sends_each_method_with_its_body),
		cmocka_unit_test(hands_on_what_an_error_says_about_waiting_and_moving),
		cmocka_unit_test(a_post_whose_kept_connection_dies_is_not_sent_again),
		cmocka_unit_test(a_get_whose_kept_connection_dies_is),
		cmocka_unit_test(a_port_where_nobody_listens_has_not_done_it),
		cmocka_unit_test(stops_at_the_ceiling_after_unpacking),
		cmocka_unit_test(takes_no_endless_headers),
		cmocka_unit_test(an_answer_that_is_cut_off_is_no_answer),
		cmocka_unit_test(a_server_that_stalls_is_given_up_at_the_deadline),
		cmocka_unit_test(cancel_and_close_end_each_call_once),
		cmocka_unit_test(only_https_is_spoken),
		cmocka_unit_test(each_certificate_trouble_has_its_own_sentence),
		cmocka_unit_test(unusable_files_are_found_when_it_is_opened),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}

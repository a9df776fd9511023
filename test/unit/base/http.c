/* SPDX-License-Identifier: Apache-2.0 */
/* http.h against a TLS server in this process that says exactly what it is told to. */
#include "http_rig.h"

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
a_new_connection_resumes_the_tls_session(void **state)
{
	static const struct act acts[] = {
		{ .say = OK("0\r\n\r\n"), .hang_up = true }, { .say = OK("0\r\n\r\n"), .hang_up = true },
	};

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 100);
	ask("GET", NULL, 100);
	assert_int_equal(server.connections, 2);
	assert_int_equal(server.resumed, 1);
	end();
}

static void
hands_on_what_an_error_says_about_waiting_moving_and_time(void **state)
{
	static const struct act acts[] = {
		{ .say = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\n"
		    "date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n" },
		{ .say = "HTTP/1.1 429 Slow\r\nRetry-After: Thu, 01 Jan 2026 00:00:30 GMT\r\n"
		    "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n" },
		{ .say = "HTTP/1.1 429 Slow\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n" },
		{ .say = "HTTP/1.1 307 Moved\r\nLocation: /elsewhere?x=1\r\nContent-Length: 0\r\n\r\n" },
	};
	char where[100];

	(void)state;
	BEGIN(acts);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 503);
	assert_int_equal(got.retry_after_s, 7);
	assert_int_equal(got.date_s, 1767225600);
	ask("GET", NULL, 100);
	assert_int_equal(got.retry_after_s, 30);
	ask("GET", NULL, 100);
	assert_int_equal(got.retry_after_s, 3600);
	ask("GET", NULL, 100);
	assert_int_equal(got.status, 307);
	assert_int_equal(got.retry_after_s, -1);
	assert_int_equal(got.date_s, 0);
	snprintf(where, sizeof(where), "https://127.0.0.1:%d/elsewhere?x=1", server.port);
	assert_string_equal(got.location, where);
	assert_int_equal(server.requests, 4);
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

static void
a_server_that_never_begins_tls_is_no_closed_port(void **state)
{
	static const struct act acts[] = { { .stall = true } };
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int mute = socket(AF_INET, SOCK_STREAM, 0), port;

	(void)state;
	BEGIN(acts);
	port = server.port;
	assert_int_equal(bind(mute, (struct sockaddr *)&sin, len), 0);
	assert_int_equal(listen(mute, 4), 0);
	assert_int_equal(getsockname(mute, (struct sockaddr *)&sin, &len), 0);
	server.port = ntohs(sin.sin_port);
	start("POST", "x", 10, 300);
	while (got.calls == 0)
		loop_turn(loop, true);
	assert_int_equal(got.code, E_NET);
	assert_false(got.maybe_done);
	says("took the connection but did not answer in time");
	close(mute);
	server.port = port;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_and_is_answered_over_tls),
		cmocka_unit_test(keeps_the_connection_and_sends_each_method_with_its_body),
		cmocka_unit_test(a_new_connection_resumes_the_tls_session),
		cmocka_unit_test(hands_on_what_an_error_says_about_waiting_moving_and_time),
		cmocka_unit_test(a_post_whose_kept_connection_dies_is_not_sent_again),
		cmocka_unit_test(a_get_whose_kept_connection_dies_is),
		cmocka_unit_test(a_port_where_nobody_listens_has_not_done_it),
		cmocka_unit_test(stops_at_the_ceiling_after_unpacking),
		cmocka_unit_test(takes_no_endless_headers),
		cmocka_unit_test(an_answer_that_is_cut_off_is_no_answer),
		cmocka_unit_test(a_server_that_stalls_is_given_up_at_the_deadline),
		cmocka_unit_test(a_server_that_never_begins_tls_is_no_closed_port),
		cmocka_unit_test(cancel_and_close_end_each_call_once),
		cmocka_unit_test(only_https_is_spoken),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}

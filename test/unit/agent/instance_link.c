/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to the instance and what is certain afterwards: redirects, answers, batches, the end. */
#include "instance_rig.h"

static struct answer three[3] = {
	{ .id = ID1, .agent = "mid.server.a", .topic = "Echo", .name = "", .source = "", .body = "<a/>", .body_len = 4 },
	{ .id = ID2, .agent = "mid.server.a", .topic = "Echo", .name = "", .source = "", .body = "<b/>", .body_len = 4 },
	{ .id = ID3, .agent = "mid.server.a", .topic = "Echo", .name = "", .source = "", .body = "<c/>", .body_len = 4 },
};

/* --- redirects ---------------------------------------------------------------------------- */

static void
a_307_to_the_same_host_is_followed_with_the_body(void **state)
{
	(void)state;
	will_send_to("/api/now/table/ecc_queue?slow=1");
	will_say(201, "{\"result\":{\"sys_id\":\"" ID3 "\"}}");
	meet(0);
	claim();
	await(1);
	assert_int_equal(got.said[0], SAID_YES);
	assert_int_equal(strncmp(server.seen[1], "POST /api/now/table/ecc_queue?slow=1 ", 37), 0);
	asked(1, "queue.processing");
	part();
}

static void
a_redirect_elsewhere_is_not_followed(void **state)
{
	(void)state;
	will_send_to("https://elsewhere.example/api/now/table/ecc_queue");
	meet(0);
	claim();
	await(1);
	assert_int_equal(got.said[0], SAID_LATER);
	assert_non_null(strstr(got.why, "points to https://elsewhere.example/"));
	assert_int_equal(server.requests, 1);
	part();
}

static void
endless_redirects_end(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 7; i++)
		will_send_to("/again");
	meet(0);
	claim();
	await(1);
	assert_int_equal(server.requests, 6);
	assert_non_null(strstr(got.why, "redirected POST 5 times"));
	part();
}

/* --- answers -------------------------------------------------------------------------------- */

static void
several_answers_are_one_batch_with_a_verdict_each(void **state)
{
	(void)state;
	/* The second collided: {"error":{"message":"Unique Key violation"}} */
	will_say(200, "{\"serviced_requests\":[{\"id\":\"0\",\"status_code\":201,\"body\":\"eyJyZXN1bHQiOnsic3lzX2lkIjoieCJ9fQ==\"},{\"id\":\"1\",\"status_code\":403,"
	    "\"body\":\"eyJlcnJvciI6eyJtZXNzYWdlIjoiVW5pcXVlIEtleSB2aW9sYXRpb24ifX0=\"}],"
	    "\"unserviced_requests\":[\"2\"]}");
	meet(0);
	instance_answer(in, three, 3, on_answers, NULL);
	await(1);
	assert_int_equal(got.n, 3);
	assert_int_equal(got.said[0], SAID_YES);
	assert_int_equal(got.said[1], SAID_DUPLICATE);
	assert_int_equal(got.said[2], SAID_LATER);
	asked(0, "POST /api/now/v1/batch ");
	part();
}

static void
a_batch_whose_end_is_unclear_is_unsure_for_all(void **state)
{
	int i;

	(void)state;
	will_say(500, "{}");
	will_hang_up();
	will_say(200, "{\"serviced_requests\":[]}");
	will_say(200, "nonsense");
	meet(0);
	for (i = 1; i <= 4; i++) {
		instance_answer(in, three, 2, on_answers, NULL);
		await(i);
		assert_int_equal(got.said[0], SAID_UNSURE);
		assert_int_equal(got.said[1], SAID_UNSURE);
	}
	part();
}

static void
without_a_batch_api_answers_go_singly_from_then_on(void **state)
{
	int i;

	(void)state;
	will_say(404, "{}");
	for (i = 0; i < 4; i++)
		will_say(201, "{\"result\":{\"sys_id\":\"x\"}}");
	meet(0);
	instance_answer(in, three, 2, on_answers, NULL);
	await(1);
	instance_answer(in, three, 2, on_answers, NULL);
	await(2);
	assert_int_equal(got.said[0], SAID_YES);
	assert_int_equal(got.said[1], SAID_YES);
	assert_int_equal(server.requests, 5);
	for (i = 1; i < 5; i++)
		asked(i, "POST /api/now/table/ecc_queue?");
	part();
}

static void
cis_go_to_the_ire_one_after_the_other(void **state)
{
	struct answer cis[2] = {
		{ .sink = SINK_IRE, .id = ID1, .body = "{\"items\":[]}", .body_len = 12 },
		{ .sink = SINK_IRE, .id = ID2, .body = "\x30\x80", .body_len = 2, .sealed = true, .fence = "17" },
	};

	(void)state;
	will_say(200, "{\"result\":{\"items\":[{\"errorCount\":1,\"errors\":[{\"message\":\"no host\"}]}]}}");
	will_say(500, "{}");
	meet(0);
	instance_answer(in, cis, 2, on_answers, NULL);
	await(1);
	assert_int_equal(got.said[0], SAID_YES);
	assert_int_equal(got.said[1], SAID_LATER);	/* repeating it does no harm */
	asked(0, "POST /api/now/identifyreconcile/enhanced?sysparm_data_source=midd&options=");
	asked(0, "Content-Type: application/json\r\n");
	asked(1, "Content-Type: application/pkcs7-mime\r\n");
	asked(1, "&sysparm_fence=17 HTTP");
	part();
}

/* --- the end ---------------------------------------------------------------------------------- */

static void
closing_ends_every_call_once(void **state)
{
	static const char *const ids[] = { ID1 };
	struct json_object *none = json_object_new_object();
	struct answer ci[2] = {
		{ .sink = SINK_IRE, .id = ID1, .body = "{}", .body_len = 2 },
		{ .sink = SINK_IRE, .id = ID2, .body = "{}", .body_len = 2 },
	};

	(void)state;
	acts[n_acts++] = (struct act){ .stall = true };
	meet(0);
	instance_poll(in, "mid.server.a", POLL_ALL, 5, on_rows, NULL);
	claim();
	instance_answer(in, three, 3, on_answers, NULL);
	instance_answer(in, ci, 2, on_answers, NULL);
	instance_present(in, ids, NULL, 1, on_present, NULL);
	instance_register(in, "", "a", none, on_record, NULL);
	loop_turn(loop, true);
	part();
	assert_int_equal(got.calls, 6);
	assert_int_equal(got.code, E_CANCELLED);
	json_object_put(none);
}

static void
a_reload_that_fails_leaves_the_old_link(void **state)
{
	struct instance_config bad = { .url = "https://x/y", .ca_file = ca.crt };
	struct instance_state st;
	struct err err = { 0 };

	(void)state;
	will_say(201, "{\"result\":{\"sys_id\":\"x\"}}");
	meet(0);
	assert_int_equal(instance_reconfigure(in, &bad, &err), -E_BAD);
	assert_non_null(strstr(err.text, "expected https://host"));
	claim();
	await(1);
	assert_int_equal(got.said[0], SAID_YES);
	instance_state(in, &st);
	assert_true(st.connected);
	assert_string_equal(st.tls, "TLSv1.3");
	assert_int_equal(st.calls, 1);
	part();
}

static void
a_page_for_people_is_not_the_instance(void **state)
{
	struct instance_state st;
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 19\r\n\r\n"
	    "<html>log in</html>";

	(void)state;
	acts[n_acts++] = (struct act){ .say = page };
	meet(0);
	claim();
	await(1);
	assert_int_equal(got.said[0], SAID_UNSURE);
	assert_non_null(strstr(got.why, "captive portal"));
	instance_state(in, &st);
	assert_false(st.connected);
	part();
}

static void
session_cookies_are_sent_back_until_the_session_is_refused(void **state)
{
	static const char sets[] = "HTTP/1.1 201 OK\r\nSet-Cookie: JSESSIONID=A1; Path=/; HttpOnly\r\n"
	    "Set-Cookie: BIGipServerx=7\r\nContent-Length: 2\r\n\r\n{}";
	int i;

	(void)state;
	acts[n_acts++] = (struct act){ .say = sets };
	will_say(401, "{}");
	will_say(201, "{}");
	meet(0);
	for (i = 0; i < 3; i++) {
		claim();
		await(i + 1);
	}
	asked(1, "Cookie: JSESSIONID=A1; BIGipServerx=7");
	assert_null(strstr(server.seen[0], "Cookie:"));
	assert_null(strstr(server.seen[2], "Cookie:"));
	part();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_page_for_people_is_not_the_instance),
		T(session_cookies_are_sent_back_until_the_session_is_refused),
		T(a_307_to_the_same_host_is_followed_with_the_body),
		T(a_redirect_elsewhere_is_not_followed),
		T(endless_redirects_end),
		T(several_answers_are_one_batch_with_a_verdict_each),
		T(a_batch_whose_end_is_unclear_is_unsure_for_all),
		T(without_a_batch_api_answers_go_singly_from_then_on),
		T(cis_go_to_the_ire_one_after_the_other),
		T(closing_ends_every_call_once),
		T(a_reload_that_fails_leaves_the_old_link),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}

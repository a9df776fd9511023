/* SPDX-License-Identifier: Apache-2.0 */
/* instance.h against a server that misbehaves to order: what is said next, and what is certain after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>

#include "err.h"
#include "instance/instance.h"
#include "json.h"
#include "loop.h"
#include "tls_server.h"

#define ID1 "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ID2 "1a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ID3 "2a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define REPLIES 12

static struct test_cert ca, server_cert;
static struct tls_server server;
static struct loop *loop;
static struct instance *in;
static char reply[REPLIES][2000];
static struct act acts[REPLIES];
static size_t n_acts;

/* What came back. */
static struct {
	int calls;
	size_t n;
	enum said said[10];
	int code;
	bool present[10];
	char why[ERR_TEXT_MAX], text[200];
} got;

/* --- the other side ----------------------------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
will_say(int status, const char *fmt, ...)
{
	char body[1500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(body, sizeof(body), fmt, ap);
	va_end(ap);
	snprintf(reply[n_acts], sizeof(reply[0]), "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s",
	    status, strlen(body), body);
	acts[n_acts] = (struct act){ .say = reply[n_acts] };
	n_acts++;
}

static void
will_send_to(const char *where)
{
	snprintf(reply[n_acts], sizeof(reply[0]), "HTTP/1.1 307 x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", where);
	acts[n_acts] = (struct act){ .say = reply[n_acts] };
	n_acts++;
}

static void
will_hang_up(void)
{
	acts[n_acts++] = (struct act){ .hang_up = true };
}

static int
begin(void **state)
{
	(void)state;
	n_acts = 0;
	memset(&got, 0, sizeof(got));
	return 0;
}

static void
meet(size_t answer_max)
{
	struct instance_config cfg = { .ca_file = ca.crt, .connections_max = 1, .batch = true, .answer_max = answer_max };
	struct err err = { 0 };
	char url[80];

	tls_server_start(&server, &server_cert, NULL, acts, n_acts);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d", server.port);
	cfg.url = url;
	assert_int_equal(loop_open(&loop, &err), 0);
	if (instance_open(&in, loop, &cfg, &err) < 0)
		fail_msg("%s", err.text);
}

static void
part(void)
{
	instance_close(in);
	loop_close(loop);
	tls_server_stop(&server);
}

static void
await(int calls)
{
	while (got.calls < calls)
		loop_turn(loop, true);
	assert_int_equal(got.calls, calls);
}

static void
asked(int i, const char *part_of_it)
{
	if (strstr(server.seen[i], part_of_it) == NULL)
		fail_msg("request %d does not hold \"%s\": %s", i, part_of_it, server.seen[i]);
}

/* --- callbacks ------------------------------------------------------------------------- */

static void
keep_verdict(const struct verdict *v, size_t i)
{
	got.said[i] = v->said;
	got.code = v->err_code;
	snprintf(got.why, sizeof(got.why), "%s", v->why);
}

static void
on_verdict(void *arg, const struct verdict *v)
{
	(void)arg;
	keep_verdict(v, 0);
	got.calls++;
}

static void
on_answers(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	size_t i;

	(void)arg;
	(void)a;
	for (i = 0; i < n; i++)
		keep_verdict(&v[i], i);
	got.n = n;
	got.calls++;
}

static void
on_rows(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	(void)arg;
	keep_verdict(v, 0);
	got.n = n;
	if (n > 0)
		snprintf(got.text, sizeof(got.text), "%s", rows[0].payload);
	got.calls++;
}

static void
on_present(void *arg, const struct verdict *v, const bool *present, size_t n)
{
	(void)arg;
	keep_verdict(v, 0);
	memcpy(got.present, present, n * sizeof(*present));
	got.n = n;
	got.calls++;
}

static void
on_record(void *arg, const struct verdict *v, struct json_object *record)
{
	(void)arg;
	keep_verdict(v, 0);
	snprintf(got.text, sizeof(got.text), "%s", json_str(record, "sys_id", "none"));
	got.calls++;
}

static void
claim(void)
{
	static const char *const ids[] = { ID1 };

	instance_claim(in, "mid.server.a", ID3, "processing", ids, 1, on_verdict, NULL);
}

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
	will_say(200, "{\"serviced_requests\":[{\"id\":\"0\",\"status_code\":201},{\"id\":\"1\",\"status_code\":403,"
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
		{ .sink = SINK_IRE, .id = ID2, .body = "\x30\x80", .body_len = 2, .sealed = true },
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
	part();
}

/* --- asking ----------------------------------------------------------------------------------- */

#define ROW(payload) "{\"sys_id\":\"" ID1 "\",\"agent\":\"mid.server.a\",\"queue\":\"output\",\"state\":\"ready\"," \
	"\"topic\":\"Echo\",\"payload\":\"" payload "\"}"

static void
a_list_that_is_too_large_is_asked_for_in_halves(void **state)
{
	char large[900];

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	will_say(200, "%s", large);
	will_say(200, "%s", large);
	will_say(200, "{\"result\":[" ROW("") "]}");
	meet(500);
	instance_poll(in, "mid.server.a", POLL_ALL, 2, on_rows, NULL);
	await(1);
	asked(0, "&sysparm_limit=2&");
	asked(1, "&sysparm_limit=1&");
	asked(1, ",payload&");
	assert_null(strstr(server.seen[2], "payload"));
	assert_int_equal(got.said[0], SAID_YES);
	assert_string_equal(got.text, "<payload_larger_than_500_bytes/>");
	part();
}

static void
a_payload_on_an_attachment_is_found_and_read(void **state)
{
	(void)state;
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\"}]}");
	will_say(200, "<parameters/>");
	will_say(200, "{\"result\":[]}");
	meet(0);
	instance_payload(in, ID1, 1000, on_rows, NULL);
	await(1);
	assert_string_equal(got.text, "<parameters/>");
	asked(0, "table_sys_id%3D" ID1 "%5Efile_name%3Dpayload.txt");
	asked(1, "GET /api/now/attachment/" ID2 "/file ");
	instance_payload(in, ID1, 1000, on_rows, NULL);
	await(2);
	assert_int_equal(got.said[0], SAID_NO);
	assert_int_equal(got.n, 0);
	part();
}

static void
what_has_arrived_is_known_by_either_id(void **state)
{
	static const char *const ids[] = { ID1, ID2, ID3 };

	(void)state;
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID3 "\"},{\"sys_id\":\"zz\",\"from_sys_id\":\"" ID1 "\"},{}]}");
	meet(0);
	instance_present(in, ids, NULL, 3, on_present, NULL);
	await(1);
	assert_int_equal(got.n, 3);
	assert_true(got.present[0]);
	assert_false(got.present[1]);
	assert_true(got.present[2]);
	part();
}

static void
our_record_is_found_by_name_and_only_by_that_name(void **state)
{
	struct json_object *columns = json_object_new_object();

	(void)state;
	json_put_str(columns, "name", "a");
	will_say(404, "{}");
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\",\"name\":\"other\"},{\"sys_id\":\"" ID3 "\",\"name\":\"a\"}]}");
	will_say(200, "{\"result\":[{\"sys_id\":\"" ID2 "\",\"name\":\"other\"}]}");
	will_say(201, "{\"result\":{\"sys_id\":\"" ID1 "\",\"name\":\"a\"}}");
	meet(0);
	instance_register(in, ID1, "a", columns, on_record, NULL);
	await(1);
	assert_string_equal(got.text, ID3);
	instance_register(in, "", "a", columns, on_record, NULL);
	await(2);
	assert_string_equal(got.text, ID1);
	asked(3, "POST /api/now/table/ecc_agent");
	asked(3, "{\"name\":\"a\"}");
	json_object_put(columns);
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
	will_say(201, "{\"result\":{}}");
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

static int
make_certs(void **state)
{
	(void)state;
	test_certs_begin();
	test_cert_make(&ca, "ca", NULL, NULL, 30);
	test_cert_make(&server_cert, "server", &ca, "IP:127.0.0.1", 30);
	return 0;
}

static int
drop_certs(void **state)
{
	(void)state;
	test_cert_free(&ca);
	test_cert_free(&server_cert);
	test_certs_end();
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_307_to_the_same_host_is_followed_with_the_body),
		T(a_redirect_elsewhere_is_not_followed),
		T(endless_redirects_end),
		T(several_answers_are_one_batch_with_a_verdict_each),
		T(a_batch_whose_end_is_unclear_is_unsure_for_all),
		T(without_a_batch_api_answers_go_singly_from_then_on),
		T(cis_go_to_the_ire_one_after_the_other),
		T(a_list_that_is_too_large_is_asked_for_in_halves),
		T(a_payload_on_an_attachment_is_found_and_read),
		T(what_has_arrived_is_known_by_either_id),
		T(our_record_is_found_by_name_and_only_by_that_name),
		T(closing_ends_every_call_once),
		T(a_reload_that_fails_leaves_the_old_link),
	};

	return cmocka_run_group_tests(tests, make_certs, drop_certs);
}

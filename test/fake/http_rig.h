/* SPDX-License-Identifier: Apache-2.0 */
/* http_rig - an http.h whose other side is a TLS server in this process: BEGIN(acts), ask(), end(). */
#ifndef MID_HTTP_RIG_H
#define MID_HTTP_RIG_H

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
	int64_t retry_after_s, date_s;
	size_t len;
	char body[200], why[ERR_TEXT_MAX], tls[16], location[200];
} got;

static inline void
on_done(void *arg, const struct http_answer *a, const struct err *err)
{
	struct result *r = arg;

	r->calls++;
	r->status = a->status;
	r->code = err->code;
	r->maybe_done = a->maybe_done;
	r->retry_after_s = a->retry_after_s;
	r->date_s = a->date_s;
	r->len = a->len;
	snprintf(r->body, sizeof(r->body), "%s", a->body);
	snprintf(r->why, sizeof(r->why), "%s", err->text);
	snprintf(r->tls, sizeof(r->tls), "%s", a->tls != NULL ? a->tls : "");
	snprintf(r->location, sizeof(r->location), "%s", a->location != NULL ? a->location : "");
}

static inline void
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

static inline void
begin(const struct act *acts, size_t n)
{
	tls_server_start(&server, &server_cert, NULL, acts, n);
	open_with(ca.crt, NULL);
}
#define BEGIN(acts) begin(acts, sizeof(acts) / sizeof(*(acts)))

static inline void
end(void)
{
	http_close(http);
	loop_close(loop);
	tls_server_stop(&server);
}

static inline struct http_call *
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

static inline void
ask(const char *method, const char *body, size_t answer_max)
{
	start(method, body, answer_max, 10000);
	while (got.calls == 0)
		loop_turn(loop, true);
	assert_int_equal(got.calls, 1);
}

static inline void
says(const char *part)
{
	if (strstr(got.why, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", got.why, part);
}

static inline int
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

static inline int
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

#endif

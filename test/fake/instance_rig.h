/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instance_rig - an instance.h whose other side is a server that does what a
 * test orders: will_say() and its like in order, then meet(), then ask.
 */
#ifndef MID_INSTANCE_RIG_H
#define MID_INSTANCE_RIG_H

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

static inline void __attribute__((format(printf, 2, 3)))
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

static inline void
will_send_to(const char *where)
{
	snprintf(reply[n_acts], sizeof(reply[0]), "HTTP/1.1 307 x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", where);
	acts[n_acts] = (struct act){ .say = reply[n_acts] };
	n_acts++;
}

static inline void
will_hang_up(void)
{
	acts[n_acts++] = (struct act){ .hang_up = true };
}

static inline int
begin(void **state)
{
	(void)state;
	n_acts = 0;
	memset(&got, 0, sizeof(got));
	return 0;
}

static inline void
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

static inline void
part(void)
{
	instance_close(in);
	loop_close(loop);
	tls_server_stop(&server);
}

static inline void
await(int calls)
{
	while (got.calls < calls)
		loop_turn(loop, true);
	assert_int_equal(got.calls, calls);
}

static inline void
asked(int i, const char *part_of_it)
{
	if (strstr(server.seen[i], part_of_it) == NULL)
		fail_msg("request %d does not hold \"%s\": %s", i, part_of_it, server.seen[i]);
}

/* --- callbacks ------------------------------------------------------------------------- */

static inline void
keep_verdict(const struct verdict *v, size_t i)
{
	got.said[i] = v->said;
	got.code = v->err_code;
	snprintf(got.why, sizeof(got.why), "%s", v->why);
}

static inline void
on_verdict(void *arg, const struct verdict *v)
{
	(void)arg;
	keep_verdict(v, 0);
	got.calls++;
}

static inline void
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

static inline void
on_rows(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	(void)arg;
	keep_verdict(v, 0);
	got.n = n;
	if (n > 0)
		snprintf(got.text, sizeof(got.text), "%s", rows[0].payload);
	got.calls++;
}

static inline void
on_present(void *arg, const struct verdict *v, const bool *present, size_t n)
{
	(void)arg;
	keep_verdict(v, 0);
	memcpy(got.present, present, n * sizeof(*present));
	got.n = n;
	got.calls++;
}

static inline void
on_record(void *arg, const struct verdict *v, struct json_object *record)
{
	(void)arg;
	keep_verdict(v, 0);
	snprintf(got.text, sizeof(got.text), "%s", json_str(record, "sys_id", "none"));
	got.calls++;
}

static inline void
claim(void)
{
	static const char *const ids[] = { ID1 };

	instance_claim(in, "mid.server.a", ID3, "processing", ids, 1, on_verdict, NULL);
}

static inline int
make_certs(void **state)
{
	(void)state;
	test_certs_begin();
	test_cert_make(&ca, "ca", NULL, NULL, 30);
	test_cert_make(&server_cert, "server", &ca, "IP:127.0.0.1", 30);
	return 0;
}

static inline int
drop_certs(void **state)
{
	(void)state;
	test_cert_free(&ca);
	test_cert_free(&server_cert);
	test_certs_end();
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, begin)

#endif

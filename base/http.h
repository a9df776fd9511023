/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - HTTPS requests on the loop (libcurl multi below).
 *
 * Every request has a total deadline and a ceiling on its answer. Certificates
 * and host names are always checked; only https is spoken
 * (but see plain_too), redirects are not
 * followed here. Connections are kept and shared; HTTP/2 where offered.
 */
#ifndef MID_HTTP_H
#define MID_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct http;
struct http_call;
struct loop;

struct http_config {
	const char *ca_file;		/* NULL: the system's bundle file */
	const char *crl_file;		/* revocation lists for the whole chain; NULL: none is asked for */
	bool need_staple;		/* the server must staple a good OCSP response */
	const char *cert_file, *key_file;	/* client certificate; NULL none */
	const char *proxy;		/* http, https or socks5 URL (names are looked up there), or NULL */
	const char *proxy_auth;		/* basic, ntlm, negotiate, any; NULL: basic */
	const char *no_proxy;		/* hosts reached without it: "a.example.com, 10.0.0.0/8"; NULL none */
	bool proxy_env;			/* the environment's https_proxy and no_proxy, where PROXY is NULL */
	const char *proxy_user, *proxy_password;
	const char *proxy_keytab;	/* for negotiate; NULL: the tickets of our user. One a process */
	const char *user_agent;
	bool plain_too;			/* http:// as well: for what stays on this host */
	int connect_ms, low_speed_ms;	/* low speed: this long without a byte; 0 off */
	unsigned connections_max;
};

struct http_request {
	const char *method, *url;
	const char *const *headers;	/* "Name: value", NULL-ended, or NULL */
	const void *body;		/* borrowed until done() */
	size_t body_len;
	size_t answer_max;		/* bytes of body, after decoding */
	int64_t total_ms;
	bool secret;			/* headers and answer are wiped when it is over */
	bool may_rest;			/* low_speed_ms does not count: the answer is meant to be late */
};

struct http_answer {
	int status;			/* 0: no answer at all; then err says why */
	const char *body;		/* borrowed during done(); NUL-ended */
	size_t len;
	int64_t retry_after_s;		/* at most an hour; -1: none */
	int64_t date_s;			/* the server's clock, seconds since 1970; 0 it did not say */
	const char *location;		/* or NULL */
	const char *cookies;		/* values of Set-Cookie, a line each; "" none */
	bool html;			/* the body calls itself a page for people */
	int64_t rtt_ms;			/* of this request */
	bool reached;			/* the connection stood, and the request was on its way */
	bool maybe_done;		/* it left us whole, or might have */
	const char *tls;		/* "TLSv1.3"; NULL unknown */
};
/* Called exactly once; also at cancel (E_CANCELLED) and at http_close(). */
typedef void http_done_fn(void *arg, const struct http_answer *a, const struct err *err);

bool http_can_negotiate(void);	/* Kerberos is built in */

/*
 * Reads the certificates first: a file that is missing, unreadable, not PEM, or
 * a key that does not belong to its certificate is an error here, not later.
 */
int http_open(struct http **out, struct loop *loop, const struct http_config *cfg, struct err *err);
void http_close(struct http *h);	/* calls under way: DONE with E_CANCELLED, before it returns */
/* NULL is never returned; errors come by DONE, not inside this call. */
struct http_call *http_start(struct http *h, const struct http_request *req, http_done_fn *done, void *arg);
void http_cancel(struct http_call *c);	/* DONE is called before it returns */

/* What a certificate file says about itself, for status and error sentences. */
struct http_cert {
	char subject[200];
	int64_t not_before_s, not_after_s;	/* wall clock, seconds since 1970 */
};
int http_cert_read(struct http_cert *out, const char *path, struct err *err);
/* Does the key in KEY_FILE belong to the certificate in CERT_FILE? 0, or the reason. */
int http_cert_fits(const char *cert_file, const char *key_file, struct err *err);

#endif

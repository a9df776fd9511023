/* SPDX-License-Identifier: Apache-2.0 */
/* http_int - what the http*.c files share with each other only. */
#ifndef MID_HTTP_INT_H
#define MID_HTTP_INT_H

#include <curl/curl.h>
#include <openssl/types.h>

#include "buf.h"
#include "err.h"
#include "http.h"

#define HTTP_HEADERS_MAX (64u * 1024)
#define HTTP_COOKIES_MAX (16u * 1024)

/* A request under way. */
struct http_call {
	struct http *http;
	struct http_call *next, *prev;
	CURL *easy;
	struct curl_slist *headers;
	const char *body;		/* borrowed */
	size_t body_len, body_sent;
	struct buf answer;
	size_t header_bytes;
	bool too_large, headers_too_large, secret;
	int64_t date_s;			/* of the answer; 0 none */
	char retry_after[80];		/* as the answer gave it; "" none */
	const char *tls;		/* static text of OpenSSL */
	struct buf cookies;
	bool html;
	http_done_fn *done;
	void *arg;
	struct err early;		/* could not even be started */
	char kerberos[160];		/* why there is no ticket, in its library's words; "" there is one, or none is needed */
	bool waits;			/* for a ticket; not curl's yet */
	char words[CURL_ERROR_SIZE];	/* curl's own */
};

struct http_setup {
	bool need_staple, plain_too;
	char *ca_file, *crl_file, *cert_file, *key_file, *proxy, *proxy_login, *user_agent, *no_proxy;
	EVP_PKEY *key;			/* one that libcurl can't read by itself; NULL: it can */
	unsigned long proxy_auth;	/* CURLAUTH_* */
	bool proxy_env;
	int connect_ms, low_speed_ms;
	unsigned connections_max;
};

/* http.c */
int http_library(struct err *err);		/* before anything else of curl */
unsigned long http_auth_of(const char *word);	/* CURLAUTH_* */
const struct http_setup *http_setup_of(const struct http *h);

/* http_easy.c: one curl handle. */
CURL *http_easy_new(const struct http_setup *s, CURLSH *share);
/* Prepares C->easy for REQ. 0 or negative with C->early set. */
int http_easy_aim(struct http_call *c, const struct http_request *req);
/* Everything DONE wants to know, and the error when there is none. */
void http_easy_result(struct http_call *c, CURLcode rc, struct http_answer *a, struct err *err);

/* http_why.c: curl's verdict as a sentence and what it says about the request. */
struct http_why {
	CURLcode rc;
	const char *words;		/* curl's error buffer */
	const char *kerberos;
	long verify;			/* X509_V_ERR_* */
	long os_errno;			/* of connect(), 0 none */
	const char *host;
	const struct http_setup *setup;
	bool too_large, headers_too_large;
	bool open, connected;		/* TCP was up; TLS and all were */
	size_t answer_max;
};
/* Sets ERR. True when it is certain that the request was not carried out, whatever was sent. */
bool http_why(const struct http_why *w, struct err *err);

/* http_cert.c */
int http_cert_check(const struct http_setup *s, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* http_easy - one curl handle: what it is told, its callbacks, what came of it. */
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_int.h"
#include "os.h"
#include "xalloc.h"

#define KEEP_IDLE_S 15L
#define KEEP_EVERY_S 5L
#define PATIENCE_MS 30000
#define RETRY_AFTER_MAX_S 3600	/* a server does not silence us for longer */

/* --- callbacks ------------------------------------------------------------------- */

/*
 * The body is read through this instead of being handed over, so that curl
 * cannot send it twice: where a kept connection dies under a request, curl
 * would repeat it, and an insert might be done two times. It can't rewind this.
 */
static size_t
on_read(char *to, size_t size, size_t count, void *arg)
{
	struct http_call *c = arg;
	size_t n = c->body_len - c->body_sent;

	if (n > size * count)
		n = size * count;
	if (n > 0)
		memcpy(to, c->body + c->body_sent, n);
	c->body_sent += n;
	return n;
}

static int
on_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)purpose;
	os_tcp_patience((intptr_t)fd, PATIENCE_MS);
	return CURL_SOCKOPT_OK;
}

static int
on_rewind(void *arg, curl_off_t offset, int origin)
{
	struct http_call *c = arg;

	(void)offset, (void)origin;
	return c->body_sent == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/* After decoding: a small answer that unpacks to a huge one ends here. */
static size_t
on_write(char *p, size_t size, size_t count, void *arg)
{
	struct http_call *c = arg;

	if (buf_put(&c->answer, p, size * count) < 0) {
		c->too_large = true;
		return 0;
	}
	return size * count;
}

static void
note_tls(struct http_call *c)
{
	const struct curl_tlssessioninfo *t = NULL;

	if (curl_easy_getinfo(c->easy, CURLINFO_TLS_SSL_PTR, &t) == CURLE_OK && t != NULL &&
	    t->backend == CURLSSLBACKEND_OPENSSL && t->internals != NULL)
		c->tls = SSL_get_version(t->internals);
}

/* The value of header NAME ("date:") when P is that one, NUL-ended in OUT. */
static bool
header_is(const char *name, const char *p, size_t n, char *out, size_t size)
{
	size_t skip = strlen(name);

	if (n < skip || n - skip >= size || strncasecmp(p, name, skip) != 0)
		return false;
	memcpy(out, p + skip, n - skip);
	out[n - skip] = '\0';
	return true;
}

static size_t
on_header(char *p, size_t size, size_t count, void *arg)
{
	struct http_call *c = arg;
	size_t n = size * count;
	char date[80], cookie[4096], type[80];

	c->header_bytes += n;
	if (c->header_bytes > HTTP_HEADERS_MAX) {
		c->headers_too_large = true;
		return 0;
	}
	if (c->tls == NULL)
		note_tls(c);
	if (n > 5 && memcmp(p, "HTTP/", 5) == 0)
		c->retry_after[0] = '\0';	/* what an interim answer said does not count */
	(void)header_is("retry-after:", p, n, c->retry_after, sizeof(c->retry_after));
	if (header_is("date:", p, n, date, sizeof(date)))
		c->date_s = (int64_t)curl_getdate(date, NULL);
	if (header_is("set-cookie:", p, n, cookie, sizeof(cookie)))
		(void)(buf_puts(&c->cookies, cookie) == 0 && buf_puts(&c->cookies, "\n") == 0);
	if (header_is("content-type:", p, n, type, sizeof(type)))
		c->html = strcasestr(type, "text/html") != NULL;
	return n;
}

/* For a key in a token or a TPM2. An https proxy that asks for a certificate is shown it too. */
static CURLcode
on_tls(CURL *e, void *ctx, void *arg)
{
	const struct http_setup *s = arg;

	(void)e;
	return SSL_CTX_use_certificate_chain_file(ctx, s->cert_file) == 1 && SSL_CTX_use_PrivateKey(ctx, s->key) == 1 ?
	    CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

/* --- what a handle is told -------------------------------------------------------- */

static void
tell_tls(CURL *e, const struct http_setup *s)
{
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, s->plain_too ? "http,https" : "https");
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* A CA folder, which some builds of curl have by default, keeps curl from caching the
	 * parsed CAs: tens of milliseconds for every connection. */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (s->ca_file != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, s->ca_file);
	if (s->crl_file != NULL)
		curl_easy_setopt(e, CURLOPT_CRLFILE, s->crl_file);
	if (s->need_staple) {
		curl_easy_setopt(e, CURLOPT_SSL_VERIFYSTATUS, 1L);
		/* A resumed session has no staple, which some versions of curl take for a missing one. */
		curl_easy_setopt(e, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	}
	if (s->key != NULL) {
		curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_tls);
		curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, s);
	} else if (s->cert_file != NULL) {
		curl_easy_setopt(e, CURLOPT_SSLCERT, s->cert_file);
		curl_easy_setopt(e, CURLOPT_SSLKEY, s->key_file != NULL ? s->key_file : s->cert_file);
	}
}

static void
tell_transport(CURL *e, const struct http_setup *s)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	/* A firewall that forgot the connection is noticed: while an answer is waited for, sent for, and at rest. */
	curl_easy_setopt(e, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, KEEP_IDLE_S);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPINTVL, KEEP_EVERY_S);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)s->connect_ms);
	/* "" also keeps curl from looking at http_proxy in the environment. */
	if (s->proxy != NULL || !s->proxy_env) {
		curl_easy_setopt(e, CURLOPT_PROXY, s->proxy != NULL ? s->proxy : "");
		curl_easy_setopt(e, CURLOPT_NOPROXY, s->no_proxy != NULL ? s->no_proxy : "");
	}
	curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, s->ca_file);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (s->user_agent != NULL)
		curl_easy_setopt(e, CURLOPT_USERAGENT, s->user_agent);
}

CURL *
http_easy_new(const struct http_setup *s, CURLSH *share)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		abort();	/* out of memory, as in xcalloc() */
	tell_tls(e, s);
	tell_transport(e, s);
	curl_easy_setopt(e, CURLOPT_SHARE, share);
	curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, on_rewind);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	return e;
}

static int
copy_headers(struct http_call *c, const char *const *headers)
{
	struct curl_slist *l = curl_slist_append(NULL, "Expect:");	/* no waiting for 100-continue */

	for (; l != NULL && headers != NULL && *headers != NULL; headers++) {
		c->headers = l;
		l = curl_slist_append(l, *headers);
	}
	c->headers = l;
	return l == NULL ? -E_FULL : 0;
}

int
http_easy_aim(struct http_call *c, const struct http_request *req)
{
	CURL *e = c->easy;
	bool has_body = req->body != NULL;
	const struct http_setup *s = http_setup_of(c->http);
	int low_ms = req->may_rest ? 0 : s->low_speed_ms;

	if (strncmp(req->url, "https://", 8) != 0 && !(s->plain_too && strncmp(req->url, "http://", 7) == 0))
		return err_set(&c->early, E_BAD, "%s: only https:// is spoken", req->url);
	if (copy_headers(c, req->headers) < 0)
		return err_set(&c->early, E_FULL, "%s: out of memory", req->url);
	curl_easy_setopt(e, CURLOPT_URL, req->url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, c->headers);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)req->total_ms);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, low_ms > 0 ? 1L : 0L);	/* costs a look a second */
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)(low_ms + 999) / 1000);
	/* With negotiate the tickets say who that is. */
	curl_easy_setopt(e, CURLOPT_PROXYAUTH, s->proxy_auth);
	curl_easy_setopt(e, CURLOPT_PROXYUSERPWD, s->proxy_login == NULL && s->proxy_auth == CURLAUTH_NEGOTIATE ? ":" : s->proxy_login);
	curl_easy_setopt(e, CURLOPT_PRIVATE, c);
	curl_easy_setopt(e, CURLOPT_READDATA, c);
	curl_easy_setopt(e, CURLOPT_SEEKDATA, c);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->words);
	/* Both switch the method too, which CUSTOMREQUEST then names. */
	curl_easy_setopt(e, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
	if (has_body) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, NULL);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
	}
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, req->method);
	return 0;
}

/* --- what came of it --------------------------------------------------------------- */

static void
host_of(CURL *e, char *host, size_t size)
{
	const char *url = NULL, *end;
	size_t n;

	curl_easy_getinfo(e, CURLINFO_EFFECTIVE_URL, &url);
	url = url == NULL ? NULL : strstr(url, "://");
	url = url == NULL ? "the server" : url + 3;
	end = url + strcspn(url, "/?");
	n = (size_t)(end - url) < size - 1 ? (size_t)(end - url) : size - 1;
	memcpy(host, url, n);
	host[n] = '\0';
}

/* Seconds, or a date: that is the server's, and so is the clock to read it by. -1: none that is understood. */
static int64_t
seconds_to_wait(const struct http_call *c)
{
	const char *text = c->retry_after + strspn(c->retry_after, " \t");
	int64_t s = -1, until;

	if (text[0] >= '0' && text[0] <= '9') {
		s = strtoll(text, NULL, 10);
	} else if (text[0] != '\0' && (until = (int64_t)curl_getdate(text, NULL)) >= 0) {
		s = until - (c->date_s > 0 ? c->date_s : os_time_ms() / 1000);
		s = s < 0 ? 0 : s;
	}
	return s > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : s;
}

static void
read_answer(struct http_call *c, struct http_answer *a)
{
	curl_off_t begun = 0, sent = 0;
	char *where = NULL;
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->easy, CURLINFO_STARTTRANSFER_TIME_T, &begun);
	curl_easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	curl_easy_getinfo(c->easy, CURLINFO_REDIRECT_URL, &where);
	a->status = (int)status;
	a->body = buf_str(&c->answer);
	a->len = c->answer.len;
	a->retry_after_s = seconds_to_wait(c);
	a->date_s = c->date_s > 0 ? c->date_s : 0;
	a->location = where;
	a->cookies = buf_str(&c->cookies);
	a->html = c->html;
	a->rtt_ms = begun > sent ? (begun - sent) / 1000 : 0;
	a->tls = c->tls;
	/* A body that did not leave us whole cannot have been carried out. */
	a->reached = true;
	a->maybe_done = c->body != NULL && c->body_len > 0 ? c->body_sent == c->body_len : sent > 0;
}

void
http_easy_result(struct http_call *c, CURLcode rc, struct http_answer *a, struct err *err)
{
	char host[300];
	struct http_why w = { .rc = rc, .words = c->words, .kerberos = c->kerberos, .host = host };
	curl_off_t up = 0;
	long open = 0;	/* a local port: TCP was up */

	read_answer(c, a);
	if (rc == CURLE_OK)
		return;
	host_of(c->easy, host, sizeof(host));
	curl_easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &w.verify);
	curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &w.os_errno);
	curl_easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME_T, &up);
	curl_easy_getinfo(c->easy, CURLINFO_LOCAL_PORT, &open);
	w.open = open > 0;
	w.connected = up > 0;
	w.setup = http_setup_of(c->http);
	w.too_large = c->too_large;
	w.headers_too_large = c->headers_too_large;
	w.answer_max = c->answer.max;
	if (http_why(&w, err))
		a->reached = a->maybe_done = false;
	a->status = 0;
}

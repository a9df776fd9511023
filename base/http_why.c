/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_why - why there is no answer, as a sentence that says what to do.
 *
 * Rows, first match wins. In a sentence {host}, {cert}, {key}, {ca}, {crl}, {proxy},
 * {errno} and {words} (what curl or OpenSSL say) are filled in.
 */
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "http_int.h"

enum { ANY = 0, WITH_CERT, NO_CERT };	/* whether we have a client certificate */
enum { MAYBE, NOT_DONE };

#define HANDSHAKE (-1)			/* any result that may carry a TLS alert */

static const struct rule {
	int rc;				/* CURLcode, or HANDSHAKE; 0 any */
	long verify;			/* X509_V_ERR_*; 0 any */
	const char *words;		/* part of curl's text; NULL any */
	int cert;
	int code;
	int certain;
	const char *say;
} rules[] = {
#define THEIRS CURLE_PEER_FAILED_VERIFICATION
	{ THEIRS, 0, "subject name", ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} is for another name ({words}): check the host name in the URL, or whether a captive portal answers" },
	{ THEIRS, X509_V_ERR_HOSTNAME_MISMATCH, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} is for another name: check the host name in the URL, or whether a captive portal answers" },
	{ THEIRS, X509_V_ERR_CERT_HAS_EXPIRED, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} has expired: its operator must renew it, "
	    "unless the clock of this machine is wrong" },
	{ THEIRS, X509_V_ERR_CERT_NOT_YET_VALID, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} is not valid yet: check the clock of this machine" },
	{ THEIRS, X509_V_ERR_CERT_REVOKED, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} has been revoked: its operator must replace it" },
	{ THEIRS, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} is self-signed and not in {ca}: add it there if you trust it" },
	{ THEIRS, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} comes from a CA that is not in {ca}: add that CA's certificate there, "
	    "or look who intercepts the connection" },
	{ THEIRS, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, NULL, ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} comes from a CA that is not in {ca}: add that CA's certificate there, "
	    "or look who intercepts the connection" },
	{ THEIRS, X509_V_ERR_UNABLE_TO_GET_CRL, NULL, ANY, E_TLS, NOT_DONE,
	    "{crl} holds no revocation list of the CA that vouches for {host}: add it there" },
	{ THEIRS, X509_V_ERR_CRL_HAS_EXPIRED, NULL, ANY, E_TLS, NOT_DONE,
	    "the revocation list in {crl} is out of date: fetch the new one" },
	{ THEIRS, X509_V_ERR_CRL_NOT_YET_VALID, NULL, ANY, E_TLS, NOT_DONE,
	    "the revocation list in {crl} is not valid yet: check the clock of this machine" },
	{ THEIRS, X509_V_ERR_CRL_SIGNATURE_FAILURE, NULL, ANY, E_TLS, NOT_DONE,
	    "the revocation list in {crl} is not signed by the CA that it names: fetch it anew" },
	{ THEIRS, 0, NULL, ANY, E_TLS, NOT_DONE, "the certificate of {host} cannot be verified: {words}" },

	{ CURLE_SSL_INVALIDCERTSTATUS, 0, "No OCSP response", ANY, E_TLS, NOT_DONE,
	    "{host} staples no OCSP response to its certificate: its operator must switch that on, or set instance.ocsp to off" },
	{ CURLE_SSL_INVALIDCERTSTATUS, 0, "has expired", ANY, E_TLS, NOT_DONE,
	    "the OCSP response that {host} staples is out of date: its operator must look after it, "
	    "unless the clock of this machine is wrong" },
	{ CURLE_SSL_INVALIDCERTSTATUS, 0, "revo", ANY, E_TLS, NOT_DONE,
	    "the certificate of {host} has been revoked, says OCSP: its operator must replace it" },
	{ CURLE_SSL_INVALIDCERTSTATUS, 0, NULL, ANY, E_TLS, NOT_DONE,
	    "the OCSP response that {host} staples cannot be trusted: {words}" },
	{ CURLE_SSL_CRL_BADFILE, 0, NULL, ANY, E_TLS, NOT_DONE, "the revocation list {crl} cannot be read: {words}" },
	{ CURLE_SSL_CERTPROBLEM, 0, NULL, ANY, E_TLS, NOT_DONE,
	    "our certificate {cert} with key {key} cannot be used: {words}" },
	{ CURLE_SSL_CACERT_BADFILE, 0, NULL, ANY, E_TLS, NOT_DONE, "the CA file {ca} cannot be read: {words}" },

	{ HANDSHAKE, 0, "alert certificate expired", ANY, E_TLS, NOT_DONE,
	    "{host} refused our certificate {cert} as expired: put a new one there and restart midd" },
	{ HANDSHAKE, 0, "alert certificate revoked", ANY, E_TLS, NOT_DONE,
	    "{host} refused our certificate {cert} as revoked: put a new one there and restart midd" },
	{ HANDSHAKE, 0, "alert unknown ca", ANY, E_TLS, NOT_DONE,
	    "{host} does not know the CA that issued our certificate {cert}: have that CA registered there" },
	{ HANDSHAKE, 0, "alert certificate required", NO_CERT, E_TLS, NOT_DONE,
	    "{host} asks for a client certificate and none is configured: set instance.cert and instance.key" },
	{ HANDSHAKE, 0, "alert handshake failure", NO_CERT, E_TLS, NOT_DONE,
	    "{host} broke off the TLS handshake, perhaps because no client certificate is "
	    "configured: set instance.cert and instance.key" },
	{ HANDSHAKE, 0, "alert certificate required", WITH_CERT, E_TLS, NOT_DONE,
	    "{host} did not accept our certificate {cert} as one of a CA it asks for: have its issuer registered there" },
	{ HANDSHAKE, 0, "alert bad certificate", ANY, E_TLS, NOT_DONE,
	    "{host} refused our certificate {cert}: have it or its issuer registered there" },
	{ HANDSHAKE, 0, "alert unsupported certificate", ANY, E_TLS, NOT_DONE,
	    "{host} refused our certificate {cert} as of a kind it does not take: it must allow client authentication" },
	{ HANDSHAKE, 0, "alert certificate unknown", ANY, E_TLS, NOT_DONE,
	    "{host} refused our certificate {cert}: have it or its issuer registered there" },
	{ HANDSHAKE, 0, "alert access denied", ANY, E_TLS, NOT_DONE,
	    "{host} took our certificate {cert} but denies access: have a user with the MID role mapped to it" },
	{ HANDSHAKE, 0, "alert protocol version", ANY, E_TLS, NOT_DONE,
	    "{host} does not speak TLS 1.2 or newer, and nothing older is used here" },
	{ HANDSHAKE, 0, "unsupported protocol", ANY, E_TLS, NOT_DONE,
	    "{host} does not speak TLS 1.2 or newer, and nothing older is used here" },
	{ HANDSHAKE, 0, "unrecognized name", ANY, E_TLS, NOT_DONE,
	    "{host} does not serve that host name: check the URL" },
	{ HANDSHAKE, 0, "wrong version number", ANY, E_TLS, NOT_DONE,
	    "{host} does not speak TLS on this port: check the port in the URL, or whether a captive portal answers" },
	{ HANDSHAKE, 0, "CONNECT tunnel failed, response 407", ANY, E_AUTH, NOT_DONE,
	    "the proxy {proxy} does not take our login: check instance.proxy_user, its password and instance.proxy_login" },
	{ HANDSHAKE, 0, "CONNECT tunnel failed, response 403", ANY, E_NET, NOT_DONE,
	    "the proxy {proxy} refuses to connect to {host}: have it allowed there for our user, or set instance.no_proxy" },
	{ HANDSHAKE, 0, "CONNECT tunnel failed", ANY, E_NET, NOT_DONE,
	    "the proxy {proxy} does not let us through to {host}: {words}" },
	{ CURLE_SSL_CONNECT_ERROR, 0, NULL, ANY, E_TLS, NOT_DONE, "the TLS handshake with {host} failed: {words}" },

	{ CURLE_COULDNT_RESOLVE_HOST, 0, NULL, ANY, E_NET, NOT_DONE,
	    "the name {host} cannot be resolved: check the URL and the DNS of this machine" },
	{ CURLE_COULDNT_RESOLVE_PROXY, 0, NULL, ANY, E_NET, NOT_DONE,
	    "the name of the proxy {proxy} cannot be resolved: check it and the DNS of this machine" },
	{ CURLE_COULDNT_CONNECT, 0, NULL, ANY, E_NET, NOT_DONE,
	    "no connection to {host} ({errno}): check the firewall and whether a proxy is needed" },
	{ CURLE_PROXY, 0, "User was rejected", ANY, E_AUTH, NOT_DONE,
	    "the proxy {proxy} does not take our login: check instance.proxy_user and its password" },
	{ CURLE_PROXY, 0, NULL, ANY, E_NET, NOT_DONE, "the proxy {proxy} failed: {words}" },
	{ CURLE_URL_MALFORMAT, 0, NULL, ANY, E_BAD, NOT_DONE, "the URL is malformed: {words}" },
	{ CURLE_UNSUPPORTED_PROTOCOL, 0, "HTTP/0.9", ANY, E_PEER, MAYBE, "{host} does not speak HTTP: {words}" },
	{ CURLE_UNSUPPORTED_PROTOCOL, 0, NULL, ANY, E_BAD, NOT_DONE, "{words}: only https:// is spoken" },
	{ CURLE_PARTIAL_FILE, 0, NULL, ANY, E_NET, MAYBE, "the answer of {host} was cut off: {words}" },
	{ CURLE_GOT_NOTHING, 0, NULL, ANY, E_NET, MAYBE, "{host} closed the connection without an answer" },
	{ CURLE_SEND_FAIL_REWIND, 0, NULL, ANY, E_NET, MAYBE,
	    "the kept connection to {host} ended while a request was under way" },
	{ CURLE_BAD_CONTENT_ENCODING, 0, NULL, ANY, E_PEER, MAYBE, "the answer of {host} cannot be unpacked: {words}" },
	{ CURLE_WEIRD_SERVER_REPLY, 0, NULL, ANY, E_PEER, MAYBE, "{host} does not speak HTTP: {words}" },
	{ 0, 0, NULL, ANY, E_NET, MAYBE, "the connection to {host} failed: {words}" },
};

static const char *
value_of(const struct http_why *w, const char *name, size_t n)
{
	const struct http_setup *s = w->setup;
	const struct { const char *name, *value; } known[] = {
		{ "host", w->host },
		{ "cert", s->cert_file != NULL ? s->cert_file : "(none)" },
		{ "key", s->key_file != NULL ? s->key_file : "(none)" },
		{ "ca", s->ca_file != NULL ? s->ca_file : "the system's CA bundle" },
		{ "crl", s->crl_file != NULL ? s->crl_file : "(none)" },
		{ "proxy", s->proxy != NULL ? s->proxy : "(none)" },
		{ "errno", w->os_errno != 0 ? strerror((int)w->os_errno) : w->words },
		{ "words", w->words[0] != '\0' ? w->words : curl_easy_strerror(w->rc) },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i].name) == n && memcmp(known[i].name, name, n) == 0)
			return known[i].value;
	return "";
}

static void
fill_in(const struct http_why *w, const char *say, char *to, size_t size)
{
	struct buf b;
	size_t n;

	buf_init(&b, size - 1);
	while (*say != '\0') {
		n = strcspn(say, "{");
		buf_put(&b, say, n);
		say += n;
		if (*say == '\0')
			break;
		n = strcspn(say, "}");
		buf_puts(&b, value_of(w, say + 1, n - 1));
		say += n + 1;
	}
	snprintf(to, size, "%s", buf_str(&b));
	buf_fini(&b);
}

static bool
may_carry_alert(CURLcode rc)
{
	return rc == CURLE_SSL_CONNECT_ERROR || rc == CURLE_RECV_ERROR || rc == CURLE_SEND_ERROR ||
	    rc == CURLE_COULDNT_CONNECT || rc == CURLE_PROXY;
}

static bool
rule_fits(const struct rule *r, const struct http_why *w)
{
	if (r->rc == HANDSHAKE ? !may_carry_alert(w->rc) : r->rc != 0 && r->rc != (int)w->rc)
		return false;
	if (r->verify != 0 && r->verify != w->verify)
		return false;
	if (r->cert != ANY && (r->cert == WITH_CERT) != (w->setup->cert_file != NULL))
		return false;
	return r->words == NULL || strcasestr(w->words, r->words) != NULL;
}

/* Whatever words the far end has for it: an expired certificate of ours is the likely reason. */
static bool
ours_has_expired(const struct http_why *w, const struct rule *r, struct err *err)
{
	struct http_cert c;
	int64_t days;

	if (r->code != E_TLS || w->rc == THEIRS || w->setup->cert_file == NULL ||
	    http_cert_read(&c, w->setup->cert_file, NULL) < 0 || c.not_after_s > (int64_t)time(NULL))
		return false;
	days = ((int64_t)time(NULL) - c.not_after_s) / 86400;
	err_set(err, E_TLS, "our certificate %s expired %lld days ago, and %s refused it: put a new one there and restart midd",
	    w->setup->cert_file, (long long)days, w->host);
	return true;
}

static bool
limits_say(const struct http_why *w, struct err *err)
{
	if (w->too_large)
		err_set(err, E_FULL, "the answer of %s is larger than the %zu bytes allowed", w->host, w->answer_max);
	else if (w->headers_too_large)
		err_set(err, E_FULL, "the headers of %s are larger than the %u bytes allowed", w->host, HTTP_HEADERS_MAX);
	else if (w->rc == CURLE_OPERATION_TIMEDOUT && !w->connected && w->open)
		err_set(err, E_NET, "%s took the connection but did not answer in time, TLS was not up (%s): it or a proxy or"
		    " firewall before it hangs", w->host, w->words);
	else if (w->rc == CURLE_OPERATION_TIMEDOUT && !w->connected)
		err_set(err, E_NET, "no connection to %s in time (%s): check the firewall and whether a proxy is needed",
		    w->host, w->words);
	else if (w->rc == CURLE_OPERATION_TIMEDOUT)
		err_set(err, E_NET, "%s did not answer in time: %s", w->host, w->words);
	else
		return false;
	return true;
}

/* curl names the one it could not reach. */
static bool
proxy_is_away(const struct http_why *w, struct err *err)
{
	const char *host = w->setup->proxy != NULL ? strstr(w->setup->proxy, "://") : NULL;
	char name[280];

	if (host == NULL || w->rc != CURLE_COULDNT_CONNECT)
		return false;
	snprintf(name, sizeof(name), "to %.*s port", (int)strcspn(host + 3, ":/"), host + 3);
	if (strstr(w->words, name) == NULL)
		return false;
	err_set(err, E_NET, "no connection to the proxy %s (%s): is it up, and is instance.proxy right?", w->setup->proxy,
	    w->os_errno != 0 ? strerror((int)w->os_errno) : w->words);
	return true;
}

/* With Kerberos there is no password to be checked. */
static bool
no_ticket(const struct http_why *w, struct err *err)
{
	const char *proxy = w->setup->proxy != NULL ? w->setup->proxy : "of the environment";

	if (w->setup->proxy_auth != CURLAUTH_NEGOTIATE || strstr(w->words, "response 407") == NULL)
		return false;
	if (w->kerberos[0] != '\0')
		err_set(err, E_AUTH, "the proxy %s wants a Kerberos ticket and we have none (%s): name a good keytab with instance.proxy_keytab, "
		    "or get a ticket with kinit as midd's user", proxy, w->kerberos);
	else
		err_set(err, E_AUTH, "the proxy %s does not take our Kerberos ticket: compare the clocks, and have its operator look whether it "
		    "speaks Negotiate and its keytab holds the present key of HTTP/ and that name", proxy);
	return true;
}

bool
http_why(const struct http_why *w, struct err *err)
{
	const struct rule *r = rules;
	char text[ERR_TEXT_MAX];

	if (limits_say(w, err))
		return w->rc == CURLE_OPERATION_TIMEDOUT && !w->connected;
	if (proxy_is_away(w, err) || no_ticket(w, err))
		return true;
	while (!rule_fits(r, w))
		r++;	/* the last fits everything */
	if (!ours_has_expired(w, r, err)) {
		fill_in(w, r->say, text, sizeof(text));
		err_set(err, r->code, "%s", text);
	}
	return r->certain == NOT_DONE;
}

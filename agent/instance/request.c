/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request - the one way in which something is said to the instance.
 *
 * Every request goes through request_send() and ends in one verdict. A 307 to
 * the same host is followed here, with method and body (the instance uses it
 * to keep slow calls alive); any other redirect is an error with a sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "instance/inside.h"
#include "instance/link.h"
#include "log.h"
#include "loop.h"
#include "xalloc.h"

#define REDIRECTS_MAX 5

struct call {
	struct instance *in;
	struct link *link;
	struct call *next, *prev;
	struct http_call *http;
	struct request rq;
	char *path;
	int redirects;
	reply_fn *fn;
	void *arg;
};

static void on_done(void *arg, const struct http_answer *a, const struct err *err);

static void
call_start(struct call *c)
{
	struct buf cookies;
	const char *headers[5], **h = headers;
	char type[120], *url = xasprintf("%s%s", c->link->url, c->path);
	struct http_request req = {
		.method = c->rq.method,
		.url = url,
		.headers = headers,
		.body = c->rq.body,
		.body_len = c->rq.len,
		.answer_max = c->rq.answer_max > 0 ? c->rq.answer_max : c->link->answer_max,
		.total_ms = c->rq.hold_ms > 0 ? c->rq.hold_ms : c->link->total_ms,
		.may_rest = c->rq.hold_ms > 0,
	};

	*h++ = "Accept: application/json";
	if (c->link->login != NULL)
		*h++ = c->link->login;
	if (c->rq.body != NULL) {
		snprintf(type, sizeof(type), "Content-Type: %s",
		    c->rq.content_type != NULL ? c->rq.content_type : "application/json");
		*h++ = type;
	}
	buf_init(&cookies, COOKIES_MAX * (COOKIE_LEN_MAX + 10));
	cookies_write(&c->link->cookies, &cookies);
	if (cookies.len > 0)
		*h++ = buf_str(&cookies);
	*h = NULL;
	c->http = http_start(c->link->http, &req, on_done, c);
	buf_wipe(&cookies);
	free(url);
}

/* --- status of the link --------------------------------------------------------------- */

static void
note_connected(struct instance *in, bool connected)
{
	bool was = in->connected;

	in->connected = connected;
	if (was == connected)
		return;
	in->since_ms = loop_now(in->loop);
	if (connected)
		push_link_back(in);
}

/* A page for people with status 200: a captive portal, a proxy's login. What a file holds may well be one. */
static bool
is_page(const struct call *c, const struct http_answer *a)
{
	return a->status >= 200 && a->status <= 299 && a->html && strstr(c->path, "/attachment/") == NULL;
}

static void
note(struct instance *in, const struct call *c, const struct verdict *v, const struct http_answer *a)
{
	if (v->err_code == E_CANCELLED || c->rq.flags & RQ_ASIDE)
		return;
	in->n_calls++;
	in->n_failures += v->said != SAID_YES && v->said != SAID_DUPLICATE;
	in->bytes_out += c->rq.len;
	in->bytes_in += a->len;
	if (v->status != 0) {
		in->last_answer_ms = loop_now(in->loop);
		if (a->date_s > 0) {
			in->date_s = a->date_s;
			in->date_at = in->last_answer_ms;
		}
		in->rtt_ms = in->rtt_ms < 0 ? a->rtt_ms : (7 * in->rtt_ms + a->rtt_ms) / 8;
	}
	if (a->tls != NULL)
		snprintf(in->tls, sizeof(in->tls), "%s", a->tls);
	note_connected(in, verdict_is_alive(v) && !is_page(c, a));
	if (v->err_code == 0 || v->said == SAID_DUPLICATE) {
		in->trouble[0] = '\0';
		in->trouble_code = 0;
	} else {
		snprintf(in->trouble, sizeof(in->trouble), "%s", v->why);
		in->trouble_code = v->err_code;
	}
}

/* --- redirects -------------------------------------------------------------------------- */

/* The path in WHERE when that is on our own host, else NULL. */
static const char *
same_host(const struct link *l, const char *where)
{
	size_t n = strlen(l->url);

	if (where == NULL || strncasecmp(where, l->url, n) != 0 || where[n] != '/')
		return NULL;
	return where + n;
}

static bool
follow(struct call *c, const struct http_answer *a)
{
	const char *path = same_host(c->link, a->location);
	char *copy;

	if ((a->status != 307 && a->status != 308) || path == NULL || c->redirects >= REDIRECTS_MAX)
		return false;
	c->redirects++;
	copy = xstrdup(path);
	free(c->path);
	c->path = copy;
	call_start(c);
	return true;
}

static void
word_redirect(const struct call *c, const struct http_answer *a, struct verdict *v, char *why)
{
	if (a->status < 300 || a->status > 399)
		return;
	if (c->redirects >= REDIRECTS_MAX)
		snprintf(why, IN_WHY_MAX, "the instance redirected %s %d times", c->rq.method, c->redirects);
	else if (a->location != NULL)
		snprintf(why, IN_WHY_MAX, "the instance said %d and points to %.120s, which is not followed: "
		    "a login page or captive portal, or set instance.url to where it really is", a->status, a->location);
	v->why = why;
}

/* --- the end of a call --------------------------------------------------------------------- */

static void
call_unlink(struct call *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		c->in->calls = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

static void
judge(struct call *c, struct verdict *v, char *why, const struct http_answer *a, const struct err *err)
{
	char what[160];
	struct heard h = { a->status, a->retry_after_s, a->body, a->len, what, c->rq.flags };

	snprintf(what, sizeof(what), "%s %.*s", c->rq.method, (int)strcspn(c->path, "?"), c->path);
	if (a->status == 0) {
		verdict_of_silence(v, err, a->reached, a->maybe_done, c->rq.flags);
		return;
	}
	verdict_of_status(v, why, &h);
	word_redirect(c, a, v, why);
	if (is_page(c, a)) {
		snprintf(why, IN_WHY_MAX, "a web page answers %s in place of the instance: a captive portal or the login page of a "
		    "proxy stands between; log in there, or have this host let through", what);
		verdict_spoil(v, c->rq.flags & RQ_WRITES ? SAID_UNSURE : SAID_LATER, why);
	}
}

static void
on_done(void *arg, const struct http_answer *a, const struct err *err)
{
	struct call *c = arg;
	struct verdict v = { 0 };
	char why[IN_WHY_MAX] = "";

	cookies_take(&c->link->cookies, a->cookies);
	if (a->status == 401)
		cookies_drop(&c->link->cookies);	/* the session is gone: the next request begins another */
	if (!c->in->closing && follow(c, a))
		return;
	judge(c, &v, why, a, err);
	note(c->in, c, &v, a);
	if (v.err_code != 0)
		log_debug(IN_SUB, "%s %s: %s", c->rq.method, c->path, v.why);
	call_unlink(c);
	link_unref(c->link);
	c->fn(c->arg, &v, a->status != 0 ? a->body : "", a->status != 0 ? a->len : 0);
	free(c->path);
	free(c);
}

void
request_send(struct instance *in, const struct request *rq, reply_fn *fn, void *arg)
{
	static const struct verdict closed = {
		.said = SAID_LATER, .retry_after_ms = -1, .err_code = E_CANCELLED,
		.why = "the link to the instance is being closed",
	};
	struct call *c;

	if (in->closing) {
		fn(arg, &closed, "", 0);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->in = in;
	c->link = link_ref(in->link);
	c->rq = *rq;
	c->path = xstrdup(rq->path);
	c->rq.path = NULL;
	c->fn = fn;
	c->arg = arg;
	c->next = in->calls;
	if (c->next != NULL)
		c->next->prev = c;
	in->calls = c;
	call_start(c);
}

void
request_cancel_all(struct instance *in)
{
	while (in->calls != NULL)
		http_cancel(in->calls->http);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - see http.h. Here: curl's sockets and its one timer on the loop, and
 * the life of a call. What a handle is told is in http_easy.c.
 *
 * Nothing is watched and no timer is armed while no call is under way: kept
 * connections are looked at when they are used again.
 */
#include "http.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "http_int.h"
#include "key.h"
#include "loop.h"
#include "os.h"
#include "ticket.h"
#include "secret.h"
#include "xalloc.h"

struct http {
	struct loop *loop;
	CURLM *multi;
	CURLSH *share;			/* TLS sessions, so that a new connection resumes */
	struct loop_timer *timer;
	struct http_setup setup;
	struct http_call *calls;	/* under way */
	CURL **spare;			/* handles at rest, for reuse */
	unsigned spares;
	struct ticket_fetch *fetching;	/* NULL: nobody asks for a ticket */
	int64_t ticket_until;		/* loop time: until then curl finds one where it looks */
	bool closing;
};

/* One of curl's sockets. */
struct sock {
	struct http *http;
	struct loop_watch *watch;
	curl_socket_t fd;
};

static void reap(struct http *h);

/* --- curl on the loop ------------------------------------------------------------ */

static void
on_socket(void *arg, int events)
{
	struct sock *s = arg;
	struct http *h = s->http;
	int flags = 0, running;

	if (events & LOOP_READ)
		flags |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(h->multi, s->fd, flags, &running);
	reap(h);
}

static void
on_timer(void *arg)
{
	struct http *h = arg;
	long in_ms = -1;
	int running;

	curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	/* The loop's clock may be some milliseconds behind curl's. A timer that fires too early has
	 * then done nothing, and curl, which takes it for armed still, would never ask again. */
	curl_multi_timeout(h->multi, &in_ms);
	if (in_ms >= 0)
		loop_timer_arm(h->timer, in_ms);
	reap(h);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http *h = arg;
	struct sock *s = known;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL) {
			loop_watch_free(s->watch);
			free(s);
		}
		curl_multi_assign(h->multi, fd, NULL);
		return 0;
	}
	if (s == NULL) {
		s = xcalloc(1, sizeof(*s));
		s->http = h;
		s->fd = fd;
		s->watch = loop_watch_new(h->loop, fd, on_socket, s);
		if (s->watch == NULL) {
			free(s);
			return -1;	/* curl gives the transfers up */
		}
		curl_multi_assign(h->multi, fd, s);
	}
	loop_watch_set(s->watch, (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0));
	return 0;
}

static int
want_timer(CURLM *multi, long in_ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	if (in_ms < 0)
		loop_timer_stop(h->timer);
	else
		loop_timer_arm(h->timer, in_ms);
	return 0;
}

/* --- calls --------------------------------------------------------------------- */

static void
call_unlink(struct http_call *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		c->http->calls = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

static void
give_back(struct http *h, CURL *easy)
{
	if (h->spares < h->setup.connections_max && !h->closing)
		h->spare[h->spares++] = easy;
	else
		curl_easy_cleanup(easy);
}

static void
wipe(struct http_call *c)
{
	struct curl_slist *h;

	for (h = c->headers; h != NULL; h = h->next)
		secret_wipe(h->data, strlen(h->data));
	buf_wipe(&c->answer);
}

/* The end of every call: C is gone afterwards. */
static void
finish(struct http_call *c, CURLcode rc, const struct err *instead)
{
	struct http *h = c->http;
	struct http_answer a;
	struct err err = { 0 };
	char *where;

	http_easy_result(c, rc, &a, &err);
	if (instead != NULL) {
		err = *instead;
		a.status = 0;
	}
	if (!c->waits)
		curl_multi_remove_handle(h->multi, c->easy);
	where = a.location != NULL ? xstrdup(a.location) : NULL;	/* the handle's own goes with it, or with the next call on it */
	a.location = where;
	give_back(h, c->easy);
	call_unlink(c);
	c->done(c->arg, &a, &err);
	free(where);
	if (c->secret)
		wipe(c);
	curl_slist_free_all(c->headers);
	buf_fini(&c->answer);
	buf_wipe(&c->cookies);
	free(c);
}

static void
reap(struct http *h)
{
	CURLMsg *m;
	struct http_call *c;
	int left;

	while (!h->closing && (m = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		finish(c, m->data.result, NULL);
	}
}

/* Failures of http_start() come here, at the end of the turn. */
static void
fail_early(void *arg)
{
	struct http *h = arg;
	struct http_call *c, *next;

	for (c = h->calls; c != NULL && !h->closing; c = next) {
		next = c->next;
		if (c->early.code != 0) {
			finish(c, CURLE_OK, &c->early);
			next = h->calls;	/* done() may have changed the list */
		}
	}
}

static void
give_to_curl(struct http_call *c)
{
	struct http *h = c->http;

	c->waits = false;
	if (curl_multi_add_handle(h->multi, c->easy) != CURLM_OK)
		err_set(&c->early, E_INTERNAL, "the request could not be started");
	if (c->early.code != 0)
		loop_defer(h->loop, fail_early, h);
}

/* --- a ticket first, where the proxy wants one --------------------------------------- */

#define TICKET_LOOK_MS 60000	/* it costs a thread's turn to look whether it is there still */

static void
on_ticket(void *arg, int64_t left_s, const struct err *err)
{
	struct http *h = arg;
	struct http_call *c, *next;

	h->fetching = NULL;
	h->ticket_until = left_s > 0 ? loop_now(h->loop) + (left_s * 1000 < TICKET_LOOK_MS ? left_s * 1000 : TICKET_LOOK_MS) : 0;
	for (c = h->calls; c != NULL; c = next) {
		next = c->next;
		if (!c->waits)
			continue;
		if (left_s == 0) {	/* without: the proxy may be none of ours for this host, or say no itself */
			curl_easy_setopt(c->easy, CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
			curl_easy_setopt(c->easy, CURLOPT_PROXYUSERPWD, NULL);
			snprintf(c->kerberos, sizeof(c->kerberos), "%.150s", err->text);
		}
		give_to_curl(c);
	}
}

/* "proxy.example.com" of "http://proxy.example.com:3128" */
static void
host_of_proxy(const char *url, char *to, size_t size)
{
	const char *p = strstr(url, "://");

	p = p != NULL ? p + 3 : url;
	snprintf(to, size, "%.*s", (int)(*p == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":/")), p);
}

static bool
must_wait(struct http *h)
{
	char host[280];

	if (h->setup.proxy == NULL || h->setup.proxy_auth != CURLAUTH_NEGOTIATE || !ticket_possible() ||
	    loop_now(h->loop) < h->ticket_until)
		return false;
	host_of_proxy(h->setup.proxy, host, sizeof(host));
	if (h->fetching == NULL)
		h->fetching = ticket_fetch(h->loop, host, on_ticket, h);
	return true;
}

/* --- calls, go on ------------------------------------------------------------------- */

struct http_call *
http_start(struct http *h, const struct http_request *req, http_done_fn *done, void *arg)
{
	struct http_call *c = xcalloc(1, sizeof(*c));

	assert(!h->closing);
	c->http = h;
	c->done = done;
	c->arg = arg;
	c->body = req->body;
	c->body_len = req->body_len;
	buf_init(&c->answer, req->answer_max);
	c->secret = req->secret;
	if (c->secret)
		(void)buf_room(&c->answer, req->answer_max);	/* growing would leave unwiped copies behind */
	buf_init(&c->cookies, HTTP_COOKIES_MAX);
	c->easy = h->spares > 0 ? h->spare[--h->spares] : http_easy_new(&h->setup, h->share);
	c->next = h->calls;
	if (c->next != NULL)
		c->next->prev = c;
	h->calls = c;
	if (http_easy_aim(c, req) < 0)
		loop_defer(h->loop, fail_early, h);
	else if (must_wait(h))
		c->waits = true;
	else
		give_to_curl(c);
	return c;
}

void
http_cancel(struct http_call *c)
{
	struct err err;

	err_set(&err, E_CANCELLED, "the request was cancelled");
	finish(c, CURLE_ABORTED_BY_CALLBACK, &err);
}

/* --- the whole -------------------------------------------------------------------- */

unsigned long
http_auth_of(const char *word)
{
	static const struct { const char *word; unsigned long bits; } rows[] = {
		{ "ntlm", CURLAUTH_NTLM }, { "negotiate", CURLAUTH_NEGOTIATE }, { "any", CURLAUTH_ANY },
	};
	size_t i;

	for (i = 0; word != NULL && i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].bits;
	return CURLAUTH_BASIC;
}

bool
http_can_negotiate(void)
{
	return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SPNEGO) != 0;
}

static void
setup_copy(struct http_setup *s, const struct http_config *cfg)
{
	s->ca_file = xstrdup(cfg->ca_file);
	s->crl_file = xstrdup(cfg->crl_file);
	s->need_staple = cfg->need_staple;
	s->plain_too = cfg->plain_too;
	s->cert_file = xstrdup(cfg->cert_file);
	s->key_file = xstrdup(cfg->key_file);
	/* socks5h: the proxy looks the name up, not we, who may have no DNS for it. */
	if (cfg->proxy != NULL && strncmp(cfg->proxy, "socks5://", 9) == 0)
		s->proxy = xasprintf("socks5h://%s", cfg->proxy + 9);
	else
		s->proxy = xstrdup(cfg->proxy);
	s->proxy_auth = http_auth_of(cfg->proxy_auth);
	s->no_proxy = xstrdup(cfg->no_proxy);
	s->proxy_env = cfg->proxy_env;
	os_use_keytab(cfg->proxy_keytab);
	s->user_agent = xstrdup(cfg->user_agent);
	if (cfg->proxy_user != NULL)
		s->proxy_login = xasprintf("%s:%s", cfg->proxy_user, cfg->proxy_password ? cfg->proxy_password : "");
	s->connect_ms = cfg->connect_ms;
	s->low_speed_ms = cfg->low_speed_ms;
	s->connections_max = cfg->connections_max > 0 ? cfg->connections_max : 1;
}

static void
setup_free(struct http_setup *s)
{
	free(s->ca_file);
	free(s->crl_file);
	free(s->cert_file);
	free(s->key_file);
	free(s->proxy);
	free(s->no_proxy);
	free(s->user_agent);
	EVP_PKEY_free(s->key);
	if (s->proxy_login != NULL)
		explicit_bzero(s->proxy_login, strlen(s->proxy_login));
	free(s->proxy_login);
}

const struct http_setup *
http_setup_of(const struct http *h)
{
	return &h->setup;
}

static void
multi_setup(struct http *h)
{
	long n = (long)h->setup.connections_max;

	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, n);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, n);
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_share_setopt(h->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

/* What curl gives back is wiped: requests and answers go through its buffers. */
int
http_library(struct err *err)
{
	static bool ready;

	if (!ready && curl_global_init_mem(CURL_GLOBAL_ALL, malloc, secret_heap_free, secret_heap_realloc, strdup, calloc) != CURLE_OK)
		return err_set(err, E_INTERNAL, "libcurl could not be initialised");
	ready = true;
	return 0;
}

int
http_open(struct http **out, struct loop *loop, const struct http_config *cfg, struct err *err)
{
	struct http *h;
	int r = http_library(err);

	if (r < 0)
		return r;
	h = xcalloc(1, sizeof(*h));
	setup_copy(&h->setup, cfg);
	r = http_cert_check(&h->setup, err);
	if (r == 0 && h->setup.key_file != NULL && !key_is_plain(h->setup.key_file))
		r = key_load(&h->setup.key, h->setup.key_file, err);
	if (r < 0) {
		setup_free(&h->setup);
		free(h);
		return r;
	}
	h->loop = loop;
	h->multi = curl_multi_init();
	h->share = curl_share_init();
	assert(h->multi != NULL && h->share != NULL);
	h->timer = loop_timer_new(loop, on_timer, h);
	h->spare = xcalloc(h->setup.connections_max, sizeof(*h->spare));
	multi_setup(h);
	*out = h;
	return 0;
}

static void
http_free(void *arg)
{
	struct http *h = arg;

	while (h->spares > 0)
		curl_easy_cleanup(h->spare[--h->spares]);
	curl_multi_cleanup(h->multi);
	curl_share_cleanup(h->share);
	loop_timer_free(h->timer);
	setup_free(&h->setup);
	free(h->spare);
	free(h);
}

void
http_close(struct http *h)
{
	struct err err;

	if (h == NULL)
		return;
	assert(!h->closing);
	h->closing = true;
	ticket_forget(h->fetching);
	err_set(&err, E_CANCELLED, "the request was cancelled: the link is being closed");
	while (h->calls != NULL)
		finish(h->calls, CURLE_ABORTED_BY_CALLBACK, &err);
	/* We may be inside a callback of one of our sockets. */
	loop_defer(h->loop, http_free, h);
}

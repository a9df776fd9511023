/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kv - values from a vault that speaks HashiCorp's KV version 2: a token from
 * a file, or one of our own by AppRole, asked for again before its lease ends
 * and when the vault refuses it. Values are asked for each time and not kept.
 */
#include <ctype.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "config/config.h"
#include "creds/inside.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "secret.h"
#include "xalloc.h"

#define ANSWER_MAX (256u * 1024)
#define LOGIN_MAX (96u * 1024)
#define TOTAL_MS 10000
#define LEASE_SPARE_MS 5000

struct ask {
	struct ask *next;
	struct creds *c;
	struct opening *o;
	bool again;			/* a second time, with a new token */
};

struct kv {
	struct http *http;
	struct secret token;
	int64_t good_until;		/* loop time; 0: for ever */
	bool logging_in;
	struct ask *waiting;		/* for the login */
	struct buf body;		/* of the login */
};

/* --- the vault's address ---------------------------------------------------------------- */

static void
put_path(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		(void)(isalnum((unsigned char)*s) || strchr("-._~/", *s) != NULL
		    ? buf_put(b, s, 1) : buf_printf(b, "%%%02X", (unsigned char)*s));
}

/* "..": the name of a credential must not lead to another engine of the vault. */
static bool
is_climbing(const char *ref)
{
	return ref[0] == '\0' || ref[0] == '/' || strstr(ref, "..") != NULL;
}

static struct kv *
kv_of(struct creds *c, struct err *err)
{
	const struct config *cfg = c->ag->config;
	struct http_config hc = { .ca_file = cfg->creds.vault_ca[0] != '\0' ? cfg->creds.vault_ca : NULL,
	    .user_agent = "midd", .connect_ms = 5000, .connections_max = 4 };

	if (c->kv != NULL)
		return c->kv;
	c->kv = xcalloc(1, sizeof(*c->kv));
	secret_init(&c->kv->token);
	buf_init(&c->kv->body, LOGIN_MAX);
	if (http_open(&c->kv->http, c->ag->loop, &hc, err) < 0) {
		free(c->kv);
		c->kv = NULL;
	}
	return c->kv;
}

static void
ask_end(struct ask *a, struct json_object *fields, const struct err *err)
{
	values_done(a->o, fields, err);
	free(a);
}

/* --- values ----------------------------------------------------------------------------------- */

static void ask_login(struct ask *a);

static void
on_values(void *arg, const struct http_answer *h, const struct err *err)
{
	struct ask *a = arg;
	struct json_object *data = NULL;
	struct err bad = { 0 };

	if (h->status == 403 && !a->again && !a->c->closing) {	/* the token may have ended: once more with another */
		a->again = true;
		secret_fini(&a->c->kv->token);
		secret_init(&a->c->kv->token);
		ask_login(a);
		return;
	}
	if (h->status == 0)
		bad = *err;
	else if (h->status == 404)
		err_set(&bad, E_NONE, "the vault has no %.200s", opening_ref(a->o));
	else if (h->status != 200)
		err_set(&bad, E_PEER, "the vault answered %d for %.200s", h->status, opening_ref(a->o));
	else if ((data = values_read(h->body, h->len, true)) == NULL)
		err_set(&bad, E_BAD, "the vault gave no data for %.200s: is it a KV engine of version 2?", opening_ref(a->o));
	ask_end(a, data, &bad);
}

static void
ask_values(struct ask *a)
{
	const struct config *cfg = a->c->ag->config;
	char *token = xasprintf("X-Vault-Token: %s", (const char *)a->c->kv->token.data);
	const char *headers[] = { token, "X-Vault-Request: true", NULL };
	struct http_request rq = { .method = "GET", .headers = headers, .answer_max = ANSWER_MAX, .total_ms = TOTAL_MS, .secret = true };
	struct buf url;

	buf_init(&url, 8192);
	(void)buf_printf(&url, "%s/v1/", cfg->creds.vault_url);
	put_path(&url, cfg->creds.vault_path);
	(void)buf_puts(&url, "/data/");
	put_path(&url, opening_ref(a->o));
	rq.url = buf_str(&url);
	(void)http_start(a->c->kv->http, &rq, on_values, a);
	buf_fini(&url);
	secret_wipe(token, strlen(token));
	free(token);
}

/* --- the token ------------------------------------------------------------------------------------ */

static void
login_over(struct creds *c, const struct err *err)
{
	struct ask *list = c->kv->waiting, *a;

	c->kv->logging_in = false;
	c->kv->waiting = NULL;
	while ((a = list) != NULL) {
		list = a->next;
		if (err != NULL)
			ask_end(a, NULL, err);
		else
			ask_values(a);
	}
}

static void
first_line(struct secret *s)
{
	if (s->data != NULL)
		s->data[strcspn((char *)s->data, "\r\n")] = '\0';
}

static int
token_from_file(struct creds *c, struct err *err)
{
	struct secret *t = &c->kv->token;
	int r = secret_read_file(t, c->ag->config->creds.vault_token_file, err);

	if (r < 0)
		return err_in(err, "creds.vault_token_file");
	if (t->len == 0)
		return err_set(err, E_BAD, "creds.vault_token_file is empty");
	first_line(t);
	c->kv->good_until = 0;
	return 0;
}

static void
on_login(void *arg, const struct http_answer *h, const struct err *err)
{
	struct creds *c = arg;
	struct json_object *o = NULL, *auth;
	struct err bad = { 0 };
	const char *token;
	int64_t lease;

	buf_wipe(&c->kv->body);
	if (h->status != 200) {
		bad = h->status == 0 ? *err : bad;
		if (h->status != 0)
			err_set(&bad, E_AUTH, "the vault refused the AppRole login: it answered %d", h->status);
	} else if (json_parse(&o, h->body, h->len, "its answer", NULL) < 0) {
		err_set(&bad, E_BAD, "the vault's answer to the login is no JSON");
	}
	auth = json_get(o, "auth");
	token = json_str(auth, "client_token", "");
	lease = json_int(auth, "lease_duration", 0) * 1000;
	if (bad.code == 0 && (token[0] == '\0' || strpbrk(token, "\r\n") != NULL))
		err_set(&bad, E_BAD, "the vault's answer to the login holds no token");
	if (bad.code == 0) {
		secret_set(&c->kv->token, token, strlen(token));
		c->kv->good_until = lease <= 0 ? 0 : loop_now(c->ag->loop) + (lease > 2 * LEASE_SPARE_MS ? lease - LEASE_SPARE_MS : lease / 2);
	}
	values_wipe(o);
	login_over(c, bad.code != 0 ? &bad : NULL);
}

static void
login(struct creds *c)
{
	const struct config *cfg = c->ag->config;
	struct http_request rq = { .method = "POST", .answer_max = ANSWER_MAX, .total_ms = TOTAL_MS, .secret = true };
	struct json_object *o = json_object_new_object();
	struct secret secret;
	struct err err = { 0 };
	struct buf *body = &c->kv->body;
	char *url = xasprintf("%s/v1/auth/approle/login", cfg->creds.vault_url);

	secret_init(&secret);
	(void)buf_room(body, LOGIN_MAX);
	if (secret_read_file(&secret, cfg->creds.vault_secret_file, &err) < 0) {
		err_in(&err, "creds.vault_secret_file");
		login_over(c, &err);
	} else {
		first_line(&secret);
		json_put_str(o, "role_id", cfg->creds.vault_role_id);
		json_put_str(o, "secret_id", (const char *)secret.data);
		(void)json_write(body, o);
		rq.url = url;
		rq.body = body->data;
		rq.body_len = body->len;
		(void)http_start(c->kv->http, &rq, on_login, c);
	}
	values_wipe(o);
	secret_fini(&secret);
	free(url);
}

/* With a token that is good: at once; else when there is one. */
static void
ask_login(struct ask *a)
{
	struct creds *c = a->c;
	struct kv *kv = c->kv;
	struct err err = { 0 };
	bool good = kv->token.data != NULL && (kv->good_until == 0 || loop_now(c->ag->loop) < kv->good_until);

	if (good) {
		ask_values(a);
		return;
	}
	a->next = kv->waiting;
	kv->waiting = a;
	if (kv->logging_in)
		return;
	kv->logging_in = true;
	secret_fini(&kv->token);
	secret_init(&kv->token);
	if (c->ag->config->creds.vault_role_id[0] != '\0')
		login(c);
	else
		login_over(c, token_from_file(c, &err) < 0 ? &err : NULL);
}

static void
begin(void *arg)
{
	struct opening *o = arg;
	struct creds *c = opening_creds(o);
	struct err err = { 0 };
	struct ask *a;

	if (c->closing)
		err_set(&err, E_CANCELLED, "midd is stopping");
	else if (c->ag->config->creds.vault_url[0] == '\0')
		err_set(&err, E_BAD, "creds.vault_url is not set");
	else if (is_climbing(opening_ref(o)))
		err_set(&err, E_BAD, "its name in the vault is no path below the engine");
	if (err.code != 0 || kv_of(c, &err) == NULL) {
		values_done(o, NULL, &err);
		return;
	}
	a = xcalloc(1, sizeof(*a));
	a->c = c;
	a->o = o;
	ask_login(a);
}

void
kv_open(struct opening *o)
{
	loop_defer(opening_creds(o)->ag->loop, begin, o);
}

/* Requests under way end here, each with E_CANCELLED. */
void
kv_close(struct creds *c)
{
	struct kv *kv = c->kv;
	struct err err = { 0 };

	if (kv == NULL)
		return;
	http_close(kv->http);
	err_set(&err, E_CANCELLED, "the credentials are being read again");
	login_over(c, &err);
	c->kv = NULL;
	secret_fini(&kv->token);
	free(kv);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_http - from the handshake to the role: two requests that read one
 * row each, by the very code midd speaks with, and what their answers mean.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "buf.h"
#include "doctor.h"
#include "err.h"
#include "http.h"
#include "json.h"
#include "loop.h"
#include "os.h"
#include "secret.h"

#define ANSWER_MAX (256u * 1024)
#define TOTAL_MS 20000
#define CLOCK_WARN_S 30
#define CLOCK_BAD_S 300

#define AGENTS "/api/now/table/ecc_agent?sysparm_limit=1&sysparm_fields=sys_id"
#define QUEUE "/api/now/table/ecc_queue?sysparm_limit=1&sysparm_fields=sys_id"

struct going {
	struct loop *loop;
	struct visit *v;
};

/* --- asking ------------------------------------------------------------------------ */

static void
answered(void *arg, const struct http_answer *a, const struct err *err)
{
	struct going *g = arg;
	struct visit *v = g->v;
	struct json_object *o = NULL;

	v->status = a->status;
	if (a->status == 0) {
		v->code = err->code;
		snprintf(v->why, sizeof(v->why), "%s", err->text);
	} else {
		v->date_s = a->date_s;
		v->rtt_ms = a->rtt_ms;
		snprintf(v->tls, sizeof(v->tls), "%s", a->tls ? a->tls : "TLS");
		snprintf(v->location, sizeof(v->location), "%s", a->location ? a->location : "");
		v->result = json_parse(&o, a->body, a->len, "the answer", NULL) == 0 &&
		    (json_get(o, "result") != NULL || json_get(o, "error") != NULL);
		json_object_put(o);
	}
	loop_stop(g->loop);
}

/* "Authorization: Basic ..."; empty without a user. */
static int
login_header(struct doctor *d, struct secret *password, struct buf *out, struct err *err)
{
	const char *user = doctor_option(d, "instance.user"), *file = doctor_option(d, "instance.password_file");
	struct buf plain;
	char *room;
	int r = 0;

	if (user[0] == '\0')
		return 0;
	if (file[0] != '\0' && !doctor_sealed(file))
		r = secret_read_file(password, file, err);
	if (r < 0)
		return r;
	if (password->data != NULL)
		password->data[strcspn((char *)password->data, "\r\n")] = '\0';
	buf_init(&plain, 4096);
	(void)buf_printf(&plain, "%s:%s", user, password->data ? (char *)password->data : "");
	(void)buf_puts(out, "Authorization: Basic ");
	room = buf_room(out, plain.len * 2 + 8);
	if (room != NULL)
		out->len += (size_t)EVP_EncodeBlock((unsigned char *)room, (const unsigned char *)buf_str(&plain), (int)plain.len);
	buf_wipe(&plain);
	return 0;
}

static const char *
given(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

static void
ask_instance(struct doctor *d, struct http *http, struct loop *loop, const char *login, const char *path, struct visit *v)
{
	const char *headers[] = { "Accept: application/json", given(login), NULL };
	struct going g = { loop, v };
	char url[1200];
	struct http_request rq = { .method = "GET", .url = url, .headers = headers, .answer_max = ANSWER_MAX,
	    .total_ms = TOTAL_MS };

	snprintf(url, sizeof(url), "%s%s", doctor_option(d, "instance.url"), path);
	(void)http_start(http, &rq, answered, &g);
	loop_run(loop);
}

static int
visit_both(struct doctor *d, struct loop *loop, const struct buf *login, const struct secret *proxy_password, struct err *err)
{
	struct http_config hc = {
		.ca_file = given(doctor_option(d, "instance.ca")), .crl_file = given(doctor_option(d, "instance.crl")),
		.need_staple = strcmp(doctor_option(d, "instance.ocsp"), "required") == 0,
		.cert_file = d->shut != NULL ? NULL : d->pair.cert, .key_file = d->shut != NULL ? NULL : d->pair.key,
		.proxy = given(doctor_option(d, "instance.proxy")), .no_proxy = given(doctor_option(d, "instance.no_proxy")),
		.proxy_auth = given(doctor_option(d, "instance.proxy_login")), .proxy_keytab = given(doctor_option(d, "instance.proxy_keytab")),
		.proxy_env = strcmp(doctor_option(d, "instance.proxy_env"), "true") == 0,
		.proxy_user = given(doctor_option(d, "instance.proxy_user")),
		.proxy_password = (const char *)proxy_password->data, .user_agent = "midctl/" MIDD_VERSION,
		.connect_ms = (int)doctor_duration(doctor_option(d, "instance.connect")), .connections_max = 1,
	};
	struct http *http = NULL;
	int r = http_open(&http, loop, &hc, err);

	if (r < 0)
		return r;
	ask_instance(d, http, loop, buf_str(login), AGENTS, &d->agents);
	if (d->agents.status >= 200 && d->agents.status < 300)
		ask_instance(d, http, loop, buf_str(login), QUEUE, &d->queue);
	http_close(http);
	return 0;
}

/* Once; the hops after this look at what came. */
static void
visit(struct doctor *d)
{
	const char *file = doctor_option(d, "instance.proxy_password_file");
	struct secret password, proxy_password;
	struct loop *loop = NULL;
	struct err err = { 0, "" };
	struct buf login;
	int r;

	secret_init(&password);
	secret_init(&proxy_password);
	buf_init(&login, 8192);
	r = loop_open(&loop, &err);
	if (r == 0)
		r = login_header(d, &password, &login, &err);
	if (r == 0 && file[0] != '\0' && !doctor_sealed(file))
		r = secret_read_file(&proxy_password, file, &err);
	if (r == 0 && proxy_password.data != NULL)
		proxy_password.data[strcspn((char *)proxy_password.data, "\r\n")] = '\0';
	if (r == 0)
		r = visit_both(d, loop, &login, &proxy_password, &err);
	if (r < 0) {
		d->agents.code = -r;
		d->agents.ours = r != -E_TLS;
		snprintf(d->agents.why, sizeof(d->agents.why), "%s", err.text);
	}
	d->agents.made = true;
	loop_close(loop);
	buf_wipe(&login);
	secret_fini(&password);
	secret_fini(&proxy_password);
}

/* --- judging ----------------------------------------------------------------------- */

/* By what the sentence says; the first that fits. */
static const struct { const char *words, *remedy; } tls_rows[] = {
	{ "our certificate", "put a certificate of ours that the instance knows into instance.cert: midctl doctor shows its dates above" },
	{ "revocation list", "fetch the lists of all authorities of the chain, in PEM form, into the file instance.crl names" },
	{ "revoked", "the operator of the instance must replace its certificate" },
	{ "OCSP", "the operator of the instance must staple a fresh OCSP response, or set instance.ocsp: off" },
	{ "not valid yet", "set this machine's clock; if it is right, the certificate of the instance is not in force yet" },
	{ "has expired", "the operator of the instance must renew its certificate; is this machine's clock right?" },
	{ "expired", "the operator of the instance must renew its certificate; is this machine's clock right?" },
	{ "CA that is not in", "put the CA's certificate into the file instance.ca names, or look who intercepts the connection" },
	{ "self-signed", "put that certificate into the file instance.ca names, if you trust it" },
	{ "is for", "check the host name in instance.url against the certificate" },
	{ "host name", "check the host name in instance.url against the certificate" },
	{ "client certificate", "set instance.cert and instance.key" },
	{ "does not speak TLS 1.2", "the instance must offer TLS 1.2 or newer" },
	{ "does not speak TLS", "check the port in instance.url: this one does not speak TLS" },
	{ "CA file", "check that the file instance.ca names is there, in PEM form, and readable by midd" },
	{ "holds no certificate", "see certificate above: instance.cert must be in PEM form" },
	{ "does not belong to", "instance.cert and instance.key must be a pair: put there those that were made together, or midctl enroll URL" },
	{ "", "look who stands between: openssl s_client -connect HOST:443 -CAfile FILE shows the certificates" },
};

void
judge_tls(const struct visit *v, struct hop *h)
{
	size_t i = 0;

	if (v->ours) {
		hop_bad(h, HOP_BAD, "see files and certificate above; if you may not read them: midctl doctor as root, as an administrator, or as the user midd runs as",
		    "not begun: %s", v->why);
		return;
	}
	if (v->status != 0 || v->code != E_TLS) {
		hop_ok(h, "%s, the certificate is trusted", v->tls[0] ? v->tls : "TLS");
		return;
	}
	while (strstr(v->why, tls_rows[i].words) == NULL)
		i++;
	hop_bad(h, HOP_BAD, tls_rows[i].remedy, "%s", v->why);
}

static const struct { int from, to; const char *what, *remedy; } http_rows[] = {
	{ 300, 399, "the answer sends us elsewhere", "set instance.url to where the instance really is" },
	{ 404, 404, "there is no Table API at that address", "check instance.url: the instance's address alone, without a path" },
	{ 407, 407, "the proxy wants a login", "set instance.proxy_user and instance.proxy_password_file" },
	{ 429, 429, "the instance limits our requests", "wait; if it lasts, have the rate limit of our user raised" },
	{ 511, 511, "a captive portal stands between", "log in at the network's portal, or have this host let through without" },
	{ 500, 599, "the instance is failing", "wait, or ask its operator; midd tries again by itself and loses nothing" },
};

void
judge_http(const struct visit *v, struct hop *h)
{
	size_t i;

	if (v->status == 0 && v->code == E_AUTH) {
		hop_bad(h, HOP_BAD, strstr(v->why, "Kerberos") != NULL ? "set instance.proxy_keytab to a good keytab, or get a ticket as midd's user: kinit" :
		    "set instance.proxy_user and instance.proxy_password_file", "%s", v->why);
		return;
	}
	if (v->status == 0) {
		hop_bad(h, HOP_BAD, "look at what stands between: proxies, load balancers, firewalls that cut connections", "%s", v->why);
		return;
	}
	for (i = 0; i < sizeof(http_rows) / sizeof(http_rows[0]); i++)
		if (v->status >= http_rows[i].from && v->status <= http_rows[i].to) {
			hop_bad(h, HOP_BAD, http_rows[i].remedy, "status %d: %s%s%s", v->status, http_rows[i].what,
			    v->location[0] ? ", to " : "", v->location);
			return;
		}
	if (v->status < 300 && !v->result)
		hop_bad(h, HOP_BAD, "something between answers for the instance, such as a login page of the network: log in there, or set instance.proxy",
		    "status %d, but it is no answer of an instance", v->status);
	else
		hop_ok(h, "status %d in %d ms", v->status, (int)v->rtt_ms);
}

void
judge_login(const struct visit *v, bool certificate, struct hop *h)
{
	if (v->status != 401)
		hop_ok(h, "%s", certificate ? "by our certificate" : "by user and password");
	else if (certificate)
		hop_bad(h, HOP_BAD, "have our certificate mapped to a user there (Certificate Based Authentication), and that user active",
		    "status 401: the instance does not know our certificate");
	else
		hop_bad(h, HOP_BAD, "check instance.user and the password in instance.password_file; is the user active, not locked out?",
		    "status 401: the instance does not take this user and password");
}

void
judge_role(const struct visit *agents, const struct visit *queue, struct hop *h)
{
	const struct visit *v = agents->status >= 400 ? agents : queue;

	if (v->status == 403)
		hop_bad(h, HOP_BAD, "give our user the role mid_server on the instance",
		    "status 403: our user may not read %s", v == agents ? "ecc_agent" : "ecc_queue");
	else if (v->status == 0 || v->status >= 300)
		hop_bad(h, HOP_BAD, "try again; if it lasts, ask the operator of the instance",
		    "%s was not read: %s (status %d)", v == agents ? "ecc_agent" : "ecc_queue", v->why[0] ? v->why : "no result", v->status);
	else
		hop_ok(h, "ecc_agent and ecc_queue can be read");
}

void
judge_clock(int64_t ahead_s, struct hop *h)
{
	int64_t off = ahead_s < 0 ? -ahead_s : ahead_s;

	if (off < CLOCK_WARN_S)
		hop_ok(h, "within %d s of the instance's", CLOCK_WARN_S);
	else
		hop_bad(h, off < CLOCK_BAD_S ? HOP_WARN : HOP_BAD,
		    os_has_manager() ? "set this machine's clock and keep it by NTP: timedatectl set-ntp true" :
		    "set the clock of this machine, or of the container's host, and keep it by NTP",
		    "%lld s %s the instance's", (long long)off, ahead_s > 0 ? "ahead of" : "behind");
}

/* --- the hops ---------------------------------------------------------------------- */

/* What an answer to nobody is worth nothing for. */
static bool
is_shut(struct doctor *d, struct hop *h)
{
	if (d->shut != NULL)
		hop_bad(h, HOP_SKIPPED, "", "%s is encrypted to this host: only the service, once it runs, can log in with it", d->shut);
	return d->shut != NULL;
}

void
hop_tls(struct doctor *d, struct hop *h)
{
	static const char *const files[] = { "instance.key", "instance.password_file", "instance.proxy_password_file" };
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (doctor_sealed(doctor_option(d, files[i])))
			d->shut = files[i];
	visit(d);
	if (strstr(d->agents.why, "client certificate") == NULL || !is_shut(d, h))
		judge_tls(&d->agents, h);
}

void
hop_http(struct doctor *d, struct hop *h)
{
	if (d->agents.status != 407 || !is_shut(d, h))
		judge_http(&d->agents, h);
}

void
hop_login(struct doctor *d, struct hop *h)
{
	if (d->agents.status == 401 && d->expired)
		hop_bad(h, HOP_BAD, "see certificate above", "status 401: our certificate has expired");
	else if (!is_shut(d, h))
		judge_login(&d->agents, doctor_option(d, "instance.user")[0] == '\0', h);
}

void
hop_role(struct doctor *d, struct hop *h)
{
	if (!is_shut(d, h))
		judge_role(&d->agents, &d->queue, h);
}

void
hop_clock(struct doctor *d, struct hop *h)
{
	if (d->agents.date_s == 0)
		hop_bad(h, HOP_SKIPPED, "", "the instance has not said its time");
	else
		judge_clock(os_time_ms() / 1000 - d->agents.date_s, h);
}

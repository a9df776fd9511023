/* SPDX-License-Identifier: Apache-2.0 */
/* renew - see renew.h. */
#include "renew.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "config/config.h"
#include "err.h"
#include "http.h"
#include "instance/instance.h"
#include "key.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "parts.h"
#include "self.h"
#include "xalloc.h"

#define FIRST_MS 1000
#define LOOK_MS 3600000		/* also the pause after a failure */

struct renew {
	struct agent *ag;
	struct loop_timer *timer;
	char *pem;			/* the new certificate, until it is proved */
	int warned;			/* days of the warning given last; 0 none */
	bool closing, asking, told;
};

static char *
file_of(const struct config *c, const char *name)
{
	return xasprintf("%s/%s", c->paths.state_dir, name);
}

char *
renew_cert_in_force(const struct config *c)
{
	struct http_cert was, is;
	char *path;

	if (c->instance.cert[0] == '\0')
		return NULL;
	path = file_of(c, "renewed.pem");
	if (access(path, F_OK) == 0 && http_cert_read(&is, path, NULL) == 0 && http_cert_fits(path, c->instance.key, NULL) == 0 &&
	    (http_cert_read(&was, c->instance.cert, NULL) < 0 || is.not_after_s > was.not_after_s))
		return path;
	free(path);
	return xstrdup(c->instance.cert);
}

/* By our clock: the instance judges by its own, but a renewal is no matter of minutes. */
static bool
due(const struct config *c)
{
	char *path = renew_cert_in_force(c);
	int64_t now = os_time_ms() / 1000, before = c->cert.renew_before_ms / 1000;
	struct http_cert cert;
	bool yes = false;

	if (path != NULL && c->cert.renew && http_cert_read(&cert, path, NULL) == 0) {
		if (before == 0)
			before = (cert.not_after_s - cert.not_before_s) / 3;
		yes = cert.not_after_s > now && cert.not_after_s - now < before;
	}
	free(path);
	return yes;
}

/* Once at 30, 7 and 1 days; a renewed certificate begins anew. */
static void
warn_of_end(struct renew *r)
{
	static const int marks[] = { 1, 7, 30 };
	char *path = renew_cert_in_force(r->ag->config);
	struct http_cert cert;
	int64_t left = INT64_MAX;
	size_t i = 0;

	if (path != NULL && http_cert_read(&cert, path, NULL) == 0)
		left = cert.not_after_s - os_time_ms() / 1000;
	while (i < sizeof(marks) / sizeof(marks[0]) && left >= (int64_t)marks[i] * 86400)
		i++;
	if (i == sizeof(marks) / sizeof(marks[0]))
		r->warned = 0;
	else if (left >= 0 && r->warned != marks[i]) {
		r->warned = marks[i];
		log_event(EV_CERT_ENDS, marks[i] > 1 ? LOG_LV_WARN : LOG_LV_ERR, "renew", "our certificate %s ends in less than %d day%s: "
		    "midctl enroll gets a new one, where it does not renew itself", path, marks[i], marks[i] == 1 ? "" : "s");
	}
	free(path);
}

/* The request, signed with our key; the caller's. NULL: the key cannot be used. */
static char *
request_of(const struct config *c, struct err *err)
{
	EVP_PKEY *key = NULL;
	X509_REQ *req = X509_REQ_new();
	BIO *b = BIO_new(BIO_s_mem());
	char *p, *out = NULL;
	long n;

	if (key_load(&key, c->instance.key, err) == 0 && req != NULL && b != NULL &&
	    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN", MBSTRING_UTF8,
		(const unsigned char *)c->name, -1, -1, 0) == 1 &&
	    X509_REQ_set_pubkey(req, key) == 1 && X509_REQ_sign(req, key, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509_REQ(b, req) == 1) {
		n = BIO_get_mem_data(b, &p);
		out = xstrndup(p, (size_t)n);
	}
	ERR_clear_error();
	BIO_free(b);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
	return out;
}

/* --- steps, from the last to the first ------------------------------------------------- */

static void
give_up(struct renew *r, const char *why)
{
	char *trial = file_of(r->ag->config, "renewing.pem");

	log_event(EV_CERT_NOT_RENEWED, LOG_LV_WARN, "renew", "our certificate was not renewed: %s; the one we have stays, next try in an hour", why);
	(void)unlink(trial);
	free(trial);
	free(r->pem);
	r->pem = NULL;
	r->asking = false;
}

static void
end_trial(void *arg)
{
	struct agent *ag = arg;

	instance_close(ag->trial);
	ag->trial = NULL;
}

/* The write is the commit: before it the old one counts, after it the new. */
static void
take_over(struct renew *r)
{
	char *path = file_of(r->ag->config, "renewed.pem"), *trial = file_of(r->ag->config, "renewing.pem");
	struct http_cert cert = { .subject = "" };
	struct err err = { 0, "" };
	int n = os_write_file(path, r->pem, strlen(r->pem), 0600, &err);

	if (n < 0) {
		give_up(r, err.text);
	} else {
		(void)unlink(trial);
		(void)http_cert_read(&cert, path, NULL);
		log_event(EV_CERT_RENEWED, LOG_LV_INFO, "renew", "our certificate was renewed, and has logged in: %s is good for %lld days; "
		    "the old one stays valid until its end", path, (long long)(cert.not_after_s - os_time_ms() / 1000) / 86400);
		free(r->pem);
		r->pem = NULL;
		r->asking = false;
		(void)agent_reload(r->ag, &err);
	}
	free(trial);
	free(path);
}

static void
proved(void *arg, const struct verdict *v)
{
	struct renew *r = arg;
	char why[ERR_TEXT_MAX];

	if (r->closing)
		return;
	snprintf(why, sizeof(why), "the new one does not log in: %s", v->why);
	loop_defer(r->ag->loop, end_trial, r->ag);
	if (v->said == SAID_YES)
		take_over(r);
	else
		give_up(r, why);
}

static void
try_it(struct renew *r)
{
	char *trial = file_of(r->ag->config, "renewing.pem");
	struct err err = { 0, "" };
	int n = os_write_file(trial, r->pem, strlen(r->pem), 0600, &err);

	if (n == 0)
		n = http_cert_fits(trial, r->ag->config->instance.key, &err);
	if (n == 0)
		n = parts_try_cert(r->ag, trial, &err);
	if (n < 0)
		give_up(r, err.text);
	else
		instance_prove(r->ag->trial, proved, r);
	free(trial);
}

static void
answered(void *arg, const struct verdict *v, const char *pem)
{
	struct renew *r = arg;

	if (r->closing)
		return;
	if (v->said == SAID_YES && pem != NULL) {
		r->pem = xstrdup(pem);
		try_it(r);
	} else if (v->status >= 400 && v->status < 405) {
		r->asking = false;
		if (!r->told)
			log_info("renew", "the instance renews no certificates itself (%d): put a new one in place before ours ends, and reload",
			    v->status);
		r->told = true;
	} else {
		give_up(r, v->why[0] != '\0' ? v->why : "the answer holds no certificate");
	}
}

static void
look(void *arg)
{
	struct renew *r = arg;
	struct err err = { 0, "the key cannot sign a request" };
	char *csr;

	warn_of_end(r);
	if (!self_ready(r->ag->self)) {
		loop_timer_arm(r->timer, FIRST_MS * 5);
		return;
	}
	loop_timer_arm(r->timer, LOOK_MS);
	if (r->asking || !due(r->ag->config))
		return;
	r->asking = true;
	csr = request_of(r->ag->config, &err);
	if (csr == NULL)
		give_up(r, err.text);
	else
		instance_renew(r->ag->instance, csr, answered, r);
	free(csr);
}

/* --- life ---------------------------------------------------------------------------------- */

void
renew_open(struct renew **out, struct agent *ag)
{
	struct renew *r = xcalloc(1, sizeof(*r));

	r->ag = ag;
	r->timer = loop_timer_new(ag->loop, look, r);
	*out = r;
}

void
renew_begin(struct renew *r)
{
	loop_timer_arm(r->timer, FIRST_MS);
}

void
renew_closing(struct renew *r)
{
	r->closing = true;
	loop_timer_stop(r->timer);
	end_trial(r->ag);
}

void
renew_close(struct renew *r)
{
	if (r == NULL)
		return;
	loop_timer_free(r->timer);
	free(r->pem);
	free(r);
}

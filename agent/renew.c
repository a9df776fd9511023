/* SPDX-License-Identifier: Apache-2.0 */
/* renew - see renew.h. */
#include "renew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "config/config.h"
#include "err.h"
#include "http.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "pair.h"
#include "parts.h"
#include "renew_ask.h"
#include "secret.h"
#include "self.h"
#include "xalloc.h"

#define FIRST_MS 100
#define NOT_YET_MAX_MS 5000	/* while the instance has not taken us in */
#define DAY_S 86400
/* Between two looks, and after a failure: a hundredth of the certificate's life. */
#define LOOK_MIN_MS 1000
#define LOOK_MAX_MS 3600000
#define KEY_AGAIN_MS 5000	/* a key could not be made here: a TPM2 may be busy. It doubles from there */
#define PARTS 100
#define PARTS_RENEWED 10	/* a new one has a tenth of its life before it is looked at */

struct renew {
	struct agent *ag;
	struct loop_timer *timer;
	struct secret key;		/* of the request under way; empty: ours */
	int64_t not_yet_ms;
	int keyless;			/* times in a row that no key could be made */
	int warned;			/* days of the warning given last; 0 none */
	bool closing, asking, told;
	char trouble[ERR_TEXT_MAX];
};

static char *
file_of(const struct renew *r, const char *name)
{
	return xasprintf("%s/%s", r->ag->config->paths.state_dir, name);
}

void
renew_pair(struct pair *out, const struct config *c)
{
	pair_in_force(out, c->paths.state_dir, c->instance.cert, c->instance.key);
}

/* False: there is none, or it cannot be read. */
static bool
cert_in_force(const struct renew *r, struct http_cert *cert)
{
	struct pair p;
	bool ok;

	renew_pair(&p, r->ag->config);
	ok = p.cert != NULL && http_cert_read(cert, p.cert, NULL) == 0;
	pair_fini(&p);
	return ok;
}

/* By our clock: the instance judges by its own, but a renewal is no matter of minutes. */
static bool
due(const struct renew *r)
{
	const struct config *c = r->ag->config;
	int64_t now = os_time_ms() / 1000, before = c->cert.renew_before_ms / 1000;
	struct http_cert cert;

	if (!c->cert.renew || !cert_in_force(r, &cert))
		return false;
	if (before == 0)
		before = (cert.not_after_s - cert.not_before_s) / 3;
	return cert.not_after_s > now && cert.not_after_s - now < before;
}

static int64_t
part_of_life(const struct renew *r, int parts)
{
	struct http_cert cert;
	int64_t ms = LOOK_MAX_MS;

	if (cert_in_force(r, &cert))
		ms = (cert.not_after_s - cert.not_before_s) * 1000 / parts;
	return ms < LOOK_MIN_MS ? LOOK_MIN_MS : ms > LOOK_MAX_MS ? LOOK_MAX_MS : ms;
}

/* Once at 30, 7 and 1 days; a renewed certificate begins anew. */
static void
warn_of_end(struct renew *r)
{
	static const int marks[] = { 1, 7, 30 };
	struct http_cert cert;
	int64_t left = INT64_MAX;
	size_t i = 0;

	if (cert_in_force(r, &cert))
		left = cert.not_after_s - os_time_ms() / 1000;
	while (i < sizeof(marks) / sizeof(marks[0]) && left >= (int64_t)marks[i] * DAY_S)
		i++;
	if (i == sizeof(marks) / sizeof(marks[0])) {
		r->warned = 0;
	} else if (left >= 0 && r->warned != marks[i]) {
		r->warned = marks[i];
		log_event(EV_CERT_ENDS, marks[i] > 1 ? LOG_LV_WARN : LOG_LV_ERR, "renew", "our certificate (%s) ends in less than %d day%s: "
		    "midctl enroll gets a new one, where it does not renew itself", cert.subject, marks[i], marks[i] == 1 ? "" : "s");
	}
}

/* --- steps, from the last to the first ------------------------------------------------- */

static void
drop_trial(struct renew *r)
{
	char *trial = file_of(r, PAIR_TRIAL);

	(void)unlink(trial);
	free(trial);
}

static void
give_up_for(struct renew *r, const char *why, int64_t ms)
{
	long long s = (long long)ms / 1000;

	snprintf(r->trouble, sizeof(r->trouble), "%s", why);
	log_event(EV_CERT_NOT_RENEWED, LOG_LV_WARN, "renew", "our certificate was not renewed: %s; the one we have stays, next try in %lld %s",
	    why, s < 120 ? s : s / 60, s < 120 ? "s" : "minutes");
	secret_fini(&r->key);
	r->asking = false;
}

/* Until the next look. */
static void
give_up(struct renew *r, const char *why)
{
	give_up_for(r, why, part_of_life(r, PARTS));
}

static void
no_key(struct renew *r, const char *why)
{
	int64_t ms = KEY_AGAIN_MS, max = part_of_life(r, PARTS);
	int i;

	for (i = 0; i < r->keyless && ms < max; i++)
		ms *= 2;
	if (ms > max)
		ms = max;
	r->keyless++;
	give_up_for(r, why, ms);
	loop_timer_arm(r->timer, ms);
}

static void
end_trial(void *arg)
{
	struct agent *ag = arg;

	instance_close(ag->trial);
	ag->trial = NULL;
}

/* The write of renewed.pem is the commit: before it the old one counts, after it the new. */
static int
commit(struct renew *r, struct err *err)
{
	char *path = file_of(r, PAIR_IN_FORCE), *trial = file_of(r, PAIR_TRIAL);
	struct secret text;
	int n;

	secret_init(&text);
	n = secret_read_file(&text, trial, err);
	if (n == 0)
		n = pair_keep_old(r->ag->config->paths.state_dir, PAIR_IN_FORCE, err);
	if (n == 0)
		n = os_write_file(path, text.data, text.len, 0600, err);
	if (n == 0)
		(void)unlink(trial);
	secret_fini(&text);
	free(trial);
	free(path);
	return n;
}

static void
take_over(struct renew *r)
{
	struct http_cert cert = { .subject = "" };
	struct err err = { 0, "" };

	if (commit(r, &err) < 0) {
		give_up(r, err.text);
		return;
	}
	r->asking = false;
	r->trouble[0] = '\0';
	(void)cert_in_force(r, &cert);
	log_event(EV_CERT_RENEWED, LOG_LV_INFO, "renew", "our certificate was renewed, and has logged in: %s is good for %lld days; "
	    "what is sealed to the old one opens until its end", cert.subject, (long long)(cert.not_after_s - os_time_ms() / 1000) / DAY_S);
	if (parts_change_pair(r->ag, &err) < 0)
		log_warn("renew", "the new certificate is in force from the next start on only: %s", err.text);
	loop_timer_arm(r->timer, part_of_life(r, PARTS_RENEWED));
}

static void
proved(void *arg, const struct verdict *v)
{
	struct renew *r = arg;
	char why[ERR_TEXT_MAX];

	if (r->closing)
		return;
	loop_defer(r->ag->loop, end_trial, r->ag);
	if (v->said == SAID_YES) {
		take_over(r);
	} else if (v->status == 401 || v->status == 403 || v->err_code == E_TLS) {
		drop_trial(r);
		snprintf(why, sizeof(why), "the instance refuses the new one (%s): have it mapped to the user of %s there, and its issuer registered",
		    v->why, r->ag->config->name);
		give_up(r, why);
	} else {	/* it may be good: the next look tries it again */
		snprintf(why, sizeof(why), "the new one has not logged in yet: %s", v->why);
		give_up(r, why);
	}
}

/* Of what is in renewing.pem. False: there is nothing of use. */
static bool
prove(struct renew *r)
{
	const struct config *c = r->ag->config;
	struct err err = { 0, "" };
	struct pair p;

	if (!pair_renewed(&p, c->paths.state_dir, PAIR_TRIAL, c->instance.cert, c->instance.key))
		return false;
	r->asking = true;
	if (parts_try_pair(r->ag, &p, &err) < 0)
		give_up(r, err.text);
	else
		instance_prove(r->ag->trial, proved, r);
	pair_fini(&p);
	return true;
}

static void
keep_and_prove(struct renew *r, const char *cert)
{
	char *trial = file_of(r, PAIR_TRIAL);
	const char *key = r->key.len > 0 ? (const char *)r->key.data : NULL;
	struct err err = { 0, "" };
	struct secret text;
	int n;

	secret_init(&text);
	n = pair_compose(&text, r->ag->config->instance.cert, key, cert, &err);
	if (n == 0)
		n = os_write_file(trial, text.data, text.len, 0600, &err);
	if (n == 0)
		n = http_cert_fits(trial, key != NULL ? trial : r->ag->config->instance.key, &err);
	secret_fini(&text);
	secret_fini(&r->key);
	if (n < 0 || !prove(r)) {
		drop_trial(r);
		give_up(r, n < 0 ? err.text : "the new certificate could not be kept");
	}
	free(trial);
}

static void
answered(void *arg, const struct verdict *v, const char *pem)
{
	struct renew *r = arg;

	if (r->closing)
		return;
	if (v->said == SAID_YES && pem != NULL) {
		keep_and_prove(r, pem);
	} else if (v->status >= 400 && v->status < 405) {
		r->asking = false;
		if (!r->told)
			log_info("renew", "the instance renews no certificates itself (%d): put a new one in place before ours ends, and restart midd",
			    v->status);
		r->told = true;
	} else {
		give_up(r, v->why[0] != '\0' ? v->why : "the answer holds no certificate");
	}
}

static void
request_made(void *arg, struct renew_request *rq)
{
	struct renew *r = arg;

	if (r->closing)
		return;
	if (rq->csr == NULL) {
		no_key(r, rq->err.text);
		return;
	}
	r->keyless = 0;
	secret_set(&r->key, rq->key.data, rq->key.len);
	instance_renew(r->ag->instance, rq->csr, answered, r);
}

static void
ask(struct renew *r)
{
	struct pair p;

	r->asking = true;
	renew_pair(&p, r->ag->config);
	renew_request_make(r->ag->loop, r->ag->config, p.key, request_made, r);
	pair_fini(&p);
}

/* A death after the commit leaves the same under both names. */
static bool
trial_is_in_force(const struct renew *r)
{
	char *path = file_of(r, PAIR_IN_FORCE), *trial = file_of(r, PAIR_TRIAL), a[65], b[65];
	bool same = pair_print(a, trial, NULL) == 0 && pair_print(b, path, NULL) == 0 && strcmp(a, b) == 0;

	free(path);
	free(trial);
	return same;
}

static void
look(void *arg)
{
	struct renew *r = arg;

	warn_of_end(r);
	pair_drop_ended(r->ag->config->paths.state_dir);
	if (!self_ready(r->ag->self)) {
		r->not_yet_ms = r->not_yet_ms * 2 > NOT_YET_MAX_MS ? NOT_YET_MAX_MS : r->not_yet_ms * 2;
		loop_timer_arm(r->timer, r->not_yet_ms);
		return;
	}
	loop_timer_arm(r->timer, part_of_life(r, PARTS));
	if (r->asking)
		return;
	if (trial_is_in_force(r) || !prove(r)) {
		drop_trial(r);
		if (due(r))
			ask(r);
	}
}

/* --- life ---------------------------------------------------------------------------------- */

void
renew_open(struct renew **out, struct agent *ag)
{
	struct renew *r = xcalloc(1, sizeof(*r));

	r->ag = ag;
	secret_init(&r->key);
	r->timer = loop_timer_new(ag->loop, look, r);
	*out = r;
}

void
renew_begin(struct renew *r)
{
	r->not_yet_ms = FIRST_MS;
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
	secret_fini(&r->key);
	free(r);
}

const char *
renew_trouble(const struct renew *r)
{
	return r->trouble;
}

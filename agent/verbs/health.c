/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health - from vitals to what the operator should know: one row a rule, the
 * worst first. A rule that applies writes its sentence; each names the command
 * that explains it.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "err.h"
#include "json.h"
#include "verbs/vitals.h"

#define CERT_ERROR_DAYS 7
#define CERT_WARN_DAYS 30
#define OLD_RESULTS_MS (10 * 60 * 1000)
#define DEATHS_MANY 3		/* an hour */
#define HOUR_MS 3600000
#define POLL_FAILURES 3
#define CLOCK_OFF_S 300		/* from here on certificates and times are in doubt */

struct finding {
	char what[120], why[300];
	int64_t since_ms;		/* -1 unknown */
};

static bool
found(struct finding *f, const char *why, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static bool
found(struct finding *f, const char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->what, sizeof(f->what), fmt, ap);
	va_end(ap);
	snprintf(f->why, sizeof(f->why), "%s", why == NULL ? "" : why);
	return true;
}

/* --- the link ------------------------------------------------------------------- */

static bool
link_down(const struct vitals *v, int code)
{
	return !v->instance.connected && v->instance.trouble_code == code;
}

static int64_t
link_since(const struct vitals *v)
{
	return v->now - v->instance.since_ms;
}

static bool
refused(const struct vitals *v, struct finding *f)
{
	f->since_ms = link_since(v);
	return link_down(v, E_AUTH) && found(f, v->instance.trouble, "the instance refuses our login");
}

static bool
no_tls(const struct vitals *v, struct finding *f)
{
	f->since_ms = link_since(v);
	return link_down(v, E_TLS) && found(f, v->instance.trouble, "no trusted connection to the instance");
}

static bool
unreachable(const struct vitals *v, struct finding *f)
{
	f->since_ms = link_since(v);
	return !v->instance.connected && v->instance.trouble_code != 0 && v->instance.trouble_code != E_AUTH &&
	    v->instance.trouble_code != E_TLS && found(f, v->instance.trouble, "the instance is not reached");
}

static bool
cert_ends(const struct vitals *v, struct finding *f)
{
	int days = v->instance.cert_days;

	if (days >= CERT_ERROR_DAYS)
		return false;
	if (days < 0)
		return found(f, v->instance.cert_subject, "our certificate has expired");
	if (days == 0)
		return found(f, v->instance.cert_subject, "our certificate expires in less than a day");
	return found(f, v->instance.cert_subject, "our certificate expires in %d day%s", days, days == 1 ? "" : "s");
}

static bool
cert_ends_soon(const struct vitals *v, struct finding *f)
{
	int days = v->instance.cert_days;

	return days >= CERT_ERROR_DAYS && days < CERT_WARN_DAYS &&
	    found(f, v->instance.cert_subject, "our certificate expires in %d days", days);
}

static bool
not_renewed(const struct vitals *v, struct finding *f)
{
	return v->renew_trouble[0] != '\0' && found(f, v->renew_trouble, "our certificate was not renewed: the old one stays in use");
}

static bool
clock_differs(const struct vitals *v, struct finding *f)
{
	static const struct { int64_t s; const char *name; } unit[] = {
		{ 365 * 86400, "year" }, { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
	};
	int64_t ahead = v->instance.clock_ahead_s, off = ahead < 0 ? -ahead : ahead, n;
	size_t i = 0;

	if (off < CLOCK_OFF_S)
		return false;
	while (off < unit[i].s)
		i++;
	n = off / unit[i].s;
	return found(f, "set this machine's clock: certificates and times are judged by it",
	    "the clock is %lld %s%s %s the instance's", (long long)n, unit[i].name, n == 1 ? "" : "s",
	    ahead > 0 ? "ahead of" : "behind");
}

static bool
not_ready(const struct vitals *v, struct finding *f)
{
	return v->instance.connected && v->self_trouble[0] != '\0' &&
	    found(f, v->self_trouble, "the instance gives us no work yet");
}

static bool
starting(const struct vitals *v, struct finding *f)
{
	f->since_ms = v->up_ms;
	return !v->instance.connected && v->instance.trouble_code == 0 &&
	    found(f, "", "no answer from the instance yet");
}

/* --- the store -------------------------------------------------------------------- */

static bool
store_trouble(const struct vitals *v, struct finding *f)
{
	if (v->store.trouble_code == E_FULL)
		return found(f, "make room on the file system of the state folder (df -h)", "the disk is full, no work is fetched");
	if (v->store.trouble_code == E_DAMAGED)
		return found(f, v->store.trouble, "the store is damaged");
	return v->store.trouble_code != 0 && found(f, v->store.trouble, "the store cannot be written");
}

static bool
store_silent(const struct vitals *v, struct finding *f)
{
	return v->stats == NULL && v->store.trouble_code == 0 &&
	    found(f, "is the disk overloaded or its network away?", "the store does not answer");
}

static bool
disk_low(const struct vitals *v, struct finding *f)
{
	return v->store.trouble_code == 0 && v->store.disk_free >= 0 &&
	    v->store.disk_free < v->config->results.disk_min_bytes &&
	    found(f, "less than results.disk_min is free: make room, or lower it", "no room on the disk, no work is fetched");
}

static bool
spool_full(const struct vitals *v, struct finding *f)
{
	return v->store.result_bytes >= v->config->results.spool_max_bytes &&
	    found(f, "results.spool_max is reached", "the spool is full, no work is fetched");
}

static bool
cis_refused(const struct vitals *v, struct finding *f)
{
	f->since_ms = json_int(v->flow, "cis_refused_ms_ago", -1);
	return f->since_ms >= 0 && f->since_ms < HOUR_MS &&
	    found(f, json_str(v->flow, "cis_refused", ""), "the CMDB refused some CIs");
}

static bool
spool_filling(const struct vitals *v, struct finding *f)
{
	int64_t max = v->config->results.spool_max_bytes;

	return v->store.result_bytes < max && v->store.result_bytes >= max / 5 * 4 &&
	    found(f, "", "the spool is %d %% full", (int)(v->store.result_bytes / (max / 100)));
}

static bool
store_repaired(const struct vitals *v, struct finding *f)
{
	f->since_ms = v->up_ms;
	return v->store_note != NULL && found(f, v->store_note, "the store was repaired at the start");
}

/* --- the workers ------------------------------------------------------------------- */

static bool
no_worker(const struct vitals *v, struct finding *f)
{
	const char *why = json_str(v->pool, "trouble", "");

	return !v->probes_known && found(f, why[0] != '\0' ? why : "without one no work is fetched",
	    "no worker could be started");
}

static bool
workers_die(const struct vitals *v, struct finding *f)
{
	int64_t died = json_int(v->pool, "died", 0);

	/* The mean rate, so that an old misfortune fades. */
	return died >= DEATHS_MANY && died * HOUR_MS >= DEATHS_MANY * v->up_ms && found(f, "a probe or what a target says kills them",
	    "%d workers have died since the start", (int)died);
}

/* For an hour: it must be seen, and one attempt is not the end of the world. */
static bool
workers_try(const struct vitals *v, struct finding *f)
{
	int64_t n = json_int(v->pool, "refused", 0);

	f->since_ms = json_int(v->pool, "refused_ms", -1);
	return n > 0 && f->since_ms >= 0 && f->since_ms < HOUR_MS && found(f, json_str(v->pool, "refused_what", ""),
	    "a worker tried what is forbidden: %d call%s refused", (int)n, n == 1 ? " was" : "s were");
}

static bool
quarantined(const struct vitals *v, struct finding *f)
{
	int64_t n = json_int(json_get(v->stats, "jobs"), "quarantined", 0);

	return n > 0 && found(f, "they killed their workers or cannot be read", "%d job%s in quarantine",
	    (int)n, n == 1 ? "" : "s");
}

static bool
guard_missing(const struct vitals *v, struct finding *f)
{
	const char *missing = json_str(json_get(v->pool, "guard"), "missing", "");

	return missing[0] != '\0' && found(f, missing, "a layer of the workers' sandbox is missing");
}

/* --- the road ------------------------------------------------------------------------ */

static bool
paused(const struct vitals *v, struct finding *f)
{
	char by[80];

	if (!json_flag(v->flow, "paused", false))
		return false;
	snprintf(by, sizeof(by), "by %s", json_str(v->flow, "paused_by", "somebody"));
	return found(f, by, "paused, no work is fetched");
}

static bool
jobs_stuck(const struct vitals *v, struct finding *f)
{
	int64_t n = json_int(v->flow, "stuck", 0);

	return n > 0 && found(f, "the store did not take a step of theirs; tried again when it is well",
	    "%d job%s stuck", (int)n, n == 1 ? " is" : "s are");
}

static bool
delivery_rests(const struct vitals *v, struct finding *f)
{
	struct json_object *d = json_get(v->flow, "deliver");

	return v->instance.connected && strcmp(json_str(d, "breaker", "closed"), "open") == 0 &&
	    found(f, json_str(d, "trouble", ""), "delivery rests after failures");
}

static bool
results_aside(const struct vitals *v, struct finding *f)
{
	struct json_object *d = json_get(v->flow, "deliver");
	int64_t n = json_int(d, "aside", 0);

	return n > 0 && found(f, json_str(d, "aside_why", ""), "%d result%s not taken by the instance",
	    (int)n, n == 1 ? " is" : "s are");
}

static bool
old_results(const struct vitals *v, struct finding *f)
{
	int64_t last = json_int(json_get(v->flow, "deliver"), "last_ok_ms", -1);

	f->since_ms = last >= 0 ? last : v->up_ms;
	return v->store.results > 0 && f->since_ms > OLD_RESULTS_MS &&
	    found(f, "", "%lld results are undelivered", (long long)v->store.results);
}

static bool
polls_fail(const struct vitals *v, struct finding *f)
{
	struct json_object *poll = json_get(v->flow, "poll");
	int64_t n = json_int(poll, "failures", 0);

	return v->instance.connected && n >= POLL_FAILURES &&
	    found(f, json_str(poll, "failure", ""), "%d questions for work in a row have failed", (int)n);
}

static bool
claims_fail(const struct vitals *v, struct finding *f)
{
	const char *why = json_str(v->flow, "claim_trouble", "");

	return why[0] != '\0' && found(f, why, "the instance does not let us claim jobs");
}

static bool
basic_login(const struct vitals *v, struct finding *f)
{
	return v->config->instance.user[0] != '\0' && v->config->instance.cert[0] == '\0' &&
	    found(f, "use a certificate: instance.cert, instance.key", "we log in with a password");
}

/* --- all of them ----------------------------------------------------------------------- */

static const struct rule {
	const char *id;
	bool error;
	bool (*applies)(const struct vitals *v, struct finding *f);
	const char *command;
} rules[] = {
	{ "instance-refused", true, refused, "midctl doctor" },
	{ "instance-tls", true, no_tls, "midctl doctor" },
	{ "instance-unreachable", true, unreachable, "midctl doctor" },
	{ "certificate-expiring", true, cert_ends, "midctl doctor" },
	{ "store-trouble", true, store_trouble, "midctl spool" },
	{ "store-silent", true, store_silent, "midctl log" },
	{ "disk-low", true, disk_low, "midctl spool" },
	{ "spool-full", true, spool_full, "midctl spool" },
	{ "no-worker", true, no_worker, "midctl log" },
	{ "not-ready", true, not_ready, "midctl log" },
	{ "jobs-stuck", true, jobs_stuck, "midctl log" },
	{ "workers-try", true, workers_try, "midctl log" },
	{ "workers-die", true, workers_die, "midctl log" },
	{ "delivery-rests", true, delivery_rests, "midctl spool" },
	{ "results-not-taken", true, results_aside, "midctl spool" },
	{ "results-old", true, old_results, "midctl spool" },
	{ "polls-fail", true, polls_fail, "midctl log" },
	{ "claims-fail", true, claims_fail, "midctl log" },
	{ "paused", true, paused, "midctl resume" },
	{ "jobs-quarantined", false, quarantined, "midctl jobs --failed" },
	{ "clock-differs", false, clock_differs, "midctl doctor" },
	{ "certificate-expires", false, cert_ends_soon, "midctl doctor" },
	{ "certificate-not-renewed", false, not_renewed, "midctl log" },
	{ "cis-refused", false, cis_refused, "midctl log" },
	{ "spool-filling", false, spool_filling, "midctl spool" },
	{ "store-repaired", false, store_repaired, "midctl log" },
	{ "guard-missing", false, guard_missing, "midctl doctor" },
	{ "basic-login", false, basic_login, "midctl config show" },
	{ "starting", false, starting, "midctl log" },
};

struct json_object *
health_problems(const struct vitals *v)
{
	struct json_object *list = json_object_new_array(), *o;
	struct finding f;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		f.since_ms = -1;
		if (!rules[i].applies(v, &f))
			continue;
		o = json_object_new_object();
		json_put_str(o, "id", rules[i].id);
		json_put_str(o, "severity", rules[i].error ? "error" : "warning");
		json_put_str(o, "what", f.what);
		json_put_str(o, "why", f.why);
		if (f.since_ms >= 0)
			json_put_int(o, "since_ms", f.since_ms);
		json_put_str(o, "command", rules[i].command);
		json_add_take(list, o);
	}
	return list;
}

const char *
health_word(struct json_object *problems)
{
	size_t i, n = json_object_array_length(problems);

	for (i = 0; i < n; i++)
		if (strcmp(json_str(json_object_array_get_idx(problems, i), "severity", ""), "error") == 0)
			return "problem";
	return n > 0 ? "partial" : "healthy";
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status - is midd well, and what is it doing. The store is asked for its
 * counts, but not waited for: a disk that hangs is just what the operator wants
 * to be told of.
 */
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "verbs/verbs.h"
#include "verbs/vitals.h"
#include "xalloc.h"

#define STORE_WAIT_MS 2000

/* --- the answer, part by part ------------------------------------------------------ */

static struct json_object *
instance_part(const struct vitals *v)
{
	const struct instance_state *in = &v->instance;
	struct json_object *o = json_object_new_object();

	json_put_str(o, "host", in->host);
	json_put_bool(o, "connected", in->connected);
	json_put_int(o, "since_ms", in->last_answer_ms < 0 && !in->connected ? -1 : v->now - in->since_ms);
	json_put_int(o, "last_answer_ms", in->last_answer_ms < 0 ? -1 : v->now - in->last_answer_ms);
	json_put_int(o, "last_poll_ms", json_int(json_get(v->flow, "poll"), "last_ms_ago", -1));
	json_put_int(o, "rtt_ms", in->rtt_ms);
	json_put_int(o, "clock_ahead_s", in->clock_ahead_s);
	json_put_str(o, "tls", in->tls);
	json_put_str(o, "login", v->config->instance.cert[0] != '\0' ? "mutual TLS" : "user and password");
	if (in->cert_days != INT_MAX)
		json_put_int(o, "cert_days", in->cert_days);
	json_put_str(o, "cert_subject", in->cert_subject);
	json_put_str(o, "trouble", in->trouble);
	json_put_bool(o, "validated", json_flag(v->flow, "validated", false));
	json_put_int(o, "calls", (int64_t)in->calls);
	json_put_int(o, "failures", (int64_t)in->failures);
	return o;
}

static struct json_object *
push_part(const struct vitals *v)
{
	const struct instance_state *in = &v->instance;
	struct json_object *o = json_object_new_object();

	json_put_str(o, "state", in->push);
	json_put_int(o, "since_ms", v->now - in->push_since_ms);
	json_put_str(o, "why", in->push_why);
	json_put_int(o, "messages", (int64_t)in->push_messages);
	json_put_int(o, "next_try_ms", in->push_next_at < 0 ? -1 : in->push_next_at > v->now ? in->push_next_at - v->now : 0);
	return o;
}

static struct json_object *
spool_part(const struct vitals *v)
{
	struct json_object *o = json_object_new_object(), *d = json_get(v->flow, "deliver");

	json_put_int(o, "results", v->store.results);
	json_put_int(o, "bytes", v->store.result_bytes);
	json_put_int(o, "max_bytes", v->config->results.spool_max_bytes);
	json_put_int(o, "commit_ms", v->store.commit_ms);
	json_put_int(o, "disk_free", v->store.disk_free);
	json_put_str(o, "breaker", json_str(d, "breaker", ""));
	json_put_int(o, "next_try_ms", json_int(d, "next_try_ms", 0));
	json_put_int(o, "last_ok_ms", json_int(d, "last_ok_ms", -1));
	json_put_str(o, "trouble", v->store.trouble);
	return o;
}

static struct json_object *
resources_part(const struct vitals *v)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "rss_bytes", v->usage.rss_bytes);
	json_put_int(o, "cpu_ms", v->usage.cpu_ms);
	json_put_num(o, "cpu_percent", v->up_ms > 0 ? 100.0 * (double)v->usage.cpu_ms / (double)v->up_ms : 0);
	json_put_int(o, "files", v->usage.files);
	json_put_int(o, "threads", v->usage.threads);
	return o;
}

static void
borrow(struct json_object *to, const char *key, struct json_object *from)
{
	json_put_take(to, key, json_object_get(json_get(from, key)));
}

struct json_object *
status_json(const struct vitals *v, const char *queue_name)
{
	struct json_object *o = json_object_new_object(), *problems = health_problems(v);

	json_put_str(o, "version", MIDD_VERSION);
	json_put_str(o, "agent", queue_name);
	json_put_int(o, "pid", getpid());
	json_put_str(o, "user", os_user_name());
	json_put_int(o, "up_ms", v->up_ms);
	json_put_str(o, "health", health_word(problems));
	json_put_take(o, "problems", problems);
	json_put_take(o, "instance", instance_part(v));
	json_put_take(o, "push", push_part(v));
	borrow(o, "paused", v->flow);
	borrow(o, "stopping", v->flow);
	borrow(o, "lanes", v->flow);
	borrow(o, "waiting", v->flow);
	borrow(o, "oldest_waiting", v->flow);
	borrow(o, "running", v->flow);
	borrow(o, "counts", v->flow);
	json_put_take(o, "spool", spool_part(v));
	borrow(o, "today", v->stats);
	borrow(o, "guard", v->pool);
	borrow(o, "workers", v->pool);
	json_put_take(o, "resources", resources_part(v));
	return o;
}

/* --- the verb ---------------------------------------------------------------------- */

struct asking {
	struct agent *ag;
	struct control_call *call;
	struct loop_timer *timer;	/* NULL once answered */
};

/* STATS may be NULL. */
static void
answer(struct asking *a, struct json_object *stats)
{
	struct vitals v;

	if (a->timer == NULL)
		return;
	loop_timer_free(a->timer);
	a->timer = NULL;
	if (a->ag->closing) {
		control_no(a->call, E_AGAIN, "midd is stopping");
		return;
	}
	vitals_take(&v, a->ag);
	v.stats = json_object_get(stats);
	control_ok_take(a->call, status_json(&v, agent_queue_name(a->ag)));
	vitals_fini(&v);
}

static void
store_is_silent(void *arg)
{
	answer(arg, NULL);
}

/* The asker has hung up, or midd stops. */
static void
asker_gone(void *arg)
{
	struct asking *a = arg;

	if (a->timer == NULL)
		return;
	loop_timer_free(a->timer);
	a->timer = NULL;
	control_no(a->call, E_CANCELLED, "nobody listens");
}

static void
stats_come(void *arg, int r, struct json_object *stats)
{
	struct asking *a = arg;

	answer(a, r < 0 ? NULL : stats);
	free(a);
}

static int64_t
midnight_ms(void)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return (int64_t)now / 86400 * 86400000;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000;
}

void
verb_status(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct asking *a = xcalloc(1, sizeof(*a));

	(void)args;
	a->ag = ag;
	a->call = call;
	a->timer = loop_timer_new(ag->loop, store_is_silent, a);
	loop_timer_arm(a->timer, STORE_WAIT_MS);
	control_keep(call, a, asker_gone);
	store_stats(ag->store, midnight_ms(), stats_come, a);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* state - the road as status sees it: see flow_state() in flow.h for the shape. */
#include <json-c/json_object.h>
#include <string.h>

#include "flow/inside.h"
#include "json.h"
#include "loop.h"
#include "self.h"
#include "workers/pool.h"

static const char *const lane_names[LANES] = { "interactive", "expedited", "standard" };

static struct json_object *
lanes(const struct flow *f)
{
	struct json_object *arr = json_object_new_array(), *o;
	int i;

	for (i = 0; i < LANES; i++) {
		o = json_object_new_object();
		json_put_str(o, "name", lane_names[i]);
		json_put_int(o, "running", f->running[i]);
		json_put_int(o, "slots", f->ag->config->jobs.lane[i]);
		json_put_int(o, "waiting", f->lane[i].n);
		json_add_take(arr, o);
	}
	return arr;
}

static void
put_job(struct json_object *o, const struct job *j, int64_t now)
{
	json_put_str(o, "id", j->id);
	json_put_str(o, "topic", j->topic);
	json_put_str(o, "source", j->source);
	json_put_str(o, "lane", lane_names[j->lane]);
	json_put_str(o, "at", job_at_name(j->at));
	json_put_int(o, "age_ms", now - j->seen_at);
	json_put_int(o, "worker_pid", j->run != NULL ? pool_run_pid(j->run) : 0);
	json_put_str(o, "why", j->at == AT_WAITING ? dispatch_why(j) : j->waits_for);
}

static struct json_object *
job_object(const struct job *j, int64_t now)
{
	struct json_object *o = json_object_new_object();

	put_job(o, j, now);
	return o;
}

static struct json_object *
oldest_waiting(const struct flow *f, int64_t now)
{
	const struct job *oldest = NULL;
	int i;

	for (i = 0; i < LANES; i++)
		if (f->lane[i].first != NULL &&
		    (oldest == NULL || f->lane[i].first->seen_at < oldest->seen_at))
			oldest = f->lane[i].first;
	return oldest == NULL ? NULL : job_object(oldest, now);
}

static struct json_object *
running(const struct flow *f, int64_t now)
{
	struct json_object *arr = json_object_new_array();
	const struct job *j;

	for (j = f->runs.first; j != NULL; j = j->next)
		json_add_take(arr, job_object(j, now));
	return arr;
}

static struct json_object *
deliver_state(const struct flow *f, int64_t now)
{
	const struct deliver *d = &f->deliver;
	struct json_object *o = json_object_new_object();
	int64_t wait = breaker_wait(&d->breaker, now);

	json_put_int(o, "in_flight", d->in_flight);
	json_put_str(o, "breaker", breaker_name(&d->breaker, now));
	json_put_int(o, "next_try_ms", wait);
	json_put_int(o, "last_ok_ms", d->last_ok_at < 0 ? -1 : now - d->last_ok_at);
	json_put_int(o, "failures", (int64_t)d->failures);
	json_put_str(o, "trouble", d->trouble);
	json_put_int(o, "aside", aside_count(&d->aside));
	json_put_str(o, "aside_why", aside_count(&d->aside) > 0 ? d->aside.why : "");
	return o;
}

static struct json_object *
poll_state(const struct flow *f, int64_t now)
{
	const struct intake *in = &f->intake;
	struct json_object *o = json_object_new_object();

	json_put_int(o, "last_ms_ago", in->last_at < 0 ? -1 : now - in->last_at);
	json_put_int(o, "next_ms", in->asking ? 0 : in->next_at - now);
	json_put_int(o, "interval_ms", in->interval_ms);
	json_put_int(o, "failures", in->failures);
	json_put_str(o, "failure", in->failures > 0 ? in->failure : "");
	json_put_str(o, "paused_why", in->rests);
	return o;
}

static struct json_object *
counts_object(const struct counts *c)
{
	const struct { const char *name; uint64_t n; } row[] = {
		{ "fetched", c->fetched }, { "claimed", c->claimed }, { "accepted", c->accepted },
		{ "ok", c->ok }, { "partial", c->partial }, { "failed", c->failed },
		{ "quarantined", c->quarantined }, { "delivered", c->delivered },
		{ "duplicates", c->duplicates }, { "refused", c->refused },
		{ "controls", c->controls }, { "again", c->again },
		{ "ci_refused", c->ci_refused },
	};
	struct json_object *o = json_object_new_object();
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		json_put_int(o, row[i].name, (int64_t)row[i].n);
	return o;
}

/* {limits_ms: [...], counts: [... one more], sum_ms} */
static struct json_object *
times_object(const struct run_times *t)
{
	struct json_object *o = json_object_new_object(), *limits = json_object_new_array(), *n = json_object_new_array();
	int i;

	for (i = 0; i <= RUN_BUCKETS; i++) {
		if (i < RUN_BUCKETS)
			json_add_take(limits, json_object_new_int64(run_limits_ms[i]));
		json_add_take(n, json_object_new_int64((int64_t)t->bucket[i]));
	}
	json_put_take(o, "limits_ms", limits);
	json_put_take(o, "counts", n);
	json_put_int(o, "sum_ms", t->sum_ms);
	return o;
}

struct json_object *
flow_state(const struct flow *f)
{
	struct json_object *o = json_object_new_object();
	int64_t now = loop_now(f->ag->loop);

	json_put_bool(o, "paused", f->paused);
	json_put_str(o, "paused_by", f->paused_by);
	json_put_bool(o, "stopping", f->stopping);
	json_put_bool(o, "recovered", f->recovered);
	json_put_bool(o, "validated", self_ready(f->ag->self));
	json_put_take(o, "lanes", lanes(f));
	json_put_int(o, "waiting", dispatch_waiting(f));
	json_put_int(o, "stuck", f->stuck.n);
	json_put_take(o, "oldest_waiting", oldest_waiting(f, now));
	json_put_take(o, "running", running(f, now));
	json_put_take(o, "deliver", deliver_state(f, now));
	json_put_take(o, "poll", poll_state(f, now));
	json_put_str(o, "claim_trouble", f->claim.trouble);
	json_put_take(o, "counts", counts_object(&f->counts));
	json_put_str(o, "cis_refused", f->cis_refused);
	json_put_int(o, "cis_refused_ms_ago", f->cis_refused_at > 0 ? now - f->cis_refused_at : -1);
	json_put_take(o, "run_times", times_object(&f->run_times));
	return o;
}

struct json_object *
flow_job_state(const struct flow *f, const char *id)
{
	const struct job *j = job_table_find(&f->jobs, id);

	return j == NULL ? NULL : job_object(j, loop_now(f->ag->loop));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* metrics - see metrics.h. */
#include "metrics/metrics.h"

#include <json-c/linkhash.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "verbs/vitals.h"

static double
up(const struct vitals *v)
{
	return v->instance.connected ? 1 : 0;
}

static double
ready(const struct vitals *v)
{
	return v->self_trouble[0] == '\0';
}

static double
healthy(const struct vitals *v)
{
	struct json_object *problems = health_problems(v);
	bool good = strcmp(health_word(problems), "problem") != 0;

	json_object_put(problems);
	return good;
}

static double
uptime(const struct vitals *v)
{
	return (double)v->up_ms / 1000;
}

static double
cpu(const struct vitals *v)
{
	return (double)v->usage.cpu_ms / 1000;
}

static double
memory(const struct vitals *v)
{
	return (double)v->usage.rss_bytes;
}

static double
files(const struct vitals *v)
{
	return v->usage.files;
}

static double
workers(const struct vitals *v)
{
	return v->workers;
}

static double
worker_deaths(const struct vitals *v)
{
	return (double)json_int(v->pool, "died", 0);
}

static double
worker_refusals(const struct vitals *v)
{
	return (double)json_int(v->pool, "refused", 0);
}

static double
calls(const struct vitals *v)
{
	return (double)v->instance.calls;
}

static double
call_failures(const struct vitals *v)
{
	return (double)v->instance.failures;
}

static double
bytes_out(const struct vitals *v)
{
	return (double)v->instance.bytes_out;
}

static double
bytes_in(const struct vitals *v)
{
	return (double)v->instance.bytes_in;
}

static double
rtt(const struct vitals *v)
{
	return v->instance.rtt_ms < 0 ? NAN : (double)v->instance.rtt_ms / 1000;
}

static double
cert_days(const struct vitals *v)
{
	return v->instance.cert_days == INT_MAX ? NAN : v->instance.cert_days;
}

static double
spool_results(const struct vitals *v)
{
	return (double)v->store.results;
}

static double
spool_bytes(const struct vitals *v)
{
	return (double)v->store.result_bytes;
}

static double
commits(const struct vitals *v)
{
	return (double)v->store.commits;
}

static double
commit_seconds(const struct vitals *v)
{
	return v->store.commit_ms < 0 ? NAN : (double)v->store.commit_ms / 1000;
}

static double
disk_free(const struct vitals *v)
{
	return v->store.disk_free < 0 ? NAN : (double)v->store.disk_free;
}

static double
store_ok(const struct vitals *v)
{
	return v->store.trouble_code == 0;
}

static double
waiting(const struct vitals *v)
{
	return (double)json_int(v->flow, "waiting", 0);
}

static double
oldest_waiting(const struct vitals *v)
{
	return (double)json_int(json_get(v->flow, "oldest_waiting"), "age_ms", 0) / 1000;
}

static double
paused(const struct vitals *v)
{
	return json_flag(v->flow, "paused", false);
}

static double
traced(const struct vitals *v)
{
	return (double)v->trace.sent;
}

static double
untraced(const struct vitals *v)
{
	return (double)v->trace.lost;
}

static const struct figure {
	const char *name;
	enum { GAUGE, COUNTER } type;
	double (*value)(const struct vitals *v);	/* NAN: not known, so it is left out: no number may stand for that */
	const char *help;
} figures[] = {
	{ "midd_healthy", GAUGE, healthy, "1 unless midctl status shows a problem." },
	{ "midd_connected", GAUGE, up, "1 while the instance answers." },
	{ "midd_ready", GAUGE, ready, "1 while registered and validated." },
	{ "midd_paused", GAUGE, paused, "1 while no work is fetched by order." },
	{ "midd_uptime_seconds", GAUGE, uptime, "Since the start." },
	{ "midd_cpu_seconds", COUNTER, cpu, "Processor time of midd without its workers." },
	{ "midd_resident_bytes", GAUGE, memory, "Memory of midd without its workers." },
	{ "midd_open_files", GAUGE, files, "Open files of midd." },
	{ "midd_workers", GAUGE, workers, "Worker processes." },
	{ "midd_worker_deaths", COUNTER, worker_deaths, "Workers that died by themselves." },
	{ "midd_worker_refusals", COUNTER, worker_refusals, "Forbidden system calls that workers tried." },
	{ "midd_instance_calls", COUNTER, calls, "Requests to the instance." },
	{ "midd_instance_failures", COUNTER, call_failures, "Requests that failed." },
	{ "midd_instance_sent_bytes", COUNTER, bytes_out, "Sent to the instance." },
	{ "midd_instance_received_bytes", COUNTER, bytes_in, "Received from the instance." },
	{ "midd_instance_rtt_seconds", GAUGE, rtt, "Smoothed time of a request." },
	{ "midd_certificate_days", GAUGE, cert_days, "Until our certificate expires; negative from then on." },
	{ "midd_spool_results", GAUGE, spool_results, "Results not yet delivered." },
	{ "midd_spool_bytes", GAUGE, spool_bytes, "Their size." },
	{ "midd_store_ok", GAUGE, store_ok, "0 while the store is in trouble." },
	{ "midd_store_commits", COUNTER, commits, "Transactions of the store." },
	{ "midd_store_commit_seconds", GAUGE, commit_seconds, "How long the last took." },
	{ "midd_disk_free_bytes", GAUGE, disk_free, "Room on the store's file system." },
	{ "midd_jobs_waiting", GAUGE, waiting, "Accepted jobs that wait for a slot." },
	{ "midd_jobs_oldest_waiting_seconds", GAUGE, oldest_waiting, "Age of the oldest of them." },
	{ "midd_traced_jobs", COUNTER, traced, "Jobs whose spans the collector of trace.otlp has taken." },
	{ "midd_untraced_jobs", COUNTER, untraced, "Jobs that were left out: it refused them, or was away for too long." },
};

static int
put_head(struct buf *out, const char *name, const char *type, const char *help)
{
	return buf_printf(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static int
put_figure(struct buf *out, const struct figure *f, const struct vitals *v)
{
	double value = f->value(v);
	int r;

	if (isnan(value))
		return 0;
	r = put_head(out, f->name, f->type == COUNTER ? "counter" : "gauge", f->help);
	if (r == 0)
		r = buf_printf(out, "%s%s %.15g\n", f->name, f->type == COUNTER ? "_total" : "", value);
	return r;
}

/* flow_state()'s counts: each key is an outcome or a step. */
static int
put_counts(struct buf *out, const struct vitals *v)
{
	int r = put_head(out, "midd_jobs", "counter", "Jobs since the start, by step and outcome.");
	struct json_object *counts = json_get(v->flow, "counts");

	json_object_object_foreach(counts, key, n) {
		if (r == 0)
			r = buf_printf(out, "midd_jobs_total{what=\"%s\"} %lld\n", key,
			    (long long)json_object_get_int64(n));
	}
	return r;
}

static int
put_lanes(struct buf *out, const struct vitals *v)
{
	static const struct { const char *metric, *key, *help; } rows[] = {
		{ "midd_lane_running", "running", "Jobs that run, by lane." },
		{ "midd_lane_slots", "slots", "Slots of the lane." },
		{ "midd_lane_waiting", "waiting", "Jobs that wait, by lane." },
	};
	struct json_object *lanes = json_arr(v->flow, "lanes"), *lane;
	size_t i, k, n = lanes ? json_object_array_length(lanes) : 0;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = put_head(out, rows[i].metric, "gauge", rows[i].help);
		for (k = 0; r == 0 && k < n; k++) {
			lane = json_object_array_get_idx(lanes, k);
			r = buf_printf(out, "%s{lane=\"%s\"} %lld\n", rows[i].metric, json_str(lane, "name", ""),
			    (long long)json_int(lane, rows[i].key, 0));
		}
	}
	return r;
}

/* flow_state()'s run_times. A bucket holds all that are not above its limit. */
static int
put_times(struct buf *out, const struct vitals *v)
{
	struct json_object *t = json_get(v->flow, "run_times"), *limits = json_arr(t, "limits_ms"), *n = json_arr(t, "counts");
	size_t i, buckets = limits && n ? json_object_array_length(limits) : 0;
	long long all = 0;
	int r = put_head(out, "midd_job_run_seconds", "histogram", "How long jobs ran.");

	for (i = 0; r == 0 && i < buckets; i++) {
		all += json_object_get_int64(json_object_array_get_idx(n, i));
		r = buf_printf(out, "midd_job_run_seconds_bucket{le=\"%g\"} %lld\n",
		    (double)json_object_get_int64(json_object_array_get_idx(limits, i)) / 1000, all);
	}
	all += json_object_get_int64(json_object_array_get_idx(n, buckets));
	return r < 0 ? r : buf_printf(out, "midd_job_run_seconds_bucket{le=\"+Inf\"} %lld\nmidd_job_run_seconds_count %lld\n"
	    "midd_job_run_seconds_sum %.15g\n", all, all, (double)json_int(t, "sum_ms", 0) / 1000);
}

int
metrics_text(struct buf *out, const struct vitals *v)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof(figures) / sizeof(figures[0]); i++)
		r = put_figure(out, &figures[i], v);
	if (r == 0 && json_get(v->flow, "counts") != NULL)
		r = put_counts(out, v);
	if (r == 0)
		r = put_lanes(out, v);
	if (r == 0 && json_get(v->flow, "run_times") != NULL)
		r = put_times(out, v);
	return r == 0 ? buf_puts(out, "# EOF\n") : r;
}

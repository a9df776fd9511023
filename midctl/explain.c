/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain - one time line: of a job its road, its log and its audit together;
 * of a host its jobs, and why what is known of it is as old as it is; of a CI
 * both: the job that has told of it last, and the host that this is known from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"
#include "control.h"
#include "err.h"
#include "fmt.h"
#include "job.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

#define JOBS_LOOKED 2000
#define JOBS_SHOWN 20
#define ASK_MS 10000

/* --- a job ---------------------------------------------------------------------------- */

static void
moment(struct json_object *line, int64_t at, const char *what, const char *text)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "at", at);
	json_put_str(o, "what", what);
	json_put_str(o, "text", text);
	json_add_take(line, o);
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = json_int(*(struct json_object *const *)a, "at", 0), y = json_int(*(struct json_object *const *)b, "at", 0);

	return x < y ? -1 : x > y;
}

static void
take_list(struct json_object *line, struct json_object *list, const char *at, const char *what, const char *text)
{
	size_t i, n = list ? json_object_array_length(list) : 0;
	struct json_object *o;

	for (i = 0; i < n; i++) {
		o = json_object_array_get_idx(list, i);
		moment(line, json_int(o, at, 0), what != NULL ? json_str(o, what, "") : "log", json_str(o, text, ""));
	}
}

static struct json_object *
time_line(struct json_object *job)
{
	struct json_object *line = json_object_new_array();

	take_list(line, json_arr(job, "road"), "at", "step", "note");
	take_list(line, json_arr(job, "events"), "ms", NULL, "text");
	take_list(line, json_arr(job, "audit"), "ms", "what", "detail");
	json_object_array_sort(line, by_time);
	return line;
}

static void
put_moments(struct screen *sc, struct json_object *line)
{
	size_t i, n = json_object_array_length(line);
	struct json_object *o;
	char at[FMT_MAX];

	for (i = 0; i < n; i++) {
		o = json_object_array_get_idx(line, i);
		put_cell(sc, PAINT_DIM, fmt_clock(at, json_int(o, "at", 0)), 25);
		put_cell(sc, PAINT_BOLD, json_str(o, "what", ""), 16);
		put_wrapped(sc, PAINT_NONE, json_str(o, "text", ""), 41, 4);
		put_line(sc);
	}
}

/* Of one that has not ended: where it is, and what it waits for. */
static void
put_now(struct screen *sc, struct json_object *now)
{
	const char *why = json_str(now, "why", "");

	if (now == NULL)
		return;
	put_cell(sc, PAINT_DIM, "now", 25);
	put_cell(sc, PAINT_BOLD, json_str(now, "at", ""), 16);
	if (why[0] != '\0') {
		put(sc, PAINT_NONE, "for ");
		put_wrapped(sc, PAINT_NONE, why, 41, 4);
	}
	put_line(sc);
}

static void
put_why(struct screen *sc, struct json_object *job)
{
	enum paint paint;
	const char *word = job_word(job, &paint);

	put(sc, PAINT_BOLD, "job %s: ", json_str(job, "id", "?"));
	put(sc, paint, "%s", word);
	put(sc, PAINT_NONE, ", %s%s%s", json_str(job, "topic", "?"), json_str(job, "source", "")[0] ? " of " : "", json_str(job, "source", ""));
	put_line(sc);
	if (json_str(job, "error", "")[0] != '\0') {
		put_wrapped(sc, PAINT_BAD, json_str(job, "error", ""), 0, 4);
		put_line(sc);
	}
	if (json_str(job, "advice", "")[0] != '\0') {
		put(sc, PAINT_BOLD, "-> ");
		put_wrapped(sc, PAINT_BOLD, json_str(job, "advice", ""), 3, 3);
		put_line(sc);
	}
}

/* *JOB is the caller's, its time line in it. */
static int
ask_job(const struct asked *a, const char *id, struct json_object **job)
{
	struct json_object *args = json_object_new_object();
	int status;

	json_put_str(args, "id", id);
	status = ask(a, "job", args, NULL, NULL, job);
	json_object_put(args);
	if (status == EXIT_OK)
		json_put_take(*job, "timeline", time_line(*job));
	return status;
}

static void
put_job(struct screen *sc, const struct asked *a, struct json_object *job)
{
	(void)a;
	put_why(sc, job);
	put_moments(sc, json_arr(job, "timeline"));
	put_now(sc, json_get(job, "now"));
}

static int
explain_job(const struct asked *a)
{
	struct json_object *job;
	int status = ask_job(a, a->words[0], &job);

	if (status == EXIT_OK)
		show(a, job, put_job);
	json_object_put(job);
	return status;
}

/* --- a host ------------------------------------------------------------------------------ */

/* Of the newest JOBS_LOOKED, those of HOST; the caller's. */
static int
jobs_of(const struct asked *a, const char *host, struct json_object **out)
{
	struct json_object *args = json_object_new_object(), *rows, *result, *o;
	int status;
	size_t i;

	json_put_int(args, "limit", JOBS_LOOKED);
	status = ask_rows(a, "jobs", args, &rows, &result);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	*out = json_object_new_array();
	for (i = 0; i < json_object_array_length(rows); i++) {
		o = json_object_array_get_idx(rows, i);
		if (strcasecmp(json_str(o, "source", ""), host) == 0)	/* names of hosts have no case */
			json_add_take(*out, json_object_get(o));
	}
	json_object_put(rows);
	json_object_put(result);
	return EXIT_OK;
}

/* {host, jobs, last_attempt, last_success, failures_since, why} */
static struct json_object *
host_facts(const char *host, struct json_object *jobs)
{
	struct json_object *o = json_object_new_object(), *j;
	int64_t attempt = 0, success = 0, failures = 0;
	const char *why = NULL;
	size_t i;

	for (i = 0; i < json_object_array_length(jobs) && success == 0; i++) {
		j = json_object_array_get_idx(jobs, i);
		if (attempt == 0)
			attempt = json_int(j, "started_at", 0);
		if (strcmp(json_str(j, "class", ""), "ok") == 0) {
			success = json_int(j, "spooled_at", 0);
		} else if (json_str(j, "class", "")[0] != '\0') {
			failures++;
			why = why == NULL ? json_str(j, "error", NULL) : why;
		}
	}
	json_put_str(o, "host", host);
	json_put_int(o, "last_attempt", attempt);
	json_put_int(o, "last_success", success);
	json_put_int(o, "failures_since", failures);
	json_put_str(o, "why", why);
	json_put_take(o, "jobs", json_object_get(jobs));
	return o;
}

static void
put_freshness(struct screen *sc, struct json_object *o)
{
	char at[FMT_MAX];

	put(sc, PAINT_BOLD, "%s: ", json_str(o, "host", ""));
	put(sc, PAINT_NONE, "last good answer %s, last attempt ", json_int(o, "last_success", 0) > 0 ? fmt_clock(at, json_int(o, "last_success", 0)) : "never");
	put(sc, PAINT_NONE, "%s", json_int(o, "last_attempt", 0) > 0 ? fmt_clock(at, json_int(o, "last_attempt", 0)) : "never");
	put_line(sc);
	if (json_int(o, "failures_since", 0) > 0) {
		put(sc, PAINT_BAD, json_int(o, "last_success", 0) > 0 ? "stale: %d failed since: " : "nothing is known: %d failed, the last one: ",
		    (int)json_int(o, "failures_since", 0));
		put_wrapped(sc, PAINT_BAD, json_str(o, "why", ""), 0, 4);
		put_line(sc);
	}
}

static void
put_host(struct screen *sc, const struct asked *a, struct json_object *o)
{
	struct json_object *jobs = json_arr(o, "jobs"), *j;
	size_t i, n = json_object_array_length(jobs);
	enum paint paint;
	const char *word;
	char at[FMT_MAX], more[400];

	(void)a;
	put_freshness(sc, o);
	for (i = 0; i < n && i < JOBS_SHOWN; i++) {
		j = json_object_array_get_idx(jobs, i);
		word = job_word(j, &paint);
		put_cell(sc, PAINT_DIM, fmt_clock(at, json_int(j, "fetched_at", 0)), 25);
		put_cell(sc, PAINT_NONE, json_str(j, "topic", ""), 18);
		put_cell(sc, paint, word, 14);
		put(sc, PAINT_NONE, "%.8s", json_str(j, "id", ""));
		put_line(sc);
	}
	snprintf(more, sizeof(more), "midctl creds why %.300s, midctl explain ID", json_str(o, "host", ""));
	put_pointer(sc, more, 0);
	put_line(sc);
}

static int
explain_host(const struct asked *a)
{
	struct json_object *jobs = NULL, *o;
	int status = jobs_of(a, a->words[0], &jobs);

	if (status != EXIT_OK)
		return status;
	if (json_object_array_length(jobs) == 0) {
		complain("%.100s is no job, no host of the last %d jobs, and no CI that one has told of: midctl jobs lists them", a->words[0], JOBS_LOOKED);
		json_object_put(jobs);
		return EXIT_PROBLEM;
	}
	o = host_facts(a->words[0], jobs);
	show(a, o, put_host);
	json_object_put(o);
	json_object_put(jobs);
	return EXIT_OK;
}

/* --- a CI --------------------------------------------------------------------------------- */

/* NULL: no job has told of one of that name. */
static struct json_object *
find_ci(const struct asked *a)
{
	struct json_object *args = json_object_new_object(), *ci = NULL;
	struct err err = { 0, "" };

	json_put_str(args, "id", a->words[0]);
	if (control_ask(a->control, "ci", args, ASK_MS, NULL, NULL, &ci, &err) != 0) {
		json_object_put(ci);
		ci = NULL;
	}
	json_object_put(args);
	return ci;
}

static void
put_ci(struct screen *sc, const struct asked *a, struct json_object *o)
{
	struct json_object *job = json_get(o, "job");
	char at[FMT_MAX], where[400];

	(void)a;
	put(sc, PAINT_BOLD, "%s", json_str(o, "ci", ""));
	if (json_str(o, "class", "")[0] != '\0')
		put(sc, PAINT_NONE, " (%s)", json_str(o, "class", ""));
	put(sc, PAINT_NONE, ": last told of %s by the job below", fmt_clock(at, json_int(o, "at", 0)));
	put_line(sc);
	if (json_get(o, "host") != NULL)
		put_freshness(sc, json_get(o, "host"));
	put_why(sc, job);
	put_moments(sc, json_arr(job, "timeline"));
	if (json_get(o, "host") == NULL)
		return;
	snprintf(where, sizeof(where), "midctl explain %s, midctl creds why %s", json_str(job, "source", ""), json_str(job, "source", ""));
	put_pointer(sc, where, 0);
	put_line(sc);
}

/* Swallows CI; the job and the host are put into it. */
static int
explain_ci(const struct asked *a, struct json_object *ci)
{
	struct json_object *job, *jobs;
	const char *host;
	int status = ask_job(a, json_str(ci, "job", ""), &job);

	if (status != EXIT_OK) {
		json_object_put(ci);
		return status;
	}
	host = json_str(job, "source", "");
	if (host[0] != '\0' && jobs_of(a, host, &jobs) == EXIT_OK) {
		json_put_take(ci, "host", host_facts(host, jobs));
		json_object_put(jobs);
	}
	json_put_take(ci, "job", job);
	show(a, ci, put_ci);
	json_object_put(ci);
	return EXIT_OK;
}

/* A host may be called cafe: only what is no job's id may be one. Whatever else goes wrong is said by who asks again. */
static bool
is_job(const struct asked *a)
{
	struct json_object *args = json_object_new_object(), *job = NULL;
	struct err err = { 0, "" };
	int r;

	json_put_str(args, "id", a->words[0]);
	r = control_ask(a->control, "job", args, ASK_MS, NULL, NULL, &job, &err);
	json_object_put(args);
	json_object_put(job);
	return r != -E_NONE;
}

/* 32 digits may be a CI's too. */
int
cmd_explain(const struct asked *a)
{
	size_t n = strlen(a->words[0]);
	struct json_object *ci;
	bool id;

	if (n == 0) {
		complain("explain what? a job's id, a host or a CI: midctl explain JOB|HOST|CI");
		return EXIT_USAGE;
	}
	id = n >= 4 && n <= 32 && strspn(a->words[0], "0123456789abcdef") == n && is_job(a);
	ci = id ? NULL : find_ci(a);
	if (ci != NULL)
		return explain_ci(a, ci);
	return id ? explain_job(a) : explain_host(a);
}

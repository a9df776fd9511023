/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake - asks the instance for ready rows of this agent, never for more than
 * we can hold, and turns them into jobs.
 *
 * Often while there is work, ever more seldom while there is none; at once
 * when a claim has filled its batch. Control rows are asked for even when we
 * want no work, and never wait behind it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "self.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

#define PUSHED_BURST 10	/* questions in a row that push may bring about without finding work; then one each poll.min */
#define FAILURE_PAUSE_MAX 4000	/* an instance that is back is noticed within seconds */

/* Rows wait here while the store is asked whether we know them. */
struct arrival {
	struct flow *f;
	size_t n;
	struct job **jobs;
	const char **ids;
};

static void poll_now(void *arg);

static int64_t
jittered(int64_t ms)
{
	uint16_t r;

	os_random(&r, sizeof(r));
	return ms - ms / 10 + ms * (r % 1024) / 5120;	/* 0.9 .. 1.1 */
}

void
intake_init(struct flow *f)
{
	f->intake.timer = loop_timer_new(f->ag->loop, poll_now, f);
	f->intake.interval_ms = f->ag->config->poll.min_ms;
	f->intake.last_at = -1;
	f->intake.tokens = PUSHED_BURST;
	f->intake.rests = "";
}

void
intake_fini(struct flow *f)
{
	loop_timer_free(f->intake.timer);
	f->intake.timer = NULL;
	attached_fini(f);
}

static void
arm(struct flow *f, int64_t in_ms)
{
	if (f->intake.timer == NULL || f->closing || f->stopping)
		return;
	f->intake.next_at = loop_now(f->ag->loop) + in_ms;
	loop_timer_arm(f->intake.timer, in_ms);
}

void
intake_soon(struct flow *f)
{
	f->intake.interval_ms = f->ag->config->poll.min_ms;
	if (f->intake.asking)
		f->intake.again = true;	/* what is asked now was asked before there was a reason */
	else
		arm(f, 0);
}

void
intake_rest(struct flow *f)
{
	arm(f, jittered(f->intake.interval_ms));
}

/* A flood of messages behind which there is no work asks no more of the instance than polling would. */
void
intake_pushed(struct flow *f)
{
	struct intake *in = &f->intake;
	int64_t now = loop_now(f->ag->loop), min = f->ag->config->poll.min_ms, fresh = (now - in->tokens_at) / min;

	if (in->asking) {
		in->again = true;
		return;
	}
	if (in->failures > 0)
		return;			/* it has its pause, and perhaps a Retry-After */
	if (fresh > 0) {
		in->tokens = in->tokens + fresh > PUSHED_BURST ? PUSHED_BURST : in->tokens + (int)fresh;
		in->tokens_at = now;
	}
	in->interval_ms = min;
	if (in->tokens > 0) {
		in->tokens--;
		arm(f, 0);
	} else if (in->next_at > now + min) {
		arm(f, min);
	}
}

int
intake_room(struct flow *f)
{
	int64_t room = f->ag->config->jobs.waiting_max - f->jobs.n;

	if (room > f->ag->config->poll.batch)
		room = f->ag->config->poll.batch;
	return room > 0 ? (int)room : 0;
}

const char *
intake_why_not(struct flow *f)
{
	struct store_state s;

	store_state(f->ag->store, &s);
	if (f->paused)
		return "paused";
	if (pool_catalogue(f->ag->pool) == NULL)
		return "no worker has started yet";
	if (!f->recovered)
		return "the store is being read";
	if (s.trouble_code != 0)
		return s.trouble_code == E_FULL ? "the disk is full" : "the store is in trouble";
	if (s.disk_free >= 0 && s.disk_free < f->ag->config->results.disk_min_bytes)
		return "too little disk is free (results.disk_min)";
	if (s.result_bytes >= f->ag->config->results.spool_max_bytes)
		return "the spool is full (results.spool_max)";
	if (f->claim.not_before > loop_now(f->ag->loop))
		return "the instance takes no claims just now";
	if (intake_room(f) == 0)
		return "as many jobs wait as may (jobs.waiting_max)";
	return NULL;
}

void
intake_freed(struct flow *f)
{
	if (!f->intake.no_room || intake_room(f) < f->ag->config->poll.batch / 2)
		return;
	f->intake.no_room = false;
	intake_soon(f);
}

/* --- the rows have come ----------------------------------------------------- */

static struct arrival *
arrival_new(struct flow *f, size_t max)
{
	struct arrival *a = xcalloc(1, sizeof(*a));

	a->f = f;
	a->jobs = xcalloc(max, sizeof(struct job *));
	a->ids = xcalloc(max, sizeof(char *));
	return a;
}

static void
arrival_add(struct arrival *a, struct job *j)
{
	a->jobs[a->n] = j;
	a->ids[a->n++] = j->id;
	a->f->counts.fetched++;
}

static void
arrival_free(struct arrival *a)
{
	free(a->jobs);
	free(a->ids);
	free(a);
}

/* The instance says ready, but we have been here: its rule did not run, or somebody reset it. */
static void
known_already(struct flow *f, struct job *j, const struct job_row *row)
{
	const char *ids[] = { j->id };
	char claim[33];

	f->counts.duplicates++;
	if (strcmp(row->hash, j->hash) != 0)
		log_warn("intake", "job %s came again with other content: not run, the first answer stands", j->id);
	else
		log_info("intake", "job %s came again (%s here): not run twice", j->id, stage_name(row->stage));
	if (row->stage >= STAGE_DONE) {
		seal_id(claim, "claim", j->id, (uint64_t)os_time_ms());
		instance_claim(f->ag->instance, agent_queue_name(f->ag), claim, "processed", ids, 1, NULL, NULL);
	} else if (row->stage == STAGE_INTENT) {
		store_forget(f->ag->store, j->id, NULL, NULL);	/* given back, but the disk would not note it */
	}
}

static void
seen_done(void *arg, int r, struct job_row *rows, size_t n)
{
	struct arrival *a = arg;
	struct flow *f = a->f;
	size_t i, k, left = 0;

	f->intake.arriving--;
	for (i = 0; i < a->n; i++) {
		struct job *j = a->jobs[i];
		const struct job_row *known = NULL;

		for (k = 0; k < n; k++)
			if (strcmp(rows[k].id, j->id) == 0)
				known = &rows[k];
		if (r < 0 || known != NULL || f->closing) {
			if (known != NULL && !f->closing)
				known_already(f, j, known);
			flow_job_gone(j);
			continue;
		}
		a->jobs[left++] = j;
	}
	if (r < 0)
		store_watch(f);
	if (left > 0)
		claim_begin(f, a->jobs, left);
	arrival_free(a);
}

static void
arrival_go(struct arrival *a)
{
	if (a->n == 0) {
		arrival_free(a);
		return;
	}
	a->f->intake.arriving++;
	store_seen(a->f->ag->store, a->ids, a->n, seen_done, a);
}

/* Its payload is gone for good: the instance hears so by the same road. */
void
intake_refuse(struct flow *f, const struct ecc_row *row, const char *why)
{
	struct arrival *a;

	if (job_table_find(&f->jobs, row->sys_id) != NULL)
		return;
	a = arrival_new(f, 1);
	arrival_add(a, job_from_row(f, row));
	result_refuse(a->jobs[0], CLASS_BAD_PARAM, "the payload attachment can't be had: %s", why);
	arrival_go(a);
}

void
intake_rows(struct flow *f, const struct ecc_row *rows, size_t n)
{
	struct arrival *a = arrival_new(f, n);
	size_t i;

	for (i = 0; i < n; i++) {
		if (control_takes(rows[i].topic)) {
			control_take(f, &rows[i]);
			continue;
		}
		if (f->intake.rests[0] != '\0' || job_table_find(&f->jobs, rows[i].sys_id) != NULL)
			continue;
		if (row_is_attached(&rows[i])) {
			attached_fetch(f, &rows[i]);
			continue;
		}
		arrival_add(a, job_from_row(f, &rows[i]));
	}
	arrival_go(a);
}

/* --- asking ------------------------------------------------------------------- */

/* After a good answer: at once when it was full of NEWS, soon when it had some, later when it had none. */
static int64_t
next_pause(struct flow *f, size_t got, bool news)
{
	const struct config *c = f->ag->config;
	struct intake *in = &f->intake;
	/* Then it will be said when there is work; that midd may ask again is said by nobody. */
	bool told = in->rests[0] == '\0' && instance_push_is_up(f->ag->instance);
	int64_t max = told ? c->poll.pushed_ms : c->poll.max_ms;

	if (got >= (size_t)in->limit && in->limit > 0) {
		in->interval_ms = c->poll.min_ms;
		return news && in->rests[0] == '\0' ? 0 : in->interval_ms;
	}
	if (got > 0)
		in->interval_ms = c->poll.min_ms;
	else if (told)
		in->interval_ms = max;
	else if (in->interval_ms < max)
		in->interval_ms = in->interval_ms * 3 / 2 + 1;
	if (in->interval_ms > max)
		in->interval_ms = max;
	return jittered(in->interval_ms);
}

static int64_t
failure_pause(struct flow *f, const struct verdict *v)
{
	int64_t pause = f->ag->config->poll.min_ms;
	int i;

	f->intake.failures++;
	snprintf(f->intake.failure, sizeof(f->intake.failure), "%s", v->why);
	for (i = 1; i < f->intake.failures && pause < FAILURE_PAUSE_MAX; i++)
		pause *= 2;
	if (pause > FAILURE_PAUSE_MAX)
		pause = FAILURE_PAUSE_MAX;
	pause = jittered(pause);
	return v->retry_after_ms > pause ? v->retry_after_ms : pause;
}

static void
poll_done(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	struct flow *f = arg;
	int64_t pause;
	int before = f->intake.arriving;

	f->intake.asking = false;
	f->intake.last_at = loop_now(f->ag->loop);
	if (f->closing)
		return;
	if (v->said != SAID_YES) {
		pause = failure_pause(f, v);
		log_event(EV_NO_WORK, f->intake.failures == 1 ? LOG_LV_WARN : LOG_LV_DEBUG, "intake",
		    "the instance gave no work: %s; asked again in %lld s", v->why, (long long)(pause + 999) / 1000);
		arm(f, pause);
		return;
	}
	if (f->intake.failures > 0) {
		log_info("intake", "the instance answers again");
		deliver_hurry(f);
	}
	f->intake.failures = 0;
	if (n > 0) {
		f->intake.tokens = PUSHED_BURST;
		instance_push_proved(f->ag->instance);
		intake_rows(f, rows, n);
	}
	pause = next_pause(f, n, f->intake.arriving > before);
	if (pause == 0 && (f->claim.batches > 0 || f->intake.arriving > 0)) {
		f->intake.full = true;		/* claim.c asks again as soon as it can */
		pause = jittered(f->intake.interval_ms);
	}
	arm(f, pause);
	if (f->intake.again) {
		f->intake.again = false;
		intake_pushed(f);
	}
}

static void
poll_now(void *arg)
{
	struct flow *f = arg;
	const char *why_not;

	if (f->intake.asking || f->closing || f->stopping)
		return;
	why_not = intake_why_not(f);
	if (why_not == NULL && !self_ready(f->ag->self))
		why_not = self_trouble(f->ag->self);
	if (self_sys_id(f->ag->self)[0] == '\0') {
		f->intake.rests = why_not == NULL ? "" : why_not;
		arm(f, f->ag->config->poll.min_ms);
		return;
	}
	pushed_follow(f);
	f->intake.rests = why_not == NULL ? "" : why_not;
	f->intake.limit = why_not == NULL ? intake_room(f) : CONTROL_BATCH;
	f->intake.asking = true;
	f->intake.full = false;
	f->intake.no_room = why_not != NULL && intake_room(f) == 0;
	instance_poll(f->ag->instance, agent_queue_name(f->ag), why_not == NULL ? POLL_ALL : POLL_CONTROL,
	    (unsigned)f->intake.limit, poll_done, f);
}

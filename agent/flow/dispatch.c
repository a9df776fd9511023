/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch - which job runs next: lanes with slots of their own, aging so that
 * none waits for ever, limits per target, back-off and the target's breaker.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "workers/pool.h"

#define LENT_LOOK_MS 500
#define SCAN_MAX 1000	/* waiting jobs looked at in one lane and turn */

#define WAIT_TOLD_MS 100
#define LANE_FULL "a free slot in its lane"

enum may { MAY_RUN, MAY_LATER, MAY_NEVER };

int
dispatch_waiting(const struct flow *f)
{
	int i, n = 0;

	for (i = 0; i < LANES; i++)
		n += f->lane[i].n;
	return n;
}

const char *
dispatch_why(const struct job *j)
{
	const struct flow *f = j->flow;

	if (f->stopping || f->paused)
		return f->stopping ? "the next start: midd stops" : "midctl resume: midd is paused";
	if (j->waits_for[0] != '\0')
		return j->waits_for;
	return f->running[j->lane] >= f->ag->config->jobs.lane[j->lane] ? LANE_FULL : "its turn";
}

void
dispatch_was_paused(struct flow *f)
{
	struct job *j;
	int i;

	for (i = 0; i < LANES; i++)
		for (j = f->lane[i].first; j != NULL; j = j->next)
			j->waits_for = "midctl resume: midd was paused";
}

/* It is about to run. Most wait no time to speak of. */
static void
note_wait(struct job *j, int64_t now)
{
	j->waited[0] = '\0';
	if (now - j->waits_since >= WAIT_TOLD_MS)	/* those behind the first of a full lane were not looked at */
		snprintf(j->waited, sizeof(j->waited), "%s", j->waits_for[0] != '\0' ? j->waits_for : LANE_FULL);
}

void
dispatch_add(struct job *j)
{
	j->waits_for = "";
	if (j->out == NULL && j->cancel_class != 0)
		result_refuse(j, j->cancel_class, "%s", j->cancel_why);
	if (j->out != NULL && j->out->ended) {	/* refused at intake: no worker needed */
		spool_ended(j);
		return;
	}
	j->at = AT_WAITING;
	j->waits_since = loop_now(j->flow->ag->loop);
	job_list_add(&j->flow->lane[j->lane], j);
	dispatch_kick(j->flow);
}

static bool
has_target(const struct flow *f, const struct job *j)
{
	return j->source[0] != '\0' && pool_topic(f->ag->pool, j->topic).network;
}

static int
running_on(const struct flow *f, const char *source)
{
	const struct job *j;
	int n = 0;

	if (f->runs_on[job_hash(source) % JOB_SOURCES] == 0)	/* nearly always, and nobody need be looked at */
		return 0;
	for (j = f->runs.first; j != NULL; j = j->next)
		n += strcmp(j->source, source) == 0;
	return n;
}

/* *WAKE_MS: when to look again, if sooner than it says. */
static void
wake_by(int64_t *wake_ms, int64_t in_ms)
{
	if (*wake_ms < 0 || in_ms < *wake_ms)
		*wake_ms = in_ms;
}

static enum may
may_pass(struct job *j)
{
	int r = gate_ask(j);

	if (r < 0)
		j->waits_for = j->waits_text;
	return r > 0 ? MAY_RUN : r == 0 ? MAY_LATER : MAY_NEVER;
}

/* How long the instance has not been heard; -1: not at all in this life. */
static int64_t
silence_ms(const struct flow *f, int64_t now)
{
	struct instance_state st;

	instance_state(f->ag->instance, &st);
	if (!f->recovered || st.last_answer_ms < 0)
		return -1;
	return now - (st.connected || st.since_ms > st.last_answer_ms ? st.last_answer_ms : st.since_ms);
}

/* A part of a discovery that is ours for so long only as the instance hears of us (parameter lease, seconds): it may by now
 * have been given to another agent, and two are not to ask one range at once. */
static bool
is_lent(const struct flow *f, const struct job *j, int64_t now)
{
	const struct job *parent = job_has_parent(j) ? job_table_find(&f->jobs, j->parent) : NULL;
	int64_t lease = parent == NULL ? 0 : strtoll(json_str(parent->params, "lease", "0"), NULL, 10), silent;

	if (lease <= 0)
		return true;
	silent = silence_ms(f, now);
	return silent >= 0 && silent / 1000 < lease;
}

static enum may
may_run(struct flow *f, struct job *j, int64_t now, int64_t *wake_ms)
{
	int64_t limit = f->ag->config->jobs.per_target, wait;

	if (!is_lent(f, j, now)) {
		wake_by(wake_ms, LENT_LOOK_MS);
		j->waits_for = "the instance: it may have given this discovery to another agent";
		return MAY_LATER;
	}

	if (j->not_before > now) {
		wake_by(wake_ms, j->not_before - now);
		j->waits_for = "its next try: it failed before";
		return MAY_LATER;
	}
	if (!has_target(f, j))
		return may_pass(j);
	wait = breakers_wait(f->targets, j->source, now);
	if (wait > 0) {
		snprintf(j->waits_text, sizeof(j->waits_text),
		    "%.60s did not answer before: left alone for another %lld s", j->source,
		    (long long)(wait + 999) / 1000);
		j->waits_for = j->waits_text;
		j->gate_class = CLASS_UNREACHABLE;
		return MAY_NEVER;
	}
	if (running_on(f, j->source) >= limit) {
		snprintf(j->waits_text, sizeof(j->waits_text), "a job on %.60s to end: %lld run there (jobs.per_target)",
		    j->source, (long long)limit);
		j->waits_for = j->waits_text;
		return MAY_LATER;
	}
	return may_pass(j);
}

/* Waited long enough: to the end of the next better lane. */
static void
age_lane(struct flow *f, int lane, int64_t now)
{
	struct job *j, *next;
	int n = 0;

	if (lane == 0 || f->ag->config->jobs.aging_ms <= 0)
		return;
	for (j = f->lane[lane].first; j != NULL && n < SCAN_MAX; j = next, n++) {
		next = j->next;
		if (now - j->seen_at < f->ag->config->jobs.aging_ms * (j->priority - lane + 1))
			break;	/* those behind it are younger */
		j->lane = lane - 1;
		job_list_add(&f->lane[lane - 1], j);
	}
}

/* False: the workers have no room; the pool will say when they have. */
static bool
fill_lane(struct flow *f, int lane, int64_t now, int64_t *wake_ms)
{
	struct job *j, *next;
	int n = 0, r;

	for (j = f->lane[lane].first; j != NULL && n < SCAN_MAX; j = next, n++) {
		next = j->next;
		if (f->running[lane] >= f->ag->config->jobs.lane[lane]) {
			j->waits_for = LANE_FULL;
			return true;
		}
		switch (may_run(f, j, now, wake_ms)) {
		case MAY_LATER:
			continue;
		case MAY_NEVER:
			job_list_out(j);
			result_refuse(j, j->gate_class, "%s", j->waits_for);
			spool_ended(j);
			continue;
		case MAY_RUN:
			break;
		}
		note_wait(j, now);
		r = run_begin(j, j->deaths > 0);
		if (r == -E_AGAIN) {
			j->waits_for = "a worker with room";
			if (j->deaths == 0)
				return false;
		}
	}
	return true;
}

static void
dispatch_run(void *arg)
{
	struct flow *f = arg;
	int64_t now = loop_now(f->ag->loop), wake_ms = -1;
	int i;

	f->dispatch_due = false;
	if (f->closing || f->stopping || f->paused)
		return;
	for (i = 1; i < LANES; i++)
		age_lane(f, i, now);
	for (i = 0; i < LANES; i++)
		if (!fill_lane(f, i, now, &wake_ms))
			break;
	if (wake_ms >= 0)
		loop_timer_arm(f->dispatch_timer, wake_ms);
}

void
dispatch_kick(struct flow *f)
{
	if (f->dispatch_due || f->closing)
		return;
	f->dispatch_due = true;
	loop_defer(f->ag->loop, dispatch_run, f);
}

void
dispatch_room(void *flow)
{
	dispatch_kick(flow);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - the road as a whole: opened, paused, stopped, closed. The stages in
 * their order:
 *
 *	intake.c ► claim.c ► accept.c ► dispatch.c ► run.c ► result.c ► sealing.c ► spool.c ► deliver.c
 *
 * recover.c puts jobs of an earlier life back onto it; control.c runs beside it.
 */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "discovery/discovery.h"
#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "self.h"
#include "store/store.h"
#include "xalloc.h"

#define STORE_LOOK_MS 1000
#define TARGETS_MAX 1024
#define TARGET_FAILURES 3
#define TARGET_PAUSE_MS 300000	/* "a failing target is left alone for 5 minutes" (spec 11.1) */

static void store_look(void *arg);
static void stop_late(void *arg);

void
flow_open(struct flow **out, struct agent *ag)
{
	struct flow *f = xcalloc(1, sizeof(*f));

	f->ag = ag;
	f->paused_by = store_get_now(ag->store, "paused");
	f->paused = f->paused_by != NULL;
	f->runs.by_source = f->runs_on;
	f->targets = breakers_new(TARGETS_MAX, TARGET_FAILURES, TARGET_PAUSE_MS);
	f->store_timer = loop_timer_new(ag->loop, store_look, f);
	f->stop_timer = loop_timer_new(ag->loop, stop_late, f);
	f->dispatch_timer = loop_timer_new(ag->loop, dispatch_room, f);
	intake_init(f);
	control_init(f);
	deliver_init(f);
	recover_begin(f);
	intake_soon(f);
	*out = f;
}

/* --- jobs that leave memory -------------------------------------------------------- */

void
flow_job_settle(struct job *j)
{
	if (j->gone && j->noting == 0 && j->sealing == 0)
		job_free(j);
}

void
flow_job_gone(struct job *j)
{
	if (job_has_parent(j) && !j->flow->closing)
		discovery_gone(j->flow->ag->discovery, j);
	job_list_out(j);
	job_table_out(&j->flow->jobs, j);
	j->gone = true;
	flow_job_settle(j);
}

/* --- a store in trouble -------------------------------------------------------------- */

static void
looked(void *arg, int r, const struct err *err)
{
	struct flow *f = arg;
	struct job *j;
	int n;

	if (f->closing)
		return;
	if (r == -E_DAMAGED && !f->stopping)	/* what is in memory can't be trusted to match the disk: begin from the disk */
		agent_stop(f->ag, err->text, true);
	if (r < 0) {
		loop_timer_arm(f->store_timer, STORE_LOOK_MS);
		return;
	}
	for (n = f->stuck.n; n > 0 && (j = f->stuck.first) != NULL; n--) {
		void (*retry)(struct job *) = j->stuck;

		job_list_add(&f->outgoing, j);
		retry(j);
	}
	sealing_retry(f);
	deliver_kick(f);
	intake_rest(f);
}

/* A commit of nothing much tells whether it can commit again. */
static void
store_look(void *arg)
{
	struct flow *f = arg;
	char now[32];

	snprintf(now, sizeof(now), "%lld", (long long)os_time_ms());
	store_set(f->ag->store, "looked", now, looked, f);
}

void
store_watch(struct flow *f)
{
	if (!f->closing && !loop_timer_armed(f->store_timer))
		loop_timer_arm(f->store_timer, STORE_LOOK_MS);
}

bool
store_gave_up(struct job *j, int r, const struct err *err)
{
	if (r != -E_NONE && r != -E_BAD)
		return false;
	log_err("store", "job %s (%s): %s; let go here, the instance is asked about it at the next start",
	    j->id, job_at_name(j->at), err->text);
	flow_job_gone(j);
	return true;
}

void
store_stuck(struct job *j, void (*retry)(struct job *))
{
	j->stuck = retry;
	job_list_add(&j->flow->stuck, j);
	store_watch(j->flow);
}

/* --- pause and cancel ------------------------------------------------------------------ */

void
flow_pause(struct flow *f, const char *by)
{
	if (f->paused)
		return;
	f->paused = true;
	free(f->paused_by);
	f->paused_by = xstrdup(by);
	store_set(f->ag->store, "paused", by, NULL, NULL);
	store_event(f->ag->store, LOG_LV_WARN, "flow", "", "paused");
	log_event(EV_PAUSED, LOG_LV_WARN, "flow", "paused by %s: no new job is fetched or begun; midctl resume", by);
	self_status(f->ag->self, "Paused");
}

void
flow_resume(struct flow *f, const char *by)
{
	if (!f->paused)
		return;
	f->paused = false;
	dispatch_was_paused(f);
	free(f->paused_by);
	f->paused_by = NULL;
	store_set(f->ag->store, "paused", NULL, NULL, NULL);
	store_event(f->ag->store, LOG_LV_INFO, "flow", "", "resumed");
	log_event(EV_RESUMED, LOG_LV_INFO, "flow", "resumed by %s", by);
	self_status(f->ag->self, "Up");
	intake_soon(f);
	dispatch_kick(f);
}

bool
flow_paused(const struct flow *f)
{
	return f->paused;
}

void
flow_poll_now(struct flow *f)
{
	intake_soon(f);
}

void
flow_room(struct flow *f)
{
	dispatch_kick(f);
}

void
flow_reconfigured(struct flow *f)
{
	breaker_init(&f->deliver.breaker, 1, f->ag->config->results.retry_min_ms,
	    f->ag->config->results.retry_max_ms);
	intake_soon(f);
	dispatch_kick(f);
	deliver_kick(f);
}

static bool
is_meant(const struct job *j, const char *id, const char *correlator)
{
	if (id != NULL)
		return strcmp(j->id, id) == 0;
	return correlator == NULL || strcmp(j->correlator, correlator) == 0;
}

static int
cancel_waiting(struct flow *f, struct job_list *l, const char *id, const char *correlator, const char *why)
{
	struct job *j, *next;
	int n = 0;

	for (j = l->first; j != NULL; j = next) {
		next = j->next;
		if (!is_meant(j, id, correlator))
			continue;
		n++;
		if (discovery_serves(j->topic) && j->attempts > 0) {	/* it has parts from an earlier life: it ends them */
			run_cancel(j, CLASS_CANCELLED, why);
			continue;
		}
		if (discovery_serves(j->topic))
			discovery_note_cancel(f->ag->discovery, j, CLASS_CANCELLED, why);
		job_list_out(j);
		result_refuse(j, CLASS_CANCELLED, "%s", why);
		spool_ended(j);
	}
	return n;
}

/* On its way to the lanes, for the first time or again: dispatch_add() sees that it was cancelled. */
static int
cancel_coming(struct flow *f, const char *id, const char *correlator, const char *why)
{
	struct job *j;
	int n = 0;
	unsigned i;

	for (i = 0; i < JOB_BUCKETS; i++)
		for (j = f->jobs.bucket[i]; j != NULL; j = j->same_hash)
			if (j->run == NULL && j->out == NULL && j->at != AT_WAITING && is_meant(j, id, correlator)) {
				run_cancel(j, CLASS_CANCELLED, why);
				n++;
			}
	return n;
}

static int
cancel_running(struct job_list *l, const char *id, const char *correlator, const char *why)
{
	struct job *j, *next;
	int n = 0;

	for (j = l->first; j != NULL; j = next) {
		next = j->next;
		if (is_meant(j, id, correlator)) {
			run_cancel(j, CLASS_CANCELLED, why);
			n++;
		}
	}
	return n;
}

/* Without an id or a correlator only what waits, or is on its way to that, is meant. */
int
flow_cancel(struct flow *f, const char *id, const char *correlator, const char *why)
{
	int i, n = 0;

	for (i = 0; i < LANES; i++)
		n += cancel_waiting(f, &f->lane[i], id, correlator, why);
	n += cancel_coming(f, id, correlator, why);
	if (id == NULL && correlator == NULL)
		return n;
	n += cancel_running(&f->runs, id, correlator, why);
	return n + cancel_running(&f->discoveries, id, correlator, why);
}

/* --- the end ------------------------------------------------------------------------------ */

static void
stop_finish(struct flow *f)
{
	void (*done)(void *) = f->stop_done;

	if (done == NULL)
		return;
	f->stop_done = NULL;
	loop_timer_stop(f->stop_timer);
	done(f->stop_arg);
}

static void
stop_late(void *arg)
{
	struct flow *f = arg;

	log_info("flow", "stopping: %d running and what is undelivered go on at the next start", f->runs.n);
	stop_finish(f);
}

void
flow_check_stopped(struct flow *f)
{
	if (f->stopping && f->runs.n == 0 && f->outgoing.n == 0 && f->claim.batches == 0 &&
	    deliver_idle(f))
		stop_finish(f);
}

void
flow_stop(struct flow *f, int64_t grace_ms, void (*done)(void *arg), void *arg)
{
	f->stopping = true;
	f->stop_done = done;
	f->stop_arg = arg;
	loop_timer_arm(f->stop_timer, grace_ms);
	claim_stopping(f);
	deliver_kick(f);
	flow_check_stopped(f);
}

void
flow_closing(struct flow *f)
{
	struct loop_timer *timers[] = {
		f->intake.timer, f->control.timer, f->deliver.timer, f->deliver.aside.timer, f->store_timer,
		f->stop_timer, f->dispatch_timer, f->recover_timer,
	};
	size_t i;

	f->closing = true;
	for (i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		if (timers[i] != NULL)
			loop_timer_stop(timers[i]);
	claim_closing(f);
}

void
flow_close(struct flow *f)
{
	unsigned i;

	if (f == NULL)
		return;
	f->closing = true;
	claim_close(f);
	sealing_close(f);
	intake_fini(f);
	control_fini(f);
	deliver_fini(f);
	loop_timer_free(f->store_timer);
	loop_timer_free(f->stop_timer);
	loop_timer_free(f->dispatch_timer);
	loop_timer_free(f->recover_timer);
	for (i = 0; i < JOB_BUCKETS; i++)
		while (f->jobs.bucket[i] != NULL)
			flow_job_gone(f->jobs.bucket[i]);
	breakers_free(f->targets);
	free(f->paused_by);
	free(f);
}

/* Polling rests with a reason or has happened within reason; nothing ended is forgotten. */
bool
flow_alive(const struct flow *f)
{
	int64_t now = loop_now(f->ag->loop), limit = 3 * f->ag->config->poll.max_ms + 3 * f->ag->config->instance.total_ms;

	if (f->stopping)
		return true;
	if (!f->intake.asking && !loop_timer_armed(f->intake.timer))
		return false;
	return f->intake.last_at < 0 || now - f->intake.last_at < limit || f->intake.failures > 0;
}

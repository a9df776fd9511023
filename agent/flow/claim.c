/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim - notes the intent, then tells the instance that these jobs are ours.
 *
 * One queue.processing input for the whole batch. The intents are durable
 * before the instance hears of it, so a death in between leaves rows we know
 * to ask about. Where the instance's answer is lost, we ask whose they are.
 * So we do of jobs that an earlier life had and that would run now: the state
 * folder may be an old one that was put back, and they may be done since.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "instance/instance.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "store/store.h"
#include "xalloc.h"

#define ASK_AGAIN_MIN 1000
#define ASK_AGAIN_MAX 60000

struct claim_batch {
	struct flow *f;
	struct job **jobs;
	const char **ids;
	size_t n, noted;
	char id[33];
	int64_t pause_ms;
	bool tell_next;			/* when the pause is over: claim, not ask */
	struct loop_timer *timer;
	struct claim_batch *next;
};

static void pause_over(void *arg);
static void tell(struct claim_batch *b);
static void told(void *arg, const struct verdict *v);
static void ask(struct claim_batch *b);
static void asked(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n);

/* --- a batch ------------------------------------------------------------------------- */

static struct claim_batch *
batch_new(struct flow *f, struct job **jobs, size_t n)
{
	struct claim_batch *b = xcalloc(1, sizeof(*b));
	size_t i;

	b->f = f;
	b->n = n;
	b->jobs = xcalloc(n, sizeof(*b->jobs));
	b->ids = xcalloc(n, sizeof(*b->ids));
	b->pause_ms = ASK_AGAIN_MIN / 2;
	b->timer = loop_timer_new(f->ag->loop, pause_over, b);
	seal_id(b->id, "claim", jobs[0]->id, (uint64_t)os_time_ms());
	for (i = 0; i < n; i++) {
		jobs[i]->at = AT_CLAIM;
		b->jobs[i] = jobs[i];
		b->ids[i] = jobs[i]->id;
	}
	b->next = f->claim.first;
	f->claim.first = b;
	f->claim.batches++;
	return b;
}

static void
batch_end(struct claim_batch *b)
{
	struct flow *f = b->f;
	struct claim_batch **at;

	for (at = &f->claim.first; *at != b; at = &(*at)->next)
		;
	*at = b->next;
	f->claim.batches--;
	f->claim.trouble[0] = '\0';
	loop_timer_free(b->timer);
	free(b->jobs);
	free(b->ids);
	free(b);
	if (f->closing)
		return;
	if (f->intake.full)
		intake_soon(f);
	flow_check_stopped(f);
}

/* The disk has what they are: the next life asks. */
static void
leave_all(struct claim_batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->jobs[i] != NULL)
			flow_job_gone(b->jobs[i]);
	batch_end(b);
}

static int64_t
next_pause(const struct claim_batch *b)
{
	return b->pause_ms * 2 > ASK_AGAIN_MAX ? ASK_AGAIN_MAX : b->pause_ms * 2;
}

/* B may be gone after it. */
static void
pause_then(struct claim_batch *b, bool tell_next)
{
	if (b->f->stopping) {
		leave_all(b);
		return;
	}
	b->pause_ms = next_pause(b);
	b->tell_next = tell_next;
	loop_timer_arm(b->timer, b->pause_ms);
}

static void
pause_over(void *arg)
{
	struct claim_batch *b = arg;

	if (b->tell_next)
		tell(b);
	else
		ask(b);
}

/* --- what becomes of a job -------------------------------------------------------------- */

static void
go_on(struct job *j)
{
	if (j->left_at == STAGE_STARTED)
		recover_started(j, "when the agent ended");
	else
		accept_job(j);
}

static void
give_back(struct flow *f, struct job *j)
{
	if (!f->closing)
		store_forget(f->ag->store, j->id, NULL, NULL);
	flow_job_gone(j);
}

/* An earlier life had it, and the instance calls it ended: it was cancelled there, or we have done it since. */
static void
ended_elsewhere(struct job *j)
{
	static const char why[] = "not run: the instance calls it ended, or gave it to another agent. It was cancelled there, or it was done since this"
	    " state folder was copied";
	struct flow *f = j->flow;

	log_warn("claim", "job %s (%s): %s", j->id, j->topic, why);
	store_event(f->ag->store, LOG_LV_WARN, "claim", j->id, why);
	store_cancelled(f->ag->store, j->id, why, os_time_ms(), NULL, NULL);
	flow_cancel_parts(f, j->id, why);
	flow_job_gone(j);
	flow_early_parts(f);
}

/* The same, and the instance does not name it: perhaps it only does not show it to us any more, so it has an answer. */
static void
unknown_there(struct job *j)
{
	log_event(EV_INTERRUPTED, LOG_LV_WARN, "claim", "job %s (%s): the instance does not have it any more: answered \"interrupted, not repeated\"",
	    j->id, j->topic);
	store_drop_results(j->flow->ag->store, j->id, NULL, NULL);
	flow_cancel_parts(j->flow, j->id, "its discovery is not to go on");
	result_refuse(j, CLASS_INTERRUPTED, "interrupted, not repeated: when the agent had started again, the instance did not show this job any more");
	spool_ended(j);
}

/* --- 1. the intents are noted ------------------------------------------------------------- */

struct note { struct claim_batch *b; size_t i; };

static void
noted(void *arg, int r, const struct err *err)
{
	struct note *note = arg;
	struct claim_batch *b = note->b;
	struct job *j = b->jobs[note->i];

	if (r < 0) {
		if (!b->f->closing) {
			log_warn("claim", "job %s stays with the instance: %s", j->id, err->text);
			if (r != -E_EXISTS)
				store_watch(b->f);
		}
		b->jobs[note->i] = NULL;
		flow_job_gone(j);
	}
	free(note);
	if (++b->noted == b->n)
		tell(b);
}

static void
note_intent(struct claim_batch *b, size_t i)
{
	struct job_row row;
	struct err err = { 0 };
	struct note *note = xcalloc(1, sizeof(*note));

	note->b = b;
	note->i = i;
	if (job_to_row(b->f, b->jobs[i], &row, &err) < 0) {
		noted(note, -err.code, &err);
		return;
	}
	store_intend(b->f->ag->store, &row, noted, note);
	job_row_fini(&row);
}

void
claim_begin(struct flow *f, struct job **jobs, size_t n)
{
	struct claim_batch *b = batch_new(f, jobs, n);
	size_t i;

	for (i = 0; i < n; i++)
		note_intent(b, i);
}

/* --- 2. the instance is told ----------------------------------------------------------------- */

static void
tell(struct claim_batch *b)
{
	size_t i, left = 0;

	for (i = 0; i < b->n; i++)
		if (b->jobs[i] != NULL) {
			b->jobs[left] = b->jobs[i];
			b->ids[left] = b->jobs[i]->id;
			left++;
		}
	b->n = left;
	if (left == 0 || b->f->closing) {
		for (i = 0; i < left; i++)
			flow_job_gone(b->jobs[i]);
		batch_end(b);
		return;
	}
	instance_claim(b->f->ag->instance, agent_queue_name(b->f->ag), b->id, "processing",
	    b->ids, b->n, told, b);
}

/* The instance takes no claims just now: ask for no work until the pause is over. */
static void
put_off(struct flow *f, const struct verdict *v)
{
	int64_t pause = f->claim.pause_ms == 0 ? ASK_AGAIN_MIN / 2 : f->claim.pause_ms * 2;

	if (pause > ASK_AGAIN_MAX)
		pause = ASK_AGAIN_MAX;
	f->claim.pause_ms = pause > v->retry_after_ms ? pause : v->retry_after_ms;
	f->claim.not_before = loop_now(f->ag->loop) + f->claim.pause_ms;
	f->intake.full = false;
}

/* For status; the end of a batch takes it back. */
static void
note_trouble(struct flow *f, const struct verdict *v)
{
	snprintf(f->claim.trouble, sizeof(f->claim.trouble), "%s", v->why);
}

/* The instance does not take the claim. What an earlier life had is ours still, and claimed again later. */
static void
not_taken(struct claim_batch *b, const struct verdict *v)
{
	struct flow *f = b->f;
	size_t i, kept = 0;

	put_off(f, v);
	log_warn("claim", "%zu jobs not claimed: %s; they stay with the instance, tried again in %lld s",
	    b->n, v->why, (long long)(f->claim.pause_ms + 999) / 1000);
	for (i = 0; i < b->n; i++) {
		if (b->jobs[i]->left_at > STAGE_INTENT) {
			kept++;
			continue;
		}
		give_back(f, b->jobs[i]);
		b->jobs[i] = NULL;
	}
	if (kept > 0)
		pause_then(b, true);
	else
		batch_end(b);
	note_trouble(f, v);
}

static void
told(void *arg, const struct verdict *v)
{
	struct claim_batch *b = arg;
	struct flow *f = b->f;
	size_t i;

	if (f->closing) {
		leave_all(b);
		return;
	}
	switch (v->said) {
	case SAID_YES:
	case SAID_DUPLICATE:
		f->counts.claimed += b->n;
		f->claim.pause_ms = 0;
		for (i = 0; i < b->n; i++)
			go_on(b->jobs[i]);
		break;
	case SAID_UNSURE:
		log_warn("claim", "%zu jobs: %s; asking whose they are", b->n, v->why);
		note_trouble(f, v);
		ask(b);
		return;
	default:
		not_taken(b, v);
		return;
	}
	batch_end(b);
}

/* --- 3. has it heard? or: of an earlier life, are they ours still? ----------------------------- */

void
claim_ask(struct flow *f, struct job **jobs, size_t n)
{
	ask(batch_new(f, jobs, n));
}

static void
ask(struct claim_batch *b)
{
	instance_rows(b->f->ag->instance, b->ids, b->n, asked, b);
}

/* How the row of J stands, "another's" where it is another agent's now; "": there is none. */
static const char *
state_of(const struct ecc_row *rows, size_t n, const struct job *j)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(rows[i].sys_id, j->id) == 0)
			return j->agent[0] != '\0' && strcmp(rows[i].agent, j->agent) != 0 ? "another's" : rows[i].state;
	return "";
}

static void
settle_one(struct job *j, const char *state)
{
	if (strcmp(state, "processing") == 0)
		go_on(j);
	else if (j->left_at <= STAGE_INTENT)
		give_back(j->flow, j);
	else if (state[0] != '\0')
		ended_elsewhere(j);
	else
		unknown_there(j);
}

/*
 * Ours is accepted, gone is forgotten. What is still ready is claimed again
 * after a pause, and not given back: the claim whose answer we never heard may
 * yet arrive there.
 */
static void
settle(struct claim_batch *b, const struct ecc_row *rows, size_t n)
{
	bool ready = false;
	const char *state;
	size_t i;

	for (i = 0; i < b->n; i++) {
		state = state_of(rows, n, b->jobs[i]);
		if (strcmp(state, "ready") == 0) {
			ready = true;
			continue;
		}
		settle_one(b->jobs[i], state);
		b->jobs[i] = NULL;
	}
	if (ready)
		pause_then(b, true);
	else
		tell(b);
}

static void
asked(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	struct claim_batch *b = arg;
	struct flow *f = b->f;

	if (f->closing) {
		leave_all(b);
		return;
	}
	if (v->said == SAID_YES) {
		settle(b, rows, n);
		return;
	}
	log_warn("claim", "%zu jobs: not known whether they are ours (%s); asked again in %lld s",
	    b->n, v->why, (long long)next_pause(b) / 1000);
	pause_then(b, false);
}

/* --- the end ---------------------------------------------------------------------------------- */

void
claim_stopping(struct flow *f)
{
	struct claim_batch *b, *next;

	for (b = f->claim.first; b != NULL; b = next) {
		next = b->next;
		if (loop_timer_armed(b->timer))
			leave_all(b);
	}
}

void
claim_closing(struct flow *f)
{
	struct claim_batch *b;

	for (b = f->claim.first; b != NULL; b = b->next)
		loop_timer_stop(b->timer);
}

/* Batches that wait for their timer; those in a call end in its callback. */
void
claim_close(struct flow *f)
{
	struct claim_batch *b, *next;

	for (b = f->claim.first; b != NULL; b = next) {
		next = b->next;
		leave_all(b);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover - what an earlier life left on its road goes on, each job from where
 * the disk says it was:
 *
 *	intent     ask the instance whose it is: ours is accepted, else forgotten
 *	accepted   ask whether it is ours still: dispatch, else cancelled
 *	started    repeatable: the same, from the beginning; else answered "interrupted, not repeated"
 *	spooled    deliver, after asking whether it has arrived
 *
 * Then rows which the instance calls ours and "processing" but which our store has
 * never seen (a lost disk) are settled the same way, as if they had been started.
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
#include "self.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

#define AGAIN_MS 2000
#define STRANGERS_MAX 500

/* LAST: the sys_id that the answer ended with; "": it was empty, and so the last. */
struct strangers { struct flow *f; struct job **jobs; const char **ids; size_t n; char last[33]; };

static void ask_strangers(void *arg);

/* --- jobs the store knows ---------------------------------------------------------- */

/* Its first step may have happened. */
void
recover_started(struct job *j, const char *how)
{
	struct pool_topic topic = pool_topic(j->flow->ag->pool, j->topic);

	if (j->out != NULL) {		/* can't be read any more: answered with that */
		spool_ended(j);
	} else if (topic.repeatable) {
		log_info("recover", "job %s (%s) was running %s: it runs again", j->id, j->topic, how);
		run_again(j, false, 0);
	} else {
		log_event(EV_INTERRUPTED, LOG_LV_WARN, "recover", "job %s (%s) was running %s: answered \"interrupted, not repeated\"",
		    j->id, j->topic, how);
		store_drop_results(j->flow->ag->store, j->id, NULL, NULL);
		result_refuse(j, CLASS_INTERRUPTED, "interrupted, not repeated: it was running %s, and %s may not be run twice",
		    how, j->topic);
		spool_ended(j);
	}
}

/* It would run; one that a person has had tried again is no longer the instance's to give. */
static bool
is_asked_for(const struct job *j)
{
	if (j->left_at == STAGE_ACCEPTED)
		return !job_is_own(j) && j->attempts == 0;
	return j->left_at == STAGE_INTENT || (!job_is_own(j) && j->out == NULL && pool_topic(j->flow->ag->pool, j->topic).repeatable);
}

static void
resume(struct flow *f, const struct job_row *row, struct job ***asked, size_t *n)
{
	struct err err = { 0 };
	struct job *j;

	if (job_from_store(f, row, &j, &err) < 0)
		log_err("recover", "job %s: %s", row->id, err.text);
	j->left_at = (int)row->stage;
	if (is_asked_for(j)) {
		j->at = AT_CLAIM;
		(*asked)[(*n)++] = j;
	} else if (row->stage == STAGE_ACCEPTED) {
		dispatch_add(j);
	} else {
		recover_started(j, "when the agent ended");
	}
}

static void
loaded(void *arg, int r, struct job_row *rows, size_t n)
{
	struct flow *f = arg;
	struct job **ask = xcalloc(n, sizeof(*ask));
	size_t i, asked = 0;

	if (f->closing || r < 0) {
		if (!f->closing) {
			log_err("recover", "the store can't be read: tried again");
			loop_timer_arm(f->recover_timer, AGAIN_MS);
		}
		free(ask);
		return;
	}
	for (i = 0; i < n; i++)
		resume(f, &rows[i], &ask, &asked);
	if (n > 0)
		log_info("recover", "%zu jobs of an earlier run go on (%zu to be asked for)", n, asked);
	f->loaded = true;
	if (asked > 0)
		claim_ask(f, ask, asked);
	free(ask);
	deliver_kick(f);
	ask_strangers(f);
}

/* --- rows the instance says are ours ------------------------------------------------- */

static void
strangers_seen(void *arg, int r, struct job_row *rows, size_t n)
{
	struct strangers *s = arg;
	struct flow *f = s->f;
	size_t i, k;
	bool over = s->last[0] == '\0';

	for (i = 0; i < s->n; i++) {
		bool known = r < 0;

		for (k = 0; k < n; k++)
			known = known || strcmp(rows[k].id, s->jobs[i]->id) == 0;
		if (known || f->closing)
			flow_job_gone(s->jobs[i]);
		else
			adopt_job(s->jobs[i]);
	}
	if (r >= 0 && !over)
		memcpy(f->recovered_to, s->last, sizeof(s->last));
	free(s->jobs);
	free(s->ids);
	free(s);
	if (f->closing)
		return;
	if (r < 0) {			/* not known is not "not ours": asked again */
		loop_timer_arm(f->recover_timer, AGAIN_MS);
	} else if (!over) {
		ask_strangers(f);
	} else {
		f->recovered = true;
		intake_soon(f);
	}
}

static void
strangers_come(void *arg, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	struct flow *f = arg;
	struct strangers *s;
	size_t i;

	if (f->closing)
		return;
	if (v->said != SAID_YES) {
		loop_timer_arm(f->recover_timer, v->retry_after_ms > AGAIN_MS ? v->retry_after_ms : AGAIN_MS);
		return;
	}
	s = xcalloc(1, sizeof(*s));
	s->f = f;
	if (n > 0 && strcmp(rows[n - 1].sys_id, f->recovered_to) > 0)	/* else there is no order in them */
		snprintf(s->last, sizeof(s->last), "%s", rows[n - 1].sys_id);
	s->jobs = xcalloc(n, sizeof(*s->jobs));
	s->ids = xcalloc(n, sizeof(*s->ids));
	for (i = 0; i < n; i++) {
		if (control_takes(rows[i].topic) || job_table_find(&f->jobs, rows[i].sys_id) != NULL)
			continue;
		s->jobs[s->n] = job_from_row(f, &rows[i]);
		if (row_is_attached(&rows[i]))	/* its parameters are not in the row: never run without them */
			result_refuse(s->jobs[s->n], CLASS_INTERRUPTED,
			    "interrupted, not repeated: the agent has lost its store, and the payload was attached");
		s->ids[s->n] = s->jobs[s->n]->id;
		s->n++;
	}
	if (s->n == 0)
		strangers_seen(s, 0, NULL, 0);
	else
		store_seen(f->ag->store, s->ids, s->n, strangers_seen, s);
}

static void
ask_strangers(void *arg)
{
	struct flow *f = arg;

	if (!f->loaded) {
		recover_begin(f);
	} else if (self_sys_id(f->ag->self)[0] == '\0') {
		loop_timer_arm(f->recover_timer, AGAIN_MS / 4);	/* not registered yet */
	} else {
		instance_processing(f->ag->instance, agent_queue_name(f->ag), f->recovered_to, STRANGERS_MAX, strangers_come, f);
	}
}

void
recover_begin(struct flow *f)
{
	if (f->recover_timer == NULL)
		f->recover_timer = loop_timer_new(f->ag->loop, ask_strangers, f);
	if (pool_catalogue(f->ag->pool) == NULL) {	/* which of them may be repeated is not known */
		loop_timer_arm(f->recover_timer, AGAIN_MS / 4);
		return;
	}
	store_load(f->ag->store, loaded, f);
}

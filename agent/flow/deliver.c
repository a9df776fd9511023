/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deliver - spooled results go to the instance, oldest first, in batches,
 * until it has said yes to each.
 *
 * A result whose last sending had no clear end, or that an earlier life of
 * this agent may have sent, is asked for first and only then sent again; so is
 * one that the instance calls a duplicate, for it may mean something else.
 * What the instance does not take while it takes others is aside.c's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "flow/shipment.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "store/store.h"
#include "trace/trace.h"
#include "xalloc.h"

#define BATCH_ROWS 50
#define BATCH_BYTES (4u << 20)
#define IN_FLIGHT_MAX 2

static void read_next(struct flow *f);

static unsigned
jitter(void)
{
	uint16_t r;

	os_random(&r, sizeof(r));
	return r % 1024;
}

/* --- after a shipment -------------------------------------------------------------- */

static void
come_back(struct flow *f, int64_t in_ms)
{
	f->deliver.next_at = loop_now(f->ag->loop) + in_ms;
	loop_timer_arm(f->deliver.timer, in_ms);
}

/* BEHIND: after the pause not from the oldest again, but behind what has failed. */
static void
round_over(struct flow *f, int64_t pause, bool behind)
{
	struct deliver *d = &f->deliver;

	d->in_flight--;
	if (f->closing)
		return;
	if (pause > 0) {
		d->again = d->again || !behind;
		come_back(f, pause);
	} else {
		read_next(f);
	}
	flow_check_stopped(f);
}

static void
delivered_noted(void *arg, int r, const struct err *err)
{
	struct flow *f = arg;

	(void)err;
	if (r < 0 && !f->closing) {
		/* The instance has it, or may have, and the disk does not know: it is asked for, not sent again. */
		f->deliver.doubtful = UINT64_MAX;
		f->deliver.again = true;	/* from the oldest, once nothing is on its way */
		store_watch(f);
	}
}

static void
settled(struct flow *f, const struct parcel *p)
{
	aside_taken(&f->deliver.aside, p->row.n);
	store_delivered(f->ag->store, p->row.n, p->row.job, os_time_ms(), delivered_noted, f);
	trace_job(f->ag->trace, p->row.job);
}

static void
has_it(struct flow *f, const struct parcel *p)
{
	f->counts.delivered++;
	settled(f, p);
}

/* True for the first page of a job only: the others say the same. */
static bool
is_news(struct deliver *d, const char *job)
{
	const unsigned max = sizeof(d->partial) / sizeof(d->partial[0]);

	for (unsigned i = 0; i < max; i++)
		if (strcmp(d->partial[i], job) == 0)
			return false;
	snprintf(d->partial[d->partial_at++ % max], sizeof(d->partial[0]), "%s", job);
	return true;
}

/* It has arrived, and some of it was not taken: to be seen at the job, in the log and in the counts. */
static void
refuses_some(struct flow *f, const struct parcel *p, const struct verdict *v)
{
	f->counts.ci_refused++;
	f->cis_refused_at = loop_now(f->ag->loop);
	snprintf(f->cis_refused, sizeof(f->cis_refused), "job %.8s: %.180s", p->row.job, v->why);
	if (is_news(&f->deliver, p->row.job)) {
		log_event(EV_REFUSED_CIS, LOG_LV_WARN, "deliver", "job %s: %s", p->row.job, v->why);
		store_event(f->ag->store, LOG_LV_WARN, "deliver", p->row.job, v->why);
	} else {
		log_debug("deliver", "job %s page %d: %s", p->row.job, p->row.page, v->why);
	}
	store_partial(f->ag->store, p->row.job, v->why, NULL, NULL);
	store_not_taken(f->ag->store, p->row.job);
}

static void
refuses_it(struct flow *f, const struct parcel *p, const struct verdict *v)
{
	aside_refused(&f->deliver.aside, p->row.n, loop_now(f->ag->loop));
	log_event(EV_REFUSED_RESULT, LOG_LV_ERR, "deliver", "job %s page %d: the instance refuses it: %s; kept, offered again in an hour",
	    p->row.job, p->row.page, v->why);
	store_event(f->ag->store, LOG_LV_ERR, "deliver", p->row.job, v->why);
	snprintf(f->deliver.aside.why, sizeof(f->deliver.aside.why), "job %.32s: %.150s", p->row.job, v->why);
}

/* The work is another agent's now: nobody wants the result, so it is settled. */
static void
is_late(struct flow *f, const struct parcel *p, const struct verdict *v)
{
	log_warn("deliver", "job %s page %d: the instance gave this work to another agent: %s; the result is let go",
	    p->row.job, p->row.page, v->why);
	store_event(f->ag->store, LOG_LV_WARN, "deliver", p->row.job, v->why);
	if (p->row.sink == SINK_IRE)
		store_not_taken(f->ag->store, p->row.job);
	settled(f, p);
}

/* 0, or the pause before the next try. */
static int64_t
all_failed(struct flow *f, const struct verdict *v)
{
	struct deliver *d = &f->deliver;
	int64_t pause = breaker_failed(&d->breaker, loop_now(f->ag->loop), v->retry_after_ms, jitter());

	/* The first time, and when the reason changes; a long outage is one line, not one a second. */
	log_event(EV_NOT_DELIVERED, strncmp(d->trouble, v->why, sizeof(d->trouble) - 1) == 0 ? LOG_LV_DEBUG : LOG_LV_WARN, "deliver",
	    "results wait: %s; tried again in %lld s", v->why, (long long)(pause + 999) / 1000);
	d->failures++;
	d->asked_to_wait = v->retry_after_ms >= 0;
	snprintf(d->trouble, sizeof(d->trouble), "%s", v->why);
	return pause > 0 ? pause : 1;
}

static void
answered(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	struct shipment *s = arg;
	struct flow *f = s->f;
	const struct verdict *bad = NULL;
	size_t i, good = 0;
	int64_t pause = 0;
	bool behind = false;

	for (i = 0; i < n && !f->closing; i++) {
		struct parcel *p = a[i].tag;

		switch (v[i].said) {
		case SAID_YES:
			if (v[i].why != NULL && v[i].why[0] != '\0' && p->row.sink == SINK_IRE)
				refuses_some(f, p, &v[i]);
			cis_taken(f, p->row.job, v[i].ids);
			has_it(f, p);
			good++;
			break;
		case SAID_NO:
			if (v[i].status == 410)
				is_late(f, p, &v[i]);
			else
				refuses_it(f, p, &v[i]);
			break;
		case SAID_UNSURE:
		case SAID_DUPLICATE:
			store_result_tried(f->ag->store, p->row.n, true, delivered_noted, f);
			bad = &v[i];
			break;
		default:
			bad = &v[i];
		}
	}
	if (good > 0 && !f->closing) {
		f->deliver.again = aside_passed(f, s) || f->deliver.again;
		breaker_ok(&f->deliver.breaker);
		f->deliver.last_ok_at = loop_now(f->ag->loop);
		if (bad == NULL && n == good)
			f->deliver.trouble[0] = '\0';
	}
	if (bad != NULL && !f->closing) {
		pause = all_failed(f, bad);
		behind = good == 0 && bad->reached && bad->retry_after_ms < 0 && aside_failed(&f->deliver.aside, s, bad->why);
	}
	shipment_free(s);
	round_over(f, pause, behind);
}

/* --- sending ------------------------------------------------------------------------- */

static void
ship(struct shipment *s)
{
	struct flow *f = s->f;
	size_t i;

	shipment_pack(s, agent_queue_name(f->ag));
	for (i = 0; i < s->count; i++)
		if (s->all[i].lost) {
			store_event(f->ag->store, LOG_LV_ERR, "deliver", s->all[i].row.job, "its CIs can't be opened any more");
			has_it(f, &s->all[i]);
		}
	if (s->n == 0) {
		shipment_free(s);
		round_over(f, 0, false);
		return;
	}
	instance_answer(f->ag->instance, s->answers, s->n, answered, s);
}

static void
asked(void *arg, const struct verdict *v, const bool *present, size_t n)
{
	struct shipment *s = arg;
	struct flow *f = s->f;
	size_t i;

	if (f->closing || v->said != SAID_YES) {
		int64_t pause = f->closing ? 0 : all_failed(f, v);

		shipment_free(s);
		round_over(f, pause, false);
		return;
	}
	for (i = 0; i < n; i++)
		if (present[i])
			has_it(f, s->asked[i]);
	shipment_drop_present(s, present, n);
	ship(s);
}

static void
ask_or_ship(struct shipment *s)
{
	size_t n = shipment_doubtful(s, s->f->deliver.doubtful);

	if (n > 0)
		instance_present(s->f->ag->instance, s->ask_ids, s->ask_jobs, n, asked, s);
	else
		ship(s);
}

static void
rows_read(void *arg, int r, struct result_row *rows, size_t n)
{
	struct flow *f = arg;
	struct deliver *d = &f->deliver;
	struct shipment *s;
	size_t i;

	d->reading = false;
	if (f->closing)
		return;
	if (r < 0) {
		store_watch(f);
		come_back(f, 1000);
		return;
	}
	if (n == 0) {
		d->again = aside_round_over(&d->aside, loop_now(f->ag->loop)) || d->again;
		if (d->in_flight == 0 && !d->again)
			d->doubtful = 0;	/* what an earlier life left has been settled */
		if ((d->more || d->again) && !loop_timer_armed(d->timer)) {
			d->more = false;
			read_next(f);	/* AGAIN: a sending failed while we read, and its pause is over already */
		}
		flow_check_stopped(f);
		return;
	}
	s = shipment_new(f, n);
	for (i = 0; i < n; i++) {
		d->after = rows[i].n;
		if (aside_rests(&d->aside, rows[i].n, loop_now(f->ag->loop)) == 0)
			shipment_add(s, &rows[i]);
	}
	if (d->aside.oldest == 0 && s->count > 0)
		d->aside.oldest = s->all[0].row.n;
	d->in_flight++;
	ask_or_ship(s);
	read_next(f);
}

static void
read_next(struct flow *f)
{
	struct deliver *d = &f->deliver;

	if (f->closing || d->reading || d->in_flight >= IN_FLIGHT_MAX ||
	    breaker_wait(&d->breaker, loop_now(f->ag->loop)) > 0)
		return;
	if (d->again && d->in_flight > 0)
		return;		/* from the oldest, but not what is still on its way */
	if (d->again) {
		d->again = false;
		d->after = 0;
		d->aside.oldest = 0;
	}
	d->reading = true;
	d->more = false;
	store_results(f->ag->store, d->after, d->aside.alone > 0 ? 1 : BATCH_ROWS, BATCH_BYTES, rows_read, f);
}

static void
timer_due(void *arg)
{
	read_next(arg);
}

/* From the oldest again, among them those whose rest is over. */
static void
aside_timer_due(void *arg)
{
	struct flow *f = arg;

	aside_due(&f->deliver.aside, loop_now(f->ag->loop));
	f->deliver.again = true;
	read_next(f);
}

void
deliver_kick(struct flow *f)
{
	f->deliver.more = true;
	if (!loop_timer_armed(f->deliver.timer))
		read_next(f);
}

/* The instance has answered something else: no need to wait for the end of our own pause. */
void
deliver_hurry(struct flow *f)
{
	struct deliver *d = &f->deliver;

	if (d->asked_to_wait || breaker_wait(&d->breaker, loop_now(f->ag->loop)) == 0)
		return;
	breaker_ok(&d->breaker);
	loop_timer_stop(d->timer);
	read_next(f);
}

bool
deliver_idle(const struct flow *f)
{
	return !f->deliver.reading && f->deliver.in_flight == 0 && !f->deliver.more;
}

void
deliver_init(struct flow *f)
{
	const struct config *c = f->ag->config;
	struct deliver *d = &f->deliver;

	d->timer = loop_timer_new(f->ag->loop, timer_due, f);
	d->aside.timer = loop_timer_new(f->ag->loop, aside_timer_due, f);
	breaker_init(&d->breaker, 1, c->results.retry_min_ms, c->results.retry_max_ms);
	d->last_ok_at = -1;
	d->doubtful = UINT64_MAX;	/* until the store has told what an earlier life left */
}

void
deliver_fini(struct flow *f)
{
	loop_timer_free(f->deliver.timer);
	f->deliver.timer = NULL;
	loop_timer_free(f->deliver.aside.timer);
	f->deliver.aside.timer = NULL;
}

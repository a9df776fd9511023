/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool - the job's outcome is committed once all its pages are; from then on
 * its answer is due, whatever happens to us.
 */
#include "discovery/discovery.h"
#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "json.h"
#include "log.h"
#include "os.h"
#include "store/store.h"
#include "trace/trace.h"

const int64_t run_limits_ms[RUN_BUCKETS] = { 10, 50, 100, 500, 1000, 5000, 10000, 60000, 300000, 1800000 };

static void
count_time(struct run_times *t, int64_t ms)
{
	int i = 0;

	while (i < RUN_BUCKETS && ms > run_limits_ms[i])
		i++;
	t->bucket[i]++;
	t->sum_ms += ms;
}

static void
count(struct flow *f, const struct outcome *o)
{
	count_time(&f->run_times, o->run_ms > 0 ? o->run_ms : 0);
	if (o->class == CLASS_POISON)
		f->counts.quarantined++;
	else if (o->class != CLASS_OK)
		f->counts.failed++;
	else if (o->partial)
		f->counts.partial++;
	else
		f->counts.ok++;
}

static void
spooled(void *arg, int r, const struct err *err)
{
	struct job *j = arg;
	struct flow *f = j->flow;

	if (f->closing)
		return;		/* flow_close() frees it; the disk says how far it came */
	if (r < 0) {
		if (store_gave_up(j, r, err))
			return;
		log_warn("spool", "job %s: its outcome can't be stored: %s; tried again", j->id, err->text);
		j->out->outcome_sent = false;
		store_stuck(j, spool_ended);
		return;
	}
	count(f, j->out);
	if (j->out->class != CLASS_OK)
		log_event(EV_JOB_FAILED, LOG_LV_INFO, "spool", "job %s (%s%s%s): %s: %s", j->id, j->topic,
		    *j->source != '\0' ? " at " : "", j->source, error_class(j->out->class)->name, error_without_class(j->out->class, j->out->message));
	if (job_is_own(j))
		trace_job(f->ag->trace, j->id);	/* where nothing of it is to be delivered */
	if (job_has_parent(j))
		discovery_ended(f->ag->discovery, j);
	if (discovery_serves(j->topic))
		flow_early_parts(f);
	flow_job_gone(j);
	deliver_kick(f);
	intake_freed(f);
	flow_check_stopped(f);
}

void
spool_ended(struct job *j)
{
	struct outcome *o = j->out;

	j->at = AT_SPOOLING;
	if (j->in == NULL)
		job_list_add(&j->flow->outgoing, j);
	if (o->pages == 0 && !job_is_own(j)) {	/* it never ran: the one page says why */
		result_end(j, o->class, o->message);
		return;
	}
	if (o->moving > 0 || o->outcome_sent || own_is_early(j))
		return;
	o->outcome_sent = true;
	cis_named(j);
	if (job_has_parent(j))
		discovery_note(j->flow->ag->discovery, j);	/* in the same transaction */
	store_spooled(j->flow->ag->store, j->id, o->class, o->partial, o->message, o->run_ms,
	    os_time_ms(), spooled, j);
}

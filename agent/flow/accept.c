/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accept - the job is ours and committed; only now may it run.
 *
 * A store that can't commit keeps the job here: the instance has it as
 * "processing", so nobody else will do it, and a restart asks whose it is.
 */
#include "err.h"
#include "flow/inside.h"
#include "log.h"
#include "os.h"
#include "store/store.h"

static void
accepted(void *arg, int r, const struct err *err)
{
	struct job *j = arg;
	struct flow *f = j->flow;

	if (f->closing) {
		flow_job_gone(j);
		return;
	}
	if (r < 0) {
		if (!store_gave_up(j, r, err))
			store_stuck(j, accept_job);
		return;
	}
	job_forget_raw(j);
	f->counts.accepted++;
	dispatch_add(j);
}

void
accept_job(struct job *j)
{
	j->at = AT_ACCEPT;
	store_accept(j->flow->ag->store, j->id, os_time_ms(), accepted, j);
}

static void
adopted(void *arg, int r, const struct err *err)
{
	struct job *j = arg;
	struct flow *f = j->flow;

	if (f->closing) {
		flow_job_gone(j);
		return;
	}
	if (r < 0 && r != -E_EXISTS) {
		log_warn("recover", "job %s can't be noted: %s; tried again", j->id, err->text);
		store_stuck(j, adopt_job);
		return;
	}
	job_forget_raw(j);
	recover_started(j, "elsewhere");
}

/* One transaction: a death in between must not leave it as one that may simply be run. */
void
adopt_job(struct job *j)
{
	struct store *store = j->flow->ag->store;
	struct job_row row;
	struct err err = { 0 };
	int64_t now = os_time_ms();

	j->at = AT_ACCEPT;
	if (job_to_row(j->flow, j, &row, &err) < 0) {
		log_warn("recover", "job %s can't be sealed: %s", j->id, err.text);
		flow_job_gone(j);
		return;
	}
	store_intend(store, &row, NULL, NULL);
	store_accept(store, j->id, now, NULL, NULL);
	store_started(store, j->id, now, NULL, adopted, j);
	job_row_fini(&row);
}

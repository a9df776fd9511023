/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accept - the job is ours and committed; only now may it run.
 *
 * A store that can't commit keeps the job here: the instance has it as
 * "processing", so nobody else will do it, and a restart asks whose it is.
 */
#include "flow/parts.h"
#include "log.h"
#include "os.h"
#include "store/store.h"

static void
accepted(void *arg, int r, const struct err *err)
{
	struct job *j = arg;
	struct flow *f = j->flow;

	(void)err;
	if (f->closing) {
		flow_job_gone(j);
		return;
	}
	if (r < 0) {
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine - what all runs of a probe share in this worker: opened before the
 * first run that needs it, stepped when its own wait is over.
 */
#include "modules.h"
#include "run.h"
#include "log.h"
#include "waiter.h"

static void
engine_step(void *arg)
{
	struct module *m = arg;
	const char *why;

	m->probe->engine_step(m->engine, waiter_wait(m->self->waiter));
	if (waiter_arm(m->self->waiter, &why) < 0)
		log_err("engine", "%s: %s; it is only stepped when woken", m->probe->name, why);
}

int
engine_need(struct module *m, struct mid_run *r)
{
	struct mid_run *self = m->self;

	if (m->engine_open || m->probe->engine_open == NULL)
		return 0;
	self->failed = false;
	if (m->probe->engine_open(&m->engine, &run_host, self) < 0) {
		run_set_failed(r, self->failed ? self->class : MID_INTERNAL,
		    self->failed ? self->message : "the probe could not open what its runs share, and said not why");
		return -1;
	}
	m->engine_open = true;
	if (m->probe->engine_step != NULL) {
		self->waiter = waiter_new(self->worker->loop, engine_step, m);
		waiter_wake(self->waiter);
	}
	return 0;
}

void
engine_close(struct module *m)
{
	waiter_free(m->self->waiter);
	m->self->waiter = NULL;
	if (m->engine_open && m->probe->engine_close != NULL)
		m->probe->engine_close(m->engine);
	m->engine_open = false;
	m->engine = NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* vitals - takes them; see vitals.h. */
#include "verbs/vitals.h"

#include <json-c/json_object.h>
#include <string.h>

#include "agent.h"
#include "flow/flow.h"
#include "loop.h"
#include "renew.h"
#include "self.h"
#include "workers/pool.h"

void
vitals_take(struct vitals *v, struct agent *ag)
{
	memset(v, 0, sizeof(*v));
	v->now = loop_now(ag->loop);
	v->up_ms = v->now - ag->started_at;
	v->config = ag->config;
	instance_state(ag->instance, &v->instance);
	store_state(ag->store, &v->store);
	os_usage(&v->usage);
	trace_state(ag->trace, &v->trace);
	v->self_trouble = self_trouble(ag->self);
	v->renew_trouble = renew_trouble(ag->renew);
	v->store_note = ag->store_note;
	v->probes_known = pool_catalogue(ag->pool) != NULL;
	v->workers = pool_workers(ag->pool);
	v->flow = flow_state(ag->flow);
	v->pool = pool_state(ag->pool);
}

void
vitals_fini(struct vitals *v)
{
	json_object_put(v->flow);
	json_object_put(v->pool);
	json_object_put(v->stats);
}

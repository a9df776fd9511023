/* SPDX-License-Identifier: Apache-2.0 */
/* pause - no more jobs are taken; what runs goes on. Kept over restarts. */
#include "agent.h"
#include "control.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

void
verb_pause(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object();

	(void)args;
	flow_pause(ag->flow, "the operator");
	store_audit(ag->store, "pause", "", "by the operator");
	json_put_bool(o, "paused", flow_paused(ag->flow));
	control_ok_take(call, o);
}

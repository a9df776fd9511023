/* SPDX-License-Identifier: Apache-2.0 */
/* resume - jobs are taken again, at once. */
#include "agent.h"
#include "control.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

void
verb_resume(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object();

	(void)args;
	flow_resume(ag->flow, "the operator");
	store_audit(ag->store, "resume", "", "by the operator");
	json_put_bool(o, "paused", flow_paused(ag->flow));
	control_ok_take(call, o);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* restart - what runs goes on for a moment, then midd begins anew; nothing is lost. */
#include "agent.h"
#include "control.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

void
verb_restart(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object();

	(void)args;
	store_audit(ag->store, "restart", "", "by the operator");
	json_put_bool(o, "restarting", true);
	control_ok_take(call, o);
	if (!ag->stopping)
		agent_stop(ag, "the operator said restart", true);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* poll - the instance is asked for work at once. */
#include "agent.h"
#include "control.h"
#include "flow/flow.h"
#include "json.h"
#include "verbs/verbs.h"

void
verb_poll(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object(), *state = flow_state(ag->flow);

	(void)args;
	flow_poll_now(ag->flow);
	json_put_bool(o, "asked", true);
	json_put_str(o, "rests", json_str(json_get(state, "poll"), "paused_why", ""));
	json_object_put(state);
	control_ok_take(call, o);
}

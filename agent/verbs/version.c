/* SPDX-License-Identifier: Apache-2.0 */
/* version - of the midd that runs. */
#include <unistd.h>

#include "agent.h"
#include "control.h"
#include "json.h"
#include "loop.h"
#include "verbs/verbs.h"

void
verb_version(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object();

	(void)args;
	json_put_str(o, "version", MIDD_VERSION);
	json_put_int(o, "pid", getpid());
	json_put_int(o, "up_ms", loop_now(ag->loop) - ag->started_at);
	json_put_str(o, "agent", agent_queue_name(ag));
	control_ok_take(call, o);
}

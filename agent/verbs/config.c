/* SPDX-License-Identifier: Apache-2.0 */
/* config - rows of options with the values in force, which a file changed since may not say. */
#include "config/config.h"

#include "agent.h"
#include "control.h"
#include "json.h"
#include "verbs/verbs.h"

void
verb_config(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *o = json_object_new_object();

	(void)args;
	json_put_take(o, "options", config_show(ag->config));
	control_ok_take(call, o);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* probes - what the workers have said they can do: the probes[] of their hello. */
#include "agent.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "verbs/verbs.h"
#include "workers/pool.h"

void
verb_probes(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct json_object *list = pool_catalogue(ag->pool), *o;

	(void)args;
	if (list == NULL) {
		control_no(call, E_NONE, "no worker has said yet what it can do: midctl log tells why");
		return;
	}
	o = json_object_new_object();
	json_put_take(o, "probes", json_object_get(list));
	control_ok_take(call, o);
}

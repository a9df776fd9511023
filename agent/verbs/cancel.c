/* SPDX-License-Identifier: Apache-2.0 */
/* cancel - stops a job that waits or runs; the instance gets an error answer. args: id, why. */
#include <stdlib.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

static void
cancel(struct agent *ag, struct control_call *call, const struct job_row *row)
{
	struct json_object *o;

	if (flow_cancel(ag->flow, row->id, NULL, "cancelled by the operator") == 0) {
		control_no(call, E_BAD, "job %s is %s: there is nothing left to cancel", row->id, stage_name(row->stage));
		return;
	}
	store_audit(ag->store, "cancel", row->id, "by the operator");
	o = json_object_new_object();
	json_put_str(o, "id", row->id);
	json_put_bool(o, "cancelled", true);
	control_ok_take(call, o);
}

void
verb_cancel(void *ctx, struct control_call *call, struct json_object *args)
{
	verbs_find_job(ctx, call, args, cancel);
}

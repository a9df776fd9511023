/* SPDX-License-Identifier: Apache-2.0 */
/* cancel - stops a job that waits or runs; the instance gets an error answer. args: id, why. */
#include <stdio.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

#define WHY_MAX 240

static void
cancel(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	const char *given = json_str(args, "why", "");
	struct json_object *o;
	char why[WHY_MAX];

	snprintf(why, sizeof(why), "cancelled by the operator%s%.200s", given[0] != '\0' ? ": " : "", given);
	if (flow_cancel(ag->flow, row->id, NULL, why) == 0) {
		control_no(call, E_BAD, "job %s is %s: there is nothing left to cancel", row->id, stage_name(row->stage));
		return;
	}
	store_audit(ag->store, "cancel", row->id, why);
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

/* SPDX-License-Identifier: Apache-2.0 */
/* retry - an ended job goes its road again, from accepted. args: id. */
#include <stdlib.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

static void
again(void *arg, int r, const char *id, const char *why)
{
	struct control_call *call = arg;
	struct json_object *o;

	if (r < 0) {
		control_no(call, -r, "%s", why);
		return;
	}
	o = json_object_new_object();
	json_put_str(o, "id", id);
	json_put_bool(o, "again", true);
	control_ok_take(call, o);
}

static void
retry(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	(void)args;
	if (row->stage != STAGE_DONE && row->stage != STAGE_QUARANTINED) {
		control_no(call, E_BAD, "job %s is %s: only an ended one can be tried again", row->id, stage_name(row->stage));
		return;
	}
	store_audit(ag->store, "retry", row->id, "by the operator");
	flow_retry(ag->flow, row->id, again, call);
}

void
verb_retry(void *ctx, struct control_call *call, struct json_object *args)
{
	verbs_find_job(ctx, call, args, retry);
}

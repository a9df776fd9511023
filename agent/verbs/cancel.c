/* SPDX-License-Identifier: Apache-2.0 */
/* cancel - stops a job that waits or runs; the instance gets an error answer. args: id, why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

#define WHY_MAX 240

struct cancelling { struct agent *ag; struct control_call *call; char id[33]; };

/* What is told now is on the disk. */
static void
cancelled(void *arg, int r, const struct err *err)
{
	struct cancelling *c = arg;
	struct json_object *o;

	if (c->ag->closing || r < 0) {
		control_no(c->call, E_OS, "job %s ends, but that can't be noted: %s", c->id, c->ag->closing ? "midd stops" : err->text);
	} else {
		o = json_object_new_object();
		json_put_str(o, "id", c->id);
		json_put_bool(o, "cancelled", true);
		control_ok_take(c->call, o);
	}
	free(c);
}

static void
cancel(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	const char *given = json_str(args, "why", "");
	struct cancelling *c;
	char why[WHY_MAX];

	snprintf(why, sizeof(why), "cancelled by the operator%s%.200s", given[0] != '\0' ? ": " : "", given);
	if (flow_cancel(ag->flow, row->id, NULL, why) == 0) {
		control_no(call, E_BAD, "job %s is %s: there is nothing left to cancel", row->id, stage_name(row->stage));
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->ag = ag;
	c->call = call;
	memcpy(c->id, row->id, sizeof(c->id));
	store_audit_then(ag->store, "cancel", row->id, why, cancelled, c);
}

void
verb_cancel(void *ctx, struct control_call *call, struct json_object *args)
{
	verbs_find_job(ctx, call, args, cancel);
}

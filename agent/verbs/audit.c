/* SPDX-License-Identifier: Apache-2.0 */
/* audit - is the chain of the audit whole: {rows, ok, broken_at}. */
#include "agent.h"
#include "control.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

static void
verified(void *arg, int r, struct json_object *o)
{
	struct control_call *call = arg;

	if (r < 0)
		control_no(call, -r, "the audit cannot be read: midctl log tells more");
	else
		control_ok_take(call, json_object_get(o));
}

void
verb_audit(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;

	(void)args;
	store_audit_verify(ag->store, verified, call);
}

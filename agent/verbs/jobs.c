/* SPDX-License-Identifier: Apache-2.0 */
/* jobs - rows of jobs, newest first. args: failed, open, limit. */
#include "agent.h"
#include "control.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"

static void
listed(void *arg, int r, struct job_row *rows, size_t n)
{
	struct control_call *call = arg;
	struct json_object *o;
	size_t i;

	if (r < 0) {
		control_no(call, -r, "the store cannot be read: midctl log tells more");
		return;
	}
	for (i = 0; i < n; i++)
		control_row_take(call, verbs_job_json(&rows[i]));
	o = json_object_new_object();
	json_put_int(o, "jobs", (int64_t)n);
	control_ok_take(call, o);
}

void
verb_jobs(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	int64_t limit = json_int(args, "limit", 20);
	struct job_filter f = {
		.failed = json_flag(args, "failed", false),
		.open = json_flag(args, "open", false),
		.limit = limit < 1 || limit > 10000 ? 20 : (int)limit,
	};

	store_jobs(ag->store, &f, listed, call);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* log - rows of the integration log, oldest first. args: job (an id or its beginning), limit. */
#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "store/store.h"
#include "verbs/verbs.h"

#define LOG_MAX 2000

static struct json_object *
event_row(struct json_object *e)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "at", json_int(e, "ms", 0));
	json_put_str(o, "level", log_level_name((enum log_level)json_int(e, "level", LOG_LV_INFO)));
	json_put_str(o, "sub", json_str(e, "sub", ""));
	json_put_str(o, "job", json_str(e, "job", ""));
	json_put_str(o, "text", json_str(e, "text", ""));
	return o;
}

static void
events(void *arg, int r, struct json_object *list)
{
	struct control_call *call = arg;
	struct json_object *o;
	size_t i, n = list ? json_object_array_length(list) : 0;

	if (r < 0) {
		control_no(call, -r, "the store cannot be read: look into the journal");
		return;
	}
	for (i = 0; i < n; i++)
		control_row_take(call, event_row(json_object_array_get_idx(list, i)));
	o = json_object_new_object();
	json_put_int(o, "lines", (int64_t)n);
	control_ok_take(call, o);
}

static void
job_events(struct agent *ag, struct control_call *call, const struct job_row *row, struct json_object *args)
{
	(void)args;
	store_events(ag->store, row->id, LOG_MAX, events, call);
}

void
verb_log(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	int64_t limit = json_int(args, "limit", 20);

	if (json_get(args, "id") != NULL)
		verbs_find_job(ag, call, args, job_events);
	else
		store_events(ag->store, NULL, limit < 1 || limit > LOG_MAX ? LOG_MAX : (int)limit, events, call);
}

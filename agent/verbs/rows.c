/* SPDX-License-Identifier: Apache-2.0 */
/* rows - a job as JSON, and the one job somebody means. */
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "control.h"
#include "err.h"
#include "flow/errors.h"
#include "json.h"
#include "os.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

struct json_object *
verbs_job_json(const struct job_row *r)
{
	struct json_object *o = json_object_new_object();
	bool ended = r->stage >= STAGE_SPOOLED && r->stage != STAGE_CANCELLED;

	json_put_str(o, "id", r->id);
	json_put_str(o, "stage", stage_name(r->stage));
	json_put_str(o, "topic", r->topic);
	json_put_str(o, "name", r->name);
	json_put_str(o, "source", r->source);
	json_put_str(o, "correlator", r->correlator);
	json_put_int(o, "priority", r->priority);
	json_put_int(o, "attempts", r->attempts);
	json_put_int(o, "deaths", r->deaths);
	json_put_str(o, "class", ended ? error_class(r->class)->name : NULL);
	json_put_bool(o, "partial", r->partial);
	json_put_str(o, "error", r->error != NULL && r->error[0] != '\0' ? r->error : NULL);
	json_put_str(o, "advice", ended && r->class != CLASS_OK ? error_class(r->class)->advice : NULL);
	json_put_int(o, "pages", r->answers);
	json_put_int(o, "ci_payloads", r->pages - r->answers);
	json_put_int(o, "bytes", r->bytes);
	json_put_str(o, "parent", r->parent[0] == '\0' ? NULL : strcmp(r->parent, "-") == 0 ? "operator" : r->parent);
	json_put_int(o, "run_ms", r->run_ms);
	json_put_int(o, "age_ms", r->created_ms > 0 ? os_time_ms() - r->created_ms : 0);
	json_put_int(o, "fetched_at", r->created_ms);
	json_put_int(o, "accepted_at", r->accepted_ms);
	json_put_int(o, "started_at", r->started_ms);
	json_put_int(o, "spooled_at", r->finished_ms);
	json_put_int(o, "delivered_at", r->delivered_ms);
	return o;
}

struct finding {
	struct agent *ag;
	struct control_call *call;
	verbs_job_fn *fn;
	struct json_object *args;
	char id[33];
};

static void
found(void *arg, int r, struct job_row *rows, size_t n)
{
	struct finding *f = arg;

	if (f->ag->closing)
		control_no(f->call, E_AGAIN, "midd is stopping");
	else if (r < 0)
		control_no(f->call, -r, "the store cannot be read: midctl log tells more");
	else if (n == 0)
		control_no(f->call, E_NONE, "there is no job %s here: midctl jobs lists them", f->id);
	else if (n > 1)
		control_no(f->call, E_BAD, "%s begins the id of more than one job: write more of it", f->id);
	else
		f->fn(f->ag, f->call, &rows[0], f->args);
	json_object_put(f->args);
	free(f);
}

void
verbs_find_job(struct agent *ag, struct control_call *call, struct json_object *args, verbs_job_fn *fn)
{
	const char *id = json_str(args, "id", "");
	size_t n = strlen(id);
	struct finding *f;
	struct job_filter filter = { .limit = 2 };

	if (n < 4 || n > 32 || strspn(id, "0123456789abcdef") != n) {
		control_no(call, E_BAD, "\"%.40s\" is no id of a job: 4 to 32 of the characters 0-9 and a-f", id);
		return;
	}
	f = xcalloc(1, sizeof(*f));
	f->ag = ag;
	f->call = call;
	f->fn = fn;
	f->args = json_object_get(args);
	memcpy(f->id, id, n + 1);
	filter.id = f->id;
	store_jobs(ag->store, &filter, found, f);
}

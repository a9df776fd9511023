/* SPDX-License-Identifier: Apache-2.0 */
/* metrics - {text}: all figures as OpenMetrics text. */
#include "metrics/metrics.h"

#include "agent.h"
#include "buf.h"
#include "control.h"
#include "err.h"
#include "json.h"
#include "verbs/verbs.h"
#include "verbs/vitals.h"

#define METRICS_MAX (256u * 1024)

/* Without the store's counts, which would have to be waited for; so the rules that need them are quiet. */
int
verbs_metrics_text(void *arg, struct buf *out)
{
	struct vitals v;
	int r;

	vitals_take(&v, arg);
	v.stats = json_object_new_object();
	r = metrics_text(out, &v);
	vitals_fini(&v);
	return r;
}

void
verb_metrics(void *ctx, struct control_call *call, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	struct buf text;

	(void)args;
	buf_init(&text, METRICS_MAX);
	(void)verbs_metrics_text(ctx, &text);
	json_put_str(o, "text", buf_str(&text));
	buf_fini(&text);
	control_ok_take(call, o);
}

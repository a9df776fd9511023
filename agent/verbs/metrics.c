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
void
verb_metrics(void *ctx, struct control_call *call, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	struct vitals v;
	struct buf text;

	(void)args;
	vitals_take(&v, ctx);
	v.stats = json_object_new_object();
	buf_init(&text, METRICS_MAX);
	(void)metrics_text(&text, &v);
	json_put_str(o, "text", buf_str(&text));
	buf_fini(&text);
	vitals_fini(&v);
	control_ok_take(call, o);
}

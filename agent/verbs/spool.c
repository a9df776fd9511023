/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool - results that wait for the instance: {results, bytes, max_bytes,
 * disk_free, commit_ms, breaker, next_try_ms, last_ok_ms, failures, trouble,
 * not_taken (why, the last one), store_trouble, oldest: [{job, page, topic, source, bytes, tries, sink,
 * unsure, rests_ms}]}, the oldest 20 of them.
 */
#include <stdlib.h>

#include "agent.h"
#include "config/config.h"
#include "control.h"
#include "err.h"
#include "flow/flow.h"
#include "instance/instance.h"
#include "json.h"
#include "store/store.h"
#include "verbs/verbs.h"
#include "xalloc.h"

#define SHOWN 20
#define SHOWN_BYTES (8u << 20)

static struct json_object *
result_json(struct agent *ag, const struct result_row *r)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "job", r->job);
	json_put_int(o, "page", r->page);
	json_put_str(o, "topic", r->of.topic);
	json_put_str(o, "source", r->of.source);
	json_put_int(o, "bytes", (int64_t)r->blob_len);
	json_put_int(o, "tries", r->tries);
	json_put_str(o, "sink", r->sink == SINK_IRE ? "ire" : "ecc");
	json_put_bool(o, "unsure", r->unsure);
	json_put_int(o, "rests_ms", flow_result_rests(ag->flow, r->n));
	return o;
}

static void
put_state(struct agent *ag, struct json_object *o)
{
	struct json_object *flow = flow_state(ag->flow), *d = json_get(flow, "deliver");
	struct store_state st;

	store_state(ag->store, &st);
	json_put_int(o, "results", st.results);
	json_put_int(o, "bytes", st.result_bytes);
	json_put_int(o, "max_bytes", ag->config->results.spool_max_bytes);
	json_put_int(o, "disk_free", st.disk_free);
	json_put_int(o, "commit_ms", st.commit_ms);
	json_put_str(o, "breaker", json_str(d, "breaker", ""));
	json_put_int(o, "next_try_ms", json_int(d, "next_try_ms", 0));
	json_put_int(o, "last_ok_ms", json_int(d, "last_ok_ms", -1));
	json_put_int(o, "failures", json_int(d, "failures", 0));
	json_put_str(o, "trouble", json_str(d, "trouble", ""));
	json_put_str(o, "not_taken", json_str(d, "aside_why", ""));
	json_put_str(o, "store_trouble", st.trouble);
	json_object_put(flow);
}

struct spooled {
	struct agent *ag;
	struct control_call *call;
};

static void
results(void *arg, int r, struct result_row *rows, size_t n)
{
	struct spooled *s = arg;
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();
	size_t i;

	if (s->ag->closing) {
		json_object_put(list);
		json_object_put(o);
		control_no(s->call, E_AGAIN, "midd is stopping");
		free(s);
		return;
	}
	put_state(s->ag, o);
	for (i = 0; r == 0 && i < n; i++)
		json_add_take(list, result_json(s->ag, &rows[i]));
	json_put_take(o, "oldest", list);
	control_ok_take(s->call, o);
	free(s);
}

void
verb_spool(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct spooled *s = xcalloc(1, sizeof(*s));

	(void)args;
	s->ag = ag;
	s->call = call;
	store_results(ag->store, 0, SHOWN, SHOWN_BYTES, results, s);
}

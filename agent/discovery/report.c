/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report - how far a discovery is, told to the instance now and then while it runs, in the shape of queue.stats: whoever ordered
 * it looks there. Only numbers go out, only when one has changed; one that is lost is made up for by the next.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "config/config.h"
#include "discovery/inside.h"
#include "flow/job.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "seal/seal.h"
#include "self.h"
#include "xalloc.h"

#define TOPIC "queue.discovery"

static const char *const counts[] = { "percent", "addresses", "scanned", "found", "waiting", "asking", "done", "failed", "same" };

struct report { struct going *going; struct answer a; struct buf body; char job[33], correlator[65]; };

static void
reported(void *arg, const struct answer *a, const struct verdict *v, size_t n)
{
	struct report *r = arg;
	struct quest *q = quest_going(r->going);

	(void)a;
	(void)n;
	if (q != NULL) {
		q->report_under_way = false;
		if (v->said != SAID_YES && v->said != SAID_DUPLICATE)
			log_debug("discovery", "job %s: the instance did not take how far it is: %s", q->j->id, v->why);
	}
	buf_fini(&r->body);
	free(r);
}

static void
put(struct buf *b, const char *name, int64_t n)
{
	(void)buf_printf(b, "<metric type=\"counter\" name=\"%s\"><count>%lld</count></metric>", name, (long long)n);
}

/* The counts into B; as a number that tells whether one has changed. */
static unsigned long
put_counts(struct buf *b, struct json_object *state)
{
	unsigned long hash = 5381;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		put(b, counts[i], json_int(state, counts[i], 0));
		hash = hash * 33 + (unsigned long)json_int(state, counts[i], 0);
	}
	return hash;
}

static void
send(struct quest *q, struct report *r)
{
	struct agent *ag = q->d->ag;

	snprintf(r->job, sizeof(r->job), "%s", q->j->id);
	snprintf(r->correlator, sizeof(r->correlator), "%s", q->j->correlator);
	r->a = (struct answer){ .sink = SINK_ECC, .agent = agent_queue_name(ag), .topic = TOPIC, .name = TOPIC, .source = r->job,
		.response_to = "", .correlator = r->correlator, .error_string = "", .priority = 2, .body = buf_str(&r->body),
		.body_len = r->body.len };
	seal_id(r->a.id, TOPIC, q->j->id, (uint64_t)os_time_ms());
	r->going = going_new(q);
	q->report_under_way = true;
	instance_answer(ag->instance, &r->a, 1, reported, r);
}

void
quest_report_arm(struct quest *q)
{
	int64_t every = q->d->ag->config->report.progress_ms;

	if (every > 0 && q->j->parent[0] == '\0' && !q->telling)	/* an operator's own: midctl discovery */
		loop_timer_arm(q->report_timer, every);
}

void
quest_report(void *arg)
{
	struct quest *q = arg;
	int64_t eta;
	struct json_object *state;
	struct report *r;
	unsigned long hash;

	quest_report_arm(q);
	if (q->telling || !q->loaded || q->report_under_way || !self_ready(q->d->ag->self))
		return;
	state = quest_state(q);
	r = xcalloc(1, sizeof(*r));
	buf_init(&r->body, 8192);
	(void)buf_puts(&r->body, "<stats>");
	hash = put_counts(&r->body, state);
	eta = json_int(state, "eta_ms", -1);
	if (eta >= 0)
		put(&r->body, "eta_s", (eta + 999) / 1000);
	(void)buf_puts(&r->body, "</stats>");
	json_object_put(state);
	if (hash == q->reported) {
		buf_fini(&r->body);
		free(r);
		return;
	}
	q->reported = hash;
	send(q, r);
}

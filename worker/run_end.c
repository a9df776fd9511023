/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_end - how a run ends: the probe is closed, its JSON goes through the map
 * if CIs are wanted, all is drained, DONE is said.
 *
 * A map that fails makes the result partial, not failed: the facts are there.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "loop.h"
#include "map.h"
#include "modules.h"
#include "run.h"
#include "spawn.h"
#include "stream.h"
#include "text.h"
#include "waiter.h"

#define ENDING_MS 10000		/* for what cancel() has to end elsewhere */

static void
close_probe(struct mid_run *r)
{
	waiter_free(r->waiter);
	r->waiter = NULL;
	if ((r->opened || r->state != NULL) && r->module->probe->close != NULL)
		r->module->probe->close(r->state);
	r->opened = false;
	r->state = NULL;
	if (r->worker->spawner != NULL)
		spawner_end(r->worker->spawner, r);
	creds_wipe(r);
}

void
run_free(struct mid_run *r)
{
	struct mid_run **at = &r->worker->runs[r->id % WORKER_BUCKETS];

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	map_job_abandon(r->mapping);
	loop_timer_free(r->timer);
	outbox_drop(&r->out);
	asks_free(r);
	free(r->known);
	json_object_put(r->links);
	self_fini(&r->self);
	buf_fini(&r->json);
	json_object_put(r->job);
	free(r);
}

void
run_drop(struct mid_run *r)
{
	if (r->stage <= RUN_STEPS)
		close_probe(r);
	run_free(r);
}

void
run_maybe_done(struct mid_run *r)
{
	struct json_object *o;

	if (r->stage != RUN_DRAINS || !outbox_empty(&r->out))
		return;
	o = json_object_new_object();
	json_put_int(o, "class", r->class);
	json_put_str(o, "message", r->message);
	json_put_int(o, "ms", loop_now(r->worker->loop) - r->begun_ms);
	json_put_int(o, "cpu_us", r->cpu_us);
	stream_send_json_take(r->worker->stream, FRAME_DONE, r->id, o);
	run_free(r);
}

/* --- while the map is at work ---------------------------------------------------------------------------- */

void
run_map_partial(struct mid_run *r, const char *why)
{
	struct json_object *o = json_object_new_object();
	char text[RUN_MESSAGE_MAX];

	snprintf(text, sizeof(text), "no CIs were made: %.360s", why);
	text_clean(text);
	json_put_str(o, "message", text);
	stream_send_json_take(r->worker->stream, FRAME_PARTIAL, r->id, o);
}

void
run_drain(struct mid_run *r)
{
	if (r->timer != NULL)
		loop_timer_stop(r->timer);
	r->stage = RUN_DRAINS;
	run_maybe_done(r);
}

/* The deadline or a cancel while the map was at work. */
static void
end_map(struct mid_run *r, enum mid_class class, const char *message)
{
	map_job_abandon(r->mapping);
	r->mapping = NULL;
	if (class == MID_CANCELLED) {
		r->class = class;
		snprintf(r->message, sizeof(r->message), "%s", message);
	} else {
		run_map_partial(r, "the map took too long");
	}
	run_drain(r);
}

/* --- the end ------------------------------------------------------------------------------ */

static void
set_end(struct mid_run *r, enum mid_class class, const char *message)
{
	r->class = class;
	snprintf(r->message, sizeof(r->message), "%s", message);
	text_clean(r->message);
}

static bool
needs_steps(struct mid_run *r)
{
	const struct mid_probe *p = r->module->probe;

	return r->stage == RUN_STEPS && !r->ending && p->size >= offsetof(struct mid_probe, cancel) + sizeof(p->cancel)
	    && p->cancel != NULL && p->cancel(r->state);
}

/* How far it was is the probe's to say, by fail() in cancel(). */
static void
add_how_far(struct mid_run *r, char *text, size_t size)
{
	size_t n = strlen(text);

	if (r->failed)
		snprintf(text + n, size - n, ": %.300s", r->message);
	else if (json_str(r->job, "address", "")[0] != '\0')
		snprintf(text + n, size - n, ": it is slow or silent; see whether it answers, or give it more time");
	else
		snprintf(text + n, size - n, ": give it more time");
}

void
run_end_soon(struct mid_run *r, enum mid_class class, const char *message)
{
	char text[RUN_MESSAGE_MAX];
	bool steps;

	r->failed = false;
	steps = needs_steps(r);
	snprintf(text, sizeof(text), "%s", message);
	if (class == MID_TIMEOUT)
		add_how_far(r, text, sizeof(text));
	if (!steps) {
		run_end(r, class, text);
		return;
	}
	set_end(r, class, text);
	r->ending = true;
	loop_timer_arm(r->timer, ENDING_MS);
	waiter_wake(r->waiter);
}

void
run_end(struct mid_run *r, enum mid_class class, const char *message)
{
	if (r->stage == RUN_MAPS || r->stage == RUN_ASKS) {
		end_map(r, class, message);
		return;
	}
	if (r->stage == RUN_DRAINS) {	/* a cancel: nobody wants the rest */
		outbox_drop(&r->out);
		run_maybe_done(r);
		return;
	}
	close_probe(r);
	if (!r->ending)
		set_end(r, class, message);
	class = r->class;
	if (class == MID_CANCELLED)
		outbox_drop(&r->out);
	if (class == MID_OK && r->json_cut)
		run_map_partial(r, "the facts are too large for the map");
	else if (class == MID_OK && r->map && r->json.len > 0) {
		run_map(r);
		return;
	}
	run_drain(r);
}

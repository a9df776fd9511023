/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_link_runs - the runs in a worker: what it says about them is checked
 * against where each run stands, then handed to the run's owner.
 *
 * A worker that breaks the order or the window has been taken over or is
 * broken: the caller kills it.
 */
#include <assert.h>
#include <json-c/json_object_iterator.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "loop.h"
#include "os.h"
#include "worker_link_inside.h"
#include "xalloc.h"
#include "xml.h"

#define KIND_MAX 5		/* enum mid_kind of the probe ABI */
#define CREDENTIAL_MAX (60u * 1024)
#define UNREAD_MAX (64u << 20)	/* bytes, and frames, of ours that wait for a worker that goes on talking */
#define UNREAD_FRAMES_MAX 500000u
#define SAID_MAX 10000u		/* notes, logs, partials, wants of a run: workers stop at some thousand */

/* --- the table of runs -------------------------------------------------------------- */

static struct link_run *
run_find(const struct worker_link *w, uint32_t id)
{
	struct link_run *r = w->runs[id % LINK_BUCKETS];

	while (r != NULL && r->id != id)
		r = r->next;
	return r;
}

struct link_run *
link_run_add(struct worker_link *w, const struct run_events *ev, void *arg)
{
	struct link_run *r = xcalloc(1, sizeof(*r));

	do
		w->last_run++;
	while (w->last_run == 0 || run_find(w, w->last_run) != NULL);
	r->id = w->last_run;
	r->ev = ev;
	r->arg = arg;
	r->next = w->runs[r->id % LINK_BUCKETS];
	w->runs[r->id % LINK_BUCKETS] = r;
	w->nruns++;
	return r;
}

/* Out of the table; the caller frees. */
static void
run_unlink(struct worker_link *w, struct link_run *r)
{
	struct link_run **at = &w->runs[r->id % LINK_BUCKETS];

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	w->nruns--;
}

void
link_lose_runs(struct worker_link *w)
{
	struct link_run *r;
	size_t i;

	for (i = 0; i < LINK_BUCKETS; i++)
		while ((r = w->runs[i]) != NULL) {
			run_unlink(w, r);
			r->ev->lost(r->arg, w->why);
			free(r);
		}
}

/* --- frames ------------------------------------------------------------------------- */

/* BODY is the frame's JSON object, or NULL for types whose body is none. */
typedef int on_frame(struct worker_link *w, struct link_run *r, const struct frame *f,
    struct json_object *body, struct err *err);

static int
on_hello(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)r;
	(void)f;
	if (w->greeted)
		return err_set(err, E_BAD, "a second HELLO");
	if (json_int(body, "protocol", 0) != FRAME_PROTOCOL)
		return err_set(err, E_BAD, "HELLO speaks protocol %d, we speak %d: install midd and midd-worker of one version",
		    (int)json_int(body, "protocol", 0), FRAME_PROTOCOL);
	w->greeted = true;
	w->landlocked = json_int(json_get(body, "guard"), "landlock", 0) > 0;
	loop_timer_stop(w->timer);
	link_busy(w);
	if (w->ev != NULL && w->ev->hello != NULL)
		w->ev->hello(w->arg, body);
	return 0;
}

static int
on_pong(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)r;
	(void)f;
	(void)body;
	(void)err;
	w->unanswered = 0;
	return 0;
}

static int
on_started(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)f;
	(void)body;
	if (r->stage != RUN_SENT)
		return err_set(err, E_BAD, "a second STARTED for run %u", (unsigned)r->id);
	r->stage = RUN_STARTED;
	if (r->ev->started != NULL)
		r->ev->started(r->arg);
	return 0;
}

static int
on_emit(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)body;
	if (r->stage != RUN_GOING)
		return err_set(err, E_BAD, "EMIT before GO in run %u", (unsigned)r->id);
	if (f->detail > KIND_MAX && (f->detail < FRAME_KIND_CI || f->detail > FRAME_KIND_SENT))
		return err_set(err, E_BAD, "EMIT of the unknown kind %u in run %u", f->detail, (unsigned)r->id);
	if (f->len > FRAME_WINDOW - r->in_flight)
		return err_set(err, E_BAD, "EMIT beyond its window in run %u", (unsigned)r->id);
	r->in_flight += f->len;
	if (r->ev->emit != NULL)
		r->ev->emit(r->arg, f->detail, f->body, f->len);
	return 0;
}

static int
on_note(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)f;
	(void)err;
	if (r->ev->note != NULL)
		r->ev->note(r->arg, json_str(body, "name", ""), json_str(body, "value", ""));
	return 0;
}

static int
on_partial(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)f;
	(void)err;
	if (r->ev->partial != NULL)
		r->ev->partial(r->arg, json_str(body, "message", ""));
	return 0;
}

static int
on_log(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)f;
	(void)err;
	if (r->ev->log != NULL)
		r->ev->log(r->arg, (int)json_int(body, "level", 0), json_str(body, "text", ""));
	return 0;
}

static int
on_want(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)f;
	if (r->stage != RUN_GOING)
		return err_set(err, E_BAD, "WANT before GO in run %u", (unsigned)r->id);
	if (r->wanting)
		return err_set(err, E_BAD, "a second WANT in run %u before the first had its answer", (unsigned)r->id);
	r->wanting = true;
	if (r->ev->want != NULL)
		r->ev->want(r->arg, json_str(body, "type", ""), json_str(body, "host", ""));
	else
		worker_link_credential(w, r->id, NULL, NULL, NULL);
	return 0;
}

static int
on_ask(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)f;
	if (r->stage != RUN_GOING || r->asking)
		return err_set(err, E_BAD, "ASK out of turn in run %u", (unsigned)r->id);
	r->asking = true;
	if (r->ev->ask != NULL)
		r->ev->ask(r->arg, json_str(body, "what", ""), json_str(body, "about", ""));
	else
		worker_link_told(w, r->id, "");
	return 0;
}

static int
on_verdict(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)w;
	(void)f;
	(void)err;
	if (r->ev->verdict != NULL)
		r->ev->verdict(r->arg, json_str(body, "id", ""), (int)json_int(body, "verdict", 0),
		    json_str(body, "why", ""));
	return 0;
}

static int
on_done(struct worker_link *w, struct link_run *r, const struct frame *f, struct json_object *body, struct err *err)
{
	(void)f;
	(void)err;
	run_unlink(w, r);
	r->ev->done(r->arg, (int)json_int(body, "class", 0), json_str(body, "message", ""), body);
	free(r);
	link_rest(w);
	return 0;
}

static const struct {
	on_frame *fn;
	bool json;
} handlers[] = {
	[FRAME_HELLO]   = { on_hello, true },
	[FRAME_STARTED] = { on_started, false },
	[FRAME_EMIT]    = { on_emit, false },
	[FRAME_NOTE]    = { on_note, true },
	[FRAME_PARTIAL] = { on_partial, true },
	[FRAME_LOG]     = { on_log, true },
	[FRAME_WANT]    = { on_want, true },
	[FRAME_VERDICT] = { on_verdict, true },
	[FRAME_DONE]    = { on_done, true },
	[FRAME_PONG]    = { on_pong, false },
	[FRAME_ASK]     = { on_ask, true },
};

int
link_frame(struct worker_link *w, const struct frame *f, struct err *err)
{
	struct json_object *body = NULL;
	struct link_run *r = NULL;
	int rc = 0;

	if (w->unsent > UNREAD_FRAMES_MAX || uv_stream_get_write_queue_size((uv_stream_t *)&w->pipe) > UNREAD_MAX)
		return err_set(err, E_FULL, "%s, and it does not read what it is told", frame_name(f->type));
	if (!w->greeted && f->type != FRAME_HELLO)
		return err_set(err, E_BAD, "%s before HELLO", frame_name(f->type));
	if (f->run != 0 && (r = run_find(w, f->run)) == NULL)
		return err_set(err, E_BAD, "%s for run %u, which is not there", frame_name(f->type), (unsigned)f->run);
	if (r != NULL && f->type != FRAME_EMIT && r->said++ >= SAID_MAX)
		return err_set(err, E_BAD, "more than %u frames in run %u", SAID_MAX, (unsigned)r->id);
	if (handlers[f->type].json)
		rc = json_parse(&body, f->body, f->len, frame_name(f->type), err);
	if (rc == 0)
		rc = handlers[f->type].fn(w, r, f, body, err);
	json_object_put(body);
	return rc;
}

/* --- what the owner of a run says ------------------------------------------------------ */

static int
write_request(struct buf *b, const struct run_request *req)
{
	struct json_object *o = json_object_new_object();
	int r;

	json_put_str(o, "topic", req->topic);
	json_put_str(o, "source", req->source);
	json_put_str(o, "name", req->name);
	json_put_str(o, "address", req->address);
	json_put_take(o, "params", json_object_get(req->params));
	json_put_take(o, "xml", json_object_get(req->xml));
	json_put_int(o, "deadline_ms", req->deadline_ms);
	json_put_bool(o, "map", req->map);
	if (req->record)
		json_put_bool(o, "record", true);
	if (req->replay != NULL)
		json_put_str(o, "replay", req->replay);
	json_put_bool(o, "discover", req->discover);
	r = json_write(b, o);
	json_object_put(o);
	return r;
}

int
worker_link_run(struct worker_link *w, const struct run_request *req,
    const struct run_events *ev, void *arg, uint32_t *run, struct err *err)
{
	struct link_run *r;
	struct buf b;

	if (!w->greeted || w->ended || w->exited || w->quitting)
		return err_set(err, E_AGAIN, "the worker is not ready for jobs");
	buf_init(&b, FRAME_BODY_MAX);
	if (write_request(&b, req) < 0) {
		buf_wipe(&b);
		return err_set(err, E_FULL, "the parameters of this %s job are more than %u kB",
		    req->topic, FRAME_BODY_MAX / 1024);
	}
	r = link_run_add(w, ev, arg);
	*run = r->id;
	link_send(w, FRAME_RUN, r->id, b.data, b.len);
	buf_wipe(&b);
	link_busy(w);
	return 0;
}

void
worker_link_go(struct worker_link *w, uint32_t run)
{
	struct link_run *r = run_find(w, run);

	if (r == NULL || r->stage != RUN_STARTED)
		return;
	r->stage = RUN_GOING;
	link_send(w, FRAME_GO, run, NULL, 0);
}

void
worker_link_credit(struct worker_link *w, uint32_t run, size_t bytes)
{
	struct link_run *r = run_find(w, run);
	unsigned char le[4];
	size_t i;

	if (r == NULL || bytes == 0)
		return;
	assert(bytes <= r->in_flight);
	r->in_flight -= bytes;
	for (i = 0; i < sizeof(le); i++)
		le[i] = (unsigned char)(bytes >> (8 * i));
	link_send(w, FRAME_CREDIT, run, le, sizeof(le));
}

/* A string and its NUL; what stands behind a NUL inside is not a string and is left out. */
static int
put_string(struct buf *b, const char *s)
{
	return buf_put(b, s, strlen(s) + 1);
}

static int
write_credential(struct buf *b, const char *id, const char *type, struct json_object *fields)
{
	struct json_object_iterator at = json_object_iter_begin(fields), end = json_object_iter_end(fields);
	struct json_object *v;
	int r;

	r = put_string(b, id);
	if (r == 0)
		r = put_string(b, type);
	for (; r == 0 && !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		v = json_object_iter_peek_value(&at);
		if (v == NULL)
			continue;
		r = put_string(b, json_object_iter_peek_name(&at));
		if (r == 0)
			r = put_string(b, json_object_get_string(v));
	}
	return r;
}

void
worker_link_credential(struct worker_link *w, uint32_t run, const char *id, const char *type,
    struct json_object *fields)
{
	struct link_run *r = run_find(w, run);
	struct buf b;

	if (r == NULL || !r->wanting)
		return;
	r->wanting = false;
	/* Room for all at once: growing would leave unwiped copies behind. */
	buf_init(&b, CREDENTIAL_MAX);
	(void)buf_room(&b, CREDENTIAL_MAX);
	if (fields != NULL && write_credential(&b, id, type, fields) < 0)
		buf_clear(&b);	/* no credential is that large; "none left" is what the probe hears */
	link_send(w, FRAME_CRED, run, b.data, b.len);
	buf_wipe(&b);
}

void
worker_link_told(struct worker_link *w, uint32_t run, const char *text)
{
	struct link_run *r = run_find(w, run);

	if (r == NULL || !r->asking)
		return;
	r->asking = false;
	link_send(w, FRAME_TOLD, run, text, xml_cut(text, strlen(text), FRAME_EMIT_MAX));
}

void
worker_link_hand(struct worker_link *w, uint32_t run, intptr_t handed)
{
	struct link_run *r = run_find(w, run);

	if (r == NULL || !r->asking)
		return;
	worker_link_told(w, run, w->hand >= 0 && os_hand_send(w->hand, run, handed) == 0 ? "ok" : "none it can't be handed over");
}

void
worker_link_cancel(struct worker_link *w, uint32_t run, const char *why)
{
	struct json_object *o;
	struct buf b;

	if (run_find(w, run) == NULL)
		return;
	o = json_object_new_object();
	json_object_object_add(o, "why", json_object_new_string_len(why, (int)xml_cut(why, strlen(why), 400)));
	buf_init(&b, 4096);
	if (json_write(&b, o) == 0)
		link_send(w, FRAME_CANCEL, run, b.data, b.len);
	buf_fini(&b);
	json_object_put(o);
}

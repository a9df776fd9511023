/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - a probe by hand, through the pool like any job, but with no road: what
 * it gives goes straight to the asker. args: topic, source, name, params{},
 * timeout_ms, record, credential{type, fields} (then no other is given). Rows: {kind, text} or {kind, base64} pieces, {note, value},
 * {partial}, {log}. The asker's pace is the probe's: credit goes back as
 * pieces are taken.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "buf.h"
#include "by_hand.h"
#include "config/config.h"
#include "control.h"
#include "creds/creds.h"
#include "err.h"
#include "flow/flow.h"
#include "flow/errors.h"
#include "json.h"
#include "loop.h"
#include "policy/policy.h"
#include "seal/seal.h"
#include "store/store.h"
#include "utf8.h"
#include "verbs/verbs.h"
#include "workers/pool.h"
#include "xalloc.h"

#define TIMEOUT_MAX_MS (60 * 60 * 1000)
#define SLOT_WAIT_MS 50
#define SLOT_TRIES 200		/* 10 s */
#define ROWS_MAX 100		/* of {partial}, and of {log}: a person reads them */

struct by_hand {
	struct agent *ag;
	struct json_object *args;
	struct loop_timer *timer;	/* until there is a slot */
	int tries;
	struct control_call *call;	/* NULL: answered, or nobody listens any more */
	struct pool_run *run;
	struct asker *asker;		/* while it runs */
	char *address;
	bool looking;			/* its target's name is being looked up */
	struct json_object *notes;
	size_t owed;			/* credit not yet given */
	bool partial;
	unsigned partials, logs, notes_left;	/* that it has said; that were not kept */
	bool gave;			/* the credential that came with the question */
};

static void by_hand_free(struct by_hand *h);

static bool
is_text(const char *p, size_t len)
{
	int n;

	for (; len > 0; p += n, len -= (size_t)n) {
		n = utf8_next(p, len);
		if (n < 0 || *p == '\0')
			return false;
	}
	return true;
}

/* The first ROWS_MAX of a kind; *SAID counts them all. */
static void
row_text(struct by_hand *h, const char *key, const char *text, unsigned *said)
{
	struct json_object *o;

	if ((*said)++ >= ROWS_MAX || h->call == NULL)
		return;
	o = json_object_new_object();
	json_put_str(o, key, text);
	control_row_take(h->call, o);
}

/* --- what the probe says ------------------------------------------------------------ */

static void
run_started(void *arg)
{
	struct by_hand *h = arg;

	pool_go(h->run);
}

static void
give_credit(void *arg)
{
	struct by_hand *h = arg;
	size_t owed = h->owed;

	h->owed = 0;
	if (h->run != NULL && owed > 0)
		pool_credit(h->run, owed);
}

static void
run_emit(void *arg, int kind, const void *data, size_t len)
{
	struct by_hand *h = arg;
	struct json_object *o;
	struct buf b64;

	h->owed += len;
	if (h->call != NULL && kind >= 0 && kind < BY_HAND_KINDS) {
		o = json_object_new_object();
		json_put_str(o, "kind", by_hand_kinds[kind]);
		if (is_text(data, len)) {
			json_put_take(o, "text", json_object_new_string_len(data, (int)len));
		} else {
			buf_init(&b64, len * 2 + 16);
			(void)seal_base64(&b64, data, len);
			json_put_str(o, "base64", buf_str(&b64));
			buf_fini(&b64);
		}
		control_row_take(h->call, o);
	}
	if (h->call == NULL || control_pending(h->call) < CONTROL_PENDING)
		give_credit(h);
}

static void
run_note(void *arg, const char *name, const char *value)
{
	struct by_hand *h = arg;

	h->notes_left += by_hand_note(h->notes, name, value) ? 0 : 1;
}

static void
run_partial(void *arg, const char *message)
{
	struct by_hand *h = arg;

	h->partial = true;
	row_text(h, "partial", message, &h->partials);
}

static void
run_log(void *arg, int level, const char *text)
{
	struct by_hand *h = arg;

	(void)level;
	row_text(h, "log", text, &h->logs);
}

static void
run_want(void *arg, const char *type, const char *host)
{
	struct by_hand *h = arg;
	struct json_object *given = json_get(h->args, "credential");

	if (given == NULL) {
		asker_want(h->asker, type, host);
	} else if (!h->gave && host[0] == '\0' && by_hand_fits(json_str(given, "type", ""), type)) {
		h->gave = true;
		pool_credential(h->run, "by-hand", json_str(given, "type", ""), json_get(given, "fields"));
	} else {
		pool_credential(h->run, "", type, NULL);	/* none but the one that was given */
	}
}

static void
run_verdict(void *arg, const char *id, int verdict, const char *why)
{
	struct by_hand *h = arg;

	if (!h->gave)
		asker_verdict(h->asker, id, verdict, why);
}

static void
run_ask(void *arg, const char *what, const char *about)
{
	struct by_hand *h = arg;

	asker_ask(h->asker, what, about);
}

static void
give(void *arg, const char *id, const char *type, struct json_object *fields)
{
	struct by_hand *h = arg;

	pool_credential(h->run, id, type, fields);
}

static void
tell(void *arg, const char *text)
{
	struct by_hand *h = arg;

	pool_told(h->run, text);
}

static void
hand(void *arg, intptr_t handed)
{
	struct by_hand *h = arg;

	pool_hand(h->run, handed);
}

static const struct asker_events asker_ev = { .give = give, .told = tell, .hand = hand };

static void
run_end(struct by_hand *h, int class, const char *message)
{
	struct control_call *call = h->call;
	struct json_object *o;

	h->run = NULL;
	h->call = NULL;
	asker_free(h->asker);
	h->asker = NULL;
	if (call != NULL) {
		o = json_object_new_object();
		json_put_str(o, "class", error_class(class)->name);
		json_put_bool(o, "ok", class == CLASS_OK);
		json_put_bool(o, "partial", h->partial);
		json_put_int(o, "partials", h->partials);
		json_put_int(o, "notes_left", h->notes_left);
		json_put_str(o, "message", message);
		json_put_str(o, "advice", class == CLASS_OK ? "" : error_class(class)->advice);
		json_put_take(o, "notes", json_object_get(h->notes));
		control_when_drained(call, NULL, NULL);
		control_ok_take(call, o);
	}
	by_hand_free(h);
}

static void
run_done(void *arg, int class, const char *message, struct json_object *detail)
{
	(void)detail;
	run_end(arg, class, message);
}

static void
run_lost(void *arg, const char *why)
{
	run_end(arg, CLASS_INTERNAL, why);
}

static const struct run_events events = {
	.started = run_started, .emit = run_emit, .note = run_note, .partial = run_partial,
	.log = run_log, .want = run_want, .verdict = run_verdict, .ask = run_ask,
	.done = run_done, .lost = run_lost,
};

/* --- a slot ------------------------------------------------------------------------------ */

static void
by_hand_free(struct by_hand *h)
{
	loop_timer_free(h->timer);
	free(h->address);
	json_object_put(h->notes);
	json_object_put(h->args);
	free(h);
}

/* At the hang-up the run is cancelled; its end finds nobody to tell. */
static void
asker_gone(void *arg)
{
	struct by_hand *h = arg;
	struct control_call *call = h->call;

	if (call == NULL)
		return;
	h->call = NULL;
	if (h->run != NULL) {
		give_credit(h);
		pool_cancel(h->run, "the asker has hung up");
	}
	control_no(call, E_CANCELLED, "nobody listens");
	if (h->run == NULL && !h->looking)
		by_hand_free(h);
}

static void
refuse(struct by_hand *h, int code, const char *text)
{
	struct control_call *call = h->call;

	h->call = NULL;
	control_no(call, code, "%s", text);
	by_hand_free(h);
}

static void
begin_asker(struct by_hand *h, const struct run_request *req)
{
	struct asker_job aj = {
		.job = "", .topic = req->topic, .source = req->source, .address = req->address,
		.tag = gate_tag(req->params), .only = json_str(req->params, "credential_id", ""), .params = req->params,
	};

	h->asker = asker_new(h->ag->creds, &aj, &asker_ev, h);
	store_audit(h->ag->store, "run", "", req->topic);
}

/* A worker of the right kind may have to be started first. */
static void
try_slot(void *arg)
{
	struct by_hand *h = arg;
	struct agent *ag = h->ag;
	struct json_object *params = json_get(h->args, "params");
	int64_t timeout = json_int(h->args, "timeout_ms", 0);
	struct run_request req = {
		.topic = json_str(h->args, "topic", ""), .source = json_str(h->args, "source", ""),
		.name = json_str(h->args, "name", ""), .address = h->address == NULL ? "" : h->address,
		.params = json_object_is_type(params, json_type_object) ? params : h->notes,
		.record = json_flag(h->args, "record", false),
		.deadline_ms = timeout < 1 || timeout > TIMEOUT_MAX_MS ? ag->config->jobs.run_ms : timeout,
	};
	struct err err = { 0, "" };
	int r = pool_run(ag->pool, &req, false, &events, h, &h->run, &err);

	if (r == -E_AGAIN && ++h->tries < SLOT_TRIES)
		loop_timer_arm(h->timer, SLOT_WAIT_MS);
	else if (r == -E_AGAIN)
		refuse(h, E_AGAIN, "every worker is busy: try again, or use --no-daemon");
	else if (r == -E_NONE)
		refuse(h, E_NONE, "no probe here serves that topic: midctl probes lists them");
	else if (r < 0)
		refuse(h, -r, err.text);
	else
		begin_asker(h, &req);
}

/* --- may it ------------------------------------------------------------------------------- */

/* Who may use the socket is root or our own user; even so, what jobs may not do is not done by hand. */
static bool
commands_allowed(struct by_hand *h, struct err *err)
{
	struct json_object *params = json_get(h->args, "params");
	struct command_wish w = { .address = h->address == NULL ? "" : h->address };
	const char *topic = json_str(h->args, "topic", "");
	unsigned i;

	if (!policy_has_commands(topic))
		return true;
	for (i = 0; gate_wish(&w, topic, json_str(h->args, "name", ""), params, i); i++)
		if (policy_command(h->ag->policy, &w, err) < 0)
			return false;
	return true;
}

static void
may_go(struct by_hand *h)
{
	struct err err = { 0 };

	if (commands_allowed(h, &err))
		try_slot(h);
	else
		refuse(h, E_AUTH, err.text);
}

static void
on_found(void *arg, int r, const char *address, const struct err *err)
{
	struct by_hand *h = arg;

	h->looking = false;
	if (h->call == NULL || h->ag->closing) {
		by_hand_free(h);
		return;
	}
	if (r < 0) {
		refuse(h, -r, err->text);
		return;
	}
	h->address = xstrdup(address);
	may_go(h);
}

/* --- the verb ------------------------------------------------------------------------- */

void
verb_run(void *ctx, struct control_call *call, struct json_object *args)
{
	struct agent *ag = ctx;
	struct by_hand *h;

	if (json_str(args, "topic", "")[0] == '\0') {
		control_no(call, E_BAD, "which topic? midctl probes lists them");
		return;
	}
	h = xcalloc(1, sizeof(*h));
	h->ag = ag;
	h->call = call;
	h->args = json_object_get(args);
	h->notes = json_object_new_object();
	h->timer = loop_timer_new(ag->loop, try_slot, h);
	control_keep(call, h, asker_gone);
	control_when_drained(call, give_credit, h);
	if (pool_topic(ag->pool, json_str(args, "topic", "")).network && json_str(args, "source", "")[0] != '\0') {
		h->looking = true;
		policy_resolve(ag->policy, json_str(args, "source", ""), on_found, h);
	} else {
		may_go(h);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - a job while a worker has it.
 *
 * "Started" is committed before the worker takes the first step, so that after
 * a crash we know what may have happened: a repeatable probe runs again, any
 * other is answered "interrupted, not repeated". A job that was in a worker
 * when it died runs alone next time; if that one dies too, it is quarantined.
 */
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "creds/creds.h"
#include "discovery/discovery.h"
#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

/* A completion may come after the run it was for: the attempt tells. */
struct attempt { struct job *j; int number; };

static void
run_over(struct job *j)
{
	struct flow *f = j->flow;

	j->run = NULL;
	f->running[j->lane]--;
	job_list_add(&f->outgoing, j);
	dispatch_kick(f);
}

/* --- again, or not ------------------------------------------------------------ */

static void
again_noted(void *arg, int r, const struct err *err)
{
	struct job *j = arg;

	(void)err;
	if (j->flow->closing)
		return;
	if (r < 0)
		store_stuck(j, run_requeue);
	else
		dispatch_add(j);
}

/* The store has been told to drop the pages of the run that did not end. */
void
run_requeue(struct job *j)
{
	store_drop_results(j->flow->ag->store, j->id, NULL, NULL);
	store_again(j->flow->ag->store, j->id, j->died, again_noted, j);
}

void
run_again(struct job *j, bool died, int64_t in_ms)
{
	struct flow *f = j->flow;

	f->counts.again++;
	j->died = died;
	j->not_before = in_ms > 0 ? loop_now(f->ag->loop) + in_ms : 0;
	result_begin(j, NULL);
	gate_shut(j);
	run_requeue(j);
}

/* What there is of pages belongs to a run that has no end: they go first, and the death is noted. */
static void
end_without_result(struct job *j, int class, const char *why)
{
	store_died(j->flow->ag->store, j->id, NULL, NULL);
	result_refuse(j, class, "%s", why);
	spool_ended(j);
}

static void
worker_died(struct job *j, const char *why)
{
	struct flow *f = j->flow;
	struct pool_topic topic = pool_topic(f->ag->pool, j->topic);
	char *text;

	j->deaths++;
	if (j->cancel_class != 0) {
		end_without_result(j, j->cancel_class, j->cancel_why);
		return;
	}
	if (j->deaths >= f->ag->config->jobs.deaths_max) {
		text = xasprintf("quarantined: it ended its worker %d times (%s)", j->deaths, why);
		log_event(EV_QUARANTINE, LOG_LV_ERR, "run", "job %s (%s): %s; the instance is told", j->id, j->topic, text);
		end_without_result(j, CLASS_POISON, text);
	} else if (!topic.repeatable && j->started_at != 0) {
		text = xasprintf("interrupted, not repeated: its worker ended (%s), and %s may not be run twice",
		    why, j->topic);
		log_event(EV_INTERRUPTED, LOG_LV_WARN, "run", "job %s (%s): %s", j->id, j->topic, text);
		end_without_result(j, CLASS_INTERRUPTED, text);
	} else {
		log_warn("run", "job %s (%s): its worker ended (%s); it runs again, alone", j->id, j->topic, why);
		run_again(j, true, 0);
		return;
	}
	free(text);
}

/* --- what the worker tells us --------------------------------------------------- */

static void
started_noted(void *arg, int r, const struct err *err)
{
	struct attempt *a = arg;
	struct job *j = a->j;
	bool stale = j->run == NULL || j->attempts != a->number;

	free(a);
	j->noting--;
	if (stale || j->flow->closing) {
		flow_job_settle(j);
		return;
	}
	if (r == 0) {
		j->started_at = loop_now(j->flow->ag->loop);
		pool_go(j->run);
		return;
	}
	/* Not durable, so not begun: the worker lets it go, and we try again when the disk is well. */
	log_warn("run", "job %s: its start can't be noted: %s; tried again", j->id, err->text);
	j->not_noted = true;
	pool_cancel(j->run, "its start can't be noted");
}

static void
on_started(void *arg)
{
	struct job *j = arg;
	struct attempt *a = xcalloc(1, sizeof(*a));

	a->j = j;
	a->number = j->attempts;
	j->noting++;
	store_started(j->flow->ag->store, j->id, os_time_ms(), j->waited, started_noted, a);
}

static void
on_emit(void *arg, int kind, const void *data, size_t len)
{
	result_piece(arg, kind, data, len);
}

static void
on_note(void *arg, const char *name, const char *value)
{
	result_note(arg, name, value);
}

static void
on_partial(void *arg, const char *message)
{
	result_partial(arg, message);
}

static void
on_log(void *arg, int level, const char *text)
{
	struct job *j = arg;
	enum log_level lv = level >= 3 ? LOG_LV_ERR : level == 2 ? LOG_LV_WARN : level == 1 ? LOG_LV_INFO : LOG_LV_DEBUG;

	log_at(lv, "probe", "job %s (%s): %s", j->id, j->topic, text);
	if (lv <= LOG_LV_INFO)
		store_event(j->flow->ag->store, (int)lv, "probe", j->id, text);
}

static void
on_want(void *arg, const char *type, const char *host)
{
	struct job *j = arg;

	asker_want(j->asker, type, host);
}

static void
on_verdict(void *arg, const char *id, int verdict, const char *why)
{
	struct job *j = arg;

	asker_verdict(j->asker, id, verdict, why);
}

static void
on_ask(void *arg, const char *what, const char *about)
{
	struct job *j = arg;

	asker_ask(j->asker, what, about);
}

static void
give(void *arg, const char *id, const char *type, struct json_object *fields)
{
	struct job *j = arg;

	pool_credential(j->run, id, type, fields);
}

static void
tell(void *arg, const char *text)
{
	struct job *j = arg;

	pool_told(j->run, text);
}

static void
hand(void *arg, intptr_t handed)
{
	struct job *j = arg;

	pool_hand(j->run, handed);
}

static const struct asker_events asker_ev = { .give = give, .told = tell, .hand = hand };

/* Which credentials were tried, where they did not help or somebody asked. */
static void
credentials_debug(struct job *j, int class)
{
	struct buf b;

	if (class != CLASS_AUTH && class != CLASS_NO_CREDENTIAL && !j->flow->ag->config->creds.debug
	    && strcmp(json_str(j->params, "credentials_debug", ""), "true") != 0)
		return;
	buf_init(&b, 64u * 1024);
	if (asker_debug(j->asker, &b) > 0)
		result_piece(j, MID_KIND_XML, b.data, b.len);
	buf_fini(&b);
}

/* A target of a discovery that is silent costs one wait, not two: the next discovery asks it again. */
static bool
is_worth_another(const struct job *j, const struct error_class *ec)
{
	return ec->retries >= j->attempts && pool_topic(j->flow->ag->pool, j->topic).repeatable
	    && !(ec->class == CLASS_TIMEOUT && discovery_asks(j));
}

static void
on_done(void *arg, int class, const char *message, struct json_object *detail)
{
	struct job *j = arg;
	struct flow *f = j->flow;
	const struct error_class *ec = error_class(class);
	struct pool_topic topic = pool_topic(f->ag->pool, j->topic);

	j->out->run_ms = json_int(detail, "ms", 0);
	run_over(j);
	credentials_debug(j, class);
	asker_free(j->asker);
	j->asker = NULL;
	if (topic.network && j->source[0] != '\0')
		breakers_note(f->targets, j->source, ec->trips, loop_now(f->ag->loop));
	if (j->cancel_class != 0) {
		result_end(j, j->cancel_class, j->cancel_why);
	} else if (j->not_noted) {
		run_again(j, false, 1000);
	} else if (is_worth_another(j, ec)) {
		log_info("run", "job %s (%s): %s; once more in %lld s", j->id, j->topic, message,
		    (long long)(ec->retry_ms << (j->attempts - 1)) / 1000);
		run_again(j, false, ec->retry_ms << (j->attempts - 1));
	} else {
		result_end(j, class, message);
	}
}

static void
on_lost(void *arg, const char *why)
{
	struct job *j = arg;
	bool closing = j->flow->closing;

	run_over(j);
	asker_free(j->asker);
	j->asker = NULL;
	if (closing)
		return;		/* the store says "started": the next start decides */
	worker_died(j, why);
}

static const struct run_events events = {
	.started = on_started, .emit = on_emit, .note = on_note, .partial = on_partial,
	.log = on_log, .want = on_want, .verdict = on_verdict, .ask = on_ask, .done = on_done, .lost = on_lost,
};

/* --- begin and cancel --------------------------------------------------------------- */

/* Under which name the hashes of what was sent are kept; "": all is to be sent. */
static const char *
sent_key(const struct job *j)
{
	return job_has_parent(j) && strcmp(json_str(j->params, "full", ""), "true") != 0 ? j->name : "";
}

static void
begin_asker(struct job *j)
{
	struct asker_job aj = {
		.job = j->id, .topic = j->topic, .source = j->source, .address = j->address == NULL ? "" : j->address,
		.tag = gate_tag(j->params), .sent = sent_key(j), .only = json_str(j->params, "credential_id", ""),
		.params = j->params,
	};

	j->asker = asker_new(j->flow->ag->creds, &aj, &asker_ev, j);
}

int
run_begin(struct job *j, bool alone)
{
	struct flow *f = j->flow;
	const struct config *c = f->ag->config;
	struct run_request req = {
		.topic = j->topic, .source = j->source, .name = j->name, .address = j->address == NULL ? "" : j->address,
		.params = j->params, .xml = j->xml, .deadline_ms = c->jobs.run_ms,
		.map = c->cmdb.ci_to_ire,
	};
	int64_t own = pool_topic(f->ag->pool, j->topic).timeout_ms;
	struct err err = { 0 };
	int r;

	if (discovery_serves(j->topic)) {
		own_discover(j);
		return 0;
	}
	if (own > 0)
		req.deadline_ms = own;
	if (discovery_asks(j) && req.deadline_ms > c->discovery.target_ms)
		req.deadline_ms = c->discovery.target_ms;
	req.discover = job_has_parent(j);
	r = pool_run(f->ag->pool, &req, alone, &events, j, &j->run, &err);
	if (r == -E_AGAIN)
		return r;
	job_list_out(j);
	if (r < 0) {
		result_refuse(j, CLASS_INTERNAL, "it can't be run: %s", err.text);
		spool_ended(j);
		return r;
	}
	begin_asker(j);
	j->at = AT_RUNNING;
	j->waits_for = "";
	j->attempts++;
	j->started_at = 0;
	j->not_noted = false;
	result_begin(j, outcome_new((size_t)c->results.page_bytes));
	job_list_add(&f->runs, j);
	f->running[j->lane]++;
	return 0;
}

void
run_cancel(struct job *j, int class, const char *why)
{
	if (j->cancel_class != 0)
		return;
	j->cancel_class = class;
	free(j->cancel_why);
	j->cancel_why = xstrdup(why);
	if (discovery_serves(j->topic))
		discovery_note_cancel(j->flow->ag->discovery, j, class, why);
	if (j->run != NULL)
		pool_cancel(j->run, why);
	else if (j->in == &j->flow->discoveries)
		discovery_cancel(j->flow->ag->discovery, j, class, why);
}

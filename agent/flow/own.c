/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own - jobs of our own making: the parts of a Discover job, and a Discover job
 * that an operator has begun. Nobody has to be asked whose they are: they are
 * accepted with their intent. Their CIs are delivered as any job's; an answer
 * goes to nobody, but what they say (STDOUT) and what relates them to others is
 * kept for their parent.
 */
#include <json-c/json_object.h>
#include <json-c/linkhash.h>
#include <stdlib.h>
#include <string.h>

#include "discovery/discovery.h"
#include "err.h"
#include "flow/inside.h"
#include "flow/own.h"
#include "frame.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "store/store.h"
#include "xalloc.h"
#include "xml.h"

#define PARAMS_MAX (60u << 20)
#define KIND_JSON 3		/* MID_JSON of the probe ABI */

bool
job_is_own(const struct job *j)
{
	return j->parent[0] != '\0';
}

bool
job_has_parent(const struct job *j)
{
	return job_is_own(j) && strcmp(j->parent, "-") != 0;
}

/* <parameters>, as the instance would write it. -E_FULL: more than a job may hold. */
static int
write_params(struct buf *b, struct json_object *params)
{
	const char *text;
	int r = buf_puts(b, "<parameters>");

	json_object_object_foreach(params, name, value) {
		text = json_object_get_string(value);
		if (r == 0)
			r = buf_puts(b, "<parameter name=\"");
		if (r == 0)
			r = xml_escape(b, name, strlen(name), NULL);
		if (r == 0)
			r = buf_puts(b, "\" value=\"");
		if (r == 0)
			r = xml_escape(b, text, strlen(text), NULL);
		if (r == 0)
			r = buf_puts(b, "\"/>");
	}
	return r == 0 ? buf_puts(b, "</parameters>") : r;
}

static void own_note(struct job *j);

static void
own_accepted(void *arg, int r, const struct err *err)
{
	struct job *j = arg;
	struct flow *f = j->flow;

	if (f->closing) {
		flow_job_gone(j);
		return;
	}
	if (r == -E_BAD) {	/* it has begun, or ended, in an earlier life: the store says how */
		flow_job_gone(j);
		return;
	}
	if (r < 0) {
		log_warn("own", "job %s (%s) can't be noted: %s; tried again", j->id, j->topic, err->text);
		store_stuck(j, own_note);
		return;
	}
	job_forget_raw(j);
	f->counts.accepted++;
	dispatch_add(j);
}

/* One transaction. */
static void
own_note(struct job *j)
{
	struct store *store = j->flow->ag->store;
	struct job_row row;
	struct err err = { 0 };

	j->at = AT_ACCEPT;
	if (job_to_row(j->flow, j, &row, &err) < 0) {
		log_err("own", "job %s can't be sealed: %s", j->id, err.text);
		flow_job_gone(j);
		return;
	}
	store_intend(store, &row, NULL, NULL);
	store_accept(store, j->id, os_time_ms(), own_accepted, j);
	job_row_fini(&row);
}

int
own_begin(struct flow *f, const struct own_job *o, struct err *err)
{
	struct ecc_row row = {
		.topic = o->topic, .name = o->name, .source = o->source, .correlator = o->correlator, .sequence = "",
		.priority = o->priority,
	};
	struct job *j;
	struct buf b;

	if (job_table_find(&f->jobs, o->id) != NULL)
		return 0;
	buf_init(&b, PARAMS_MAX);
	if (write_params(&b, o->params) < 0) {
		buf_fini(&b);
		return err_set(err, E_FULL, "%s: more than %u MB of parameters", o->topic, PARAMS_MAX >> 20);
	}
	row.sys_id = o->id;
	row.payload = buf_str(&b);
	row.payload_len = b.len;
	j = job_from_row(f, &row);
	free(j->parent);
	j->parent = xstrdup(o->parent);
	own_note(j);
	buf_fini(&b);
	return 0;
}

/* --- what an own job gives ------------------------------------------------------------------ */

void
own_piece(struct job *j, int kind, const void *data, size_t len)
{
	struct outcome *o = j->out;
	struct buf *to = kind == 0 ? &o->said : kind == FRAME_KIND_LINKS ? &o->links : kind == FRAME_KIND_SENT ? &o->sent : NULL;

	if (to != NULL && result_hold(o, to, data, len) < 0)
		result_partial(j, "it has said more than is kept");
}

/* --- Discover ---------------------------------------------------------------------------------- */

/* The completion of a start may come when the job has been cancelled. */
struct starting { struct flow *f; char id[33]; };

static void
discover_noted(void *arg, int r, const struct err *err)
{
	struct starting *s = arg;
	struct flow *f = s->f;
	struct job *j = f->closing ? NULL : job_table_find(&f->jobs, s->id);

	free(s);
	if (j == NULL || j->at != AT_RUNNING)
		return;
	if (r < 0) {
		log_warn("own", "job %s: its start can't be noted: %s; tried again", j->id, err->text);
		run_again(j, false, 1000);
		return;
	}
	j->started_at = loop_now(f->ag->loop);
	discovery_begin(f->ag->discovery, j);
	if (j->cancel_class != 0)
		discovery_cancel(f->ag->discovery, j, j->cancel_class, j->cancel_why);
}

void
own_discover(struct job *j)
{
	struct flow *f = j->flow;
	struct starting *s = xcalloc(1, sizeof(*s));

	job_list_add(&f->discoveries, j);
	j->at = AT_RUNNING;
	j->waits_for = "";
	j->attempts++;
	result_begin(j, outcome_new((size_t)f->ag->config->results.page_bytes));
	s->f = f;
	memcpy(s->id, j->id, sizeof(s->id));
	store_started(f->ag->store, j->id, os_time_ms(), NULL, discover_noted, s);
}

void
flow_own_end(struct job *j, const char *text, int class, const char *why)
{
	char *said = xstrdup(why);	/* WHY may be the discovery's own */

	discovery_forget(j->flow->ag->discovery, j);
	job_list_add(&j->flow->outgoing, j);
	j->out->run_ms = loop_now(j->flow->ag->loop) - j->started_at;
	result_piece(j, KIND_JSON, text, strlen(text));
	result_end(j, class, class == CLASS_OK ? j->out->message : said);
	free(said);
	dispatch_kick(j->flow);
}

void
flow_cancel_parts(struct flow *f, const char *parent, const char *why)
{
	struct job *j, *next;
	unsigned i;

	for (i = 0; i < JOB_BUCKETS; i++)
		for (j = f->jobs.bucket[i]; j != NULL; j = next) {
			next = j->same_hash;
			if (strcmp(j->parent, parent) == 0)
				(void)flow_cancel(f, j->id, NULL, why);
		}
}

bool
flow_has(const struct flow *f, const char *id)
{
	return job_table_find(&f->jobs, id) != NULL;
}

const char *
flow_noted(const struct flow *f, const char *id, const char *name)
{
	const struct job *j = job_table_find(&f->jobs, id);

	return j == NULL || j->out == NULL ? "" : json_str(j->out->notes, name, "");
}

bool
own_is_early(struct job *j)
{
	struct flow *f = j->flow;
	const struct job *parent = job_has_parent(j) ? job_table_find(&f->jobs, j->parent) : NULL;

	if (parent == NULL || parent->at == AT_SPOOLING || discovery_hears(f->ag->discovery, j->parent))
		return false;
	job_list_add(&f->early, j);
	return true;
}

void
flow_early_parts(struct flow *f)
{
	struct job *j;
	int n;

	for (n = f->early.n; n > 0 && (j = f->early.first) != NULL; n--) {
		job_list_add(&f->outgoing, j);
		spool_ended(j);
	}
}

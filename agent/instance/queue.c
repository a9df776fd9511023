/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue - outputs: asking for them, for some by id, for a payload that hangs on
 * its row as an attachment, and claiming them.
 *
 * A list that is too large for us is asked for again in halves; a single row
 * that is too large is asked for without its payload, and comes with a payload
 * that no reader takes, so that it is answered with an error that says why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "instance/link.h"
#include "json.h"
#include "log.h"
#include "xalloc.h"

#define FIELDS "sys_id,agent,topic,name,source,sequence,agent_correlator,sys_created_on,state,queue,priority"
#define PLAIN "&sysparm_exclude_reference_link=true&sysparm_no_count=true" \
	"&sysparm_suppress_pagination_header=true"
#define PATH_MAX_LEN 16384
#define TOO_LARGE "<payload_larger_than_%zu_bytes/>"

static const char *const conditions[] = {
	[POLL_CONTROL] = "%5Estate%3Dready%5EtopicINHeartbeatProbe,SystemCommand",
	[POLL_WORK] = "%5Estate%3Dready%5EtopicNOT%20INHeartbeatProbe,SystemCommand",
	[POLL_ALL] = "%5Estate%3Dready",
	[POLL_PROCESSING] = "%5Estate%3Dprocessing",
};

/* --- polling --------------------------------------------------------------------------- */

struct poll {
	struct instance *in;
	char *agent;
	enum poll_what what;
	char after[33];		/* of POLL_PROCESSING: the sys_id that the last answer ended with */
	unsigned limit;
	bool bare;		/* without payloads */
	rows_fn *fn;
	void *arg;
};

static void poll_reply(void *arg, const struct verdict *v, const char *body, size_t len);

static void
poll_send(struct poll *p)
{
	struct request rq = { .method = "GET" };
	struct buf path;

	buf_init(&path, PATH_MAX_LEN);
	buf_puts(&path, QUEUE "?sysparm_query=agent%3D");
	path_put_query(&path, p->agent);
	buf_printf(&path, "%%5Equeue%%3Doutput%s", conditions[p->what]);
	if (p->after[0] != '\0')
		buf_printf(&path, "%%5Esys_id%%3E%s", p->after);
	buf_puts(&path, p->what == POLL_PROCESSING ? "%5EORDERBYsys_id" : "%5EORDERBYpriority%5EORDERBYsequence");
	buf_printf(&path, "&sysparm_limit=%u&sysparm_fields=" FIELDS "%s" PLAIN, p->limit, p->bare ? "" : ",payload");
	rq.path = buf_str(&path);
	request_send(p->in, &rq, poll_reply, p);
	buf_fini(&path);
}

static void
poll_end(struct poll *p, const struct verdict *v, const struct ecc_row *rows, size_t n)
{
	p->fn(p->arg, v, rows, n);
	free(p->agent);
	free(p);
}

/* Too much at once: less of it. */
static bool
poll_smaller(struct poll *p, const struct verdict *v)
{
	if (v->err_code != E_FULL || p->in->closing || p->bare)
		return false;
	log_warn(IN_SUB, "%s; asked again for %s", v->why, p->limit > 1 ? "fewer rows" : "one row without its payload");
	p->bare = p->limit <= 1;
	p->limit = p->limit > 1 ? p->limit / 2 : 1;
	poll_send(p);
	return true;
}

static void
tell_wide(struct instance *in, size_t dropped)
{
	if (dropped > 0 && !in->wide_told)
		log_warn(IN_SUB, "the instance gave %zu rows that were not asked for; they are left alone "
		    "(told once)", dropped);
	if (dropped > 0)
		in->wide_told = true;
}

static void
poll_rows(struct poll *p, const struct verdict *v, const char *body, size_t len)
{
	struct rows_want want = { p->agent, p->what == POLL_PROCESSING ? "processing" : "ready", p->what };
	struct verdict bad = *v;
	struct err err = { 0 };
	struct rows rows;
	char large[80];
	size_t i;

	if (rows_parse(&rows, body, len, &want, &err) < 0) {
		verdict_spoil(&bad, SAID_LATER, err.text);
		poll_end(p, &bad, NULL, 0);
		return;
	}
	tell_wide(p->in, rows.dropped);
	snprintf(large, sizeof(large), TOO_LARGE, p->in->link->answer_max);
	for (i = 0; p->bare && i < rows.n; i++) {
		rows.row[i].payload = large;
		rows.row[i].payload_len = strlen(large);
	}
	poll_end(p, v, rows.row, rows.n);
	rows_fini(&rows);
}

static void
poll_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct poll *p = arg;

	if (v->said == SAID_YES)
		poll_rows(p, v, body, len);
	else if (!poll_smaller(p, v))
		poll_end(p, v, NULL, 0);
}

static struct poll *
poll_new(struct instance *in, const char *agent, enum poll_what what, unsigned limit, rows_fn *fn, void *arg)
{
	struct poll *p = xcalloc(1, sizeof(*p));

	p->in = in;
	p->agent = xstrdup(agent);
	p->what = what;
	p->limit = limit > 0 ? limit : 1;
	p->fn = fn;
	p->arg = arg;
	return p;
}

void
instance_poll(struct instance *in, const char *agent, enum poll_what what, unsigned limit, rows_fn *fn, void *arg)
{
	poll_send(poll_new(in, agent, what, limit, fn, arg));
}

void
instance_processing(struct instance *in, const char *agent, const char *after, unsigned limit, rows_fn *fn, void *arg)
{
	struct poll *p = poll_new(in, agent, POLL_PROCESSING, limit, fn, arg);

	snprintf(p->after, sizeof(p->after), "%s", after);
	poll_send(p);
}

/* --- rows by id -------------------------------------------------------------------------- */

struct by_id {
	struct instance *in;
	char **ids;
	size_t n, at;
	struct rows got;		/* of all answers so far */
	struct rows *held;		/* who own the strings */
	size_t helds;
	rows_fn *fn;
	void *arg;
};

static void
by_id_end(struct by_id *b, const struct verdict *v)
{
	size_t i;

	b->fn(b->arg, v, b->got.row, v->said == SAID_YES ? b->got.n : 0);
	for (i = 0; i < b->n; i++)
		free(b->ids[i]);
	for (i = 0; i < b->helds; i++)
		rows_fini(&b->held[i]);
	free(b->held);
	free(b->got.row);
	free(b->ids);
	free(b);
}

static void by_id_reply(void *arg, const struct verdict *v, const char *body, size_t len);

static void
by_id_send(struct by_id *b)
{
	struct request rq = { .method = "GET" };
	size_t n = b->n - b->at < IN_IDS_MAX ? b->n - b->at : IN_IDS_MAX;
	struct buf path;

	buf_init(&path, PATH_MAX_LEN);
	buf_puts(&path, QUEUE "?sysparm_query=queue%3Doutput%5Esys_idIN");
	path_put_ids(&path, (const char *const *)b->ids + b->at, n);
	buf_printf(&path, "&sysparm_limit=%d&sysparm_fields=" FIELDS PLAIN, IN_IDS_MAX);
	b->at += n;
	rq.path = buf_str(&path);
	request_send(b->in, &rq, by_id_reply, b);
	buf_fini(&path);
}

static bool
is_asked(const struct by_id *b, const char *id)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (strcmp(b->ids[i], id) == 0)
			return true;
	return false;
}

static void
by_id_take(struct by_id *b, struct rows *rows)
{
	size_t i;

	b->got.row = xrealloc(b->got.row, (b->got.n + rows->n + 1) * sizeof(*b->got.row));
	for (i = 0; i < rows->n; i++)
		if (is_asked(b, rows->row[i].sys_id))
			b->got.row[b->got.n++] = rows->row[i];
	b->held = xrealloc(b->held, (b->helds + 1) * sizeof(*b->held));
	b->held[b->helds++] = *rows;
}

static void
by_id_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	static const struct rows_want any = { NULL, NULL, POLL_ALL };
	struct by_id *b = arg;
	struct verdict bad = *v;
	struct err err = { 0 };
	struct rows rows;

	if (v->said != SAID_YES) {
		by_id_end(b, v);
		return;
	}
	if (rows_parse(&rows, body, len, &any, &err) < 0) {
		verdict_spoil(&bad, SAID_LATER, err.text);
		by_id_end(b, &bad);
		return;
	}
	by_id_take(b, &rows);
	if (b->at < b->n)
		by_id_send(b);
	else
		by_id_end(b, v);
}

void
instance_rows(struct instance *in, const char *const *ids, size_t n, rows_fn *fn, void *arg)
{
	struct by_id *b = xcalloc(1, sizeof(*b));
	size_t i;

	b->in = in;
	b->ids = xcalloc(n + 1, sizeof(*b->ids));
	b->n = n;
	for (i = 0; i < n; i++)
		b->ids[i] = xstrdup(ids[i]);
	b->fn = fn;
	b->arg = arg;
	by_id_send(b);
}

/* --- claiming -------------------------------------------------------------------------------- */

struct claim {
	struct instance *in;
	char id[33];
	struct buf body;
	verdict_fn *fn;
	void *arg;
};

static void
claim_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct claim *c = arg;

	if (v->said == SAID_YES)
		answer_learn(c->in, c->id, body, len);
	if (c->fn != NULL)
		c->fn(c->arg, v);
	buf_fini(&c->body);
	free(c);
}

void
instance_claim(struct instance *in, const char *agent, const char *claim_id, const char *state,
    const char *const *ids, size_t n, verdict_fn *fn, void *arg)
{
	struct request rq = { .method = "POST", .path = QUEUE "?sysparm_fields=sys_id",
	    .flags = RQ_WRITES | RQ_INSERTS };
	struct claim *c = xcalloc(1, sizeof(*c));

	c->in = in;
	c->fn = fn;
	c->arg = arg;
	snprintf(c->id, sizeof(c->id), "%s", claim_id);
	buf_init(&c->body, 1000 + n * 100 + strlen(agent) * 6);
	(void)body_of_claim(&c->body, agent, claim_id, state, ids, n);	/* fits */
	rq.body = buf_str(&c->body);
	rq.len = c->body.len;
	request_send(in, &rq, claim_reply, c);
}

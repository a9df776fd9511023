/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - inputs to the instance: many small ones as Batch calls, large ones
 * and single ones as a POST each, several calls at once; each with its own
 * verdict.
 *
 * What a batch that failed as a whole means for its items is what the same
 * failure would mean for one: the verdict is copied. Where there is no Batch
 * API the items go out singly, and batches are not tried again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/inside.h"
#include "instance/link.h"
#include "json.h"
#include "log.h"
#include "xalloc.h"

#define INPUT QUEUE "?sysparm_fields=sys_id"

struct item {
	struct verdict v;
	char why[IN_WHY_MAX], ids[IRE_IDS_MAX];
	bool single;			/* not to be put into a batch */
	bool begun;
};

/* One call of instance_answer(). */
struct answers {
	struct instance *in;
	const struct answer *a;
	size_t n;
	struct item *item;
	unsigned in_flight;
	answers_fn *fn;
	void *arg;
};

/* One request: items first .. of the answers, as listed. */
struct group {
	struct answers *all;
	size_t *index, n;
	struct buf body;
};

static void pump(struct answers *all);

/* --- verdicts --------------------------------------------------------------------------- */

static void
settle(struct item *it, const struct verdict *v)
{
	snprintf(it->why, sizeof(it->why), "%s", v->why);
	it->v = *v;
	it->v.why = it->why;
	it->v.ids = it->ids;
	snprintf(it->ids, sizeof(it->ids), "%s", v->ids != NULL ? v->ids : "");
}

void
answer_learn(struct instance *in, const char *sent, const char *body, size_t len)
{
	struct json_object *o = NULL;
	const char *got;

	if (in->ids != IDS_UNKNOWN || json_parse(&o, body, len, "the new row", NULL) < 0)
		return;
	got = json_str(json_get(o, "result"), "sys_id", "");
	if (got[0] != '\0')
		in->ids = strcmp(got, sent) == 0 ? IDS_KEPT : IDS_REPLACED;
	if (in->ids == IDS_REPLACED)
		log_warn(IN_SUB, "the instance gives rows sys_ids of its own: what may have arrived is sought by other columns");
	json_object_put(o);
}

static void
all_done(struct answers *all)
{
	struct verdict *v = xcalloc(all->n + 1, sizeof(*v));
	size_t i;

	for (i = 0; i < all->n; i++)
		v[i] = all->item[i].v;
	all->fn(all->arg, all->a, v, all->n);
	free(v);
	free(all->item);
	free(all);
}

static void
group_free(struct group *g)
{
	buf_fini(&g->body);
	free(g->index);
	free(g);
}

static void
group_done(struct group *g)
{
	struct answers *all = g->all;

	all->in_flight--;
	group_free(g);
	pump(all);
}

/* --- one POST an item ------------------------------------------------------------------- */

static void
single_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct group *g = arg;

	if (v->said == SAID_YES)
		answer_learn(g->all->in, g->all->a[g->index[0]].id, body, len);
	settle(&g->all->item[g->index[0]], v);
	group_done(g);
}

static void
ire_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct group *g = arg;

	(void)body, (void)len;
	settle(&g->all->item[g->index[0]], v);
	group_done(g);
}

static void
send_single(struct group *g)
{
	const struct answer *a = &g->all->a[g->index[0]];
	struct request rq = { .method = "POST", .path = INPUT, .flags = RQ_WRITES | RQ_INSERTS };

	if (a->sink == SINK_IRE) {
		ire_send(g->all->in, a, ire_reply, g);
		return;
	}
	buf_clear(&g->body);
	g->body.max = PTRDIFF_MAX;	/* our own bytes: whoever made them has bounded them */
	(void)body_of_answer(&g->body, a);
	rq.body = buf_str(&g->body);
	rq.len = g->body.len;
	request_send(g->all->in, &rq, single_reply, g);
}

/* --- many in one ---------------------------------------------------------------------------- */

static void
settle_item(struct answers *all, size_t i, const struct batch_item *got)
{
	struct verdict v = { .said = SAID_UNSURE, .retry_after_ms = -1, .err_code = E_PEER,
	    .why = "the answer to a batch does not mention this part of it" };
	struct heard h = { got->status, -1, got->body != NULL ? got->body : "", got->len,
	    "POST " QUEUE " in a batch", RQ_WRITES | RQ_INSERTS };
	char why[IN_WHY_MAX] = "";

	if (got->serviced) {
		verdict_of_status(&v, why, &h);
		if (v.said == SAID_YES)
			answer_learn(all->in, all->a[i].id, h.body, h.len);
	} else if (got->unserviced) {
		v.said = SAID_LATER;
		v.why = "the instance left this part of a batch undone";
	}
	settle(&all->item[i], &v);
}

/* The items go out one by one instead. */
static void
batch_break_up(struct group *g, const struct verdict *v)
{
	size_t i;

	if (v->status == 404 || v->status == 405 || v->status == 403) {
		g->all->in->batch = false;
		log_warn(IN_SUB, "%s: answers go out one by one from now on", v->why);
	}
	for (i = 0; i < g->n; i++) {
		g->all->item[g->index[i]].single = true;
		g->all->item[g->index[i]].begun = false;
	}
}

static void
batch_reply(void *arg, const struct verdict *v, const char *body, size_t len)
{
	struct group *g = arg;
	struct batch_item *got;
	struct verdict bad = *v;
	struct err err = { 0 };
	size_t i;

	if (v->said == SAID_NO || v->status == 403) {
		batch_break_up(g, v);
		group_done(g);
		return;
	}
	got = xcalloc(g->n, sizeof(*got));
	if (v->said == SAID_YES && batch_parse(got, g->n, body, len, &err) < 0)
		verdict_spoil(&bad, SAID_UNSURE, err.text);
	for (i = 0; i < g->n; i++) {
		if (bad.said == SAID_YES)
			settle_item(g->all, g->index[i], &got[i]);
		else
			settle(&g->all->item[g->index[i]], &bad);
	}
	batch_items_fini(got, g->n);
	free(got);
	group_done(g);
}

static void
send_batch(struct group *g)
{
	struct request rq = { .method = "POST", .path = BATCH, .flags = RQ_WRITES };

	(void)batch_end(&g->body);
	rq.body = buf_str(&g->body);
	rq.len = g->body.len;
	request_send(g->all->in, &rq, batch_reply, g);
}

/* --- who goes with whom ------------------------------------------------------------------------ */

/* Rough, and enough: escaping makes a body larger, base64 by a third. */
static bool
may_batch(const struct answers *all, size_t i)
{
	const struct answer *a = &all->a[i];

	return all->in->batch && a->sink == SINK_ECC && !all->item[i].single &&
	    a->body_len < BATCH_ITEM_MAX / 2;
}

static void
group_take(struct group *g, size_t i)
{
	g->index[g->n++] = i;
	g->all->item[i].begun = true;
}

/* Adds item I to the batch in G; false when it must go elsewhere. */
static bool
group_add(struct group *g, size_t i, struct buf *json)
{
	buf_clear(json);
	if (body_of_answer(json, &g->all->a[i]) < 0 || batch_add(&g->body, g->n, json->data, json->len) < 0)
		return false;
	group_take(g, i);
	return true;
}

/* FIRST and as many after it as fit. */
static void
group_fill(struct group *g, size_t first)
{
	struct answers *all = g->all;
	struct buf json;
	size_t i;

	buf_init(&json, BATCH_ITEM_MAX);
	buf_init(&g->body, BATCH_BODY_MAX);
	(void)batch_begin(&g->body, all->a[first].id);
	for (i = first; i < all->n && g->n < BATCH_ITEMS_MAX; i++)
		if (!all->item[i].begun && may_batch(all, i) && !group_add(g, i, &json))
			break;
	buf_fini(&json);
	if (g->n == 0)
		all->item[first].single = true;	/* it alone is too large */
	if (g->n <= 1)
		g->n = 0;
}

static void
start_group(struct answers *all, size_t first)
{
	struct group *g = xcalloc(1, sizeof(*g));

	g->all = all;
	g->index = xcalloc(BATCH_ITEMS_MAX, sizeof(*g->index));
	all->in_flight++;
	if (may_batch(all, first))
		group_fill(g, first);
	if (g->n > 0) {
		send_batch(g);
		return;
	}
	group_take(g, first);
	send_single(g);
}

/* As many requests as there may be connections; the end when all have their verdict. */
static void
pump(struct answers *all)
{
	size_t i;

	all->in_flight++;	/* holds it: a request may end at once when the link is closed */
	for (i = 0; i < all->n && all->in_flight <= all->in->link->connections; i++)
		if (!all->item[i].begun)
			start_group(all, i);
	all->in_flight--;
	for (i = 0; i < all->n && all->in_flight == 0 && all->item[i].begun; i++)
		;
	if (all->in_flight == 0 && i == all->n)
		all_done(all);
}

void
instance_answer(struct instance *in, const struct answer *a, size_t n, answers_fn *fn, void *arg)
{
	struct answers *all = xcalloc(1, sizeof(*all));

	assert(n > 0);
	all->in = in;
	all->a = a;
	all->n = n;
	all->item = xcalloc(n + 1, sizeof(*all->item));
	all->fn = fn;
	all->arg = arg;
	pump(all);
}

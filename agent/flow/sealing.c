/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sealing - a page of plain text becomes a sealed one, on a pool thread; then
 * it is put into the spool. From here on nobody sees plain text.
 *
 * A page that the store can't take (a full disk) waits here, sealed, and is
 * offered again when the store is well.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "instance/instance.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "seal/seal.h"
#include "secret.h"
#include "store/store.h"
#include "workers/pool.h"
#include "xalloc.h"

struct page {
	struct job *j;
	unsigned epoch;			/* of the job's outcome it belongs to */
	size_t credit;
	struct buf plain, sealed;
	struct result_row row;
	struct err err;
	struct page *next;		/* in flow->pages_stuck */
};

static void
page_free(struct page *p)
{
	buf_wipe(&p->plain);
	buf_fini(&p->sealed);
	free(p->row.meta);
	free(p);
}

/* The run it belongs to is over and its pages are not wanted. */
static bool
is_stale(const struct page *p)
{
	return p->j->flow->closing || p->j->gone || p->j->out == NULL || p->epoch != p->j->epoch;
}

static void
page_over(struct page *p)
{
	struct job *j = p->j;
	bool stale = is_stale(p);

	j->sealing--;
	if (!stale) {
		j->out->moving--;
		if (j->run != NULL && p->credit > 0)
			pool_credit(j->run, p->credit);
	}
	page_free(p);
	if (stale)
		flow_job_settle(j);
	else if (j->out->ended)
		spool_ended(j);
}

static void
stored(void *arg, int r, const struct err *err)
{
	struct page *p = arg;
	struct flow *f = p->j->flow;

	if (r < 0 && !is_stale(p) && !store_gave_up(p->j, r, err)) {
		log_warn("spool", "job %s: page %d can't be stored: %s; kept in memory and tried again",
		    p->j->id, p->row.page, err->text);
		p->next = f->pages_stuck;
		f->pages_stuck = p;
		store_watch(f);
		return;
	}
	page_over(p);
}

/* The store swallows a copy, so that the page is still here when the disk says no. */
static void
page_store(struct page *p)
{
	void *blob = xcalloc(1, p->sealed.len + 1);

	memcpy(blob, p->sealed.data, p->sealed.len);
	store_result_take(p->j->flow->ag->store, &p->row, blob, p->sealed.len, stored, p);
}

void
sealing_retry(struct flow *f)
{
	struct page *p = f->pages_stuck, *next;

	f->pages_stuck = NULL;
	for (; p != NULL; p = next) {
		next = p->next;
		if (is_stale(p))
			page_over(p);
		else
			page_store(p);
	}
}

void
sealing_close(struct flow *f)
{
	sealing_retry(f);	/* closing: all are stale */
}

static void
work(void *arg)
{
	struct page *p = arg;
	struct seal *seal = p->j->flow->ag->seal;
	char aad[96];

	if (p->row.sealed) {
		(void)seal_result(seal, &p->sealed, p->plain.data, p->plain.len, &p->err);
	} else {
		snprintf(aad, sizeof(aad), "result:%s:%d:%d", p->row.job, p->row.sink, p->row.page);
		(void)seal_rest(seal, &p->sealed, aad, p->plain.data, p->plain.len, &p->err);
	}
}

static void
worked(void *arg)
{
	struct page *p = arg;
	struct job *j = p->j;

	buf_wipe(&p->plain);
	if (is_stale(p)) {
		page_over(p);
		return;
	}
	if (p->err.code != 0) {
		/* Never in the clear: the instance hears that there was something, and why it has not come. */
		log_err("seal", "job %s: page %d can't be sealed: %s; the answer says so", j->id, p->row.page, p->err.text);
		if (j->out->class == CLASS_OK)
			j->out->class = CLASS_INTERNAL;
		snprintf(j->out->message, sizeof(j->out->message), "a page could not be sealed: %.300s", p->err.text);
		p->row.sealed = false;
		buf_clear(&p->sealed);
	}
	page_store(p);
}

/* Attributes that must be readable without the key: see word.c. */
static char *
meta_of(const struct job *j)
{
	struct json_object *o = json_object_new_object();
	char *text;

	if (j->skip_sensor)
		json_put_str(o, "skip_sensor", "true");
	if (j->fence[0] != '\0')
		json_put_str(o, "fence", j->fence);
	text = xstrdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
	return text;
}

void
seal_page(struct job *j, int sink, int page, struct buf *plain, size_t credit)
{
	struct flow *f = j->flow;
	struct page *p = xcalloc(1, sizeof(*p));

	p->j = j;
	p->epoch = j->epoch;
	p->credit = credit;
	p->plain = *plain;
	buf_init(&p->sealed, plain->len * 2 + 64u * 1024);
	memcpy(p->row.job, j->id, sizeof(p->row.job));
	p->row.page = page;
	p->row.sink = sink;
	p->row.sealed = seal_mode(f->ag->seal) == SEAL_REQUIRED;
	p->row.meta = meta_of(j);
	/* The attempt is in it: an ended job that a person has tried again gives a new answer, not a repeat. */
	seal_id(p->row.id, sink == SINK_ECC ? "answer" : "ire", j->id, (uint64_t)j->attempts << 32 | (unsigned)page);
	j->out->moving++;
	j->sealing++;
	loop_work(f->ag->loop, work, worked, p);
}

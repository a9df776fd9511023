/* SPDX-License-Identifier: Apache-2.0 */
/* shipment - see shipment.h. */
#include "flow/shipment.h"

#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "flow/word.h"
#include "json.h"
#include "log.h"
#include "seal/seal.h"
#include "xalloc.h"

struct shipment *
shipment_new(struct flow *f, size_t max)
{
	struct shipment *s = xcalloc(1, sizeof(*s));

	s->f = f;
	s->all = xcalloc(max, sizeof(*s->all));
	s->answers = xcalloc(max, sizeof(*s->answers));
	s->asked = xcalloc(max, sizeof(*s->asked));
	s->ask_ids = xcalloc(max, sizeof(*s->ask_ids));
	s->ask_jobs = xcalloc(max, sizeof(*s->ask_jobs));
	return s;
}

void
shipment_free(struct shipment *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		buf_wipe(&s->all[i].body);
		result_row_fini(&s->all[i].row);
	}
	free(s->all);
	free(s->answers);
	free(s->asked);
	free(s->ask_ids);
	free(s->ask_jobs);
	free(s);
}

void
shipment_add(struct shipment *s, struct result_row *row)
{
	struct parcel *p = &s->all[s->count++];

	p->row = *row;
	memset(row, 0, sizeof(*row));
	buf_init(&p->body, 0);
}

size_t
shipment_doubtful(struct shipment *s, uint64_t up_to)
{
	size_t i, n = 0;

	for (i = 0; i < s->count; i++) {
		struct parcel *p = &s->all[i];

		/* Identification is idempotent: sending those again changes nothing. */
		if (p->row.sink != SINK_ECC || (!p->row.unsure && p->row.n > up_to))
			continue;
		s->asked[n] = p;
		s->ask_ids[n] = p->row.id;
		s->ask_jobs[n] = p->row.job;
		n++;
	}
	return n;
}

void
shipment_drop_present(struct shipment *s, const bool *present, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s->asked[i]->present = present[i];
}

/* --- wording ------------------------------------------------------------------- */

/* What stands in the blob in the clear, for an instance without a sealing key. */
static int
open_blob(struct flow *f, const struct result_row *r, struct buf *plain, struct err *err)
{
	char aad[96];

	if (r->blob_len == 0)
		return 0;
	snprintf(aad, sizeof(aad), "result:%s:%d:%d", r->job, r->sink, r->page);
	return unseal_rest(f->ag->seal, plain, aad, r->blob, r->blob_len, err);
}

/* *META is the caller's: the parameters borrow from it. */
static void
echo_of(const struct result_row *r, struct word_param out[9], struct json_object **meta)
{
	const struct job_row *j = &r->of;

	if (json_parse(meta, r->meta, strlen(r->meta), "meta", NULL) < 0)
		*meta = NULL;
	out[0] = (struct word_param){ "topic", j->topic };
	out[1] = (struct word_param){ "name", j->name };
	out[2] = (struct word_param){ "source", j->source };
	out[3] = (struct word_param){ "response_to", j->id };
	out[4] = (struct word_param){ "agent_correlator", j->correlator };
	out[5] = (struct word_param){ "sequence", j->sequence };
	out[6] = (struct word_param){ "skip_sensor", json_str(*meta, "skip_sensor", NULL) };
	out[7] = (struct word_param){ "fence", json_str(*meta, "fence", NULL) };
	out[8] = (struct word_param){ NULL, NULL };
}

static void
word_ecc(struct flow *f, struct parcel *p)
{
	const struct result_row *r = &p->row;
	struct word_param echo[9];
	struct json_object *meta = NULL;
	struct buf plain;
	struct err err = { 0 };
	struct word w = {
		.probe_ms = r->of.run_ms, .class = r->of.class, .partial = r->of.partial,
		.error = r->of.error == NULL ? "" : r->of.error,
		.page = r->page, .pages = r->of.answers, .params = echo,
	};

	buf_init(&plain, r->blob_len + 64);
	echo_of(r, echo, &meta);
	if (r->sealed) {
		w.sealed = r->blob;
		w.len = r->blob_len;
	} else if (open_blob(f, r, &plain, &err) == 0) {
		w.inner = buf_str(&plain);
		w.len = plain.len;
	} else {
		log_err("deliver", "job %s page %d: %s; the instance is told", r->job, r->page, err.text);
		w.class = CLASS_INTERNAL;
		w.error = err.text;
	}
	buf_init(&p->body, word_size(&w));
	(void)word_results(&p->body, &w);
	buf_wipe(&plain);
	json_object_put(meta);
}

static void
take_fence(struct parcel *p)
{
	struct json_object *meta = NULL;

	if (json_parse(&meta, p->row.meta, strlen(p->row.meta), "meta", NULL) == 0)
		snprintf(p->fence, sizeof(p->fence), "%s", json_str(meta, "fence", ""));
	json_object_put(meta);
}

/* The body is the request itself, sealed or opened. False: it can't be opened any more. */
static bool
word_ire(struct flow *f, struct parcel *p)
{
	struct result_row *r = &p->row;
	struct err err = { 0 };

	take_fence(p);
	buf_init(&p->body, r->blob_len + 64);
	if (r->sealed)
		return buf_put(&p->body, r->blob, r->blob_len) == 0;
	if (open_blob(f, r, &p->body, &err) == 0)
		return true;
	log_err("deliver", "job %s: its CIs can't be opened any more: %s", r->job, err.text);
	return false;
}

static void
address(struct answer *a, struct parcel *p, const char *agent)
{
	const struct job_row *j = &p->row.of;

	memset(a, 0, sizeof(*a));
	a->sink = (enum sink)p->row.sink;
	memcpy(a->id, p->row.id, sizeof(a->id));
	a->agent = agent;
	a->topic = j->topic;
	a->name = j->name;
	a->source = j->source;
	a->response_to = j->id;
	a->correlator = j->correlator;
	a->error_string = j->error == NULL || j->class == CLASS_OK ? "" : j->error;
	a->priority = j->priority;
	a->fence = p->fence;
	a->body = buf_str(&p->body);
	a->body_len = p->body.len;
	a->sealed = p->row.sealed;
	a->tag = p;
}

void
shipment_pack(struct shipment *s, const char *agent)
{
	size_t i;

	s->n = 0;
	for (i = 0; i < s->count; i++) {
		struct parcel *p = &s->all[i];

		if (p->present)
			continue;
		if (p->row.sink == SINK_IRE) {
			p->lost = !word_ire(s->f, p);
			if (p->lost)
				continue;
		} else {
			word_ecc(s->f, p);
		}
		address(&s->answers[s->n++], p, agent);
	}
}

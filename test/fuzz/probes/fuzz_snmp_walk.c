/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk against an agent that answers anything: raw bytes, or variables in
 * which only the names and types are the fuzzer's. The engine's two functions are replaced.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWERS_MAX 300u

static struct request *asked[WALK_FLIGHTS];
static unsigned nasked;

void
engine_submit(struct engine *e, struct request *r)
{
	(void)e;
	if (nasked == WALK_FLIGHTS || r->busy)
		abort();	/* too many at once */
	r->busy = true;
	r->sent = 1;
	asked[nasked++] = r;
}

void
engine_cancel(struct engine *e, struct request *r)
{
	unsigned i;

	(void)e;
	for (i = 0; i < nasked && asked[i] != r; i++)
		;
	if (i == nasked)
		abort();
	asked[i] = asked[--nasked];
	r->busy = false;
}

struct seen {
	bool over;
	unsigned left, put;
	struct oid last[3];
};

static const uint32_t a[] = { 1, 3, 6, 1 }, b[] = { 1, 3, 6, 1, 2 }, c[] = { 1, 3, 6, 5, 0 };
static const struct walk_root roots[] = { { .oid = { a, 4 } }, { .oid = { b, 5 } }, { .oid = { c, 5 }, .exact = true } };

/* What is put stands below its root and goes forward. */
static int
put(void *arg, unsigned root, const struct varbind *vb)
{
	struct seen *s = arg;

	if (root > 2 || s->over || !oid_under(vb->oid, vb->oid_n, roots[root].oid.ids, roots[root].oid.n))
		abort();
	if (oid_cmp(vb->oid, vb->oid_n, s->last[root].id, s->last[root].n) <= 0)
		abort();
	s->last[root].n = 0;
	(void)oid_append(&s->last[root], vb->oid, vb->oid_n);
	return ++s->put > 5000 ? -1 : 0;
}

static void
left(void *arg, unsigned root)
{
	struct seen *s = arg;

	(void)root;
	s->left++;
}

static void
missing(void *arg, const char *what, const struct oid_ref *below)
{
	(void)arg, (void)what, (void)below;
}

static void
ended(void *arg, enum walk_end how)
{
	struct seen *s = arg;

	if (s->over || (how == WALK_DONE && s->left != 3))
		abort();
	s->over = true;
}

/* Variables named as the input says, in good form. */
static struct slice
made(const uint8_t *p, size_t n, struct ber_out *o)
{
	uint32_t ids[] = { 1, 3, 6, 1, 2, 0, 0 };
	size_t i, mark, all = out_len(o);

	for (i = 0; i + 2 < n; i += 3) {
		mark = out_len(o);
		if ((p[i] & 3) == 0)
			out_head(o, VB_END_OF_VIEW, 0);
		else
			out_int(o, p[i]);
		ids[3] = 1 + (p[i] >> 7) * 4;
		ids[5] = p[i + 1];
		ids[6] = p[i + 2];
		out_oid(o, ids, 4 + p[i + 1] % 4);
		out_wrap(o, BER_SEQUENCE, mark);
	}
	return (struct slice){ o->at, out_len(o) - all };
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[65536];
	struct seen seen = { 0 };
	const struct walk_asker asker = { put, left, NULL, missing, ended, &seen };
	struct session session = { .version = size > 0 && (data[0] & 1) != 0 ? SNMP_V1 : SNMP_V2C };
	struct peer peer = { .rtt_ms = 1, .rtt_min_ms = 1 };	/* quick: as much at a time as there may be */
	struct walk w;
	struct request *r;
	struct ber_out o;
	unsigned n = 0;
	size_t len;

	nasked = 0;
	if (walk_start(&w, NULL, &peer, &session, roots, 3, &asker, &(struct walk_how){ .timeout_ms = 1, .tries = 1, .wide = size % 5 }) < 0)
		return 0;
	while (!seen.over && size > 2 && n++ < ANSWERS_MAX) {
		struct pdu pdu = { .type = PDU_RESPONSE, .error = data[0] >> 5, .error_index = data[0] >> 3 & 3 };

		len = data[1] < size - 2 ? data[1] : size - 2;
		if (nasked == 0)
			abort();	/* it neither asks nor ends */
		r = asked[data[1] % nasked];
		engine_cancel(NULL, r);
		out_init(&o, room, sizeof(room));
		pdu.varbinds = (data[0] & 1) != 0 ? (struct slice){ data + 2, len } : made(data + 2, len, &o);
		r->done(r, (data[0] & 6) == 6 ? REQUEST_SILENT : REQUEST_ANSWERED, (data[0] & 6) == 6 ? NULL : &pdu);
		data += 2 + len;
		size -= 2 + len;
	}
	walk_stop(&w);
	return 0;
}

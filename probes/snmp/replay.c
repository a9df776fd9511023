/* SPDX-License-Identifier: Apache-2.0 */
/* replay - a recording instead of an agent: what it holds goes the way that a walk's findings go. */
#include "run.h"
#include "snmprec.h"

static void
replay_root(struct snmp *s, const struct table *t, unsigned i, const struct walk_root *root)
{
	const struct oid_ref *o = &root->oid;
	struct varbind vb;
	size_t at;

	for (at = table_lower(t, o->ids, o->n); table_below(t, at, o->ids, o->n, &vb); at++)
		if ((!root->exact || vb.oid_n == o->n) && answer_put(s->answer, i, &vb) < 0)
			break;
	answer_left(s->answer, i);
}

static int
replay_answer(struct snmp *s, struct table *t)
{
	const struct walk_root *roots;
	unsigned n, i;

	if (answer_begin(s->answer, s->h->source(s->run), "recorded", false, &roots, &n) < 0)
		return snmp_no_memory(s);
	for (i = 0; i < n; i++)
		replay_root(s, t, i, &roots[i]);
	return 0;
}

int
snmp_replay(struct snmp *s)
{
	struct table *t = s->facts ? s->table : table_new(SNMP_ROWS_MAX, SNMP_BYTES_MAX);
	int r = snmprec_load(t, s->replay, s->h, s->run);

	s->walked = true;
	s->how = WALK_DONE;
	if (s->facts)
		return r;
	if (r == 0)
		r = replay_answer(s, t);
	table_free(t);
	return r;
}

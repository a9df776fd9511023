/* SPDX-License-Identifier: Apache-2.0 */
/* profile - see profile.h: which rows apply, and what they give. The files are read by profile_read.c. */
#include "profile.h"
#include "value.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts_rows.h"
#include "profile_rule.h"
#include "text.h"
#include "value.h"

static const uint32_t sys_descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, sys_object[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const uint32_t sys_name[] = { 1, 3, 6, 1, 2, 1, 1, 5, 0 };

static bool
matches(const struct profiles *p, const struct profile_row *r, const uint32_t *object, unsigned n, const char *descr)
{
	bool under = r->nmatch == 0;
	const struct ids_at *m;
	unsigned i;

	for (i = 0; i < r->nmatch && !under; i++) {
		m = &p->names[r->first_match + i];
		under = oid_under(object, n, p->ids + m->at, m->n);
	}
	return under && !r->broken && (r->descr_text == NULL || regexec(&r->descr, descr, 0, NULL, 0) == 0);
}

/* --- what to walk -------------------------------------------------------------------- */

struct wanted {
	const struct profiles *p;
	const bool *open;
	struct oid_ref *roots;
	unsigned n;
	const struct oid *object;
	uint32_t *made;			/* room for names that go on where OBJECT ends */
};

static bool
is_shut(const struct wanted *w, const struct oid_ref *name)
{
	unsigned i;

	for (i = 1; i < GATES; i++)
		if (!w->open[i] && oid_under(name->ids, name->n, w->p->gate[i].ids, w->p->gate[i].n))
			return true;
	return false;
}

/* Whatever is asked for already, or stands behind a gate that is shut, costs no question more. */
static bool
add_root(struct wanted *w, struct oid_ref root)
{
	const struct oid_ref *r;
	unsigned i;

	if (is_shut(w, &root))
		return false;
	for (i = 0; i < w->n; i++) {
		r = &w->roots[i];
		if (oid_under(root.ids, root.n, r->ids, r->n))
			return false;
	}
	w->roots[w->n++] = root;
	return true;
}

static void
add_rule(struct wanted *w, const struct rule *rule)
{
	unsigned less = rule->from == FROM_GET;		/* an instance is found right above it */
	struct oid o;

	if (rule->from != FROM_GET && rule->from != FROM_FIRST && rule->from != FROM_COUNT)
		return;
	if (!rule->of_object) {
		(void)add_root(w, (struct oid_ref){ w->p->ids + rule->oid.at, rule->oid.n - less });
	} else if (rule_oid(rule, w->p, w->object, &o)) {
		memcpy(w->made, o.id, o.n * sizeof(o.id[0]));
		if (add_root(w, (struct oid_ref){ w->made, o.n - less }))
			w->made += o.n;
	}
}

static void
add_row(struct wanted *w, const struct profile_row *r)
{
	struct oid_ref has;
	unsigned i;

	for (i = 0; i < r->nhas; i++) {		/* it cannot apply, nor can what else it would ask for matter */
		has = (struct oid_ref){ w->p->ids + w->p->names[r->first_has + i].at, w->p->names[r->first_has + i].n };
		if (is_shut(w, &has))
			return;
	}
	for (i = 0; i < r->nhas; i++)
		(void)add_root(w, (struct oid_ref){ w->p->ids + w->p->names[r->first_has + i].at, w->p->names[r->first_has + i].n });
	for (i = 0; i < r->nrules; i++)
		add_rule(w, &w->p->rules[r->first + i]);
}

/* How many numbers names may need that go on where sysObjectID ends. */
static size_t
room_made(const struct profiles *p, const struct oid *object)
{
	size_t n = 0;
	unsigned i;

	for (i = 0; i < p->nrules; i++)
		n += p->rules[i].of_object ? object->n + RULE_TAIL_MAX : 0;
	return n;
}

int
profiles_roots(const struct profiles *p, const struct oid *object, const char *descr, const bool *open, struct oid_ref **out,
    unsigned *nout)
{
	const size_t most = p->nrules + p->nnames + p->nstandard + 1;
	struct wanted w = { .p = p, .open = open, .object = object };
	char bare[SUBJECT_MAX];
	unsigned i;

	snprintf(bare, sizeof(bare), "%s", descr);
	subject_bare(bare);

	w.roots = calloc(1, most * sizeof(*w.roots) + room_made(p, object) * sizeof(*w.made));
	if (w.roots == NULL)
		return -1;
	w.made = (uint32_t *)(w.roots + most);
	for (i = 0; i < p->nstandard; i++)
		if (p->gates[i] == 0 || open[p->gates[i]])
			w.roots[w.n++] = p->standard[i];
	for (i = 0; i < p->nrows; i++)
		if (matches(p, &p->rows[i], object->id, object->n, bare))
			add_row(&w, &p->rows[i]);
	*out = w.roots;
	*nout = w.n;
	return 0;
}

/* --- what it says --------------------------------------------------------------------- */

static void
subject_read(struct subject *s)
{
	struct varbind vb;

	if (table_get(s->table, sys_descr, 9, &vb))
		value_text(&vb, s->descr, sizeof(s->descr));
	if (table_get(s->table, sys_name, 9, &vb))
		value_text(&vb, s->name, sizeof(s->name));
	subject_bare(s->descr);
	subject_bare(s->name);
	if (table_get(s->table, sys_object, 9, &vb) && vb.type == VB_OID) {
		value_text(&vb, s->object, sizeof(s->object));
		(void)oid_append(&s->id, vb.ids, (unsigned)vb.len);
	}
}

static bool
applies(const struct profile_row *r, const struct subject *s)
{
	const struct profiles *p = s->profiles;
	const struct ids_at *has;
	char value[FACT_MAX];
	struct varbind vb;
	unsigned i;

	if (!matches(p, r, s->id.id, s->id.n, s->descr))
		return false;
	for (i = 0; i < r->nhas; i++) {
		has = &p->names[r->first_has + i];
		if (!table_below(s->table, table_lower(s->table, p->ids + has->at, has->n), p->ids + has->at, has->n, &vb))
			return false;
	}
	for (i = 0; i < r->nrules; i++)
		if (p->rules[r->first + i].fact == FACTS && !rule_apply(&p->rules[r->first + i], s, value))
			return false;
	return true;
}

static bool
known(unsigned facts, const struct facts_found *f)
{
	unsigned i;

	for (i = 0; i < FACTS; i++)
		if ((facts & 1u << i) != 0 && f->value[i][0] != '\0')
			return true;
	return false;
}

static void
take(const struct profile_row *row, const struct subject *s, struct facts_found *out)
{
	const struct rule *rule;
	char value[FACT_MAX];
	unsigned i;

	if (out->profile[0] == '\0')
		out->profile = row->name;
	for (i = 0; i < row->nrules; i++) {
		rule = &s->profiles->rules[row->first + i];
		if (rule->fact == FACTS || out->value[rule->fact][0] != '\0' || !rule_apply(rule, s, value))
			continue;
		snprintf(out->value[rule->fact], FACT_MAX, "%s", value);
		snprintf(out->rule[rule->fact], FACT_MAX, "%.60s: %.180s", row->name, rule->source);
	}
}

void
profiles_find(const struct profiles *p, const struct table *t, struct facts_found *out)
{
	struct subject *s = calloc(1, sizeof(*s));
	unsigned i;

	*out = (struct facts_found){ .profile = "" };
	if (s == NULL)
		return;
	s->profiles = p;
	s->table = t;
	subject_read(s);
	for (i = 0; i < p->nrows; i++)
		if (!known(p->rows[i].unless, out) && applies(&p->rows[i], s))
			take(&p->rows[i], s, out);
	free(s);
}

void
profiles_list(const struct profiles *p, void (*one)(void *arg, const struct profile_said *row), void *arg)
{
	const struct profile_row *r;
	struct profile_said said;
	char oids[1024];
	unsigned i, k;
	size_t at;

	for (i = 0; i < p->nrows; i++) {
		r = &p->rows[i];
		for (k = 0, at = 0, oids[0] = '\0'; k < r->nmatch && at < sizeof(oids) - OID_TEXT_MAX / 8; k++) {
			at += (size_t)snprintf(oids + at, sizeof(oids) - at, "%s", k == 0 ? "" : " ");
			at += oid_text(p->ids + p->names[r->first_match + k].at, p->names[r->first_match + k].n, oids + at, sizeof(oids) - at);
		}
		said = (struct profile_said){ r->name, r->file, r->line, oids, r->descr_text == NULL ? "" : r->descr_text, r->nrules, r->broken };
		one(arg, &said);
	}
}

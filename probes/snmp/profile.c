/* SPDX-License-Identifier: Apache-2.0 */
/* profile - see profile.h: matching, and where values are found. The files are read by profile_read.c. */
#include "profile.h"
#include "value.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "profile_rows.h"

#define GROUPS 4u
#define SUBJECT_MAX 1024u

static const uint32_t sys_descr[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, sys_object[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const uint32_t entity[] = { 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1 };

static bool
matches(const struct profile_row *r, const uint32_t *object, unsigned n, const char *descr)
{
	bool under = r->nmatch == 0;
	unsigned i;

	for (i = 0; i < r->nmatch && !under; i++)
		under = oid_under(object, n, r->match[i].id, r->match[i].n);
	return under && (!r->has_descr || regexec(&r->descr, descr, 0, NULL, 0) == 0);
}

/* --- what to walk -------------------------------------------------------------------- */

static void
add_rule_root(const struct rule *rule, struct oid_ref *roots, unsigned *n)
{
	if (rule->from == FROM_GET)	/* its instance is found right above it */
		roots[(*n)++] = (struct oid_ref){ rule->oid.id, rule->oid.n - 1 };
	else if (rule->from == FROM_FIRST)
		roots[(*n)++] = (struct oid_ref){ rule->oid.id, rule->oid.n };
}

int
profiles_roots(const struct profiles *p, const struct oid *object, const char *descr, struct oid_ref **out, unsigned *nout)
{
	struct oid_ref *roots = calloc(p->nrules + p->nrows + p->nstandard + 1, sizeof(*roots));
	unsigned n = 0, i, k;

	if (roots == NULL)
		return -1;
	for (i = 0; i < p->nstandard; i++)
		roots[n++] = (struct oid_ref){ p->standard[i].id, p->standard[i].n };
	for (i = 0; i < p->nrows; i++)
		if (matches(&p->rows[i], object->id, object->n, descr)) {
			if (p->rows[i].has.n > 0)
				roots[n++] = (struct oid_ref){ p->rows[i].has.id, p->rows[i].has.n };
			for (k = 0; k < p->rows[i].nrules; k++)
				add_rule_root(&p->rules[p->rows[i].first + k], roots, &n);
		}
	*out = roots;
	*nout = n;
	return 0;
}

/* --- what it says --------------------------------------------------------------------- */

/* Trimmed, and what stands for nothing is nothing. */
static void
tidy(char *s)
{
	size_t n = strlen(s), lead = strspn(s, " \t\r\n");

	while (n > lead && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	memmove(s, s + lead, n - lead);
	s[n - lead] = '\0';
	if (strcasecmp(s, "n/a") == 0 || strcasecmp(s, "none") == 0 || strcasecmp(s, "unknown") == 0 || strcmp(s, "-") == 0)
		s[0] = '\0';
}

/* The groups of the pattern, joined by blanks; all of it when there are none. False: it does not fit. */
static bool
filter(const struct rule *rule, const char *subject, char out[FACT_MAX])
{
	regmatch_t m[GROUPS + 1];
	size_t at = 0, i;

	out[0] = '\0';
	if (!rule->has_pattern) {
		snprintf(out, FACT_MAX, "%s", subject);
	} else {
		if (regexec(&rule->pattern, subject, GROUPS + 1, m, 0) != 0)
			return false;
		for (i = rule->pattern.re_nsub == 0 ? 0 : 1; i <= GROUPS && i <= rule->pattern.re_nsub && at < FACT_MAX; i++)
			if (m[i].rm_so >= 0 && m[i].rm_eo > m[i].rm_so)
				at += (size_t)snprintf(out + at, FACT_MAX - at, "%s%.*s", at == 0 ? "" : " ",
				    (int)(m[i].rm_eo - m[i].rm_so), subject + m[i].rm_so);
	}
	tidy(out);
	return out[0] != '\0';
}

static bool
from_value(const struct rule *rule, const struct varbind *vb, char out[FACT_MAX])
{
	char subject[SUBJECT_MAX];

	value_text(vb, subject, sizeof(subject));
	return filter(rule, subject, out);
}

static bool
from_below(const struct rule *rule, const struct table *t, char out[FACT_MAX])
{
	struct varbind vb;
	size_t i;

	for (i = table_lower(t, rule->oid.id, rule->oid.n); table_below(t, i, rule->oid.id, rule->oid.n, &vb); i++)
		if (from_value(rule, &vb, out))
			return true;
	return false;
}

static bool
column(const struct table *t, uint32_t col, uint32_t index, struct varbind *vb)
{
	struct oid o = { .n = 0 };
	const uint32_t tail[] = { col, index };

	return oid_append(&o, entity, 11) == 0 && oid_append(&o, tail, 2) == 0 && table_get(t, o.id, o.n, vb);
}

/* The chassis says it, else what is contained in nothing. */
static bool
from_entity(const struct rule *rule, const struct table *t, char out[FACT_MAX])
{
	struct oid classes = { .n = 0 };
	const uint32_t class_column = 5;
	struct varbind vb, in;
	unsigned pass;
	size_t i;

	(void)oid_append(&classes, entity, 11);
	(void)oid_append(&classes, &class_column, 1);
	for (pass = 0; pass < 2; pass++)
		for (i = table_lower(t, classes.id, classes.n); table_below(t, i, classes.id, classes.n, &vb); i++) {
			uint32_t index = vb.oid[vb.oid_n - 1];

			if (pass == 0 ? vb.integer != 3 : !column(t, 4, index, &in) || in.integer != 0)
				continue;
			if (column(t, rule->column, index, &vb) && from_value(rule, &vb, out))
				return true;
			(void)table_below(t, i, classes.id, classes.n, &vb);
		}
	return false;
}

static bool
apply(const struct rule *rule, const struct table *t, const char *descr, char out[FACT_MAX])
{
	struct varbind vb;

	switch (rule->from) {
	case FROM_TEXT:
		snprintf(out, FACT_MAX, "%s", rule->text);
		return true;
	case FROM_DESCR:
		return filter(rule, descr, out);
	case FROM_GET:
		return table_get(t, rule->oid.id, rule->oid.n, &vb) && from_value(rule, &vb, out);
	case FROM_FIRST:
		return from_below(rule, t, out);
	default:
		return from_entity(rule, t, out);
	}
}

void
profiles_find(const struct profiles *p, const struct table *t, struct facts_found *out)
{
	char descr[SUBJECT_MAX] = "", value[FACT_MAX];
	const struct profile_row *row;
	const struct rule *rule;
	struct varbind vb;
	struct oid object = { .n = 0 };
	unsigned i, k;

	*out = (struct facts_found){ .profile = "" };
	if (table_get(t, sys_descr, 9, &vb))
		value_text(&vb, descr, sizeof(descr));
	if (table_get(t, sys_object, 9, &vb) && vb.type == VB_OID)
		(void)oid_append(&object, vb.ids, (unsigned)vb.len);
	for (i = 0; i < p->nrows; i++) {
		row = &p->rows[i];
		if (!matches(row, object.id, object.n, descr) || (row->has.n > 0 &&
		    !table_below(t, table_lower(t, row->has.id, row->has.n), row->has.id, row->has.n, &vb)))
			continue;
		if (out->profile[0] == '\0')
			out->profile = row->name;
		for (k = 0; k < row->nrules; k++) {
			rule = &p->rules[row->first + k];
			if (out->value[rule->fact][0] != '\0' || !apply(rule, t, descr, value))
				continue;
			snprintf(out->value[rule->fact], FACT_MAX, "%s", value);
			snprintf(out->rule[rule->fact], FACT_MAX, "%s: %.180s", row->name, rule->source);
		}
	}
}

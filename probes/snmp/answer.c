/* SPDX-License-Identifier: Apache-2.0 */
/* answer - see answer.h. */
#include "answer.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
	struct text *out;
	const struct spec *spec;
	const struct names *names;
	const struct table *t;
	char *value;		/* VALUE_ROOM bytes: the largest value there can be, as hex */
};

#define VALUE_ROOM (3u * 65536u)

static void
put_value(struct writer *w, const char *name, const struct varbind *vb, bool with_oid)
{
	char oid[OID_TEXT_MAX];

	value_text(vb, w->value, VALUE_ROOM);
	text_printf(w->out, "<%s", name);
	if (with_oid) {
		oid_text(vb->oid, vb->oid_n, oid, sizeof(oid));
		text_printf(w->out, " oid=\"%s\" type=\"%s\"", oid, value_type(vb->type));
	}
	text_put(w->out, ">");
	text_xml(w->out, w->value);
	text_printf(w->out, "</%s>", name);
}

static void
put_walk(struct writer *w, const struct spec_line *l)
{
	char name[NAME_MAX_LEN];
	struct varbind vb;
	size_t i;

	text_printf(w->out, "<%s>", l->name);
	for (i = table_lower(w->t, l->oid.id, l->oid.n); table_below(w->t, i, l->oid.id, l->oid.n, &vb); i++) {
		if (names_of(w->names, vb.oid, vb.oid_n, name) <= l->oid.n)
			snprintf(name, sizeof(name), "object");
		put_value(w, name, &vb, true);
	}
	text_printf(w->out, "</%s>", l->name);
}

static void
put_get(struct writer *w, const struct spec_line *l)
{
	const struct spec_child *c;
	char name[NAME_MAX_LEN];
	struct varbind vb;
	unsigned i;

	for (i = 0; i < l->n; i++) {
		c = &w->spec->children[l->first + i];
		if (!table_get(w->t, c->oid.id, c->oid.n, &vb))
			continue;
		if (names_of(w->names, vb.oid, vb.oid_n, name) < 2)
			snprintf(name, sizeof(name), "object");
		put_value(w, name, &vb, true);
	}
}

/* --- tables -------------------------------------------------------------------------------- */

static bool
cell(const struct writer *w, const struct spec_child *c, const struct oid *index, struct varbind *vb)
{
	struct oid o = c->oid;

	return oid_append(&o, index->id, index->n) == 0 && table_get(w->t, o.id, o.n, vb);
}

static bool
wanted(const struct writer *w, const struct spec_line *l, const struct oid *index)
{
	const struct spec_child *c;
	struct varbind vb;
	bool filtered = false;
	unsigned i;

	for (i = 0; i < l->n; i++) {
		c = &w->spec->children[l->first + i];
		if (c->filter == FILTER_NONE)
			continue;
		filtered = true;
		if (!cell(w, c, index, &vb))
			continue;
		value_text(&vb, w->value, VALUE_ROOM);
		if (spec_fits(c, w->value))
			return true;
	}
	return !filtered;
}

static void
put_row(struct writer *w, const struct spec_line *l, const char *entry, const struct oid *index)
{
	char text[OID_TEXT_MAX];
	const struct spec_child *c;
	struct varbind vb;
	unsigned i;

	if (!wanted(w, l, index))
		return;
	oid_text(index->id, index->n, text, sizeof(text));
	text_printf(w->out, "<%s instance=\"%s\">", entry, text);
	for (i = 0; i < l->n; i++) {
		c = &w->spec->children[l->first + i];
		if (cell(w, c, index, &vb))
			put_value(w, c->name, &vb, false);
	}
	text_printf(w->out, "</%s>", entry);
}

/* "ifTable" has ifEntry; what has no name of that kind has "row". */
static void
name_entry(const char *table, char out[NAME_MAX_LEN])
{
	size_t n = strlen(table);

	if (n > 5 && strcmp(table + n - 5, "Table") == 0)
		snprintf(out, NAME_MAX_LEN, "%.*sEntry", (int)(n - 5), table);
	else
		snprintf(out, NAME_MAX_LEN, "row");
}

/* All rows are told that any of its children has, in order of index. */
static void
put_table(struct writer *w, const struct spec_line *l)
{
	const struct spec_child *children = w->spec->children + l->first;
	size_t at[SPEC_CHILDREN_MAX];
	char entry[NAME_MAX_LEN];
	struct varbind vb;
	struct oid least;
	unsigned i;
	bool any;

	name_entry(l->name, entry);
	for (i = 0; i < l->n; i++)
		at[i] = table_lower(w->t, children[i].oid.id, children[i].oid.n);
	text_printf(w->out, "<%s>", l->name);
	do {
		any = false;
		for (i = 0; i < l->n; i++) {
			const struct oid *c = &children[i].oid;

			if (!table_below(w->t, at[i], c->id, c->n, &vb))
				continue;
			if (any && oid_cmp(vb.oid + c->n, vb.oid_n - c->n, least.id, least.n) >= 0)
				continue;
			least.n = 0;
			(void)oid_append(&least, vb.oid + c->n, vb.oid_n - c->n);
			any = true;
		}
		if (!any)
			break;
		put_row(w, l, entry, &least);
		for (i = 0; i < l->n; i++) {
			const struct oid *c = &children[i].oid;

			if (table_below(w->t, at[i], c->id, c->n, &vb) &&
			    oid_cmp(vb.oid + c->n, vb.oid_n - c->n, least.id, least.n) == 0)
				at[i]++;
		}
	} while (!w->out->full);
	text_printf(w->out, "</%s>", l->name);
}

void
answer_write(struct text *out, const struct spec *s, const struct names *names, const struct table *t,
    const char *source, const char *version)
{
	static void (*const put[])(struct writer *, const struct spec_line *) = {
		[SPEC_WALK] = put_walk, [SPEC_GET] = put_get, [SPEC_TABLE] = put_table,
	};
	struct writer w = { out, s, names, t, malloc(VALUE_ROOM) };
	unsigned i;

	if (w.value == NULL) {
		out->full = true;
		return;
	}

	text_put(out, "<snmp source=\"");
	text_xml(out, source);
	text_printf(out, "\" version=\"%s\">", version);
	for (i = 0; i < s->nlines && !out->full; i++)
		put[s->lines[i].kind](&w, &s->lines[i]);
	text_put(out, "</snmp>");
	free(w.value);
}

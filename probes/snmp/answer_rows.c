/* SPDX-License-Identifier: Apache-2.0 */
/* answer_rows - the rows of a table, each as soon as no column can bring more of it; see answer.h. */
#include <stdio.h>
#include <string.h>

#include "answer_inside.h"
#include "value.h"

/* The next index that any column has. False: none. */
static bool
least_index(const struct spec_child *c, const struct column *col, unsigned n, struct oid *out)
{
	struct varbind vb;
	bool any = false;
	unsigned i, less;

	for (i = 0; i < n; i++) {
		if (col[i].t == NULL || col[i].at >= table_rows(col[i].t))
			continue;
		vb = table_row(col[i].t, col[i].at);
		less = c[i].oid.n;
		if (any && oid_cmp(vb.oid + less, vb.oid_n - less, out->id, out->n) >= 0)
			continue;
		out->n = 0;
		(void)oid_append(out, vb.oid + less, vb.oid_n - less);
		any = true;
	}
	return any;
}

/* May a column yet bring that row? */
static bool
comes_yet(const struct column *col, unsigned n, const struct oid *index)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (!col[i].left && (!col[i].begun || oid_cmp(col[i].last.id, col[i].last.n, index->id, index->n) < 0))
			return true;
	return false;
}

static bool
cell(const struct spec_child *c, const struct column *col, const struct oid *index, struct varbind *vb)
{
	if (col->t == NULL || col->at >= table_rows(col->t))
		return false;
	*vb = table_row(col->t, col->at);
	return oid_cmp(vb->oid + c->oid.n, vb->oid_n - c->oid.n, index->id, index->n) == 0;
}

static bool
wanted(struct answer *a, const struct spec_child *c, const struct column *col, unsigned n, const struct oid *index)
{
	struct varbind vb;
	bool filtered = false;
	unsigned i;

	for (i = 0; i < n; i++) {
		if (c[i].filter == FILTER_NONE)
			continue;
		filtered = true;
		if (!cell(&c[i], &col[i], index, &vb))
			continue;
		value_text(&vb, a->value, VALUE_ROOM);
		if (spec_fits(&c[i], a->value))
			return true;
	}
	return !filtered;
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

static void
put_row(struct answer *a, const struct spec_line *of, struct text *t, const struct oid *index)
{
	const struct spec_child *c = a->spec->children + of->first;
	struct column *col = a->columns + of->first;
	char entry[NAME_MAX_LEN], text[OID_TEXT_MAX];
	bool tell = wanted(a, c, col, of->n, index);
	struct varbind vb;
	unsigned i;

	name_entry(of->name, entry);
	oid_text(index->id, index->n, text, sizeof(text));
	if (tell)
		text_printf(t, "<%s instance=\"%s\">", entry, text);
	for (i = 0; i < of->n; i++) {
		if (!cell(&c[i], &col[i], index, &vb))
			continue;
		if (tell && !c[i].again) {
			text_printf(t, "<%s>", c[i].name);
			answer_value(a, t, &vb);
			text_printf(t, "</%s>", c[i].name);
		}
		col[i].at++;
	}
	if (tell)
		text_printf(t, "</%s>", entry);
}

/* Rows that are told go, so that what is in memory stays small. */
static void
drop_told(struct answer *a, struct column *col)
{
	size_t was;

	if (col->t == NULL || (col->at < table_rows(col->t) && col->at < KEPT_ROWS))
		return;
	was = table_bytes(col->t);
	table_drop(col->t, col->at);
	col->at = 0;
	a->waiting -= was - table_bytes(col->t);
}

bool
answer_rows(struct answer *a, const struct spec_line *of, struct line *l)
{
	struct column *col = a->columns + of->first;
	struct oid index;
	unsigned i;
	bool all = false;

	while (l->text.n < ROWS_TEXT_MAX && !l->text.full && !all) {
		all = !least_index(a->spec->children + of->first, col, of->n, &index) || comes_yet(col, of->n, &index);
		if (!all)
			put_row(a, of, &l->text, &index);
	}
	for (i = 0; i < of->n; i++)
		drop_told(a, &col[i]);
	return all || l->text.full;
}

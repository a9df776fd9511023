/* SPDX-License-Identifier: Apache-2.0 */
/* facts_table - see facts_table.h. */
#include "facts_table.h"

#include <string.h>

bool
section_cell(const struct row_at *at, const struct oid *entry, uint32_t column, struct varbind *vb)
{
	struct oid o = *entry;

	return oid_append(&o, &column, 1) == 0 && oid_append(&o, at->index, at->n) == 0 && table_get(at->table, o.id, o.n, vb);
}

bool
cell_at(const struct table *t, const char *entry, uint32_t column, const uint32_t *index, unsigned n, struct varbind *vb)
{
	struct row_at at = { .table = t, .index = index, .n = n };

	return oid_parse(entry, &at.entry[0]) == 0 && section_cell(&at, &at.entry[0], column, vb);
}

static void
put_row(struct text *out, const struct section *s, const struct row_at *at)
{
	const struct column *c;
	struct varbind vb;
	char value[VALUE_TEXT_MAX];
	unsigned i;

	if (s->bare) {
		if (section_cell(at, &at->entry[0], s->columns[0]->column, &vb)) {
			display_text(&vb, value, sizeof(value));
			text_json(out, value);
		}
		return;
	}
	text_put(out, "{");
	s->head(out, at);
	for (i = 0; i < SECTION_JOINS && s->entry[i] != NULL; i++)
		for (c = s->columns[i]; c->key != NULL; c++)
			if (section_cell(at, &at->entry[i], c->column, &vb))
				put_cell(out, c, &vb);
	if (s->more != NULL)
		s->more(out, at);
	text_put(out, "}");
}

/* Is this index in one of the columns before COL? Then it was told with that one. */
static bool
told(const struct section *s, const struct row_at *at, unsigned entry, const struct column *col)
{
	const struct column *c;
	struct varbind vb;
	unsigned i;

	for (i = 0; i <= entry; i++)
		for (c = s->columns[i]; c->key != NULL && c != col; c++)
			if (section_cell(at, &at->entry[i], c->column, &vb))
				return true;
	return false;
}

/* The rows that column C of join I has first. */
static unsigned
column_rows(const struct section *s, struct row_at *at, unsigned i, const struct column *c, struct text *out, bool first)
{
	struct oid col = at->entry[i];
	struct varbind vb;
	unsigned n = 0;
	size_t k;

	(void)oid_append(&col, &c->column, 1);
	for (k = table_lower(at->table, col.id, col.n); table_below(at->table, k, col.id, col.n, &vb); k++) {
		at->index = vb.oid + col.n;
		at->n = vb.oid_n - col.n;
		if (at->n < s->index_min || (s->wanted != NULL && !s->wanted(at)) || told(s, at, i, c))
			continue;
		if (n++ > 0 || !first)
			text_put(out, ",");
		put_row(out, s, at);
	}
	return n;
}

unsigned
section_write(const struct section *s, const struct table *t, struct text *out, bool first)
{
	struct row_at at = { .table = t };
	const struct column *c;
	unsigned i, n = 0;

	for (i = 0; i < SECTION_JOINS && s->entry[i] != NULL; i++)
		(void)oid_parse(s->entry[i], &at.entry[i]);
	for (i = 0; i < SECTION_JOINS && s->entry[i] != NULL && (s->rows_from == 0 || i < s->rows_from); i++)
		for (c = s->columns[i]; c->key != NULL; c++)
			n += column_rows(s, &at, i, c, out, first && n == 0);
	return n;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* answer - see answer.h. */
#include "answer.h"
#include "value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_inside.h"
#include "lines.h"
#include "value.h"

struct answer *
answer_new(const struct spec *s, const struct names *names, uint64_t values_max, bool raw)
{
	struct answer *a = calloc(1, sizeof(*a));
	size_t n = s->nlines + s->nchildren;
	unsigned i;

	if (a == NULL)
		return NULL;
	*a = (struct answer){ .spec = s, .names = names, .values_max = values_max, .raw = raw };
	a->lines = calloc(s->nlines, sizeof(*a->lines));
	a->columns = calloc(s->nchildren + 1, sizeof(*a->columns));
	a->roots = calloc(n, sizeof(*a->roots));
	a->targets = calloc(n, sizeof(*a->targets));
	a->singles = table_new(SPEC_CHILDREN_MAX, COLUMN_BYTES_MAX);
	if (a->lines == NULL || a->columns == NULL || a->roots == NULL || a->targets == NULL || a->singles == NULL) {
		answer_free(a);
		return NULL;
	}
	for (i = 0; i < s->nlines; i++)
		text_init(&a->lines[i].text, LINE_TEXT_MAX);
	return a;
}

void
answer_free(struct answer *a)
{
	unsigned i;

	if (a == NULL)
		return;
	for (i = 0; a->lines != NULL && i < a->spec->nlines; i++)
		text_fini(&a->lines[i].text);
	for (i = 0; a->columns != NULL && i < a->spec->nchildren; i++)
		table_free(a->columns[i].t);
	table_free(a->singles);
	free(a->lines);
	free(a->columns);
	free(a->roots);
	free(a->targets);
	free(a->value);
	free(a);
}

int
answer_single(struct answer *a, const struct varbind *vb)
{
	return table_put(a->singles, vb) < 0 ? -1 : 0;
}

/* --- a value ------------------------------------------------------------------------------ */

static char *
put_number(char *at, const struct varbind *vb)
{
	uint64_t v = vb->number;

	if (vb->type == VB_INTEGER && vb->integer < 0) {
		*at++ = '-';
		v = -v;
	}
	return digits_put(at, v);
}

/* Most text needs no second look. */
static bool
is_plain(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e || p[i] == '<' || p[i] == '>' || p[i] == '&' || p[i] == '"')
			return false;
	return true;
}

void
answer_value(struct answer *a, struct text *t, const struct varbind *vb)
{
	char *at = text_need(t, 24);

	if (at == NULL)
		return;
	if (vb->type == VB_INTEGER || vb->type == VB_COUNTER32 || vb->type == VB_GAUGE32 || vb->type == VB_TICKS || vb->type == VB_COUNTER64) {
		text_add(t, (size_t)(put_number(at, vb) - at));
	} else if (vb->type == VB_OCTETS && is_plain(vb->bytes, vb->len)) {
		at = text_need(t, vb->len);
		if (at == NULL)
			return;
		memcpy(at, vb->bytes, vb->len);
		text_add(t, vb->len);
	} else {
		value_text(vb, a->value, VALUE_ROOM);
		text_xml(t, a->value);
	}
}

/* --- a variable by itself: <ifDescr oid="..." type="...">...</ifDescr> ---------------------- */

/* How it is written as far as the variables beside it are written so too. */
static void
learn(struct answer *a, const struct spec_line *of, struct line *l, const struct varbind *vb)
{
	char name[NAME_MAX_LEN];
	unsigned n = names_of(a->names, vb->oid, vb->oid_n, name);
	int k;

	if (n < 2 || n <= of->oid.n) {
		snprintf(name, sizeof(name), "object");
		n = 0;
	}
	if (n == 0 || n >= vb->oid_n || !names_fixed(a->names, vb->oid, n))
		n = vb->oid_n - 1;
	l->same.n = 0;
	if (names_fixed(a->names, vb->oid, n))
		(void)oid_append(&l->same, vb->oid, n);
	l->head_ids = n;
	k = snprintf(l->head, sizeof(l->head), "<%s oid=\"", name);
	l->head_n = (size_t)k + oid_text(vb->oid, n, l->head + k, sizeof(l->head) - (size_t)k);
	l->tail_n = (size_t)snprintf(l->tail, sizeof(l->tail), "</%s>", name);
}

static void
put_variable(struct answer *a, const struct spec_line *of, struct line *l, struct text *t, const struct varbind *vb)
{
	const char *type = value_type(vb->type);
	unsigned i;
	char *at;

	if (a->raw) {
		line_walked(t, vb);
		return;
	}
	if (l->same.n == 0 || l->same.n >= vb->oid_n || !oid_under(vb->oid, vb->oid_n, l->same.id, l->same.n))
		learn(a, of, l, vb);
	at = text_need(t, l->head_n + 11u * (vb->oid_n - l->head_ids) + 40);
	if (at == NULL)
		return;
	memcpy(at, l->head, l->head_n);
	at += l->head_n;
	for (i = l->head_ids; i < vb->oid_n; i++) {
		*at++ = '.';
		at = digits_put(at, vb->oid[i]);
	}
	memcpy(at, "\" type=\"", 8);
	at += 8;
	i = (unsigned)strlen(type);
	memcpy(at, type, i);
	at += i;
	memcpy(at, "\">", 2);
	text_add(t, (size_t)(at + 2 - (t->data + t->n)));
	answer_value(a, t, vb);
	at = text_need(t, l->tail_n);
	if (at == NULL)
		return;
	memcpy(at, l->tail, l->tail_n);
	text_add(t, l->tail_n);
}

/* --- single values ------------------------------------------------------------------------ */

static void
put_singles(struct answer *a, const struct spec_line *of, struct line *l)
{
	static const struct spec_line all = { .kind = SPEC_GET };
	struct varbind vb;
	unsigned i;

	table_sort(a->singles);
	for (i = 0; i < of->n; i++) {
		const struct oid *o = &a->spec->children[of->first + i].oid;

		if (table_get(a->singles, o->id, o->n, &vb))
			put_variable(a, &all, l, &l->text, &vb);
	}
}

/* --- lines ------------------------------------------------------------------------------------ */

static void
add_root(struct answer *a, unsigned line, unsigned child, const struct oid *o, bool exact)
{
	a->roots[a->nroots] = (struct walk_root){ .oid = { o->id, o->n }, .exact = exact };
	a->targets[a->nroots++] = (struct target){ line, child };
	a->lines[line].open++;
}

static int
begin_line(struct answer *a, unsigned i, bool singles)
{
	const struct spec_line *of = &a->spec->lines[i];
	unsigned k;

	if (of->kind != SPEC_GET && !a->raw)
		text_printf(&a->lines[i].text, "<%s>", of->name);
	if (of->kind == SPEC_WALK) {
		add_root(a, i, a->spec->nchildren, &of->oid, false);
		return 0;
	}
	for (k = of->first; k < of->first + of->n; k++) {
		if (of->kind == SPEC_TABLE) {
			a->columns[k].t = table_new(COLUMN_ROWS_MAX, COLUMN_BYTES_MAX);
			if (a->columns[k].t == NULL)
				return -1;
		}
		if (of->kind == SPEC_TABLE || !singles)
			add_root(a, i, k, &a->spec->children[k].oid, of->kind == SPEC_GET);
	}
	return 0;
}

int
answer_begin(struct answer *a, const char *source, const char *version, bool singles, const struct walk_root **roots, unsigned *n)
{
	struct text *first = &a->lines[0].text;
	unsigned i;

	a->value = malloc(VALUE_ROOM);
	if (a->value == NULL)
		return -1;
	if (!a->raw) {
		text_put(first, "<snmp source=\"");
		text_xml(first, source);
		text_printf(first, "\" version=\"%s\">", version);
	}
	for (i = 0; i < a->spec->nlines; i++)
		if (begin_line(a, i, singles) < 0)
			return -1;
	*roots = a->roots;
	*n = a->nroots;
	return 0;
}

int
answer_put(struct answer *a, unsigned root, const struct varbind *vb)
{
	const struct target *to = &a->targets[root];
	const struct spec_line *of = &a->spec->lines[to->line];
	struct line *l = &a->lines[to->line];
	struct column *col = &a->columns[to->child];
	size_t was;
	int r;

	if (vb->type == VB_NULL)
		return 0;
	if (++a->values > a->values_max || a->waiting > ALL_BYTES_MAX)
		return -1;
	if (of->kind == SPEC_GET)
		return answer_single(a, vb);
	if (of->kind == SPEC_WALK) {
		was = l->text.n;
		if (was > LINE_TEXT_MAX - VALUE_TEXT_MOST)
			return -1;
		put_variable(a, of, l, &l->text, vb);
		if (to->line != a->now)
			a->waiting += l->text.n - was;
		return l->text.full ? -1 : 0;
	}
	was = table_bytes(col->t);
	r = table_put(col->t, vb);
	a->waiting += table_bytes(col->t) - was;
	col->begun = true;
	col->last.n = 0;
	(void)oid_append(&col->last, vb->oid + a->roots[root].oid.n, vb->oid_n - a->roots[root].oid.n);
	return r < 0 ? -1 : 0;
}

void
answer_left(struct answer *a, unsigned root)
{
	const struct target *to = &a->targets[root];

	a->columns[to->child].left = true;
	a->lines[to->line].open--;
}

bool
answer_may(const struct answer *a, unsigned root)
{
	const struct text *t = &a->lines[a->now].text;

	if (t->n - t->told > WAITING_MAX || (t->n > t->told && a->waiting > WAITING_MAX))
		return false;
	return a->waiting <= WAITING_MAX || a->targets[root].line == a->now;
}

void
answer_end(struct answer *a)
{
	unsigned i, k;

	for (i = a->now; i < a->spec->nlines; i++) {
		a->lines[i].open = 0;
		for (k = 0; k < a->spec->lines[i].n; k++)
			a->columns[a->spec->lines[i].first + k].left = true;
	}
}

/* --- telling ----------------------------------------------------------------------------------- */

bool
answer_ready(const struct answer *a)
{
	const struct line *l;

	if (a->now >= a->spec->nlines)
		return false;
	l = &a->lines[a->now];
	return l->open == 0 || l->text.n - l->text.told >= ANSWER_PIECE || a->waiting > WAITING_MAX;
}

/* The line that is told, as far as it is known. */
static void
bring_up(struct answer *a)
{
	const struct spec_line *of = &a->spec->lines[a->now];
	struct line *l = &a->lines[a->now];

	if (l->closed)
		return;
	if (of->kind == SPEC_TABLE && (l->text.told > 0 || !answer_rows(a, of, l)))
		return;
	if (l->open > 0)
		return;
	if (of->kind == SPEC_GET)
		put_singles(a, of, l);
	else if (!a->raw)
		text_printf(&l->text, "</%s>", of->name);
	if (a->now + 1 == a->spec->nlines && !a->raw)
		text_put(&l->text, "</snmp>");
	l->closed = true;
}

int
answer_tell(struct answer *a, const struct mid_host *h, struct mid_run *run)
{
	struct line *l;
	int r;

	while (a->now < a->spec->nlines) {
		l = &a->lines[a->now];
		bring_up(a);
		if (!l->closed && l->text.told == 0 && l->text.n < ANSWER_PIECE)
			return 0;
		r = text_emit(&l->text, h, run, a->raw ? MID_OUTPUT : MID_XML);
		if (r != 0)
			return r;
		a->cut = a->cut || l->text.full;
		if (!l->closed)
			continue;
		text_fini(&l->text);
		a->now++;
		if (a->now < a->spec->nlines && a->spec->lines[a->now].kind == SPEC_WALK)
			a->waiting -= a->lines[a->now].text.n;
	}
	return 0;
}

bool
answer_cut(const struct answer *a)
{
	return a->cut;
}

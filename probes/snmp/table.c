/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - see table.h. Rows hold offsets into two arenas, one of numbers (names
 * and values that are OIDs), one of bytes; so growing never breaks a row.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct row {
	uint32_t oid;		/* offset in ids */
	uint8_t oid_n, type;
	uint32_t len;
	uint64_t value;		/* the number, or the offset of ids or bytes */
};

struct table {
	struct row *rows;
	size_t nrows, rows_room, rows_max;
	uint32_t *ids;
	size_t nids, ids_room;
	uint8_t *bytes;
	size_t nbytes, bytes_room, bytes_max;
	bool unsorted;
};

struct table *
table_new(size_t rows_max, size_t bytes_max)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->rows_max = rows_max;
	/* Offsets have 32 bits. */
	t->bytes_max = bytes_max < UINT32_MAX / 2 ? bytes_max : UINT32_MAX / 2;
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	free(t->rows);
	free(t->ids);
	free(t->bytes);
	free(t);
}

/* Room for N more of SIZE in the array at *AT. */
static int
need(void *at, size_t used, size_t *room, size_t n, size_t size)
{
	size_t want = *room == 0 ? 64 : *room;
	void *was, *p;

	if (n <= *room - used)
		return 0;
	while (want - used < n)
		want *= 2;
	memcpy(&was, at, sizeof(was));
	p = realloc(was, want * size);
	if (p == NULL)
		return TABLE_NO_MEMORY;
	memcpy(at, &p, sizeof(p));
	*room = want;
	return 0;
}

size_t
table_rows(const struct table *t)
{
	return t->nrows;
}

size_t
table_bytes(const struct table *t)
{
	return t->nrows * sizeof(*t->rows) + t->nids * sizeof(*t->ids) + t->nbytes;
}

static bool
has_bytes(enum vb_type type)
{
	return type == VB_OCTETS || type == VB_ADDRESS || type == VB_OPAQUE;
}

/* The value into its arena, and what the row remembers of it. */
static void
put_value(struct table *t, struct row *r, const struct varbind *vb)
{
	r->len = (uint32_t)vb->len;
	if (vb->type == VB_OID) {
		r->value = t->nids;
		if (vb->len > 0)
			memcpy(t->ids + t->nids, vb->ids, vb->len * sizeof(*t->ids));
		t->nids += vb->len;
	} else if (has_bytes(vb->type)) {
		r->value = t->nbytes;
		if (vb->len > 0)
			memcpy(t->bytes + t->nbytes, vb->bytes, vb->len);
		t->nbytes += vb->len;
	} else {
		r->value = vb->number;
		r->len = 0;
	}
}

int
table_put(struct table *t, const struct varbind *vb)
{
	size_t ids = vb->oid_n + (vb->type == VB_OID ? vb->len : 0);
	size_t bytes = has_bytes(vb->type) ? vb->len : 0;
	struct row *r;

	if (vb->oid_n > OID_MAX || (vb->type == VB_OID && vb->len > OID_MAX))
		return TABLE_FULL;
	if (t->nrows >= t->rows_max || bytes > t->bytes_max ||
	    table_bytes(t) + sizeof(*r) + ids * sizeof(*t->ids) + bytes > t->bytes_max)
		return TABLE_FULL;
	if (need(&t->rows, t->nrows, &t->rows_room, 1, sizeof(*t->rows)) < 0 ||
	    need(&t->ids, t->nids, &t->ids_room, ids, sizeof(*t->ids)) < 0 ||
	    need(&t->bytes, t->nbytes, &t->bytes_room, bytes, 1) < 0)
		return TABLE_NO_MEMORY;
	r = &t->rows[t->nrows];
	r->oid = (uint32_t)t->nids;
	r->oid_n = (uint8_t)vb->oid_n;
	r->type = (uint8_t)vb->type;
	memcpy(t->ids + t->nids, vb->oid, vb->oid_n * sizeof(*t->ids));
	t->nids += vb->oid_n;
	put_value(t, r, vb);
	if (t->nrows > 0 && oid_cmp(t->ids + r[-1].oid, r[-1].oid_n, vb->oid, vb->oid_n) >= 0)
		t->unsorted = true;
	t->nrows++;
	return 0;
}

/* --- in order -------------------------------------------------------------------- */

/* Of two alike the one put first, which has the lower offset. */
static int
row_cmp(const void *a, const void *b, void *arg)
{
	const struct row *x = a, *y = b;
	const struct table *t = arg;
	int c = oid_cmp(t->ids + x->oid, x->oid_n, t->ids + y->oid, y->oid_n);

	if (c != 0)
		return c;
	return x->oid < y->oid ? -1 : x->oid > y->oid;
}

void
table_sort(struct table *t)
{
	size_t i, n = 0;
	struct row *r;

	if (!t->unsorted)
		return;
	qsort_r(t->rows, t->nrows, sizeof(*t->rows), row_cmp, t);
	for (i = 0; i < t->nrows; i++) {
		r = &t->rows[i];
		if (n > 0 && oid_cmp(t->ids + r->oid, r->oid_n, t->ids + t->rows[n - 1].oid,
			t->rows[n - 1].oid_n) == 0)
			continue;
		t->rows[n++] = *r;
	}
	t->nrows = n;
	t->unsorted = false;
}

void
table_drop(struct table *t, size_t n)
{
	uint32_t ids = n < t->nrows ? t->rows[n].oid : (uint32_t)t->nids;
	size_t bytes = t->nbytes, i;
	struct row *r;

	for (i = n; i < t->nrows && bytes == t->nbytes; i++)
		if (has_bytes(t->rows[i].type))
			bytes = (size_t)t->rows[i].value;
	t->nrows -= n;
	t->nids -= ids;
	t->nbytes -= bytes;
	if (t->nrows == 0)
		return;
	memmove(t->rows, t->rows + n, t->nrows * sizeof(*t->rows));
	memmove(t->ids, t->ids + ids, t->nids * sizeof(*t->ids));
	if (bytes > 0)
		memmove(t->bytes, t->bytes + bytes, t->nbytes);
	for (i = 0; i < t->nrows; i++) {
		r = &t->rows[i];
		r->oid -= ids;
		if (has_bytes(r->type))
			r->value -= bytes;
		else if (r->type == VB_OID)
			r->value -= ids;
	}
}

struct varbind
table_row(const struct table *t, size_t i)
{
	const struct row *r = &t->rows[i];
	struct varbind vb = { .oid = t->ids + r->oid, .oid_n = r->oid_n, .type = r->type, .len = r->len };

	if (vb.type == VB_OID)
		vb.ids = t->ids + r->value;
	else if (has_bytes(vb.type))
		vb.bytes = t->bytes == NULL ? (const uint8_t *)"" : t->bytes + r->value;
	else
		vb.number = r->value;
	return vb;
}

size_t
table_lower(const struct table *t, const uint32_t *oid, unsigned n)
{
	size_t lo = 0, hi = t->nrows, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (oid_cmp(t->ids + t->rows[mid].oid, t->rows[mid].oid_n, oid, n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
table_get(const struct table *t, const uint32_t *oid, unsigned n, struct varbind *out)
{
	size_t i = table_lower(t, oid, n);

	if (i == t->nrows || t->rows[i].oid_n != n || !table_below(t, i, oid, n, out))
		return false;
	return true;
}

bool
table_below(const struct table *t, size_t i, const uint32_t *prefix, unsigned n, struct varbind *out)
{
	if (i >= t->nrows || !oid_under(t->ids + t->rows[i].oid, t->rows[i].oid_n, prefix, n))
		return false;
	*out = table_row(t, i);
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - what a walk has found, sorted by OID: filled by the walk engine or by
 * the reader of a recording, read by the profile engine.
 *
 * Put in any order (in order is cheapest), then table_sort() once, then read.
 * Of two with one OID the first put stays. It has ceilings in rows and bytes;
 * at them table_put() says so and the table stays good.
 */
#ifndef MID_SNMP_TABLE_H
#define MID_SNMP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oid.h"
#include "varbind.h"

struct table;

#define TABLE_FULL (-1)
#define TABLE_NO_MEMORY (-2)

struct table *table_new(size_t rows_max, size_t bytes_max);	/* NULL: no memory */
void table_free(struct table *t);				/* NULL is fine */
/* Copies. 0, TABLE_FULL or TABLE_NO_MEMORY with nothing put. */
int table_put(struct table *t, const struct varbind *vb);
void table_sort(struct table *t);
/* The first N rows go; all were put in order. */
void table_drop(struct table *t, size_t n);

size_t table_rows(const struct table *t);
size_t table_bytes(const struct table *t);
/* Row I, in order of OID; what it points at is the table's, until the next put. */
struct varbind table_row(const struct table *t, size_t i);
/* Index of the first row that is not before OID; table_rows() when there is none. */
size_t table_lower(const struct table *t, const uint32_t *oid, unsigned n);
/* Exactly this OID. False, *OUT untouched: not there. */
bool table_get(const struct table *t, const uint32_t *oid, unsigned n, struct varbind *out);

/*
 * All rows below PREFIX, in order:
 *
 *	for (i = table_lower(t, p, n); table_below(t, i, p, n, &vb); i++)
 *		... vb.oid + n, vb.oid_n - n is the index
 */
bool table_below(const struct table *t, size_t i, const uint32_t *prefix, unsigned n, struct varbind *out);

#endif

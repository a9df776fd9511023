/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_table - a list of the facts out of tables of MIBs: a section is a row
 * (facts_rows.c), its columns rows below it; what an agent has in none of the
 * columns is no row of the list.
 */
#ifndef MID_SNMP_FACTS_TABLE_H
#define MID_SNMP_FACTS_TABLE_H

#include "facts_json.h"
#include "oid.h"
#include "table.h"

#define SECTION_JOINS 4u

/* Where a row of the list is in the tables. */
struct row_at {
	const struct table *table;
	struct oid entry[SECTION_JOINS];
	const uint32_t *index;
	unsigned n;
};

struct section {
	const char *name;
	unsigned gate;				/* asked only where something stands below facts_gates[gate] */
	const char *entry[SECTION_JOINS];	/* those behind the first join by the same index */
	const struct column *columns[SECTION_JOINS];
	unsigned index_min;
	void (*head)(struct text *, const struct row_at *);	/* the first member, without a comma */
	void (*more)(struct text *, const struct row_at *);	/* further ones; NULL: none */
	bool (*wanted)(const struct row_at *);			/* NULL: all */
	unsigned rows_from;			/* only the first so many entries make rows; 0: all */
	bool bare;				/* no objects: the first column's values alone */
};

/* Sections of one name that follow each other are one list. */
extern const struct section sections[];
extern const unsigned nsections;

/* Puts the rows of S, with commas between them and, unless FIRST, in front. How many. */
unsigned section_write(const struct section *s, const struct table *t, struct text *out, bool first);
bool section_cell(const struct row_at *at, const struct oid *entry, uint32_t column, struct varbind *vb);
/* Below the entry NAME, of INDEX. */
bool cell_at(const struct table *t, const char *entry, uint32_t column, const uint32_t *index, unsigned n, struct varbind *vb);

#endif

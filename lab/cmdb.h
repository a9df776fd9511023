/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmdb - the classes of the configuration database, their columns, the kinds
 * of relation, and the rules by which a CI is recognised: what a real
 * instance brings along before anything was discovered. All of it is rows.
 */
#ifndef LAB_CMDB_H
#define LAB_CMDB_H
#include <stddef.h>

struct db;

/* Makes all tables and seed rows; what is there already stays as it is. */
int cmdb_create(struct db *db);

/*
 * A class. COLUMNS are words "name", "name:type", "name>table" (a reference)
 * or "name*4000" (a string of that many characters; 255 without). Types: i
 * integer, f decimal, b boolean, d date-time. INDEXES are words too, each a
 * comma list of columns.
 */
struct cmdb_class {
	const char *name, *super, *label, *columns, *indexes;
};
extern const struct cmdb_class cmdb_classes[];
extern const size_t cmdb_class_count;

/* Rows that every instance has: types of relation, choices, ... */
int cmdb_seed(struct db *db);
int cmdb_seed_rules(struct db *db);
#endif

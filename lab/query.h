/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query - encoded queries ("agent=a^state=ready^ORstate=error^ORDERBYname")
 * turned into SQL. A condition that cannot be understood is dropped without a
 * word, because the real API does so: a misspelt field widens the result.
 */
#ifndef LAB_QUERY_H
#define LAB_QUERY_H
#include <stdbool.h>
#include <stdint.h>

struct db;
struct field;
struct sql;
struct table;

#define QUERY_MAX (1024 * 1024)		/* bytes of one encoded query */
#define CONDITIONS_MAX 1000

/* What an operator is given: the field as SQL, and what stands behind it. */
struct operand {
	const struct db *db;
	const struct table *table;
	const struct field *field;
	const char *expr;	/* the value of the field */
	const char *shown;	/* its display value; the same unless reference */
	const char *value;
};

struct op {
	const char *word;
	/* Adds a condition to OUT; false when the value makes no sense. */
	bool (*emit)(const struct operand *o, const struct op *op,
	    struct sql *out);
	const char *sql;
};

/* The operator with the longest word that TEXT begins with, or NULL. */
const struct op *op_find(const char *text);

/*
 * A date value: "javascript:gs.hoursAgo(2)" and its kin become
 * "yyyy-MM-dd HH:mm:ss", anything else is copied. NULL when the script is
 * not one we know. Caller frees.
 */
char *date_value(const struct db *db, const char *value);
/* "@hour@ago@2" as a moment; false when it is not of this form. */
bool date_relative(const struct db *db, const char *value, int64_t *seconds);
/* gs.datePart('dayofweek','monday','EE') as strftime format and value. */
bool date_part(const char *value, const char **format, char out[16]);
#endif

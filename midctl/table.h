/* SPDX-License-Identifier: Apache-2.0 */
/* table - rows of JSON as lines under headings. */
#ifndef MIDCTL_TABLE_H
#define MIDCTL_TABLE_H

#include <stddef.h>

struct json_object;
struct screen;

struct column {
	const char *head, *key;		/* NULL at the end */
	size_t cols;			/* 0: the rest of the line */
};

/* NONE when there are no ROWS. */
void put_table(struct screen *sc, const struct column *columns, struct json_object *rows, const char *none);

#endif

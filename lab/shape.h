/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape - how records look in an answer: which fields, values or display
 * values, references with or without their link.
 */
#ifndef LAB_SHAPE_H
#define LAB_SHAPE_H
#include <stdbool.h>
#include <stddef.h>

struct json_object;
struct request;
struct text;

enum show { SHOW_VALUE, SHOW_DISPLAY, SHOW_ALL };

struct shape {
	char **fields;		/* NULL: all */
	size_t field_count;
	enum show display;
	bool no_link;
};
void shape_init(struct shape *s, const struct request *req);
void shape_fini(struct shape *s);
/* ROW as db_select() gave it, of the table in REQ's first parameter. */
struct json_object *shape_row(const struct shape *s,
    const struct request *req, struct json_object *row);
struct json_object *shape_rows(const struct shape *s,
    const struct request *req, struct json_object *rows);

/* Adds "name=value" to the arguments in OUT, escaped. */
void url_encode(struct text *out, const char *name, const char *value);
#endif

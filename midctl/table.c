/* SPDX-License-Identifier: Apache-2.0 */
/* table - see table.h. */
#include "table.h"

#include "json.h"
#include "screen.h"

static void
put_one(struct screen *sc, enum paint paint, const struct column *c, const char *text)
{
	if (c->cols == 0)
		put_wrapped(sc, paint, text, 4, 2);
	else
		put_cell(sc, paint, text, c->cols);
	if (c->cols != 0)
		put(sc, PAINT_NONE, " ");
}

static void
put_row(struct screen *sc, const struct column *columns, struct json_object *row)
{
	const struct column *c;
	struct json_object *v;

	for (c = columns; c->head != NULL; c++) {
		v = json_get(row, c->key);
		put_one(sc, PAINT_NONE, c, v == NULL ? "" : json_object_get_string(v));
	}
	put_line(sc);
}

void
put_table(struct screen *sc, const struct column *columns, struct json_object *rows, const char *none)
{
	size_t i, n = json_object_array_length(rows);
	const struct column *c;

	if (n == 0) {
		put(sc, PAINT_NONE, "%s", none);
		put_line(sc);
		return;
	}
	for (c = columns; c->head != NULL; c++)
		put_one(sc, PAINT_DIM, c, c->head);
	put_line(sc);
	for (i = 0; i < n; i++)
		put_row(sc, columns, json_object_array_get_idx(rows, i));
}

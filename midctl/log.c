/* SPDX-License-Identifier: Apache-2.0 */
/* log - the integration log: warnings and errors midd keeps, oldest first. */
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

static void
put_event(struct screen *sc, struct json_object *e)
{
	const char *level = json_str(e, "level", "");
	char at[FMT_MAX];

	put(sc, PAINT_DIM, "%s  ", fmt_clock(at, json_int(e, "at", 0)));
	put_cell(sc, strcmp(level, "error") == 0 ? PAINT_BAD : strcmp(level, "warn") == 0 ? PAINT_WARN : PAINT_NONE,
	    level, 6);
	put(sc, PAINT_NONE, "%s: ", json_str(e, "sub", ""));
	put_wrapped(sc, PAINT_NONE, json_str(e, "text", ""), 14, 4);
	put_line(sc);
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *answer)
{
	size_t i, n = json_object_array_length(rows);

	(void)answer;
	if ((long)n == rows_limit(a)) {
		put(sc, PAINT_DIM, "the last %ld; --limit N shows more", rows_limit(a));
		put_line(sc);
	}
	for (i = 0; i < n; i++)
		put_event(sc, json_object_array_get_idx(rows, i));
	if (n == 0) {
		put(sc, PAINT_NONE, "nothing in the log");
		put_line(sc);
	}
}

int
cmd_log(const struct asked *a)
{
	struct json_object *args = json_object_new_object();

	json_put_int(args, "limit", rows_limit(a));
	if (a->job != NULL)
		json_put_str(args, "id", a->job);
	return show_rows(a, "log", args, draw);
}

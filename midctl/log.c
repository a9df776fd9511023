/* SPDX-License-Identifier: Apache-2.0 */
/* log - the integration log: warnings and errors midd keeps, oldest first. */
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"

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

int
cmd_log(const struct asked *a)
{
	struct json_object *args = json_object_new_object(), *rows, *result;
	struct screen sc;
	long limit = a->limit > 0 ? a->limit : 20;
	size_t i;
	int status;

	json_put_int(args, "limit", limit);
	if (a->job != NULL)
		json_put_str(args, "id", a->job);
	status = ask_rows(a, "log", args, &rows, &result);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json) {
		print_json(rows);
	} else {
		screen_of_terminal(&sc);
		if ((long)json_object_array_length(rows) == limit) {
			put(&sc, PAINT_DIM, "the last %ld; --limit N shows more", limit);
			put_line(&sc);
		}
		for (i = 0; i < json_object_array_length(rows); i++)
			put_event(&sc, json_object_array_get_idx(rows, i));
		if (sc.lines == 0) {
			put(&sc, PAINT_NONE, "nothing in the log");
			put_line(&sc);
		}
		screen_show(&sc);
		screen_fini(&sc);
	}
	json_object_put(rows);
	json_object_put(result);
	return EXIT_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* spool - results that wait for the instance, the oldest first, and why they wait. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

static void
put_result(struct screen *sc, struct json_object *r)
{
	char id[9], t[FMT_MAX];

	snprintf(id, sizeof(id), "%.8s", json_str(r, "job", ""));
	put_cell(sc, PAINT_NONE, id, 10);
	snprintf(t, sizeof(t), "%d", (int)json_int(r, "page", 0));
	put_cell(sc, PAINT_NONE, t, 6);
	put_cell(sc, PAINT_NONE, json_str(r, "topic", ""), 18);
	put_cell(sc, PAINT_NONE, json_str(r, "source", ""), 18);
	put_cell(sc, PAINT_NONE, fmt_bytes(t, json_int(r, "bytes", 0)), 9);
	if (json_int(r, "rests_ms", 0) > 0)
		put(sc, PAINT_WARN, "again in %s", fmt_age(t, json_int(r, "rests_ms", 0)));
	else
		put(sc, PAINT_NONE, "%d tr%s%s", (int)json_int(r, "tries", 0), json_int(r, "tries", 0) == 1 ? "y" : "ies",
		    json_flag(r, "unsure", false) ? ", unsure" : "");
	put_line(sc);
}

static void
put_state(struct screen *sc, struct json_object *o)
{
	char a[FMT_MAX], b[FMT_MAX], c[FMT_MAX];

	put(sc, PAINT_BOLD, "%s undelivered", fmt_count(a, json_int(o, "results", 0)));
	put(sc, PAINT_NONE, ", %s of %s, %s free on the disk", fmt_bytes(a, json_int(o, "bytes", 0)),
	    fmt_bytes(b, json_int(o, "max_bytes", 0)), fmt_bytes(c, json_int(o, "disk_free", 0)));
	put_line(sc);
	put(sc, PAINT_NONE, "last delivery %s%s", json_int(o, "last_ok_ms", -1) < 0 ? "none yet" :
	    fmt_age(a, json_int(o, "last_ok_ms", 0)), json_int(o, "last_ok_ms", -1) < 0 ? "" : " ago");
	if (strcmp(json_str(o, "breaker", "closed"), "closed") != 0)
		put(sc, PAINT_WARN, ", resting after failures, next try in %s", fmt_age(b, json_int(o, "next_try_ms", 0)));
	put_line(sc);
}

static void
put_trouble(struct screen *sc, const char *who, const char *text)
{
	if (text[0] == '\0')
		return;
	put(sc, PAINT_BAD, "%s: ", who);
	put_wrapped(sc, PAINT_BAD, text, 2, 3);
	put_line(sc);
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *o)
{
	struct json_object *list = json_arr(o, "oldest");
	size_t i;

	(void)a;
	put_state(sc, o);
	put_trouble(sc, "instance", json_str(o, "trouble", ""));
	put_trouble(sc, "not taken", json_str(o, "not_taken", ""));
	put_trouble(sc, "store", json_str(o, "store_trouble", ""));
	for (i = 0; list != NULL && i < json_object_array_length(list); i++)
		put_result(sc, json_object_array_get_idx(list, i));
}

int
cmd_spool(const struct asked *a)
{
	return show_answer(a, "spool", NULL, draw);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* jobs - a table of jobs, newest first; --json: an array. */
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "job.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

#define ID_SHOWN 8

static void
put_head(struct screen *sc)
{
	put_cell(sc, PAINT_DIM, "job", 10);
	put_cell(sc, PAINT_DIM, "age", 8);
	put_cell(sc, PAINT_DIM, "topic", 18);
	put_cell(sc, PAINT_DIM, "of", 18);
	put_cell(sc, PAINT_DIM, "ran", 8);
	put_cell(sc, PAINT_DIM, "outcome", 18);
	put_line(sc);
}

static void
put_job(struct screen *sc, struct json_object *j)
{
	char id[ID_SHOWN + 1], t[FMT_MAX];
	enum paint paint;
	const char *word = job_word(j, &paint);

	memset(id, 0, sizeof(id));
	strncpy(id, json_str(j, "id", ""), ID_SHOWN);
	put_cell(sc, PAINT_NONE, id, 10);
	put_cell(sc, PAINT_NONE, fmt_age(t, json_int(j, "age_ms", 0)), 8);
	put_cell(sc, PAINT_NONE, json_str(j, "topic", ""), 17);
	put(sc, PAINT_NONE, " ");
	put_cell(sc, PAINT_NONE, json_str(j, "source", ""), 17);
	put(sc, PAINT_NONE, " ");
	put_cell(sc, PAINT_NONE, json_int(j, "spooled_at", 0) > 0 ? fmt_age(t, json_int(j, "run_ms", 0)) : "-", 8);
	put(sc, paint, "%s", word);
	put_line(sc);
	if (json_str(j, "error", "")[0] != '\0') {
		put(sc, PAINT_NONE, "          ");
		put(sc, PAINT_DIM, "%s", json_str(j, "error", ""));
		put_line(sc);
	}
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *answer)
{
	size_t i, n = json_object_array_length(rows);

	(void)answer;
	if (n == 0) {
		put(sc, PAINT_NONE, a->failed ? "no job has failed" : a->open ? "no job is on its road" : "no jobs yet");
		put_line(sc);
		return;
	}
	put_head(sc);
	for (i = 0; i < n; i++)
		put_job(sc, json_object_array_get_idx(rows, i));
	if ((long)n == rows_limit(a)) {
		put(sc, PAINT_DIM, "the newest %ld; --limit N shows more", rows_limit(a));
		put_line(sc);
	}
	put_pointer(sc, "midctl job show ID", 0);
	put_line(sc);
}

int
cmd_jobs(const struct asked *a)
{
	struct json_object *args;

	if (a->failed && a->open) {
		complain("--failed jobs have ended, --open ones have not: give one of the two");
		return EXIT_USAGE;
	}
	args = json_object_new_object();
	json_put_bool(args, "failed", a->failed);
	json_put_bool(args, "open", a->open);
	json_put_int(args, "limit", rows_limit(a));
	return show_rows(a, "jobs", args, draw);
}

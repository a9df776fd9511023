/* SPDX-License-Identifier: Apache-2.0 */
/* job - show, cancel and retry one job; the road of a job as a screen. */
#include "job.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "show.h"

#define INDENT 12

const char *
job_word(struct json_object *j, enum paint *paint)
{
	const char *stage = json_str(j, "stage", "?"), *class = json_str(j, "class", "");

	*paint = PAINT_NONE;
	if (strcmp(stage, "quarantined") == 0) {
		*paint = PAINT_BAD;
		return stage;
	}
	if (class[0] == '\0')
		return stage;
	if (strcmp(class, "ok") != 0) {
		*paint = PAINT_BAD;
		return class;
	}
	*paint = json_flag(j, "partial", false) ? PAINT_WARN : PAINT_GOOD;
	return json_flag(j, "partial", false) ? "partial" : "ok";
}

static void
label(struct screen *sc, const char *text)
{
	put(sc, PAINT_NONE, "  ");
	put(sc, PAINT_DIM, "%s", text);
	put_to_column(sc, INDENT);
}

static void
put_title(struct screen *sc, struct json_object *j)
{
	enum paint paint;
	const char *word = job_word(j, &paint);
	size_t right = sc->width < 80 ? sc->width : 80, n = columns_of(word) + 2;

	put(sc, PAINT_BOLD, "job %s", json_str(j, "id", "?"));
	if (sc->column + n + 2 < right)
		put_to_column(sc, right - n);
	else
		put(sc, PAINT_NONE, "  ");
	put(sc, paint, "%s %s", sign_dot(sc), word);
	put_line(sc);
}

static void
put_what(struct screen *sc, struct json_object *j)
{
	static const char *const lanes[] = { "interactive", "expedited", "standard" };
	int64_t p = json_int(j, "priority", 2);

	label(sc, "what");
	put(sc, PAINT_NONE, "%s", json_str(j, "topic", "?"));
	if (json_str(j, "source", "")[0] != '\0')
		put(sc, PAINT_NONE, " of %s", json_str(j, "source", ""));
	if (json_str(j, "name", "")[0] != '\0')
		put(sc, PAINT_NONE, ", \"%s\"", json_str(j, "name", ""));
	put(sc, PAINT_DIM, ", %s", lanes[p < 0 || p > 2 ? 2 : p]);
	put_line(sc);
}

static void
put_step(struct screen *sc, struct json_object *s, bool first)
{
	char at[FMT_MAX], after[FMT_MAX], plus[FMT_MAX + 1] = "";

	put_to_column(sc, INDENT);
	put(sc, PAINT_NONE, "%s", fmt_clock(at, json_int(s, "at", 0)));
	if (!first) {
		fmt_age(after, json_int(s, "after_ms", 0));
		plus[0] = '+';
		memcpy(plus + 1, after, strlen(after) + 1);
	}
	put_to_column(sc, sc->column + (strlen(plus) < 9 ? 9 - strlen(plus) : 1));
	put(sc, PAINT_DIM, "%s  ", plus);
	put_cell(sc, PAINT_BOLD, json_str(s, "step", "?"), 11);
	put_wrapped(sc, PAINT_NONE, json_str(s, "note", ""), sc->column, 2);
	put_line(sc);
}

static void
put_total(struct screen *sc, struct json_object *j)
{
	char a[FMT_MAX], b[FMT_MAX];
	int64_t from = json_int(j, "fetched_at", 0), to = json_int(j, "delivered_at", 0);

	if (from <= 0 || to <= 0)
		return;
	label(sc, "in all");
	put(sc, PAINT_NONE, "%s from the queue to the confirmed answer, %s of it running",
	    fmt_age(a, to - from), fmt_age(b, json_int(j, "run_ms", 0)));
	put_line(sc);
}

static void
put_now(struct screen *sc, struct json_object *now)
{
	if (now == NULL)
		return;
	label(sc, "now");
	put(sc, PAINT_NONE, "%s", json_str(now, "at", "?"));
	if (json_int(now, "worker_pid", 0) > 0)
		put(sc, PAINT_NONE, ", worker %d", (int)json_int(now, "worker_pid", 0));
	if (json_str(now, "why", "")[0] != '\0')
		put(sc, PAINT_NONE, " for %s", json_str(now, "why", ""));
	put_line(sc);
}

static void
put_error(struct screen *sc, struct json_object *j)
{
	if (json_str(j, "error", "")[0] == '\0')
		return;
	label(sc, "error");
	put_wrapped(sc, PAINT_BAD, json_str(j, "error", ""), INDENT, 4);
	put_line(sc);
	if (json_str(j, "advice", "")[0] != '\0') {
		label(sc, "advice");
		put_wrapped(sc, PAINT_NONE, json_str(j, "advice", ""), INDENT, 2);
		put_line(sc);
	}
}

static void
put_events(struct screen *sc, struct json_object *list)
{
	struct json_object *e;
	size_t i, n = list ? json_object_array_length(list) : 0;
	char at[FMT_MAX];

	for (i = 0; i < n; i++) {
		e = json_object_array_get_idx(list, i);
		if (i == 0)
			label(sc, "log");
		put_to_column(sc, INDENT);
		put(sc, PAINT_DIM, "%s  ", fmt_clock(at, json_int(e, "ms", 0)));
		put_wrapped(sc, PAINT_NONE, json_str(e, "text", ""), INDENT + 14, 2);
		put_line(sc);
	}
}

void
job_draw(struct screen *sc, struct json_object *answer)
{
	struct json_object *road = json_arr(answer, "road");
	size_t i, n = road ? json_object_array_length(road) : 0;

	put_title(sc, answer);
	put_what(sc, answer);
	for (i = 0; i < n; i++) {
		if (i == 0)
			label(sc, "road");
		put_step(sc, json_object_array_get_idx(road, i), i == 0);
	}
	put_total(sc, answer);
	put_now(sc, json_get(answer, "now"));
	put_error(sc, answer);
	put_events(sc, json_arr(answer, "events"));
}

/* --- the commands ------------------------------------------------------------------ */

static struct json_object *
args_of(const struct asked *a)
{
	struct json_object *args = json_object_new_object();

	json_put_str(args, "id", a->words[0]);
	if (a->why != NULL)
		json_put_str(args, "why", a->why);
	return args;
}

static void
draw(struct screen *sc, const struct asked *a, struct json_object *answer)
{
	(void)a;
	job_draw(sc, answer);
}

int
cmd_job_show(const struct asked *a)
{
	return show_answer(a, "job", args_of(a), draw);
}

static int
order(const struct asked *a, const char *verb, const char *done)
{
	struct json_object *args = args_of(a), *answer;
	int status = ask(a, verb, args, NULL, NULL, &answer);

	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->json)
		print_json(answer);
	else
		printf("job %s %s\n", json_str(answer, "id", "?"), done);
	json_object_put(answer);
	return EXIT_OK;
}

int
cmd_job_cancel(const struct asked *a)
{
	return order(a, "cancel", "is cancelled; the instance is told");
}

int
cmd_job_retry(const struct asked *a)
{
	return order(a, "retry", "goes its road again; midctl job show tells how far it is");
}

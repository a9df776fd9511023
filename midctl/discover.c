/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover - a discovery begun, and watched: the plan first, then a bar with how far it is, and a line for each
 * target as it is done. On anything but a terminal there is no bar, only lines.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "cmd.h"
#include "figures.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"
#include "show.h"

#define LOOK_US 500000
#define LINES_US 2000000	/* between two lines that say how far it is */
#define WORDS_MAX (60u << 10)
#define LINE_MAX 1000
#define LINES_MAX 8		/* of one sentence */

/* --- what was asked ---------------------------------------------------------------------- */

static void
put_given(struct json_object *o, const char *key, const char *text)
{
	if (text != NULL)
		json_put_str(o, key, text);
}

/* The caller's. */
static struct json_object *
args_of(const struct asked *a)
{
	struct json_object *o = json_object_new_object();
	struct buf ranges;
	int i;

	buf_init(&ranges, WORDS_MAX);
	for (i = 0; i < a->nwords; i++)
		(void)buf_printf(&ranges, "%s%s", i > 0 ? "," : "", a->words[i]);
	json_put_str(o, "ranges", buf_str(&ranges));
	put_given(o, "exclude", a->exclude);
	put_given(o, "ports", a->ports);
	put_given(o, "rate", a->rate);
	put_given(o, "deadline", a->deadline);
	if (a->full)
		json_put_str(o, "full", "true");
	buf_fini(&ranges);
	return o;
}

/* How much it will be: also of a dry run all there is. */
static int
say_plan(const struct asked *a, struct json_object *args, bool whole)
{
	struct json_object *plan, *list;
	int64_t all, named;
	char n[FMT_MAX];
	size_t i;
	int status;

	json_put_bool(args, "dry_run", true);
	status = ask(a, "discover", args, NULL, NULL, &plan);
	json_object_object_del(args, "dry_run");
	if (status != EXIT_OK)
		return status;
	if (whole && a->json) {
		print_json(plan);
	} else if (!a->json) {
		all = json_int(plan, "addresses", 0);
		named = json_int(plan, "named", all);
		printf("%s address%s that policy allows", fmt_count(n, all), all == 1 ? "" : "es");
		if (named > all)	/* the others are excluded, or policy forbids them */
			printf(", of %s named", fmt_count(n, named));
		list = json_arr(plan, "ranges");
		for (i = 0; list != NULL && i < json_object_array_length(list) && i < (whole ? 1000 : 8); i++)
			printf("%s%s", i == 0 ? ": " : ", ", json_object_get_string(json_object_array_get_idx(list, i)));
		printf("%s\n", list != NULL && i < json_object_array_length(list) ? ", ..." : "");
	}
	json_object_put(plan);
	return status;
}

/* --- watching -------------------------------------------------------------------------------- */

struct watch {
	const struct asked *a;
	struct screen sc;
	bool tty;
	struct json_object *told;	/* addresses of targets that have had their line */
	char last[200];			/* what the last plain line of progress said, without its times */
	unsigned looks;
};

/* To the end of the line, and on as many as it takes. */
static void __attribute__((format(printf, 3, 4)))
put_sentence(struct screen *sc, enum paint paint, const char *fmt, ...)
{
	size_t indent = sc->column > 0 ? sc->column : 2;
	char text[LINE_MAX * 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_wrapped(sc, paint, text, indent, LINES_MAX);
	put_line(sc);
}

static enum paint
paint_of(const char *state)
{
	return strcmp(state, "done") == 0 ? PAINT_GOOD : strcmp(state, "failed") == 0 ? PAINT_WARN : PAINT_DIM;
}

static void
say_target(struct watch *w, struct json_object *t)
{
	const char *state = json_str(t, "state", ""), *why = json_str(t, "why", ""), *name = json_str(t, "name", "");

	put_cell(&w->sc, PAINT_NONE, json_str(t, "address", ""), 17);
	put_cell(&w->sc, paint_of(state), state, 8);
	put_cell(&w->sc, PAINT_NONE, json_str(t, "topic", json_str(t, "what", "")), 12);
	put_sentence(&w->sc, PAINT_NONE, "%s%s%s", name, name[0] != '\0' && why[0] != '\0' ? ": " : "", why);
}

/* Those that have come to an end and had no line yet. */
static void
say_targets(struct watch *w, struct json_object *list)
{
	struct json_object *t;
	const char *state, *address;
	size_t i;

	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		t = json_object_array_get_idx(list, i);
		state = json_str(t, "state", "");
		address = json_str(t, "address", "");
		if (strcmp(state, "found") == 0 || strcmp(state, "asking") == 0 || json_object_object_get_ex(w->told, address, NULL))
			continue;
		say_target(w, t);
		json_object_object_add(w->told, address, NULL);
	}
}

/* Of anything but a terminal nothing is cut. */
static void
watch_init(struct watch *w, const struct asked *a)
{
	memset(w, 0, sizeof(*w));
	w->a = a;
	w->told = json_object_new_object();
	w->tty = isatty(STDOUT_FILENO) == 1 && !a->json;
	screen_of_terminal(&w->sc);
	if (isatty(STDOUT_FILENO) != 1)
		w->sc.width = LINE_MAX;
}

static void
watch_fini(struct watch *w)
{
	json_object_put(w->told);
	screen_fini(&w->sc);
}

/* Whether a plain line would say something that the last one has not. */
static bool
is_news(struct watch *w, struct json_object *st)
{
	char now[sizeof(w->last)];
	bool news;

	snprintf(now, sizeof(now), "%s %" PRIi64 " %" PRIi64 " %" PRIi64 " %" PRIi64 " %" PRIi64, json_str(st, "step", ""), json_int(st, "addresses", 0),
	    json_int(st, "scanned", 0), json_int(st, "found", 0), json_int(st, "done", 0), json_int(st, "failed", 0));
	news = strcmp(now, w->last) != 0;
	memcpy(w->last, now, sizeof(now));
	return news;
}

static void
say_progress(struct watch *w, struct json_object *st)
{
	if (w->tty) {
		fputs("\r\033[K", stdout);
		say_targets(w, json_arr(st, "recent"));
		screen_show(&w->sc);
		figures_bar(&w->sc, st);
		return;
	}
	say_targets(w, json_arr(st, "recent"));
	if (w->looks++ % (LINES_US / LOOK_US) == 0 && is_news(w, st)) {
		figures_put(&w->sc, st, false);
		put_line(&w->sc);
	}
	screen_show(&w->sc);
	fflush(stdout);
}

/* Which machines say that they are one and are not. */
static void
say_clones(struct watch *w, struct json_object *list)
{
	struct json_object *one, *hosts, *host;
	struct buf b;
	size_t i, k;

	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		one = json_object_array_get_idx(list, i);
		hosts = json_arr(one, "hosts");
		buf_init(&b, WORDS_MAX);
		for (k = 0; hosts != NULL && k < json_object_array_length(hosts); k++) {
			host = json_object_array_get_idx(hosts, k);
			(void)buf_printf(&b, "%s %s (%s)", k == 0 ? "" : " and", json_str(host, "name", ""), json_str(host, "address", ""));
		}
		put_sentence(&w->sc, PAINT_WARN, "clones: %s %s is that of%s", json_str(one, "by", ""), json_str(one, "value", ""), buf_str(&b));
		buf_fini(&b);
	}
}

/* Who was here before, and is not found. */
static void
say_missed(struct watch *w, struct json_object *list)
{
	struct json_object *one;
	size_t i;

	for (i = 0; list != NULL && i < json_object_array_length(list); i++) {
		one = json_object_array_get_idx(list, i);
		put_sentence(&w->sc, PAINT_WARN, "not found: %s, %" PRIi64 " time%s in a row", json_str(one, "who", ""), json_int(one, "times", 0),
		    json_int(one, "times", 0) == 1 ? "" : "s");
	}
}

/* Why there may be more than was found, if there may. */
static void
say_what_is_missing(struct watch *w, struct json_object *st)
{
	const char *class = json_str(st, "class", "ok"), *why = json_str(st, "why", "");
	bool good = strcmp(class, "ok") == 0;

	if (good && !json_flag(st, "partial", false))
		return;
	put(&w->sc, good ? PAINT_WARN : PAINT_BAD, "%s: ", good ? "not all" : class);
	put_wrapped(&w->sc, good ? PAINT_WARN : PAINT_BAD, why, 2, 4);
	put_line(&w->sc);
}

/* The targets that have ended so. */
struct ends { size_t all, done, failed, same; };

static struct ends
ends_of(struct json_object *list)
{
	struct ends e = { .all = list == NULL ? 0 : json_object_array_length(list) };
	const char *state;
	size_t i;

	for (i = 0; i < e.all; i++) {
		state = json_str(json_object_array_get_idx(list, i), "state", "");
		e.done += strcmp(state, "done") == 0;
		e.failed += strcmp(state, "failed") == 0;
		e.same += strcmp(state, "same") == 0;
	}
	return e;
}

static int
status_of(const struct ends *e, struct json_object *st)
{
	if (strcmp(json_str(st, "class", "ok"), "ok") != 0)
		return EXIT_PROBLEM;
	if (json_flag(st, "partial", false) || (e->failed > 0 && e->done > 0))
		return EXIT_PARTIAL;
	return e->all > 0 && e->done == 0 ? EXIT_PROBLEM : EXIT_OK;
}

/* One that could not even begin has not looked for anybody. */
static void
say_sum(struct watch *w, const struct ends *e, struct json_object *st)
{
	char more[100] = "";
	size_t hosts = e->all - e->same;

	if (e->same > 0)
		snprintf(more, sizeof(more), "; %zu more address%s theirs", e->same, e->same == 1 ? " is" : "es are");
	if (hosts > 0)
		put_sentence(&w->sc, PAINT_BOLD, "%zu host%s: %zu in the CMDB or on their way to it, %zu without facts%s", hosts,
		    hosts == 1 ? " answers" : "s answer", e->done, e->failed, more);
	else if (strcmp(json_str(st, "class", "ok"), "ok") == 0)
		put_sentence(&w->sc, PAINT_BOLD, "no host answers");
}

/* The end: those whose line has not been written, and the sum. */
static int
say_end(struct watch *w, struct json_object *st)
{
	struct ends e = ends_of(json_arr(st, "targets"));

	if (w->a->json) {
		print_json(st);
		return status_of(&e, st);
	}
	if (w->tty)
		fputs("\r\033[K", stdout);
	say_targets(w, json_arr(st, "targets"));
	say_sum(w, &e, st);
	say_clones(w, json_arr(st, "clones"));
	say_missed(w, json_arr(st, "missed"));
	say_what_is_missing(w, st);
	if (e.done > 0) {
		put_pointer(&w->sc, "midctl spool", 0);
		put_line(&w->sc);
	}
	screen_show(&w->sc);
	return status_of(&e, st);
}

static int
watch(const struct asked *a, const char *id)
{
	struct watch w;
	struct json_object *args = json_object_new_object(), *st;
	int status;

	watch_init(&w, a);
	json_put_str(args, "id", id);
	for (;;) {
		status = ask(a, "discovery", args, NULL, NULL, &st);
		if (status != EXIT_OK)
			break;
		if (json_flag(st, "ended", false)) {
			status = say_end(&w, st);
			json_object_put(st);
			break;
		}
		if (!a->json)
			say_progress(&w, st);
		json_object_put(st);
		usleep(LOOK_US);
	}
	json_object_put(args);
	watch_fini(&w);
	return status;
}

/* --- the commands --------------------------------------------------------------------------------- */

int
cmd_discover(const struct asked *a)
{
	struct json_object *args = args_of(a), *o;
	int status = say_plan(a, args, a->dry_run);

	if (status != EXIT_OK || a->dry_run) {
		json_object_put(args);
		return status;
	}
	status = ask(a, "discover", args, NULL, NULL, &o);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	if (a->watch)
		status = watch(a, json_str(o, "id", ""));
	else if (a->json)
		print_json(o);
	else
		printf("begun: midctl discovery %.8s --watch\n", json_str(o, "id", ""));
	json_object_put(o);
	return status;
}

static void
list_one(struct screen *sc, struct json_object *st)
{
	char id[9];

	snprintf(id, sizeof(id), "%.8s", json_str(st, "id", ""));
	put_cell(sc, PAINT_NONE, id, 10);
	figures_put(sc, st, false);
	put_line(sc);
	put(sc, PAINT_DIM, "          %s", json_str(st, "ranges", ""));
	put_line(sc);
}

static void
list_all(struct screen *sc, const struct asked *a, struct json_object *rows, struct json_object *answer)
{
	size_t i;

	(void)a;
	(void)answer;
	for (i = 0; i < json_object_array_length(rows); i++)
		list_one(sc, json_object_array_get_idx(rows, i));
	if (i == 0) {
		put(sc, PAINT_NONE, "no discovery is under way");
		put_line(sc);
	}
}

int
cmd_discovery(const struct asked *a)
{
	struct json_object *args, *st;
	struct watch w;
	int status;

	if (a->nwords == 0)
		return show_rows(a, "discovery", NULL, list_all);
	if (a->watch)
		return watch(a, a->words[0]);
	args = json_object_new_object();
	json_put_str(args, "id", a->words[0]);
	status = ask(a, "discovery", args, NULL, NULL, &st);
	json_object_put(args);
	if (status != EXIT_OK)
		return status;
	watch_init(&w, a);
	w.tty = false;
	if (json_flag(st, "ended", false)) {
		status = say_end(&w, st);
	} else if (a->json) {
		print_json(st);
	} else {
		list_one(&w.sc, st);
		say_targets(&w, json_arr(st, "recent"));
		screen_show(&w.sc);
	}
	watch_fini(&w);
	json_object_put(st);
	return status;
}

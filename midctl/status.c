/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status - is midd well, and what is it doing: one screen of 80 by 24, the
 * worst thing first, each with the command that explains it.
 */
#include "status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "fmt.h"
#include "json.h"
#include "midctl.h"
#include "screen.h"

#define INDENT 12		/* where the text beside the labels begins */
#define BELOW 11		/* lines the rest of the screen takes, at most 12 */

static const struct health {
	const char *name;
	enum paint paint;
	enum exit_status status;
} healths[] = {
	{ "healthy", PAINT_GOOD, EXIT_OK },
	{ "partial", PAINT_WARN, EXIT_PARTIAL },
	{ "problem", PAINT_BAD, EXIT_PROBLEM },
};

static const struct health *
health_of(struct json_object *st)
{
	const char *name = json_str(st, "health", "problem");
	size_t i;

	for (i = 0; i < 2; i++)
		if (strcmp(healths[i].name, name) == 0)
			break;
	return &healths[i];
}

int
status_exit(struct json_object *st)
{
	return (int)health_of(st)->status;
}

static void
label(struct screen *sc, const char *text)
{
	put(sc, PAINT_NONE, "  ");
	put(sc, PAINT_DIM, "%s", text);
	put_to_column(sc, INDENT);
}

/* --- the parts, in the order of the screen --------------------------------------- */

static void
put_title(struct screen *sc, struct json_object *st)
{
	const struct health *h = health_of(st);
	size_t right = sc->width < 80 ? sc->width : 80;
	char age[FMT_MAX];

	put(sc, PAINT_BOLD, "midd %.20s", json_str(st, "version", "?"));
	put(sc, PAINT_NONE, "  up %s  pid %d (user %.20s)", fmt_age(age, json_int(st, "up_ms", 0)),
	    (int)json_int(st, "pid", 0), json_str(st, "user", "?"));
	put_to_column(sc, right - strlen(h->name) - 2);
	put(sc, h->paint, "%s %s", sign_dot(sc), h->name);
	put_line(sc);
}

static void
put_problem(struct screen *sc, struct json_object *p)
{
	bool bad = strcmp(json_str(p, "severity", "error"), "error") == 0;
	int64_t since = json_int(p, "since_ms", -1);
	char age[FMT_MAX];

	put(sc, PAINT_NONE, "  ");
	put(sc, bad ? PAINT_BAD : PAINT_WARN, "%s ", bad ? "!!" : "! ");
	put_wrapped(sc, bad ? PAINT_BAD : PAINT_WARN, json_str(p, "what", "?"), 5, 2);
	if (since >= 0) {
		put(sc, PAINT_NONE, " ");
		put_wrapped(sc, PAINT_NONE, fmt_age(age, since), 5, 1);
	}
	if (json_str(p, "why", "")[0] != '\0') {
		put(sc, PAINT_NONE, ": ");
		put_wrapped(sc, PAINT_NONE, json_str(p, "why", ""), 5, 3);
	}
	put_pointer(sc, json_str(p, "command", "midctl log"), 5);
	put_line(sc);
}

static void
put_problems(struct screen *sc, struct json_object *st)
{
	struct json_object *list = json_arr(st, "problems");
	size_t i, n = list ? json_object_array_length(list) : 0;
	unsigned room = sc->height > BELOW + 4 ? sc->height - BELOW : 4;

	for (i = 0; i < n; i++) {
		if (sc->lines + 6 > room && i + 1 < n) {
			put(sc, PAINT_WARN, "  and %zu more", n - i);
			put_pointer(sc, "midctl status --json", 5);
			put_line(sc);
			return;
		}
		put_problem(sc, json_object_array_get_idx(list, i));
	}
}

static void
put_link(struct screen *sc, struct json_object *in)
{
	char a[FMT_MAX], b[FMT_MAX];
	bool connected = json_flag(in, "connected", false);
	int64_t last = json_int(in, connected ? "last_poll_ms" : "last_answer_ms", -1);

	label(sc, "instance");
	put(sc, PAINT_NONE, "%.40s   ", json_str(in, "host", "?"));
	if (json_int(in, "since_ms", -1) < 0)
		put(sc, PAINT_WARN, "not connected yet");
	else
		put(sc, connected ? PAINT_NONE : PAINT_BAD, "%s %s", connected ? "connected" : "not connected for",
		    fmt_age(a, json_int(in, "since_ms", 0)));
	if (last >= 0)
		put(sc, PAINT_NONE, ", last %s %s ago", connected ? "poll" : "answer", fmt_age(a, last));
	if (connected && json_int(in, "rtt_ms", -1) >= 0)
		put(sc, PAINT_NONE, ", rtt %s", fmt_age(b, json_int(in, "rtt_ms", 0)));
	put_line(sc);
}

/* Being told is a comfort, not a need: its absence is no problem of the agent's. */
static void
put_push(struct screen *sc, struct json_object *push)
{
	const char *state = json_str(push, "state", "off"), *why = json_str(push, "why", "");
	char a[FMT_MAX];
	bool down = strcmp(state, "down") == 0;

	if (strcmp(state, "off") == 0)
		return;
	label(sc, "push");
	put(sc, down ? PAINT_WARN : PAINT_NONE, "%s %s", state, fmt_age(a, json_int(push, "since_ms", 0)));
	if (down && why[0] != '\0')
		put(sc, PAINT_NONE, ": %.160s", why);
	put_line(sc);
}

static void
put_login(struct screen *sc, struct json_object *in)
{
	const char *tls = json_str(in, "tls", "");
	int64_t days = json_int(in, "cert_days", -1);

	put_to_column(sc, INDENT);
	put(sc, PAINT_NONE, "%.40s", json_str(in, "login", "?"));
	if (strncmp(tls, "TLSv", 4) == 0)
		put(sc, PAINT_NONE, "%s %.8s", strstr(json_str(in, "login", ""), "TLS") ? "" : " over TLS", tls + 4);
	if (json_get(in, "cert_days") != NULL && days < 0)
		put(sc, PAINT_BAD, ", our certificate has expired");
	else if (json_get(in, "cert_days") != NULL)
		put(sc, days < 30 ? PAINT_WARN : PAINT_NONE, ", our certificate: %d day%s left",
		    (int)days, days == 1 ? "" : "s");
	put_line(sc);
}

static void
put_lanes(struct screen *sc, struct json_object *st)
{
	struct json_object *list = json_arr(st, "lanes"), *lane, *old = json_get(st, "oldest_waiting");
	size_t i, n = list ? json_object_array_length(list) : 0;
	char age[FMT_MAX];

	label(sc, "lanes");
	for (i = 0; i < n; i++) {
		lane = json_object_array_get_idx(list, i);
		put(sc, PAINT_NONE, "%.16s %d/%d   ", json_str(lane, "name", "?"),
		    (int)json_int(lane, "running", 0), (int)json_int(lane, "slots", 0));
	}
	put(sc, PAINT_NONE, "waiting %s", fmt_count(age, json_int(st, "waiting", 0)));
	put_line(sc);
	if (old == NULL)
		return;
	put_to_column(sc, INDENT);
	put(sc, PAINT_NONE, "oldest waiting %s: %s", fmt_age(age, json_int(old, "age_ms", 0)),
	    json_str(old, "why", "?"));
	put_line(sc);
}

static void
put_spool(struct screen *sc, struct json_object *sp)
{
	char a[FMT_MAX], b[FMT_MAX], c[FMT_MAX];

	label(sc, "spool");
	put(sc, PAINT_NONE, "%s undelivered, %s of %s", fmt_count(a, json_int(sp, "results", 0)),
	    fmt_bytes(b, json_int(sp, "bytes", 0)), fmt_bytes(c, json_int(sp, "max_bytes", 0)));
	if (json_int(sp, "commit_ms", -1) >= 0)
		put(sc, PAINT_NONE, ", last commit %s", fmt_age(a, json_int(sp, "commit_ms", 0)));
	put_line(sc);
}

static void
put_today(struct screen *sc, struct json_object *t)
{
	static const char *const counts[] = { "partial", "failed", "quarantined" };
	char n[FMT_MAX];
	size_t i;

	label(sc, "today");
	put(sc, PAINT_NONE, "%s job%s", fmt_count(n, json_int(t, "jobs", 0)), json_int(t, "jobs", 0) == 1 ? "" : "s");
	if (json_int(t, "jobs", 0) > 0)
		put(sc, PAINT_NONE, ": %s ok", fmt_count(n, json_int(t, "ok", 0)));
	for (i = 0; i < 3; i++)
		if (json_int(t, counts[i], 0) > 0)
			put(sc, i > 0 ? PAINT_WARN : PAINT_NONE, ", %s %s", fmt_count(n, json_int(t, counts[i], 0)), counts[i]);
	if (json_int(t, "failed", 0) + json_int(t, "quarantined", 0) > 0)
		put_pointer(sc, "midctl jobs --failed", INDENT);
	put_line(sc);
}

static void
put_guard(struct screen *sc, struct json_object *st)
{
	struct json_object *g = json_get(st, "guard");
	struct json_object *list = json_arr(st, "workers");
	int n = list ? (int)json_object_array_length(list) : 0;

	label(sc, "guard");
	if (g == NULL)
		put(sc, PAINT_NONE, "no worker has been started yet");
	else if (json_flag(g, "seccomp", false))
		put(sc, PAINT_NONE, "seccomp, ");
	else
		put(sc, PAINT_WARN, "no seccomp, ");
	if (g != NULL && json_int(g, "landlock", 0) > 0)
		put(sc, PAINT_NONE, "landlock %d", (int)json_int(g, "landlock", 0));
	else if (g != NULL)
		put(sc, PAINT_WARN, "no landlock");
	put(sc, PAINT_NONE, "; %d worker%s", n, n == 1 ? "" : "s");
	put_line(sc);
}

static void
put_resources(struct screen *sc, struct json_object *r)
{
	char a[FMT_MAX];

	label(sc, "resources");
	put(sc, PAINT_NONE, "%s, cpu %.2f %%, %d files", fmt_bytes(a, json_int(r, "rss_bytes", 0)),
	    json_num(r, "cpu_percent", 0), (int)json_int(r, "files", 0));
	put_line(sc);
}

void
status_draw(struct screen *sc, struct json_object *st)
{
	put_title(sc, st);
	put_problems(sc, st);
	put_link(sc, json_get(st, "instance"));
	put_login(sc, json_get(st, "instance"));
	put_push(sc, json_get(st, "push"));
	put_lanes(sc, st);
	put_spool(sc, json_get(st, "spool"));
	put_today(sc, json_get(st, "today"));
	put_guard(sc, st);
	put_resources(sc, json_get(st, "resources"));
}

/* --- the command ---------------------------------------------------------------------- */

static int
once(const struct asked *a, struct screen *sc)
{
	struct json_object *st;
	int status = ask(a, "status", NULL, NULL, NULL, &st);

	if (status != EXIT_OK)
		return status;
	status = status_exit(st);
	if (a->json) {
		print_json(st);
	} else {
		if (a->watch && sc->colour)
			fputs("\033[H\033[J", stdout);
		status_draw(sc, st);
		screen_show(sc);
	}
	json_object_put(st);
	return status;
}

int
cmd_status(const struct asked *a)
{
	struct screen sc;
	int status;

	screen_of_terminal(&sc);
	status = once(a, &sc);
	while (a->watch && fflush(stdout) == 0) {
		sleep(2);
		status = once(a, &sc);
	}
	screen_fini(&sc);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_alone - a probe in a worker of our own: the same program in the same
 * sandbox as under midd, started for one run and gone after it. A topic that
 * needs a worker of another kind is run in one, which is started when the
 * first has said so.
 */
#include "run.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "by_hand.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "midctl.h"
#include "paths.h"
#include "worker_link.h"

struct alone {
	struct loop *loop;
	struct worker_paths paths;
	const struct run_what *what;
	struct worker_link *link, *old;
	const char *kind;		/* of LINK */
	uint32_t run;
	bool over, gave;
	char address[INET6_ADDRSTRLEN + 20];	/* of the target, when a credential was given for it */
	struct run_out out;
	int status;
};

/* Mirrors the classes of the probe ABI, which this floor does not see. */
static const char *const classes[] = {
	"ok", "bad-param", "unreachable", "timeout", "auth", "no-credential", "permission",
	"target", "policy", "unsupported", "too-big", "cancelled", "internal",
};

static void
finish(struct alone *al, int status)
{
	if (al->over)
		return;
	al->over = true;
	al->status = status;
	loop_stop(al->loop);
}

static void
finish_saying(struct alone *al, const char *text)
{
	if (!al->over)
		complain("%s", text);
	finish(al, EXIT_PROBLEM);
}

/* --- the run ------------------------------------------------------------------------ */

static void
run_started(void *arg)
{
	struct alone *al = arg;

	worker_link_go(al->link, al->run);
}

static void
run_emit(void *arg, int kind, const void *data, size_t len)
{
	struct alone *al = arg;

	if (kind >= 0 && kind < PIECES)
		run_out_piece(&al->out, kind, data, len);
	worker_link_credit(al->link, al->run, len);
}

static void
run_note(void *arg, const char *name, const char *value)
{
	struct alone *al = arg;

	run_out_note(&al->out, name, value);
}

static void
run_partial(void *arg, const char *message)
{
	struct alone *al = arg;

	run_out_partial(&al->out, message);
}

static void
run_want(void *arg, const char *type, const char *host)
{
	struct alone *al = arg;
	const char *given = json_str(al->what->given, "type", NULL);

	if (given != NULL && host[0] == '\0' && !al->gave && by_hand_fits(given, type)) {
		al->gave = true;
		worker_link_credential(al->link, al->run, "by-hand", given, json_get(al->what->given, "fields"));
		return;
	}
	worker_link_credential(al->link, al->run, "", type, NULL);
}

static void
run_done(void *arg, int class, const char *message, struct json_object *detail)
{
	struct alone *al = arg;
	const char *name = class >= 0 && (size_t)class < sizeof(classes) / sizeof(classes[0]) ?
	    classes[class] : "internal";

	(void)detail;
	finish(al, run_out_end(&al->out, al->what->topic, class == 0, name, message));
}

static void
run_lost(void *arg, const char *why)
{
	struct alone *al = arg;

	finish(al, run_out_end(&al->out, al->what->topic, false, "internal", why));
}

static const struct run_events run_events = {
	.started = run_started, .emit = run_emit, .note = run_note, .partial = run_partial,
	.want = run_want, .done = run_done, .lost = run_lost,
};

/* --- the worker ----------------------------------------------------------------------- */

static struct json_object *
find_topic(struct json_object *hello, const char *name)
{
	struct json_object *probes = json_arr(hello, "probes"), *topics, *t;
	size_t i, k;

	for (i = 0; probes != NULL && i < json_object_array_length(probes); i++) {
		topics = json_arr(json_object_array_get_idx(probes, i), "topics");
		for (k = 0; topics != NULL && k < json_object_array_length(topics); k++) {
			t = json_object_array_get_idx(topics, k);
			if (strcmp(json_str(t, "name", ""), name) == 0)
				return t;
		}
	}
	return NULL;
}

static const char *
kind_for(struct json_object *topic)
{
	return json_flag(topic, "exec", false) ? "exec" : json_flag(topic, "local", false) ? "local" : "plain";
}

static void open_link(void *arg);

static void
hello(void *arg, struct json_object *said)
{
	struct alone *al = arg;
	struct json_object *topic = find_topic(said, al->what->topic);
	struct err err = { 0, "" };
	struct run_request req = {
		.topic = al->what->topic, .source = al->what->source, .name = al->what->name, .address = al->address,
		.params = al->what->params, .deadline_ms = al->what->timeout_ms,
		.record = al->out.recording != NULL, .replay = al->what->replay,
	};

	if (topic == NULL) {
		run_no_topic(json_arr(said, "probes"), al->what->topic);
		finish(al, EXIT_PROBLEM);
		return;
	}
	if (strcmp(al->kind, kind_for(topic)) != 0) {
		al->kind = kind_for(topic);
		al->old = al->link;
		al->link = NULL;
		loop_defer(al->loop, open_link, al);
		return;
	}
	run_doubt(json_arr(said, "probes"), al->what->topic, al->what->params);
	if (worker_link_run(al->link, &req, &run_events, al, &al->run, &err) < 0)
		finish_saying(al, err.text);
}

static void
gone(void *arg, const char *why, bool expected)
{
	struct alone *al = arg;
	struct err err = { 0, "" };

	(void)expected;
	snprintf(err.text, sizeof(err.text), "the worker %.100s: %.200s", al->paths.program, why);
	if (al->link != NULL)
		finish_saying(al, err.text);
}

static const struct worker_events worker_events = { .hello = hello, .gone = gone };

static void
open_link(void *arg)
{
	struct alone *al = arg;
	struct err err = { 0, "" };

	if (al->old != NULL)
		worker_link_close(al->old);
	al->old = NULL;
	if (worker_link_open(&al->link, al->loop, &al->paths, al->kind,
	    &worker_events, al, &err) < 0)
		finish_saying(al, err.text);
}

static const char *
either(const char *given, enum path_of dflt)
{
	return given != NULL ? given : path_default(dflt);
}

/* Without midd there is nobody else to look a name up. Whoever gives a credential by hand means the target. */
static int
find_address(const char *name, char *out, size_t room)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *a = NULL;
	int r = name[0] == '\0' ? 0 : getaddrinfo(name, NULL, &hints, &a);

	if (r == 0 && a != NULL)
		r = getnameinfo(a->ai_addr, a->ai_addrlen, out, (socklen_t)room, NULL, 0, NI_NUMERICHOST);
	if (a != NULL)
		freeaddrinfo(a);
	if (r != 0)
		complain("%.200s has no address: %s", name, gai_strerror(r));
	return r == 0 ? 0 : -1;
}

int
run_alone(const struct asked *a, const struct run_what *w)
{
	struct alone al = {
		.what = w, .kind = "plain", .status = EXIT_PROBLEM,
		.paths = {
			.program = either(a->worker, PATH_WORKER), .probe_dir = either(a->probes, PATH_PROBES),
			.map_dir = either(a->maps, PATH_MAPS), .exec_dir = either(a->exec, PATH_EXEC),
			.read_paths = (const char *const *)w->read_paths,
		},
	};
	struct err err = { 0, "" };

	if (w->given != NULL && find_address(w->source, al.address, sizeof(al.address)) < 0)
		return EXIT_PROBLEM;
	if (loop_open(&al.loop, &err) < 0) {
		complain("%s", err.text);
		return EXIT_PROBLEM;
	}
	if (run_out_init(&al.out, a->json, a->record) < 0)
		finish(&al, EXIT_PROBLEM);
	else
		open_link(&al);
	if (!al.over)
		loop_run(al.loop);
	if (al.link != NULL)
		worker_link_close(al.link);
	loop_finish(al.loop);
	loop_close(al.loop);
	run_out_fini(&al.out);
	return al.status;
}

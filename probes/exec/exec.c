/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec - runs programs in any language: one JSON object on their standard
 * input, JSON lines from their standard output (answer.h), and the last line of
 * their standard error when they fail.
 *
 * All is bounded: a line, what is kept of standard error, and by the window of
 * emit() how far a program may run ahead: it stands still in its write(2).
 */
#include <errno.h>
#include <json-c/json.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "child.h"
#include "manifest.h"

#define LINE_MAX_BYTES (1u << 20)
#define WORDS_MAX 300		/* of standard error */
#define READS_PER_STEP 16	/* then others have their turn */

struct exec {
	const struct mid_host *host;
	struct mid_run *run;
	const struct manifest *m;
	struct answer answer;
	struct mid_child child;
	bool started, said_all, out_over, err_over;
	char *input;		/* what it is told */
	size_t input_len, input_sent;
	char *line;		/* LINE_MAX_BYTES: what came and is not yet acted on */
	size_t len;
	char words[WORDS_MAX];	/* its last line of standard error */
	size_t words_len;
	bool words_whole;	/* the line is over: the next one replaces it */
};

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* --- what the program is told ---------------------------------------------------------------- */

static struct json_object *
declared_params(const struct exec *x)
{
	struct json_object *o = json_object_new_object();
	const struct mid_param *p;
	const char *v;

	for (p = x->m->topic.params; p != NULL && p->name != NULL; p++)
		if ((v = x->host->param(x->run, p->name)) != NULL)
			json_object_object_add(o, p->name, json_object_new_string(v));
	return o;
}

static int
word_input(struct exec *x)
{
	struct json_object *o = json_object_new_object();
	int64_t left = x->host->deadline_ms(x->run) - x->host->now_ms(x->run);

	json_object_object_add(o, "topic", json_object_new_string(x->host->topic(x->run)));
	json_object_object_add(o, "source", json_object_new_string(x->host->source(x->run)));
	json_object_object_add(o, "name", json_object_new_string(x->host->name(x->run)));
	json_object_object_add(o, "address", json_object_new_string(x->host->address(x->run)));
	json_object_object_add(o, "params", declared_params(x));
	json_object_object_add(o, "deadline_ms", json_object_new_int64(left));
	x->input_len = (size_t)asprintf(&x->input, "%s\n",
	    json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
	return x->input == NULL ? -1 : 0;
}

static int
exec_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	struct exec *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return -1;
	*state = x;
	x->host = host;
	x->run = run;
	x->m = manifest_of(host->topic(run));
	x->line = malloc(LINE_MAX_BYTES);
	if (x->m == NULL || x->line == NULL || word_input(x) < 0) {
		host->fail(run, MID_INTERNAL, "out of memory, or no manifest for %s", host->topic(run));
		return -1;
	}
	x->answer = (struct answer){ .host = host, .run = run, .program = base_name(x->m->program) };
	return 0;
}

/* --- talking with it ---------------------------------------------------------------------------- */

static int
start(struct exec *x)
{
	const char *argv[] = { x->m->program, NULL };
	struct mid_spawn what = { .argv = argv, .cwd = x->m->folder };

	x->started = true;
	return x->host->spawn(x->run, &what, &x->child);
}

/* A program that does not want to hear is none of our business. */
static void
tell(struct exec *x)
{
	ssize_t n;

	while (!x->said_all) {
		n = child_write(x->child.in, x->input + x->input_sent, x->input_len - x->input_sent);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			x->input_sent += (size_t)n;
		if (n < 0 || x->input_sent == x->input_len) {
			child_close(x->child.in);
			x->said_all = true;
		}
	}
}

/* Acts on the whole lines that came. As answer_line(). */
static int
hear_lines(struct exec *x)
{
	char *end, *at = x->line;
	size_t left = x->len;
	int r = 0;

	while (r == 0 && (end = memchr(at, '\n', left)) != NULL) {
		r = answer_line(&x->answer, at, (size_t)(end - at));
		if (r != 0)
			break;
		left -= (size_t)(end - at) + 1;
		at = end + 1;
	}
	if (r == 0 && x->out_over && left > 0) {
		r = answer_line(&x->answer, at, left);	/* the last one, without its end */
		left = r == 0 ? 0 : left;
	}
	memmove(x->line, at, left);
	x->len = left;
	if (r == 0 && left == LINE_MAX_BYTES) {
		x->host->fail(x->run, MID_TOO_BIG, "line %u of what %s says is longer than %u bytes",
		    x->answer.lines + 1, x->answer.program, LINE_MAX_BYTES);
		return -1;
	}
	return r;
}

enum heard {
	HEARD_MORE,		/* there may be more at once */
	HEARD_ALL,		/* for now, or for ever: out_over */
	HEARD_NO_ROOM,		/* the agent must drain first */
	HEARD_NONSENSE		/* fail() has said so */
};

static enum heard
hear(struct exec *x)
{
	ssize_t n;
	int r;

	r = hear_lines(x);	/* what had no room last time */
	if (r == 0 && !x->out_over) {
		n = child_read(x->child.out, x->line + x->len, LINE_MAX_BYTES - x->len);
		if (n < 0 && errno == EAGAIN && child_may_say_more(&x->child))
			return HEARD_ALL;
		x->out_over = n <= 0;
		x->len += n > 0 ? (size_t)n : 0;
		r = hear_lines(x);
	}
	if (r != 0)
		return r == MID_AGAIN ? HEARD_NO_ROOM : HEARD_NONSENSE;
	return x->out_over ? HEARD_ALL : HEARD_MORE;
}

static void
keep_words(struct exec *x, const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		if (*p == '\n') {
			x->words_whole = true;
			continue;
		}
		if (x->words_whole)
			x->words_len = 0;
		x->words_whole = false;
		if (x->words_len < WORDS_MAX - 1)
			x->words[x->words_len++] = *p;
	}
	x->words[x->words_len] = '\0';
}

static void
hear_errors(struct exec *x)
{
	char piece[4096];
	ssize_t n;
	int i;

	for (i = 0; i < READS_PER_STEP && !x->err_over; i++) {
		n = child_read(x->child.err, piece, sizeof(piece));
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			x->err_over = true;
		else
			keep_words(x, piece, (size_t)n);
	}
}

/* --- steps ---------------------------------------------------------------------------------------- */

static enum mid_next
finish(struct exec *x)
{
	const char *words = x->words_len > 0 ? x->words : "and said nothing on standard error";

	if (x->answer.error)
		return MID_FAIL;	/* in its own words */
	if (x->child.status == 0)
		return MID_DONE;
	if (x->child.status > 0)
		x->host->fail(x->run, MID_TARGET, "%s ended with status %d: %s", x->answer.program,
		    x->child.status, words);
	else
		x->host->fail(x->run, MID_TARGET, "%s was killed by signal %d: %s", x->answer.program,
		    -x->child.status, words);
	return MID_FAIL;
}

static void
want(struct mid_wait *wait, intptr_t fd, unsigned events)
{
	wait->fds[wait->nfds].fd = fd;
	wait->fds[wait->nfds++].events = events;
}

static enum mid_next
wait_for_it(struct exec *x, struct mid_wait *wait, enum heard heard)
{
	wait->nfds = 0;
	wait->timeout_ms = heard == HEARD_MORE ? 0 : -1;
	if (!x->said_all)
		want(wait, x->child.in, MID_WRITE);
	if (!x->err_over)
		want(wait, x->child.err, MID_READ);
	if (heard == HEARD_ALL && !x->out_over)
		want(wait, x->child.out, MID_READ);
	return MID_WAIT;
}

static enum mid_next
exec_step(void *state, struct mid_wait *wait)
{
	struct exec *x = state;
	enum heard heard = HEARD_MORE;
	int i;

	if (!x->started && start(x) < 0)
		return MID_FAIL;
	tell(x);
	hear_errors(x);
	for (i = 0; i < READS_PER_STEP && heard == HEARD_MORE; i++)
		heard = hear(x);
	if (heard == HEARD_NONSENSE)
		return MID_FAIL;
	if (heard == HEARD_ALL && x->out_over && x->child.exited)
		return finish(x);
	return wait_for_it(x, wait, heard);
}

static void
exec_close(void *state)
{
	struct exec *x = state;

	if (x == NULL)
		return;
	if (x->started && !x->said_all && x->child.in > 0)
		child_close(x->child.in);
	free(x->input);
	free(x->line);
	free(x);
}

MID_EXPORT const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "exec",
	.version = "1.0",
	.help = "runs programs in any language",
	.flags = MID_EXEC,
	.open = exec_open,
	.step = exec_step,
	.close = exec_close,
	.more_topics = manifests_load,
};

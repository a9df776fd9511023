/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - topic Command (spec 10.1): a program on the agent's own host, as
 * its user. No shell reads the line; policy must have allowed it (policy.rules,
 * targets "local"), or the job never comes here.
 */
#include <errno.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "words.h"

#define PIECE (32u << 10)
#define READS_PER_STEP 16	/* then others have their turn */

struct stream {
	enum mid_kind kind;
	intptr_t fd;
	bool over;
	size_t n;			/* read, and not yet taken by the agent */
	char data[PIECE];
};

struct command {
	const struct mid_host *h;
	struct mid_run *run;
	char **argv;
	struct mid_child child;
	bool started;
	struct stream out, err;
};

static const struct mid_param command_params[] = {
	{ "name", MID_STRING, false, NULL, "the command line, instead of the column name" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static int
command_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	const char *line = h->param(run, "name"), *why;
	struct command *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	*state = c;
	c->h = h;
	c->run = run;
	if (line == NULL || line[0] == '\0')
		line = h->name(run);
	c->argv = words_split(line, &why);
	if (c->argv == NULL) {
		h->fail(run, MID_BAD_PARAM, "the command can't be run: %s", why);
		return -1;
	}
	h->note(run, "command", line);
	return 0;
}

static void
command_close(void *state)
{
	struct command *c = state;

	if (c == NULL)
		return;
	free(c->argv);
	free(c);
}

static int
start(struct command *c)
{
	struct mid_spawn what = { .argv = (const char *const *)c->argv };

	if (c->h->spawn(c->run, &what, &c->child) < 0)
		return -1;
	child_close(c->child.in);
	c->out.kind = MID_STDOUT;
	c->out.fd = c->child.out;
	c->err.kind = MID_STDERR;
	c->err.fd = c->child.err;
	c->started = true;
	return 0;
}

enum heard { HEARD_MORE, HEARD_ALL, HEARD_NO_ROOM };

static enum heard
hear(struct command *c, struct stream *s)
{
	ssize_t n;

	if (s->n == 0 && !s->over) {
		n = child_read(s->fd, s->data, PIECE);
		if (n < 0 && errno == EAGAIN && child_may_say_more(&c->child))
			return HEARD_ALL;
		s->over = n <= 0;
		s->n = n > 0 ? (size_t)n : 0;
	}
	if (s->n > 0 && c->h->emit(c->run, s->kind, s->data, s->n) == MID_AGAIN)
		return HEARD_NO_ROOM;
	s->n = 0;
	return s->over ? HEARD_ALL : HEARD_MORE;
}

static enum heard
hear_some(struct command *c, struct stream *s)
{
	enum heard heard = HEARD_MORE;
	int i;

	for (i = 0; i < READS_PER_STEP && heard == HEARD_MORE; i++)
		heard = hear(c, s);
	return heard;
}

static enum mid_next
finish(struct command *c)
{
	char text[24];

	snprintf(text, sizeof(text), "%d", c->child.status < 0 ? -c->child.status : c->child.status);
	c->h->note(c->run, c->child.status < 0 ? "exit_signal" : "exit_status", text);
	return MID_DONE;
}

static void
want(struct mid_wait *wait, const struct stream *s, enum heard heard)
{
	if (heard == HEARD_MORE)
		wait->timeout_ms = 0;
	else if (heard == HEARD_ALL && !s->over)
		wait->fds[wait->nfds++] = (struct mid_fd){ .fd = s->fd, .events = MID_READ };
}

static enum mid_next
command_step(void *state, struct mid_wait *wait)
{
	struct command *c = state;
	enum heard out, err;

	if (!c->started && start(c) < 0)
		return MID_FAIL;
	out = hear_some(c, &c->out);
	err = hear_some(c, &c->err);
	if (c->out.over && c->err.over && c->out.n == 0 && c->err.n == 0 && c->child.exited)
		return finish(c);
	wait->nfds = 0;
	wait->timeout_ms = -1;
	want(wait, &c->out, out);
	want(wait, &c->err, err);
	return MID_WAIT;
}

static const char *const command_topics[] = { "Command", NULL };

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "command",
	.version = "1.0",
	.help = "a program on the agent's own host, without a shell",
	.topics = command_topics,
	.flags = MID_EXEC,
	.params = command_params,
	.open = command_open,
	.step = command_step,
	.close = command_close,
};

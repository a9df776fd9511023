/* SPDX-License-Identifier: Apache-2.0 */
/* talk - see talk.h. */
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "login.h"
#include "rise.h"

#define PIECE (32u << 10)
/* With MaxSessions 1 a server may need a moment to see that the last command has ended. */
#define REFUSED_MS 50
#define REFUSALS_MAX 40
#define SHORT_LINE 1000		/* what a server of small devices takes (dropbear: 9000 today, 1400 once) */

/* What could not be handed on yet: nothing more is read of that stream until it has gone. */
struct piece { enum mid_kind kind; size_t n; char data[PIECE + RISE_CARRY]; };

struct talk {
	const struct mid_host *h;
	struct mid_run *run;
	struct login *login;
	struct talk_want want;
	struct rise rise;
	char *line;
	struct link_command *command;
	bool began, in_ended, over, lost;
	unsigned refusals;		/* times the server had no room for a command */
	bool ended[2];			/* output, errors */
	size_t said;			/* bytes of the password's line */
	char *input;			/* the line as a shell's input; NULL: the server takes it as it is */
	size_t fed;			/* bytes of it */
	int64_t until, quiet_until;
	struct link_exit how;
	struct piece *piece;		/* while there is one: a command that is silent needs no room */
};

static struct link *
on(const struct talk *t)
{
	return login_link(t->login);
}

static int64_t
now(const struct talk *t)
{
	return t->h->now_ms(t->run);
}

static int
failed(struct talk *t, enum mid_class class, const char *what)
{
	t->h->fail(t->run, class, "%s: %s", t->h->address(t->run), what);
	return TALK_FAILED;
}

static int
link_failed(struct talk *t)
{
	t->lost = true;
	return failed(t, MID_TARGET, link_why(on(t)));
}

static int
wait_for_server(struct talk *t, struct mid_wait *wait)
{
	int64_t until = t->until < t->quiet_until ? t->until : t->quiet_until;

	wait->fds[0] = (struct mid_fd){ .fd = login_fd(t->login), .events = link_events(on(t)) };
	wait->nfds = 1;
	wait->timeout_ms = until > now(t) ? until - now(t) : 0;
	return TALK_WAITS;
}

static int
too_late(struct talk *t)
{
	bool quiet = t->quiet_until <= t->until;

	t->lost = true;
	t->h->fail(t->run, MID_TIMEOUT, "the command was ended: %s (%s)", quiet ? "it said nothing for too long" :
	    "it took too long", quiet ? "channel_timeout_ms" : "command_timeout_ms");
	return TALK_FAILED;
}

/* --- the password, and the end of the input -------------------------------------------- */

/* <0 broken. What does not go at once goes at the next step. */
static int
say_password(struct talk *t)
{
	const char *password = login_password(t->login);
	size_t n = strlen(password);
	ssize_t r;

	while (t->said <= n) {
		r = t->said < n ? link_write(t->command, password + t->said, n - t->said) : link_write(t->command, "\n", 1);
		if (r <= 0)
			return r < 0 ? -1 : 0;
		t->said += (size_t)r;
	}
	t->said = 0;
	t->rise.said++;
	return 0;
}

/* The line, to a shell that reads it. 0 as much as goes; <0 broken. */
static int
feed_line(struct talk *t)
{
	ssize_t r;

	while (t->input != NULL && t->input[t->fed] != '\0') {
		r = link_write(t->command, t->input + t->fed, strlen(t->input + t->fed));
		if (r <= 0)
			return r < 0 ? -1 : 0;
		t->fed += (size_t)r;
	}
	return 0;
}

/* A command reads nothing from us: its input ends, once no password can be asked for any more. */
static int
end_input(struct talk *t)
{
	bool may_ask = t->rise.uses > 0 && t->rise.password && !(t->rise.whole && (t->rise.begun[0] || t->rise.begun[1]));
	int r;

	if (t->in_ended || t->want.pty || may_ask || (t->input != NULL && t->input[t->fed] != '\0'))
		return 0;
	r = link_end_input(t->command);
	t->in_ended = r == 0;
	return r < 0 ? -1 : 0;
}

/* 0; TALK_FAILED after fail(); <0 else: broken. */
static int
answer_prompts(struct talk *t)
{
	struct rise *r = &t->rise;

	if (feed_line(t) < 0)
		return TALK_LOST;
	if (r->uses > 0 && (r->wrong || r->asked > r->uses || (r->asked > r->said && !r->password)))
		return failed(t, MID_PERMISSION, rise_why(r));
	if (r->asked > r->said && say_password(t) < 0)
		return TALK_LOST;
	return end_input(t) < 0 ? TALK_LOST : 0;
}

/* --- what it says ------------------------------------------------------------------------ */

/* 0 gone; 1 no room; TALK_FAILED. */
static int
pass_on(struct talk *t)
{
	struct piece *p = t->piece;
	int r = p == NULL || p->n == 0 ? 0 : t->want.sink(t->want.arg, p->kind, p->data, p->n);

	if (p != NULL && r == 0)
		p->n = 0;
	return r < 0 ? TALK_FAILED : r;
}

/* A piece of what is there; 1 there is one, 0 none now, TALK_LOST. */
static int
read_piece(struct talk *t, bool err)
{
	struct piece *p = t->piece;
	ssize_t n = link_read(t->command, err, p->data, PIECE);

	if (n < 0)
		return n == -2 ? TALK_LOST : 0;
	t->ended[err] = n == 0;
	p->kind = err ? MID_STDERR : MID_STDOUT;
	p->n = (size_t)n;
	t->quiet_until = now(t) + t->want.quiet_ms;
	rise_filter(&t->rise, err, p->data, &p->n, n == 0);
	return 1;
}

/* 0 all that was there; 1 there is no room for more; TALK_LOST, TALK_FAILED. */
static int
drain(struct talk *t, bool err)
{
	int r;

	while (!t->ended[err]) {
		if (t->piece->n == 0) {
			r = read_piece(t, err);
			if (r <= 0)
				return r;
		}
		r = pass_on(t);
		if (r == 0)
			r = answer_prompts(t);
		if (r != 0)
			return r;
	}
	return 0;
}

static void
drop_piece(struct talk *t)
{
	free(t->piece);
	t->piece = NULL;
}

/* Both streams, until a round brings nothing: reading one may have taken bytes of the other off the socket. */
static int
drain_both(struct talk *t)
{
	unsigned long before;
	int r = pass_on(t);

	if (r != 0)
		return r;
	if (t->piece == NULL && (t->piece = malloc(sizeof(*t->piece))) == NULL)
		return failed(t, MID_INTERNAL, "out of memory");
	t->piece->n = 0;
	do {
		before = link_received(on(t));
		r = drain(t, false);
		if (r == 0)
			r = drain(t, true);
	} while (r == 0 && before != link_received(on(t)));
	if (t->piece->n == 0)
		drop_piece(t);
	return r == 0 ? answer_prompts(t) : r;
}

/* --- from begin to end --------------------------------------------------------------------- */

static int
make_line(struct talk *t)
{
	const char *why;

	free(t->line);
	free(t->input);
	t->input = NULL;
	t->fed = 0;
	rise_reset(&t->rise);
	t->rise.pty = t->want.pty;
	t->line = command_line(&t->want.what, &t->rise, &why);
	if (t->line == NULL)
		t->h->fail(t->run, MID_BAD_PARAM, "%s", why);
	return t->line == NULL ? -1 : 0;
}

/* Whoever asks reads only from a terminal: so it gets one. */
static int
once_more_with_terminal(struct talk *t)
{
	link_command_free(t->command);
	t->command = NULL;
	t->began = t->in_ended = t->ended[0] = t->ended[1] = false;
	t->want.pty = true;
	return make_line(t) < 0 ? TALK_FAILED : 0;
}

static int
see_end(struct talk *t, struct mid_wait *wait)
{
	int r = link_ended(t->command, &t->how);

	if (r == LINK_AGAIN)
		return now(t) < t->until ? wait_for_server(t, wait) : too_late(t);
	if (r < 0)
		return link_failed(t);
	if (t->rise.tty_wanted && !t->want.pty) {
		r = once_more_with_terminal(t);
		return r < 0 ? r : talk_step(t, wait);
	}
	t->over = true;
	if (t->rise.whole && !t->rise.begun[0])
		return failed(t, MID_PERMISSION, rise_why(&t->rise));
	return TALK_OVER;
}

static int
begin(struct talk *t, struct mid_wait *wait)
{
	int r;

	if (t->input == NULL && !t->want.pty && strlen(t->line) > SHORT_LINE && link_takes_short_lines(on(t)) &&
	    asprintf(&t->input, "%s\nexit\n", t->line) < 0)
		return failed(t, MID_INTERNAL, "out of memory");
	t->fed = 0;
	r = link_run(on(t), "exec", t->input != NULL ? "exec /bin/sh" : t->line, t->want.pty, &t->command);
	if (r == LINK_AGAIN)
		return now(t) < t->until ? wait_for_server(t, wait) : too_late(t);
	if (r == LINK_REFUSED && t->refusals++ < REFUSALS_MAX) {
		(void)wait_for_server(t, wait);
		wait->timeout_ms = REFUSED_MS;
		return TALK_WAITS;
	}
	t->began = r == 0;
	if (t->began)
		login_serves(t->login);
	return r < 0 ? TALK_LOST : 0;
}

static int
go_on(struct talk *t, struct mid_wait *wait)
{
	int r = t->began ? 0 : begin(t, wait);

	if (r == 0)
		r = drain_both(t);
	else
		return r;
	if (r == TALK_LOST)
		return link_failed(t);
	if (r < 0)
		return r;
	if (r > 0) {
		wait->nfds = 0;
		wait->timeout_ms = -1;		/* stepped when there is room again */
		return TALK_WAITS;
	}
	if (t->ended[0] && t->ended[1])
		return see_end(t, wait);
	return now(t) >= t->until || now(t) >= t->quiet_until ? too_late(t) : wait_for_server(t, wait);
}

int
talk_step(struct talk *t, struct mid_wait *wait)
{
	int r;

	link_turn(on(t));
	r = t->over ? TALK_OVER : go_on(t, wait);

	if (r != TALK_LOST)
		return r;
	link_command_free(t->command);
	t->command = NULL;
	return login_again(t->login) ? TALK_LOST : link_failed(t);
}

struct talk *
talk_new(const struct mid_host *h, struct mid_run *run, struct login *login, const struct talk_want *want)
{
	struct talk *t = calloc(1, sizeof(*t));
	unsigned inner = want->what.text == NULL ? 0 : command_rises(want->what.text);

	if (t == NULL) {
		h->fail(run, MID_INTERNAL, "out of memory");
		return NULL;
	}
	t->h = h;
	t->run = run;
	t->login = login;
	t->want = *want;
	rise_init(&t->rise, h, run);
	t->rise.whole = want->what.sudo;
	t->rise.uses = inner + (want->what.sudo ? 1 : 0);
	t->rise.password = login_password(login) != NULL;
	t->rise.keep_environment = want->keep_environment;
	t->until = now(t) + want->limit_ms;
	t->quiet_until = now(t) + want->quiet_ms;
	if (make_line(t) == 0)
		return t;
	talk_free(t);
	return NULL;
}

bool
talk_lost(const struct talk *t)
{
	return t->lost;
}

const struct link_exit *
talk_exit(const struct talk *t)
{
	return &t->how;
}

void
talk_free(struct talk *t)
{
	if (t == NULL)
		return;
	if (t->command != NULL && !t->over)
		link_kill(t->command);
	link_command_free(t->command);
	free(t->piece);
	free(t->line);
	free(t->input);
	free(t);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh - a command on a Unix host: topic SSHCommand (spec 10.2), its output as it
 * comes; and UnixFacts, whose command is a script of ours and whose output becomes
 * facts (gather.c). Logging in is login.c, the line the shell gets command.c,
 * the protocol link.c.
 */
#include <errno.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "gather.h"
#include "link.h"
#include "login.h"

#define PIECE (32u << 10)
#define PATH_DEFAULT "/usr/sbin:/usr/bin:/bin:/sbin"	/* mid.ssh.set_path, spec 9 */

/* What could not be emitted yet: nothing more is read of that stream until it has gone. */
struct piece { enum mid_kind kind; size_t n; char data[PIECE]; };

struct ssh {
	const struct mid_host *h;
	struct mid_run *run;
	struct login *login;
	bool in;			/* logged in */
	struct gather *gather;		/* NULL: SSHCommand */
	bool gathered;
	char *line;
	struct link_command *command;
	bool began, out_ended, err_ended, killed;
	int64_t until, quiet_ms, quiet_until;	/* the command's own end; and the longest silence */
	struct piece piece;
};

static const struct mid_param ssh_params[] = {
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ "name", MID_STRING, false, NULL, "the command, instead of the column name" },
	{ "command_timeout_ms", MID_MS, false, "300000", "how long the command may take (mid.ssh.command_timeout_ms)" },
	{ "channel_timeout_ms", MID_MS, false, "300000", "ended when it says nothing for so long" },
	{ "set_path", MID_BOOL, false, "true", "PATH is " PATH_DEFAULT },
	{ "path_override", MID_STRING, false, NULL, "append:, prepend: or replace: and directories" },
	{ "must_sudo", MID_BOOL, false, "false", "all of it through sudo -n" },
	{ "preserve_sudo_environment", MID_BOOL, false, "false", "sudo -E" },
	{ "run_in_terminal", MID_BOOL, false, "false", "with a terminal; standard error joins the output" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_param facts_params[] = {
	{ "port", MID_INT, false, "22", "TCP port of the server" },
	{ "sections", MID_LIST, false, NULL, "which sections, as os,cpu,memory; all when left out" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static const struct mid_topic topics[] = {
	{ "SSHCommand", "a command on a Unix host, over SSH", MID_NETWORK, 0, ssh_params },
	{ "UnixFacts", "the inventory of a Linux host, over SSH", MID_NETWORK | MID_REPEATABLE, 0, facts_params },
	{ NULL, NULL, 0, 0, NULL },
};

/* The line, as the topic says. <0 after fail(). */
static int
make_line(struct ssh *s)
{
	const struct mid_host *h = s->h;
	const char *text = h->param(s->run, "name"), *why;
	struct command_want w = { .text = text != NULL && text[0] != '\0' ? text : h->name(s->run),
	    .path = h->param_bool(s->run, "set_path", true) ? PATH_DEFAULT : NULL, .path_override = h->param(s->run, "path_override"),
	    .sudo = h->param_bool(s->run, "must_sudo", false),
	    .keep_environment = h->param_bool(s->run, "preserve_sudo_environment", false) };

	if (strcmp(h->topic(s->run), "UnixFacts") == 0) {
		s->gather = gather_new(h, s->run);
		if (s->gather == NULL)
			return -1;
		w = (struct command_want){ .text = gather_script(s->gather) };
	} else {
		h->note(s->run, "command", w.text);
	}
	s->line = command_line(&w, &why);
	if (s->line == NULL)
		h->fail(s->run, MID_BAD_PARAM, "%s", why);
	return s->line == NULL ? -1 : 0;
}

static int
ssh_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	int64_t port = h->param_int(run, "port", 22);
	struct ssh *s;

	if (port < 1 || port > 65535) {
		h->fail(run, MID_BAD_PARAM, "port is %lld, expected 1 to 65535", (long long)port);
		return -1;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return -1;
	*state = s;
	s->h = h;
	s->run = run;
	if (make_line(s) < 0)
		return -1;
	s->login = login_new(h, run, (int)port);
	return s->login == NULL ? -1 : 0;
}

/* Cancelled or out of time: the server is told to end it, as far as that goes at once. */
static void
ssh_close(void *state)
{
	struct ssh *s = state;

	if (s == NULL)
		return;
	if (s->command != NULL && !(s->out_ended && s->err_ended))
		link_kill(s->command);
	link_command_free(s->command);
	login_free(s->login);
	gather_free(s->gather);
	free(s->line);
	free(s);
}

/* --- the command ----------------------------------------------------------------- */

static enum mid_next
broken(struct ssh *s)
{
	s->h->fail(s->run, MID_TARGET, "%s: %s", s->h->address(s->run), link_why(login_link(s->login)));
	return MID_FAIL;
}

static enum mid_next
wait_for_server(struct ssh *s, struct mid_wait *wait)
{
	int64_t now = s->h->now_ms(s->run), until = s->until < s->quiet_until ? s->until : s->quiet_until;

	wait->fds[0] = (struct mid_fd){ .fd = login_fd(s->login), .events = link_events(login_link(s->login)) };
	wait->nfds = 1;
	wait->timeout_ms = until > now ? until - now : 0;
	return MID_WAIT;
}

/* 0 gone; 1 no room; -3 after fail(). */
static int
pass_on(struct ssh *s)
{
	struct piece *p = &s->piece;
	int r = 0;

	if (p->n > 0 && s->gather == NULL && s->h->emit(s->run, p->kind, p->data, p->n) == MID_AGAIN)
		return 1;
	if (p->n > 0 && s->gather != NULL && p->kind == MID_STDOUT)
		r = gather_put(s->gather, p->data, p->n);
	p->n = 0;
	return r < 0 ? -3 : 0;
}

/* 0 all read that was there; 1 there is no room for more; -1 broken, -3 after fail(). */
static int
drain(struct ssh *s, bool err, bool *ended)
{
	ssize_t n;
	int r;

	while (!*ended) {
		if (s->piece.n == 0) {
			n = link_read(s->command, err, s->piece.data, PIECE);
			if (n == -2)
				return -1;
			if (n < 0)
				return 0;
			*ended = n == 0;
			s->piece.kind = err ? MID_STDERR : MID_STDOUT;
			s->piece.n = (size_t)n;
			s->quiet_until = s->h->now_ms(s->run) + s->quiet_ms;
		}
		r = pass_on(s);
		if (r != 0)
			return r;
	}
	return 0;
}

/* Both streams, until a round brings nothing: reading one may have taken bytes of the other off the socket. */
static int
drain_both(struct ssh *s)
{
	unsigned long before;
	int r = pass_on(s);

	if (r != 0)
		return r;
	do {
		before = link_received(login_link(s->login));
		r = drain(s, false, &s->out_ended);
		if (r == 0)
			r = drain(s, true, &s->err_ended);
	} while (r == 0 && before != link_received(login_link(s->login)));
	return r;
}

static enum mid_next
too_late(struct ssh *s)
{
	bool quiet = s->quiet_until <= s->until;

	link_kill(s->command);
	s->h->fail(s->run, MID_TIMEOUT, "the command was ended: %s (%s)", quiet ? "it said nothing for too long" :
	    "it took too long", quiet ? "channel_timeout_ms" : "command_timeout_ms");
	return MID_FAIL;
}

static enum mid_next
over(struct ssh *s, struct mid_wait *wait)
{
	struct link_exit how;
	char text[24];
	int r = link_ended(s->command, &how);

	if (r == LINK_AGAIN)
		return wait_for_server(s, wait);
	if (r < 0)
		return broken(s);
	if (s->gather != NULL) {
		s->gathered = true;
		return gather_step(s->gather, wait);
	}
	snprintf(text, sizeof(text), "%d", how.status);
	s->h->note(s->run, "exit_status", text);
	if (how.signal[0] != '\0')
		s->h->note(s->run, "exit_signal", how.signal);
	return MID_DONE;
}

static enum mid_next
go_on(struct ssh *s, struct mid_wait *wait)
{
	int r = drain_both(s);

	if (r == -3)
		return MID_FAIL;
	if (r < 0)
		return broken(s);
	if (r > 0) {
		wait->timeout_ms = -1;		/* stepped when there is room again */
		return MID_WAIT;
	}
	if (s->out_ended && s->err_ended)
		return over(s, wait);
	if (s->h->now_ms(s->run) >= s->until || s->h->now_ms(s->run) >= s->quiet_until)
		return too_late(s);
	return wait_for_server(s, wait);
}

static enum mid_next
ssh_step(void *state, struct mid_wait *wait)
{
	struct ssh *s = state;
	int r;

	wait->nfds = 0;
	if (s->gathered)
		return gather_step(s->gather, wait);
	if (!s->in) {
		r = login_step(s->login, wait);
		if (r != 0)
			return r > 0 ? MID_WAIT : MID_FAIL;
		s->in = true;
		s->h->note(s->run, "user", login_user(s->login));
		s->quiet_ms = s->h->param_int(s->run, "channel_timeout_ms", 300000);
		s->until = s->h->now_ms(s->run) + s->h->param_int(s->run, "command_timeout_ms", 300000);
		s->quiet_until = s->h->now_ms(s->run) + s->quiet_ms;
	}
	if (!s->began) {
		r = link_run(login_link(s->login), s->line, s->h->param_bool(s->run, "run_in_terminal", false), &s->command);
		if (r == LINK_AGAIN)
			return s->h->now_ms(s->run) < s->until ? wait_for_server(s, wait) : too_late(s);
		if (r < 0)
			return broken(s);
		s->began = true;
	}
	return go_on(s, wait);
}

/* --- the module --------------------------------------------------------------------- */

static int
ssh_engine_open(void **engine, const struct mid_host *h, struct mid_run *run)
{
	static char there;

	*engine = &there;
	if (link_library_open() == 0)
		return 0;
	h->fail(run, MID_INTERNAL, "libssh2 does not start");
	return -1;
}

static void
ssh_engine_close(void *engine)
{
	(void)engine;
	link_library_close();
}

static const struct mid_topic *
ssh_more_topics(const char *exec_dir, const struct mid_host *h, struct mid_run *run)
{
	(void)exec_dir, (void)h, (void)run;
	return topics;
}

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "ssh",
	.version = "1.0",
	.help = "Unix hosts over SSH",
	.flags = MID_NETWORK,
	.map = "linux",
	.open = ssh_open,
	.step = ssh_step,
	.close = ssh_close,
	.engine_open = ssh_engine_open,
	.engine_close = ssh_engine_close,
	.more_topics = ssh_more_topics,
};

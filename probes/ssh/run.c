/* SPDX-License-Identifier: Apache-2.0 */
/* run - see run.h. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detached.h"
#include "file.h"
#include "gather.h"
#include "login.h"
#include "several.h"
#include "talk.h"
#include "trial.h"

#define LOOK_MS 60000		/* how long a look at a long command may take */
#define LOSSES_MAX 20		/* looks in a row that do not reach the host: a quarter of an hour */
#define LOSS_MS 1000		/* before the next; doubles */
#define LOSS_MAX_MS 60000

struct ssh {
	const struct mid_host *h;
	struct mid_run *run;
	struct login *login;
	bool in, over;			/* logged in; all is said */
	struct gather *gather;		/* UnixFacts */
	struct several *several;	/* MultiProbe */
	struct detached *detached;	/* SSHCommandLong */
	struct file *file;		/* FileProbe: has a login of its own */
	bool trial, tried;		/* SSHCredentialTest: the login is all */
	struct trial outcome;
	int64_t rests_until;		/* between two of its commands */
	int losses;			/* looks in a row that did not reach the host */
	const char *text;		/* of the command that is next, or runs */
	struct talk *talk;
};

/* The job's own words. */
static const char *
own_text(const struct ssh *s)
{
	const char *text = s->h->param(s->run, "name");

	return text != NULL && text[0] != '\0' ? text : s->h->name(s->run);
}

/* MID_AGAIN: midd is asked. <0 after fail(). */
static int
choose_detached(struct ssh *s)
{
	const char *id;
	int r = s->h->ask(s->run, "job", "-", &id);

	if (r == MID_AGAIN)
		return r;
	if (r < 0 || strncmp(id, "ok ", 3) != 0) {
		s->h->fail(s->run, MID_INTERNAL, "midd does not tell the job's id");
		return -1;
	}
	if (id[3] == '\0') {
		s->h->fail(s->run, MID_BAD_PARAM, "a long command needs a job, by which it is found again: insert one, or use SSHCommand by hand");
		return -1;
	}
	s->detached = detached_new(s->h, s->run, id + 3, own_text(s));
	s->text = s->detached == NULL ? NULL : detached_next(s->detached);
	return s->detached == NULL ? -1 : 0;
}

/* What the topic would have run. <0 after fail(). */
static int
choose(struct ssh *s)
{
	const char *topic = s->h->topic(s->run);

	if (strcmp(topic, "UnixFacts") == 0) {
		s->gather = gather_new(s->h, s->run);
		s->text = s->gather == NULL ? NULL : gather_script(s->gather);
		return s->gather == NULL ? -1 : 0;
	}
	if (strcmp(topic, "MultiProbe") == 0) {
		s->several = several_new(s->h, s->run);
		s->text = s->several == NULL ? NULL : several_next(s->several);
		return s->several == NULL ? -1 : 0;
	}
	s->h->note(s->run, "command", own_text(s));
	if (strcmp(topic, "SSHCommandLong") != 0)
		s->text = own_text(s);
	return 0;
}

int
ssh_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	int64_t port = h->param_int(run, "port", 22);
	struct ssh *s;

	if (h->address(run)[0] == '\0') {
		h->fail(run, MID_BAD_PARAM, "no target: name it as source; by hand midd must be running, which finds its address and judges it");
		return -1;
	}
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
	if (strcmp(h->topic(run), "FileProbe") == 0) {
		s->file = file_new(h, run, h->engine(run), (int)port);
		return s->file == NULL ? -1 : 0;
	}
	s->trial = strcmp(h->topic(run), "SSHCredentialTest") == 0;
	if (s->trial ? trial_check(h, run) < 0 : choose(s) < 0)
		return -1;
	s->login = login_new(h, run, h->engine(run), (int)port);
	if (s->login != NULL && s->trial)
		login_anew(s->login);
	return s->login == NULL ? -1 : 0;
}

/* Cancelled or out of time: the server is told to end it, as far as that goes at once. */
void
ssh_close(void *state)
{
	struct ssh *s = state;

	if (s == NULL)
		return;
	if (s->detached != NULL && detached_ending(s->detached) && !s->over)
		s->h->log(s->run, MID_WARN, "%s: the command could not be ended there, it may still run", s->h->address(s->run));
	file_free(s->file);
	talk_free(s->talk);
	login_free(s->login, s->over);
	detached_free(s->detached);
	gather_free(s->gather);
	several_free(s->several);
	free(s);
}

/* --- the commands ----------------------------------------------------------------- */

static int
take(void *arg, enum mid_kind kind, const void *data, size_t n)
{
	struct ssh *s = arg;

	if (s->several != NULL)
		return several_put(s->several, kind, data, n);
	if (s->detached != NULL && !detached_collects(s->detached)) {
		if (kind == MID_STDOUT)
			detached_put(s->detached, data, n);
		return 0;
	}
	if (s->detached != NULL) {
		size_t again = detached_skip(s->detached, kind, n);

		if (n > again && s->h->emit(s->run, kind, (const char *)data + again, n - again) == MID_AGAIN)
			return 1;
		detached_took(s->detached, kind, n);
		return 0;
	}
	if (s->gather != NULL)
		return kind == MID_STDOUT ? gather_put(s->gather, data, n) : 0;
	return s->h->emit(s->run, kind, data, n) == MID_AGAIN ? 1 : 0;
}

static const char *
param(void *arg, const char *name)
{
	struct ssh *s = arg;

	return s->h->param(s->run, name);
}

static int
begin(struct ssh *s)
{
	const struct mid_host *h = s->h;
	bool facts = s->gather != NULL;
	struct talk_want w = {
		.what = { .text = s->text, .path = facts || !h->param_bool(s->run, "set_path", true) ? NULL : PATH_DEFAULT,
		    .path_override = facts ? NULL : h->param(s->run, "path_override"),
		    .sudo = h->param_bool(s->run, "must_sudo", false), .param = facts ? NULL : param, .arg = s },
		.keep_environment = h->param_bool(s->run, "preserve_sudo_environment", false),
		.pty = h->param_bool(s->run, "run_in_terminal", false),
		.limit_ms = h->param_int(s->run, "command_timeout_ms", 300000),
		.quiet_ms = h->param_int(s->run, "channel_timeout_ms", 300000), .sink = take, .arg = s,
	};

	if (s->detached != NULL && !detached_collects(s->detached))
		w.limit_ms = w.quiet_ms = LOOK_MS;
	if (s->detached != NULL)
		detached_begins(s->detached);
	s->talk = talk_new(h, s->run, s->login, &w);
	return s->talk == NULL ? -1 : 0;
}

static int
log_in_anew(struct ssh *s, bool keep)
{
	login_free(s->login, keep);
	s->in = false;
	s->login = login_new(s->h, s->run, s->h->engine(s->run), (int)s->h->param_int(s->run, "port", 22));
	if (s->login == NULL)
		s->h->fail(s->run, MID_INTERNAL, "out of memory");
	return s->login == NULL ? -1 : 0;
}

/* The host was not reached: what runs there runs on, and is looked at again. */
static enum mid_next
look_again(struct ssh *s, struct mid_wait *wait)
{
	int64_t pause = (int64_t)LOSS_MS << (s->losses < 6 ? s->losses : 6);

	if (s->losses++ >= LOSSES_MAX)
		return MID_FAIL;
	if (pause > LOSS_MAX_MS)
		pause = LOSS_MAX_MS;
	s->h->log(s->run, MID_INFO, "%s: the connection to the long command is lost: looked at again in %lld ms", s->h->address(s->run), (long long)pause);
	talk_free(s->talk);
	s->talk = NULL;
	detached_lost(s->detached);
	s->text = detached_next(s->detached);
	if (log_in_anew(s, false) < 0)
		return MID_FAIL;
	s->rests_until = s->h->now_ms(s->run) + pause;
	wait->timeout_ms = pause;
	return MID_WAIT;
}

/* The next command, at once or later; meanwhile the connection rests in the pool. */
static enum mid_next
go_on_later(struct ssh *s, int64_t pause, struct mid_wait *wait)
{
	talk_free(s->talk);
	s->talk = NULL;
	s->losses = 0;
	s->text = detached_next(s->detached);
	if (pause == 0)
		return ssh_step(s, wait);
	if (log_in_anew(s, true) < 0)
		return MID_FAIL;
	s->rests_until = s->h->now_ms(s->run) + pause;
	wait->timeout_ms = pause;
	return MID_WAIT;
}

/* One command has ended. */
static enum mid_next
end(struct ssh *s, struct mid_wait *wait)
{
	const struct link_exit *how = talk_exit(s->talk);
	char text[24];

	if (s->several != NULL) {
		several_ended(s->several, how);
		s->text = several_next(s->several);
		if (s->text != NULL) {
			talk_free(s->talk);
			s->talk = NULL;
			return ssh_step(s, wait);
		}
	}
	if (s->detached != NULL && how->signal[0] != '\0')	/* the look was ended, not what it looks at */
		return look_again(s, wait);
	if (s->detached != NULL) {
		int64_t pause = detached_ended(s->detached, how->status);

		if (pause == -3)
			return look_again(s, wait);
		if (pause != -1)
			return pause < 0 ? MID_FAIL : go_on_later(s, pause, wait);
	}
	s->over = true;
	if (s->gather != NULL)
		return gather_step(s->gather, wait);
	if (s->several != NULL)
		return several_tell(s->several, wait);
	snprintf(text, sizeof(text), "%d", how->status);
	s->h->note(s->run, "exit_status", text);
	if (how->signal[0] != '\0')
		s->h->note(s->run, "exit_signal", how->signal);
	return MID_DONE;
}

/* Logged in or not: that is all that was asked. */
static enum mid_next
try_login(struct ssh *s, struct mid_wait *wait)
{
	int r = s->tried ? 0 : login_step(s->login, wait);

	if (!s->tried && r > 0)
		return MID_WAIT;
	if (!s->tried) {
		s->outcome = (struct trial){ .h = s->h, .run = s->run, .port = s->h->param_int(s->run, "port", 22),
		    .user = login_user(s->login), .reason = "logged in" };
		if (r < 0)
			s->outcome.class = login_failed(s->login, &s->outcome.reason);
	}
	s->tried = true;
	return trial_tell(&s->outcome, wait);
}

enum mid_next
ssh_step(void *state, struct mid_wait *wait)
{
	struct ssh *s = state;
	int r;

	if (s->file != NULL)
		return file_step(s->file, wait);
	if (s->trial)
		return try_login(s, wait);
	wait->nfds = 0;
	if (s->over)
		return s->gather != NULL ? gather_step(s->gather, wait) : several_tell(s->several, wait);
	if (s->rests_until > s->h->now_ms(s->run)) {
		wait->timeout_ms = s->rests_until - s->h->now_ms(s->run);
		return MID_WAIT;
	}
	if (s->text == NULL) {
		wait->timeout_ms = -1;
		r = choose_detached(s);
		if (r != 0)
			return r < 0 ? MID_FAIL : MID_WAIT;
	}
	if (!s->in) {
		r = login_step(s->login, wait);
		if (r < 0 && s->detached != NULL && detached_begun(s->detached) && login_may_come_back(s->login))
			return look_again(s, wait);
		if (r != 0)
			return r > 0 ? MID_WAIT : MID_FAIL;
		s->in = true;
		s->h->note(s->run, "user", login_user(s->login));
	}
	if (s->talk == NULL && begin(s) < 0)
		return MID_FAIL;
	r = talk_step(s->talk, wait);
	if (r == TALK_LOST) {
		talk_free(s->talk);
		s->talk = NULL;
		s->in = false;
		return ssh_step(s, wait);
	}
	if (r == TALK_FAILED && s->detached != NULL && talk_lost(s->talk))
		return look_again(s, wait);
	return r == TALK_OVER ? end(s, wait) : r == TALK_WAITS ? MID_WAIT : MID_FAIL;
}

/* A long command runs without us: it must be ended there. */
bool
ssh_cancel(void *state)
{
	struct ssh *s = state;
	bool at_once;

	if (s->login != NULL)
		s->h->fail(s->run, MID_TIMEOUT, "%s", login_doing(s->login));
	if (s->file != NULL)
		file_too_late(s->file);
	if (s->detached == NULL || !detached_begun(s->detached) || s->over)
		return false;
	at_once = s->talk == NULL || detached_collects(s->detached);	/* the others are short */
	detached_cancel(s->detached, at_once);
	s->losses = 0;
	if (!at_once)
		return true;
	talk_free(s->talk);
	s->talk = NULL;
	s->rests_until = 0;
	s->text = detached_next(s->detached);
	return true;
}

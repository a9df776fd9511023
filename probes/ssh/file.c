/* SPDX-License-Identifier: Apache-2.0 */
/* file - see file.h. */
#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "login.h"

#define LOSSES_MAX 5		/* in a row, with nothing moved in between */
#define PAUSE_MS 500		/* before the first new connection; doubles */
#define CROWDED_MS 50
#define CROWDED_MAX 40
#define QUIET_MS 60000

static const struct file_work *const works[] = { &file_get, &file_put, &file_list };

struct file {
	const struct mid_host *h;
	struct mid_run *run;
	struct pool *pool;
	int port;
	const struct file_work *what;
	void *work;
	struct file_talk talk;
	struct login *login;
	bool in, open, over;
	int losses, crowded;
	unsigned long moved;
	int64_t rests_until, quiet_ms, quiet_until;
};

/* --- words ------------------------------------------------------------------------------ */

static const struct { uint32_t status; enum mid_class class; const char *text; } statuses[] = {
	{ FXP_EOF, MID_TARGET, "it ends there" },
	{ FXP_NO_SUCH_FILE, MID_TARGET, "there is no such file or folder" },
	{ FXP_PERMISSION_DENIED, MID_PERMISSION, "the account may not do that" },
	{ FXP_BAD_MESSAGE, MID_TARGET, "the server did not understand, or answered nonsense" },
	{ FXP_UNSUPPORTED, MID_UNSUPPORTED, "the server cannot do that" },
};

int
file_status(struct file_talk *t, const char *doing, uint32_t status)
{
	struct fxp_reply r = { .type = FXP_STATUS, .status = status };

	return file_refused(t, doing, &r);
}

int
file_refused(struct file_talk *t, const char *doing, const struct fxp_reply *r)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == r->status) {
			t->h->fail(t->run, statuses[i].class, "%s: %s %s: %s", t->h->address(t->run), doing, t->path, statuses[i].text);
			return FILE_FAILED;
		}
	t->h->fail(t->run, MID_TARGET, "%s: %s %s: the server refuses and says only \"%.*s\"", t->h->address(t->run), doing, t->path,
	    (int)(r->text_len > 80 ? 80 : r->text_len), r->text == NULL ? "" : r->text);
	return FILE_FAILED;
}

int
file_nonsense(struct file_talk *t, const char *doing)
{
	return file_status(t, doing, FXP_BAD_MESSAGE);
}

void
file_note(struct file_talk *t, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	t->h->note(t->run, name, text);
}

void
file_note_mode(struct file_talk *t, uint32_t mode)
{
	char text[16];

	snprintf(text, sizeof(text), "%04o", mode & 07777);
	t->h->note(t->run, "mode", text);
}

/* --- the connection ------------------------------------------------------------------------ */

static int
connect_anew(struct file *f)
{
	f->in = f->open = false;
	f->login = login_new(f->h, f->run, f->pool, f->port);
	if (f->login != NULL)
		return 0;
	f->h->fail(f->run, MID_INTERNAL, "out of memory");
	return -1;
}

static void
hang_up(struct file *f, bool keep)
{
	sftp_free(f->talk.sftp);
	f->talk.sftp = NULL;
	f->talk.waits_for = 0;
	login_free(f->login, keep);
	f->login = NULL;
}

/* Again, later. MID_FAIL when it has been lost too often: with the reason of the last time. */
static enum mid_next
lost(struct file *f, struct mid_wait *wait, const char *why)
{
	int64_t pause = (int64_t)PAUSE_MS << f->losses;

	if (f->losses++ >= LOSSES_MAX) {
		if (why != NULL)
			f->h->fail(f->run, MID_TARGET, "%s: the connection was lost %d times in a row: %s", f->h->address(f->run), f->losses, why);
		return MID_FAIL;
	}
	f->h->log(f->run, MID_INFO, "%s: the connection is lost%s%s: it is made again in %lld ms, and the transfer goes on",
	    f->h->address(f->run), why == NULL ? "" : ": ", why == NULL ? "" : why, (long long)pause);
	f->what->lost(f->work);
	hang_up(f, false);
	if (connect_anew(f) < 0)
		return MID_FAIL;
	f->rests_until = f->h->now_ms(f->run) + pause;
	wait->timeout_ms = pause;
	return MID_WAIT;
}

/* 0 logged in. 1: *NEXT is what the step gives. */
static int
log_in(struct file *f, struct mid_wait *wait, enum mid_next *next)
{
	int r = f->in ? 0 : login_step(f->login, wait);

	if (r == 0 && !f->in) {
		f->in = true;
		f->h->note(f->run, "user", login_user(f->login));
		f->quiet_until = f->h->now_ms(f->run) + f->quiet_ms;
	}
	if (r == 0)
		return 0;
	*next = r > 0 ? MID_WAIT : f->losses > 0 && login_may_come_back(f->login) ? lost(f, wait, NULL) : MID_FAIL;
	return 1;
}

static enum mid_next
wait_for_server(struct file *f, struct mid_wait *wait)
{
	int64_t now = f->h->now_ms(f->run);

	if (now >= f->quiet_until)
		return lost(f, wait, "nothing came for too long (channel_timeout_ms)");
	wait->fds[0] = (struct mid_fd){ .fd = login_fd(f->login), .events = link_events(login_link(f->login)) };
	wait->nfds = 1;
	wait->timeout_ms = f->quiet_until - now;
	return MID_WAIT;
}

static enum mid_next
died(struct file *f, struct mid_wait *wait)
{
	char why[240];

	snprintf(why, sizeof(why), "%s", sftp_why(f->talk.sftp));
	if (!login_again(f->login))	/* else it was one at rest: a new one at once */
		return lost(f, wait, why);
	sftp_free(f->talk.sftp);
	f->talk.sftp = NULL;
	f->talk.waits_for = 0;
	f->in = f->open = false;
	return file_step(f, wait);
}

/* The server has room for no more sessions on this connection, just now. */
static enum mid_next
crowded(struct file *f, struct mid_wait *wait)
{
	if (!sftp_crowded(f->talk.sftp) || f->crowded++ >= CROWDED_MAX) {
		f->h->fail(f->run, MID_UNSUPPORTED, "%s: %s", f->h->address(f->run), sftp_why(f->talk.sftp));
		return MID_FAIL;
	}
	(void)wait_for_server(f, wait);
	wait->timeout_ms = CROWDED_MS;
	return MID_WAIT;
}

/* --- the work --------------------------------------------------------------------------------- */

/* All replies that are here. 0, FILE_FAILED, or LINK_BROKEN. */
static int
hear(struct file *f)
{
	struct file_talk *t = &f->talk;
	struct fxp_reply r;
	int rc;

	while ((rc = sftp_reply(t->sftp, &r)) == 1) {
		if (reader_hears(&t->reader, &r) || (f->what->hears != NULL && f->what->hears(f->work, &r)) || r.id != t->waits_for)
			continue;
		t->waits_for = 0;
		if (f->what->hear(f->work, &r) < 0)
			return FILE_FAILED;
	}
	return rc;
}

static int
work(struct file *f)
{
	int rc = hear(f);

	if (rc < 0)
		return rc;
	return f->what->go(f->work);
}

/* Moves bytes and works, until neither brings the other on. */
static enum mid_next
go_on(struct file *f, struct mid_wait *wait)
{
	unsigned long before;
	int r, w;

	do {
		before = sftp_moved(f->talk.sftp);
		r = sftp_step(f->talk.sftp);
		if (r == LINK_AGAIN)
			return wait_for_server(f, wait);
		if (r == LINK_REFUSED)
			return crowded(f, wait);
		if (r < 0)
			return died(f, wait);
		if (!f->open)
			login_serves(f->login);
		f->open = true;
		w = work(f);
		if (w == LINK_BROKEN)
			return died(f, wait);
		if (w == FILE_FAILED)
			return MID_FAIL;
		if (w != FILE_DONE && sftp_step(f->talk.sftp) < 0)
			return died(f, wait);
	} while (w == FILE_WAITS && before != sftp_moved(f->talk.sftp));
	f->over = w == FILE_DONE;
	if (f->moved != sftp_moved(f->talk.sftp)) {
		f->moved = sftp_moved(f->talk.sftp);
		f->quiet_until = f->h->now_ms(f->run) + f->quiet_ms;
		f->losses = 0;
	}
	if (w != FILE_FULL)
		return f->over ? file_step(f, wait) : wait_for_server(f, wait);
	f->quiet_until = f->h->now_ms(f->run) + f->quiet_ms;	/* we are the slow ones */
	wait->timeout_ms = -1;
	return MID_WAIT;
}

/* The work is done: the connection is handed back if the server lets go of the session at once. */
static enum mid_next
finish(struct file *f, struct mid_wait *wait)
{
	int r = sftp_end(f->talk.sftp);

	if (r == LINK_AGAIN && f->h->now_ms(f->run) < f->quiet_until)
		return wait_for_server(f, wait);
	hang_up(f, r == 0);
	return MID_DONE;
}

enum mid_next
file_step(struct file *f, struct mid_wait *wait)
{
	enum mid_next next;

	wait->nfds = 0;
	if (f->rests_until > f->h->now_ms(f->run)) {
		wait->timeout_ms = f->rests_until - f->h->now_ms(f->run);
		return MID_WAIT;
	}
	if (log_in(f, wait, &next) != 0)
		return next;
	link_turn(login_link(f->login));
	if (f->over)
		return finish(f, wait);
	if (f->talk.sftp == NULL)
		f->talk.sftp = sftp_new(login_link(f->login));
	if (f->talk.sftp == NULL) {
		f->h->fail(f->run, MID_INTERNAL, "out of memory");
		return MID_FAIL;
	}
	return go_on(f, wait);
}

/* --- from first to last ------------------------------------------------------------------------ */

static int
choose(struct file *f)
{
	const char *action = f->h->param(f->run, "action");
	size_t i;

	for (i = 0; i < sizeof(works) / sizeof(works[0]) && f->what == NULL; i++)
		if (strcmp(works[i]->action, action) == 0)
			f->what = works[i];
	if (f->what == NULL)
		f->h->fail(f->run, MID_BAD_PARAM, "action is %.40s: it must be get, put or list", action);
	else if (!fxp_path_is_plain(f->talk.path))
		f->h->fail(f->run, MID_BAD_PARAM, "path must be absolute, without \".\", \"..\" or \"//\" in it, and not longer than 4000 bytes");
	else if (reader_init(&f->talk.reader) < 0)
		f->h->fail(f->run, MID_INTERNAL, "out of memory");
	else if ((f->work = f->what->begin(&f->talk)) != NULL)
		return 0;
	return -1;
}

struct file *
file_new(const struct mid_host *h, struct mid_run *run, struct pool *pool, int port)
{
	struct file *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		h->fail(run, MID_INTERNAL, "out of memory");
		return NULL;
	}
	f->h = f->talk.h = h;
	f->run = f->talk.run = run;
	f->pool = pool;
	f->port = port;
	f->talk.path = h->param(run, "path");
	f->quiet_ms = h->param_int(run, "channel_timeout_ms", QUIET_MS);
	if (choose(f) == 0 && connect_anew(f) == 0)
		return f;
	file_free(f);
	return NULL;
}

void
file_too_late(const struct file *f)
{
	char far[160];

	if (f->login == NULL || f->rests_until > f->h->now_ms(f->run)) {
		f->h->fail(f->run, MID_TIMEOUT, "the connection was lost, and is made again");
	} else if (!f->in) {
		f->h->fail(f->run, MID_TIMEOUT, "%s", login_doing(f->login));
	} else {
		f->what->far(f->work, far, sizeof(far));
		f->h->fail(f->run, MID_TIMEOUT, "it is logged in, and %s", far);
	}
}

void
file_free(struct file *f)
{
	if (f == NULL)
		return;
	if (f->work != NULL)
		f->what->end(f->work);
	hang_up(f, false);
	reader_fini(&f->talk.reader);
	free(f);
}

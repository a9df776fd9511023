/* SPDX-License-Identifier: Apache-2.0 */
/* sftp - see sftp.h. */
#include "sftp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "midd/probe.h"

#define OUT_MAX (256u << 10)		/* bytes that wait to be sent */
#define REQUEST_MAX (SFTP_PIECE + 2u * 4096 + 1024)
#define IN_MAX (FXP_PACKET_MAX + 4)

static const char *const extensions[] = { "posix-rename@openssh.com", "fsync@openssh.com", "statvfs@openssh.com" };
#define EXTENSIONS (sizeof(extensions) / sizeof(extensions[0]))

struct sftp {
	struct link *l;
	struct link_command *channel;
	enum { OPENS, GREETS, IS_OPEN } at;
	struct fxp_out out;
	size_t sent;			/* of out */
	unsigned char *in;
	size_t nin, room, used;		/* used: of the reply handed out last */
	uint32_t id;
	bool can[EXTENSIONS], ended;
	unsigned long moved;
	char why[200];
};

struct sftp *
sftp_new(struct link *l)
{
	struct sftp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->l = l;
	s->out = (struct fxp_out){ .p = malloc(OUT_MAX), .max = OUT_MAX };
	s->room = 2 * SFTP_PIECE;
	s->in = malloc(s->room);
	if (s->out.p != NULL && s->in != NULL)
		return s;
	sftp_free(s);
	return NULL;
}

void
sftp_free(struct sftp *s)
{
	if (s == NULL)
		return;
	link_command_free(s->channel);
	free(s->out.p);
	free(s->in);
	free(s);
}

const char *
sftp_why(const struct sftp *s)
{
	return s->why[0] != '\0' ? s->why : link_why(s->l);
}

unsigned long
sftp_moved(const struct sftp *s)
{
	return s->moved;
}

bool
sftp_crowded(const struct sftp *s)
{
	return !link_has_channel(s->channel);
}

static int
broken(struct sftp *s, const char *why)
{
	snprintf(s->why, sizeof(s->why), "%s", why);
	return LINK_BROKEN;
}

/* --- bytes ---------------------------------------------------------------------------- */

static int
send_some(struct sftp *s)
{
	ssize_t n;

	while (s->sent < s->out.n) {
		n = link_write(s->channel, s->out.p + s->sent, s->out.n - s->sent);
		if (n < 0)
			return LINK_BROKEN;
		if (n == 0)
			break;
		s->sent += (size_t)n;
		s->moved += (unsigned long)n;
	}
	if (s->sent > 0) {
		memmove(s->out.p, s->out.p + s->sent, s->out.n - s->sent);
		s->out.n -= s->sent;
		s->sent = 0;
	}
	return 0;
}

/* A packet that is larger than usual needs room of its own. */
static int
make_room(struct sftp *s)
{
	long len = fxp_length(s->in, s->nin);
	unsigned char *p;

	if (len < 0)
		return broken(s, "what its SFTP server says is no SFTP: does a login script print something?");
	if ((size_t)len <= s->room || len == 0)
		return 0;
	p = realloc(s->in, IN_MAX);
	if (p == NULL)
		return broken(s, "out of memory");
	s->in = p;
	s->room = IN_MAX;
	return 0;
}

static int
receive_some(struct sftp *s)
{
	char said[512];
	ssize_t n;
	int r;

	while (link_read(s->channel, true, said, sizeof(said)) > 0)
		;			/* what it says to people: the reply says why too */
	while (s->nin < s->room) {
		n = link_read(s->channel, false, s->in + s->nin, s->room - s->nin);
		if (n == -1)
			return 0;
		if (n == -2)
			return LINK_BROKEN;
		if (n == 0)
			return broken(s, "its SFTP server has ended");
		s->nin += (size_t)n;
		s->moved += (unsigned long)n;
		r = make_room(s);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- the session ---------------------------------------------------------------------- */

static int
open_channel(struct sftp *s)
{
	int r = link_subsystem(s->l, "sftp", &s->channel);

	if (r == LINK_REFUSED && link_has_channel(s->channel))
		snprintf(s->why, sizeof(s->why), "the server has no SFTP: a line \"Subsystem sftp internal-sftp\" in its sshd_config gives it one");
	if (r == LINK_REFUSED && !link_has_channel(s->channel)) {
		link_command_free(s->channel);
		s->channel = NULL;
	}
	if (r != 0)
		return r;
	fxp_begin(&s->out, FXP_INIT, 3);
	(void)fxp_end(&s->out);
	s->at = GREETS;
	return 0;
}

static int
hear_greeting(struct sftp *s)
{
	struct fxp_reply r;
	size_t i;
	int rc = sftp_reply(s, &r);

	if (rc <= 0)
		return rc < 0 ? rc : LINK_AGAIN;
	if (r.type != FXP_VERSION || r.id < 3)
		return broken(s, "its SFTP server speaks no version 3");
	for (i = 0; i < EXTENSIONS; i++)
		s->can[i] = fxp_extends(&r, extensions[i]);
	s->at = IS_OPEN;
	return 0;
}

int
sftp_step(struct sftp *s)
{
	int r = s->at == OPENS ? open_channel(s) : 0;

	if (r == 0)
		r = send_some(s);
	/* With half a packet on its way libssh2 must not be made to send another, as reading may. */
	if (r == 0 && (s->out.n == 0 || (link_events(s->l) & MID_WRITE) == 0))
		r = receive_some(s);
	if (r == 0 && s->at == GREETS)
		r = hear_greeting(s);
	return r;
}

int
sftp_end(struct sftp *s)
{
	struct link_exit how;
	int r = s->ended || s->channel == NULL ? 0 : link_ended(s->channel, &how);

	s->ended = r == 0;
	return r;
}

int
sftp_reply(struct sftp *s, struct fxp_reply *r)
{
	long len;

	memmove(s->in, s->in + s->used, s->nin - s->used);
	s->nin -= s->used;
	s->used = 0;
	len = fxp_length(s->in, s->nin);
	if (len < 0)
		return make_room(s);
	if (len == 0 || (size_t)len > s->nin)
		return len > 0 && make_room(s) < 0 ? LINK_BROKEN : 0;
	if (fxp_parse(r, s->in, (size_t)len) < 0)
		return broken(s, "its SFTP server sends a malformed packet");
	s->used = (size_t)len;
	return 1;
}

/* --- requests ----------------------------------------------------------------------------- */

bool
sftp_room(const struct sftp *s)
{
	return s->out.max - s->out.n >= REQUEST_MAX;
}

static uint32_t
begin(struct sftp *s, enum fxp_type type)
{
	if (++s->id == 0)
		s->id = 1;
	fxp_begin(&s->out, type, s->id);
	return s->id;
}

static uint32_t
end(struct sftp *s)
{
	return fxp_end(&s->out) < 0 ? 0 : s->id;
}

static void
put_handle(struct sftp *s, const struct sftp_handle *h)
{
	fxp_string(&s->out, h->p, h->n);
}

uint32_t
sftp_open(struct sftp *s, const char *path, uint32_t how, uint32_t mode)
{
	(void)begin(s, FXP_OPEN);
	fxp_text(&s->out, path);
	fxp_u32(&s->out, how);
	fxp_u32(&s->out, FXP_HAS_MODE);
	fxp_u32(&s->out, mode);
	return end(s);
}

uint32_t
sftp_path(struct sftp *s, enum fxp_type what, const char *path)
{
	(void)begin(s, what);
	fxp_text(&s->out, path);
	return end(s);
}

uint32_t
sftp_file(struct sftp *s, enum fxp_type what, const struct sftp_handle *h)
{
	(void)begin(s, what);
	put_handle(s, h);
	return end(s);
}

uint32_t
sftp_read(struct sftp *s, const struct sftp_handle *h, uint64_t at, uint32_t n)
{
	(void)begin(s, FXP_READ);
	put_handle(s, h);
	fxp_u64(&s->out, at);
	fxp_u32(&s->out, n);
	return end(s);
}

uint32_t
sftp_write(struct sftp *s, const struct sftp_handle *h, uint64_t at, const void *data, uint32_t n)
{
	(void)begin(s, FXP_WRITE);
	put_handle(s, h);
	fxp_u64(&s->out, at);
	fxp_string(&s->out, data, n);
	return end(s);
}

uint32_t
sftp_set_mode(struct sftp *s, const struct sftp_handle *h, uint32_t mode)
{
	(void)begin(s, FXP_FSETSTAT);
	put_handle(s, h);
	fxp_u32(&s->out, FXP_HAS_MODE);
	fxp_u32(&s->out, mode);
	return end(s);
}

bool
sftp_can(const struct sftp *s, const char *extension)
{
	size_t i;

	for (i = 0; i < EXTENSIONS; i++)
		if (s->can[i] && strcmp(extensions[i], extension) == 0)
			return true;
	return false;
}

static uint32_t
begin_extended(struct sftp *s, const char *name)
{
	uint32_t id = begin(s, FXP_EXTENDED);

	fxp_text(&s->out, name);
	return id;
}

uint32_t
sftp_rename(struct sftp *s, const char *from, const char *to, bool over)
{
	if (over && sftp_can(s, extensions[0]))
		(void)begin_extended(s, extensions[0]);
	else
		(void)begin(s, FXP_RENAME);
	fxp_text(&s->out, from);
	fxp_text(&s->out, to);
	return end(s);
}

uint32_t
sftp_sync(struct sftp *s, const struct sftp_handle *h)
{
	(void)begin_extended(s, extensions[1]);
	put_handle(s, h);
	return end(s);
}

uint32_t
sftp_space(struct sftp *s, const char *path)
{
	(void)begin_extended(s, extensions[2]);
	fxp_text(&s->out, path);
	return end(s);
}

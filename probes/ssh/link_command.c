/* SPDX-License-Identifier: Apache-2.0 */
/* link_command - see link.h: a command, or what a server knows by name, on a channel of a connection. */
#include "link_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW (2u << 20)	/* bytes under way for one command */
#define PACKET (32u << 10)
#define COLUMNS 255		/* mid.ssh.terminal.width */

struct link_command {
	struct link *l;
	LIBSSH2_CHANNEL *ch;
	bool has_pty, asked, began;
};

static int
begin(struct link_command *c, const char *kind, const char *line, bool pty)
{
	int r;

	if (c->ch == NULL) {
		c->ch = libssh2_channel_open_ex(c->l->s, "session", 7, WINDOW, PACKET, NULL, 0);
		if (c->ch == NULL)
			return link_result(c->l, libssh2_session_last_errno(c->l->s), "opening a channel");
	}
	if (pty && !c->has_pty) {
		r = libssh2_channel_request_pty_ex(c->ch, "vt100", 5, NULL, 0, COLUMNS, 24, 0, 0);
		if (r != 0)
			return link_result(c->l, r, "asking for a terminal");
		c->has_pty = true;
	}
	c->asked = true;
	r = libssh2_channel_process_startup(c->ch, kind, (unsigned)strlen(kind), line, (unsigned)strlen(line));
	if (r != 0)
		return link_result(c->l, r, "starting the command");
	c->began = true;
	return 0;
}

int
link_run(struct link *l, const char *kind, const char *line, bool pty, struct link_command **out)
{
	if (*out == NULL && (*out = calloc(1, sizeof(**out))) == NULL)
		return LINK_BROKEN;
	(*out)->l = l;
	return begin(*out, kind, line, pty);
}

bool
link_takes_short_lines(const struct link *l)
{
	return strstr(libssh2_session_banner_get(l->s), "dropbear") != NULL;
}

int
link_subsystem(struct link *l, const char *name, struct link_command **out)
{
	int r = link_run(l, "subsystem", name, false, out);

	return r < 0 && libssh2_session_last_errno(l->s) == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED ? LINK_REFUSED : r;
}

bool
link_has_channel(const struct link_command *c)
{
	return c != NULL && c->asked;
}

ssize_t
link_read(struct link_command *c, bool err, void *to, size_t n)
{
	ssize_t r = libssh2_channel_read_ex(c->ch, err ? SSH_EXTENDED_DATA_STDERR : 0, to, n);

	if (r > 0)
		return r;
	if (r == 0 && libssh2_channel_eof(c->ch))
		return 0;
	errno = EAGAIN;
	return r == 0 || r == LIBSSH2_ERROR_EAGAIN ? -1 : (link_result(c->l, (int)r, "reading its output"), -2);
}

ssize_t
link_write(struct link_command *c, const void *from, size_t n)
{
	ssize_t r = libssh2_channel_write_ex(c->ch, 0, from, n);

	if (r == LIBSSH2_ERROR_EAGAIN)
		return 0;
	return r < 0 ? (link_result(c->l, (int)r, "writing its input"), -1) : r;
}

int
link_end_input(struct link_command *c)
{
	return link_result(c->l, libssh2_channel_send_eof(c->ch), "ending its input");
}

int
link_ended(struct link_command *c, struct link_exit *how)
{
	char *signal = NULL;
	size_t n = 0;
	int r = libssh2_channel_close(c->ch);

	if (r == 0)
		r = libssh2_channel_wait_closed(c->ch);
	if (r != 0)
		return link_result(c->l, r, "ending the command");
	how->status = libssh2_channel_get_exit_status(c->ch);
	(void)libssh2_channel_get_exit_signal(c->ch, &signal, &n, NULL, NULL, NULL, NULL);
	snprintf(how->signal, sizeof(how->signal), "%s", signal == NULL ? "" : signal);
	libssh2_free(c->l->s, signal);
	return 0;
}

void
link_kill(struct link_command *c)
{
	if (c->began)
		(void)libssh2_channel_signal_ex(c->ch, "TERM", 4);
}

void
link_command_free(struct link_command *c)
{
	if (c == NULL)
		return;
	if (c->ch != NULL)
		(void)libssh2_channel_free(c->ch);
	free(c);
}

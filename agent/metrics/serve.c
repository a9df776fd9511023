/* SPDX-License-Identifier: Apache-2.0 */
/* serve - see serve.h. */
#include "metrics/serve.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "door.h"
#include "err.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define ANSWER_MAX (512u * 1024)
#define TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct client {
	struct metrics_server *server;
	intptr_t fd;
	struct loop_watch *watch;
	struct loop_timer *slow;
	struct buf in, out;
	bool answering, gone;
};

struct metrics_server {
	struct loop *loop;
	intptr_t fd;
	bool local;
	struct door *door;
	int (*text)(void *arg, struct buf *out);
	void *arg;
	struct client *clients[METRICS_CLIENTS_MAX];
};

/* --- one request --------------------------------------------------------------------- */

static int
respond(struct buf *out, const char *status, const char *type, const struct buf *body)
{
	int r = buf_printf(out, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
	    "Cache-Control: no-store\r\n\r\n", status, type, body->len);

	return r == 0 ? buf_put(out, buf_str(body), body->len) : r;
}

int
metrics_respond(struct buf *out, const char *request, int (*text)(void *arg, struct buf *out), void *arg)
{
	const char *status = "200 OK", *type = "text/plain; charset=utf-8", *path = strchr(request, ' ');
	struct buf body;
	size_t n;
	int r;

	buf_init(&body, ANSWER_MAX / 2);
	path = path != NULL ? path + 1 : "";
	n = strcspn(path, " ?\r\n");
	if (strncmp(request, "GET ", 4) != 0) {
		status = "405 Method Not Allowed";
		(void)buf_puts(&body, "only GET is understood\n");
	} else if (n != 8 || strncmp(path, "/metrics", n) != 0) {
		status = "404 Not Found";
		(void)buf_puts(&body, "the figures are at /metrics\n");
	} else if (text(arg, &body) == 0) {
		type = TYPE;
	} else {
		status = "500 Internal Server Error";
		buf_clear(&body);
		(void)buf_puts(&body, "too many figures\n");
	}
	r = respond(out, status, type, &body);
	buf_fini(&body);
	return r;
}

/* --- a client ------------------------------------------------------------------------- */

static void
client_free(void *arg)
{
	struct client *c = arg;

	loop_watch_free(c->watch);
	loop_timer_free(c->slow);
	os_local_close(c->fd);
	buf_fini(&c->in);
	buf_fini(&c->out);
	free(c);
}

/* Freed at the end of the turn: we may be in its callback. */
static void
let_go(struct client *c)
{
	size_t i;

	if (c->gone)
		return;
	c->gone = true;
	loop_watch_set(c->watch, 0);
	loop_timer_stop(c->slow);
	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (c->server->clients[i] == c)
			c->server->clients[i] = NULL;
	loop_defer(c->server->loop, client_free, c);
}

static void
client_slow(void *arg)
{
	let_go(arg);
}

static void
client_write(struct client *c)
{
	ssize_t n;

	while (c->out.len > 0) {
		n = os_local_write(c->fd, buf_str(&c->out), c->out.len);
		if (n == -E_AGAIN) {
			loop_watch_set(c->watch, LOOP_WRITE);
			return;
		}
		if (n <= 0)
			break;
		buf_drop(&c->out, (size_t)n);
	}
	let_go(c);
}

static void
client_read(struct client *c)
{
	char *room = buf_room(&c->in, 1024);
	ssize_t n = room != NULL ? os_local_read(c->fd, room, 1024) : 0;

	if (n == -E_AGAIN)
		return;
	if (n <= 0) {
		let_go(c);
		return;
	}
	c->in.len += (size_t)n;
	room[n] = '\0';
	if (strstr(buf_str(&c->in), "\r\n\r\n") == NULL)
		return;
	c->answering = true;
	if (metrics_respond(&c->out, buf_str(&c->in), c->server->text, c->server->arg) < 0)
		let_go(c);
	else
		client_write(c);
}

static void
client_ready(void *arg, int events)
{
	struct client *c = arg;

	(void)events;
	if (c->gone)
		return;
	if (c->answering)
		client_write(c);
	else
		client_read(c);
}

/* --- the server ------------------------------------------------------------------------ */

static void
client_new(struct metrics_server *s, struct client **slot, intptr_t fd)
{
	struct client *c = xcalloc(1, sizeof(*c));

	c->server = s;
	c->fd = fd;
	buf_init(&c->in, METRICS_REQUEST_MAX);
	buf_init(&c->out, ANSWER_MAX);
	c->watch = loop_watch_new(s->loop, fd, client_ready, c);
	c->slow = loop_timer_new(s->loop, client_slow, c);
	if (c->watch == NULL) {
		client_free(c);
		return;
	}
	*slot = c;
	loop_timer_arm(c->slow, METRICS_SLOW_MS);
	loop_watch_set(c->watch, LOOP_READ);
}

/* Whoever comes while all places are taken is let go at once. */
static void
somebody(void *arg)
{
	struct metrics_server *s = arg;
	bool peer_ok = true;
	intptr_t fd;
	int i, r;

	while ((r = s->local ? os_local_accept(&fd, s->fd, &peer_ok) : os_loopback_accept(&fd, s->fd)) == 0) {
		for (i = 0; i < METRICS_CLIENTS_MAX && s->clients[i] != NULL; i++)
			;
		if (i < METRICS_CLIENTS_MAX && peer_ok)
			client_new(s, &s->clients[i], fd);
		else
			os_local_close(fd);
	}
	door_heard(s->door, r);
}

int
metrics_serve(struct metrics_server **out, struct loop *loop, const char *where,
    int (*text)(void *arg, struct buf *out), void *arg, struct err *err)
{
	struct metrics_server *s;
	intptr_t fd;
	int r;

	*out = NULL;
	if (where[0] == '\0')
		return 0;
	r = where[0] == '/' ? os_local_listen(&fd, where, err) : os_loopback_listen(&fd, where, err);
	if (r < 0 && where[0] == '/' && r != -E_EXISTS)
		err->code = E_BAD;	/* no new try will help, as it may with a port that somebody has */
	if (r < 0 && where[0] == '/')
		return err_in(err, "metrics.listen must name a file in a folder where midd may write, which is /run/midd/own under systemd");
	if (r < 0)
		return err_in(err, "metrics.listen");
	s = xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->fd = fd;
	s->local = where[0] == '/';
	s->text = text;
	s->arg = arg;
	s->door = door_new(loop, fd, "metrics", somebody, s);
	if (s->door == NULL) {
		os_local_close(fd);
		free(s);
		return err_set(err, E_OS, "metrics.listen: the system has no room left to watch %s", where);
	}
	*out = s;
	log_info("metrics", "figures at %s%s", s->local ? "" : "http://", where);
	return 0;
}

void
metrics_stop(struct metrics_server *s)
{
	int i;

	if (s == NULL)
		return;
	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (s->clients[i] != NULL)
			let_go(s->clients[i]);
	door_free(s->door);
	os_local_close(s->fd);
	loop_defer(s->loop, free, s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - the side that answers; see control.h.
 *
 * A connection has one request under way at a time. What must go is marked
 * dead and swept by a timer at the next turn, so that no callback loses the
 * ground it stands on.
 */
#include "control_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "door.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define READ_SIZE 16384

/* --- requests --------------------------------------------------------------------- */

static const struct control_verb *
find_verb(const struct control_server *s, const char *name)
{
	const struct control_verb *v;

	for (v = s->verbs; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static void
serve_line(struct conn *c, const char *line, size_t len)
{
	struct json_object *o = NULL, *args, *none = NULL;
	const struct control_verb *v;
	struct err err = { 0, "" };

	if (json_parse(&o, line, len, "the request", &err) < 0) {
		control_conn_refuse(c, E_BAD, err.text);
		return;
	}
	v = find_verb(c->server, json_str(o, "verb", ""));
	if (v == NULL) {
		control_conn_refuse(c, E_BAD, "this midd does not know that verb: midctl and midd are of different versions");
		json_object_put(o);
		return;
	}
	args = json_get(o, "args");
	if (!json_object_is_type(args, json_type_object))
		args = none = json_object_new_object();
	c->call = xcalloc(1, sizeof(*c->call));
	c->call->conn = c;
	v->fn(c->server->ctx, c->call, args);
	json_object_put(none);
	json_object_put(o);
}

void
control_serve_lines(struct conn *c)
{
	char *end, *line;
	size_t n;

	if (c->serving)
		return;
	c->serving = true;
	while (!c->dead && !c->closing && c->call == NULL && c->in.len > 0) {
		end = memchr(c->in.data, '\n', c->in.len);
		if (end == NULL) {
			if (c->in.len >= CONTROL_LINE_MAX)
				control_conn_refuse(c, E_FULL, "the request is longer than 1 MiB");
			break;
		}
		n = (size_t)(end - c->in.data);
		line = xcalloc(1, n + 1);	/* may hold NULs: no string */
		memcpy(line, c->in.data, n);
		buf_drop(&c->in, n + 1);
		if (n > 0)
			serve_line(c, line, n);
		free(line);
	}
	c->serving = false;
	if (!c->dead)
		control_conn_flush(c);
}

static void
conn_read(struct conn *c)
{
	size_t want = CONTROL_LINE_MAX - c->in.len;
	char *to;
	ssize_t n;

	if (want > READ_SIZE)
		want = READ_SIZE;
	to = want > 0 ? buf_room(&c->in, want) : NULL;
	if (to == NULL)
		return;
	n = os_local_read(c->fd, to, want);
	if (n == -E_AGAIN)
		return;
	if (n <= 0) {
		control_conn_drop(c);
		return;
	}
	c->in.len += (size_t)n;
	c->in.data[c->in.len] = '\0';
	loop_timer_arm(c->idle, CONTROL_IDLE_MS);
	control_serve_lines(c);
}

static void
conn_ready(void *arg, int events)
{
	struct conn *c = arg;

	if (c->dead)
		return;
	if ((events & LOOP_READ) != 0 && !c->closing)
		conn_read(c);
	if ((events & LOOP_WRITE) != 0 && !c->dead) {
		control_conn_flush(c);
		if (!c->dead && c->out.len == 0 && c->call != NULL && c->call->drained != NULL)
			c->call->drained(c->call->drained_arg);
	}
}

static void
greet(struct conn *c)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "midd", MIDD_VERSION);
	json_put_int(o, "control", CONTROL_VERSION);
	control_conn_say_take(c, o);
}

static void
accept_one(struct control_server *s, intptr_t fd, bool peer_ok)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->server = s;
	c->fd = fd;
	c->watch = loop_watch_new(s->loop, fd, conn_ready, c);
	if (c->watch == NULL) {
		os_local_close(fd);
		free(c);
		return;
	}
	buf_init(&c->in, CONTROL_LINE_MAX);
	buf_init(&c->out, CONTROL_PENDING_MAX);
	c->idle = loop_timer_new(s->loop, control_conn_idle, c);
	loop_timer_arm(c->idle, CONTROL_IDLE_MS);
	c->next = s->conns;
	s->conns = c;
	s->n++;
	if (!peer_ok)
		control_conn_refuse(c, E_AUTH, "only root and the user midd runs as may ask it");
	else if (s->n > CONTROL_CLIENTS_MAX)
		control_conn_refuse(c, E_AGAIN, "too many ask at once: try again");
	else
		greet(c);
	if (!c->dead)
		control_conn_flush(c);
}

static void
somebody(void *arg)
{
	struct control_server *s = arg;
	bool peer_ok = false;
	intptr_t fd;
	int r = 0;

	while (s->n <= CONTROL_CLIENTS_MAX + 8 && (r = os_local_accept(&fd, s->fd, &peer_ok)) == 0)
		accept_one(s, fd, peer_ok);
	door_heard(s->door, r);
	/* Past the cap the rest waits in the system's queue, until some have gone. */
	if (s->n > CONTROL_CLIENTS_MAX + 8)
		door_set(s->door, false);
}

/* --- the server ----------------------------------------------------------------------- */

static void
let_go_dead(struct control_server *s)
{
	struct conn **at = &s->conns, *c;

	while ((c = *at) != NULL) {
		if (!c->dead) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		s->n--;
		control_conn_free(c);
	}
}

static void
sweep(void *arg)
{
	struct control_server *s = arg;

	let_go_dead(s);
	door_set(s->door, true);
}

int
control_serve(struct control_server **out, struct loop *loop, const char *path,
    const struct control_verb *verbs, void *ctx, struct err *err)
{
	struct control_server *s;
	intptr_t fd;
	bool inherited = os_local_inherited(&fd, path) == 0;
	int r = inherited ? 0 : os_local_listen(&fd, path, err);

	if (r < 0)
		return r;
	s = xcalloc(1, sizeof(*s));
	s->inherited = inherited;
	s->loop = loop;
	s->path = xstrdup(path);
	s->fd = fd;
	s->verbs = verbs;
	s->ctx = ctx;
	s->sweep = loop_timer_new(loop, sweep, s);
	s->door = door_new(loop, fd, "control", somebody, s);
	if (s->door == NULL) {
		control_stop(s);
		return err_set(err, E_OS, "%s cannot be watched: the system has no room left for it", path);
	}
	*out = s;
	return 0;
}

void
control_stop(struct control_server *s)
{
	struct conn *c;

	if (s == NULL)
		return;
	for (c = s->conns; c != NULL; c = c->next)
		control_conn_drop(c);
	let_go_dead(s);
	loop_timer_free(s->sweep);
	door_free(s->door);
	if (!s->inherited) {
		os_local_close(s->fd);
		(void)remove(s->path);
	}
	free(s->path);
	free(s);
}

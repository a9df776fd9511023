/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - the side that answers; see control.h.
 *
 * A connection has one request under way at a time. What must go is marked
 * dead and swept by a timer at the next turn, so that no callback loses the
 * ground it stands on.
 */
#include "control.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "xalloc.h"

#define READ_SIZE 16384

struct conn {
	struct conn *next;
	struct control_server *server;
	intptr_t fd;
	struct loop_watch *watch;
	struct loop_timer *idle;
	struct buf in, out;
	struct control_call *call;	/* under way */
	bool serving;			/* in serve_lines() */
	bool closing;			/* when out is empty */
	bool dead;
};

struct control_call {
	struct conn *conn;		/* NULL: the asker has hung up */
	void *kept;
	void (*free_fn)(void *);
	void (*drained)(void *);
	void *drained_arg;
};

struct control_server {
	struct loop *loop;
	char *path;
	intptr_t fd;
	struct loop_watch *watch;
	struct loop_timer *sweep;
	const struct control_verb *verbs;
	void *ctx;
	struct conn *conns;
	unsigned n;
};

/* --- a connection ---------------------------------------------------------------- */

static void
call_let_go(struct control_call *call)
{
	void (*fn)(void *) = call->free_fn;

	call->free_fn = NULL;
	if (fn != NULL)
		fn(call->kept);
}

static void
conn_drop(struct conn *c)
{
	struct control_call *call = c->call;

	if (c->dead)
		return;
	c->dead = true;
	loop_watch_set(c->watch, 0);
	loop_timer_stop(c->idle);
	loop_timer_arm(c->server->sweep, 0);
	c->call = NULL;
	if (call != NULL) {
		call->conn = NULL;
		call_let_go(call);
	}
}

static void
conn_free(struct conn *c)
{
	loop_watch_free(c->watch);
	loop_timer_free(c->idle);
	os_local_close(c->fd);
	buf_fini(&c->in);
	buf_fini(&c->out);
	free(c);
}

static void
sweep(void *arg)
{
	struct control_server *s = arg;
	struct conn **at = &s->conns, *c;

	while ((c = *at) != NULL) {
		if (!c->dead) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		s->n--;
		conn_free(c);
	}
	loop_watch_set(s->watch, LOOP_READ);
}

static void
conn_idle(void *arg)
{
	struct conn *c = arg;

	if (c->call != NULL && c->out.len == 0) {	/* it waits for us, not we for it */
		loop_timer_arm(c->idle, CONTROL_IDLE_MS);
		return;
	}
	conn_drop(c);
}

static void
conn_watch(struct conn *c)
{
	int events = c->out.len > 0 ? LOOP_WRITE : 0;

	if (!c->closing && c->in.len < CONTROL_LINE_MAX)
		events |= LOOP_READ;
	loop_watch_set(c->watch, events);
}

static void
conn_flush(struct conn *c)
{
	size_t done = 0;
	ssize_t n = 0;

	while (done < c->out.len) {
		n = os_local_write(c->fd, c->out.data + done, c->out.len - done);
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (done > 0) {
		buf_drop(&c->out, done);
		loop_timer_arm(c->idle, CONTROL_IDLE_MS);
	}
	if ((n < 0 && n != -E_AGAIN) || (c->closing && c->out.len == 0)) {
		conn_drop(c);
		return;
	}
	conn_watch(c);
}

/* Swallows O. A line that is too long is the verb's mistake: the asker is told so. */
static void
conn_say_take(struct conn *c, struct json_object *o)
{
	struct buf line;

	buf_init(&line, CONTROL_LINE_MAX);
	if (json_write(&line, o) < 0 || buf_puts(&line, "\n") < 0) {
		buf_clear(&line);
		(void)buf_puts(&line, "{\"ok\":false,\"code\":\"full\","
		    "\"message\":\"the answer is larger than a line may be: ask for less\"}\n");
		c->closing = true;
	}
	json_object_put(o);
	if (buf_put(&c->out, buf_str(&line), line.len) < 0) {
		log_info("control", "an asker does not take what it asked for: let go");
		conn_drop(c);
	}
	buf_fini(&line);
}

static void
conn_refuse(struct conn *c, int code, const char *message)
{
	struct json_object *o = json_object_new_object();

	json_put_bool(o, "ok", false);
	json_put_str(o, "code", err_name(code));
	json_put_str(o, "message", message);
	c->closing = true;
	conn_say_take(c, o);
}

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
		conn_refuse(c, E_BAD, err.text);
		return;
	}
	v = find_verb(c->server, json_str(o, "verb", ""));
	if (v == NULL) {
		conn_refuse(c, E_BAD, "this midd does not know that verb: midctl and midd are of different versions");
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

static void
serve_lines(struct conn *c)
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
				conn_refuse(c, E_FULL, "the request is longer than 1 MiB");
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
		conn_flush(c);
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
		conn_drop(c);
		return;
	}
	c->in.len += (size_t)n;
	c->in.data[c->in.len] = '\0';
	loop_timer_arm(c->idle, CONTROL_IDLE_MS);
	serve_lines(c);
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
		conn_flush(c);
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
	conn_say_take(c, o);
}

static void
accept_one(struct control_server *s, intptr_t fd, bool peer_ok)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->server = s;
	c->fd = fd;
	buf_init(&c->in, CONTROL_LINE_MAX);
	buf_init(&c->out, CONTROL_PENDING_MAX);
	c->watch = loop_watch_new(s->loop, fd, conn_ready, c);
	c->idle = loop_timer_new(s->loop, conn_idle, c);
	loop_timer_arm(c->idle, CONTROL_IDLE_MS);
	c->next = s->conns;
	s->conns = c;
	s->n++;
	if (!peer_ok)
		conn_refuse(c, E_AUTH, "only root and the user midd runs as may ask it");
	else if (s->n > CONTROL_CLIENTS_MAX)
		conn_refuse(c, E_AGAIN, "too many ask at once: try again");
	else
		greet(c);
	if (!c->dead)
		conn_flush(c);
}

static void
server_ready(void *arg, int events)
{
	struct control_server *s = arg;
	bool peer_ok = false;
	intptr_t fd;

	(void)events;
	while (s->n <= CONTROL_CLIENTS_MAX + 8 && os_local_accept(&fd, s->fd, &peer_ok) == 0)
		accept_one(s, fd, peer_ok);
	/* Past the cap the rest waits in the system's queue, until some have gone. */
	if (s->n > CONTROL_CLIENTS_MAX + 8)
		loop_watch_set(s->watch, 0);
}

/* --- what a verb says --------------------------------------------------------------- */

void
control_row_take(struct control_call *call, struct json_object *row)
{
	struct conn *c = call->conn;
	struct json_object *o;

	if (c == NULL) {
		json_object_put(row);
		return;
	}
	o = json_object_new_object();
	json_put_take(o, "row", row);
	conn_say_take(c, o);	/* when this drops it, CALL may be gone already */
	if (!c->dead && !c->serving)
		conn_flush(c);
}

/* The last word: swallows ANSWER, and CALL is gone. */
static void
call_end_take(struct control_call *call, struct json_object *answer)
{
	struct conn *c = call->conn;

	call->conn = NULL;
	if (c != NULL) {
		c->call = NULL;
		conn_say_take(c, answer);
	} else {
		json_object_put(answer);
	}
	call_let_go(call);
	free(call);
	if (c != NULL && !c->dead)
		serve_lines(c);
}

void
control_ok_take(struct control_call *call, struct json_object *result)
{
	struct json_object *o = json_object_new_object();

	json_put_bool(o, "ok", true);
	json_put_take(o, "result", result);
	call_end_take(call, o);
}

void
control_no(struct control_call *call, int code, const char *fmt, ...)
{
	struct json_object *o = json_object_new_object();
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_put_bool(o, "ok", false);
	json_put_str(o, "code", err_name(code));
	json_put_str(o, "message", text);
	call_end_take(call, o);
}

bool
control_gone(const struct control_call *call)
{
	return call->conn == NULL;
}

void
control_keep(struct control_call *call, void *p, void (*free_fn)(void *))
{
	call->kept = p;
	call->free_fn = free_fn;
}

size_t
control_pending(const struct control_call *call)
{
	return call->conn == NULL ? 0 : call->conn->out.len;
}

void
control_when_drained(struct control_call *call, void (*fn)(void *arg), void *arg)
{
	call->drained = fn;
	call->drained_arg = arg;
}

/* --- the server ----------------------------------------------------------------------- */

int
control_serve(struct control_server **out, struct loop *loop, const char *path,
    const struct control_verb *verbs, void *ctx, struct err *err)
{
	struct control_server *s;
	intptr_t fd;
	int r = os_local_listen(&fd, path, err);

	if (r < 0)
		return r;
	s = xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->path = xstrdup(path);
	s->fd = fd;
	s->verbs = verbs;
	s->ctx = ctx;
	s->sweep = loop_timer_new(loop, sweep, s);
	s->watch = loop_watch_new(loop, fd, server_ready, s);
	loop_watch_set(s->watch, LOOP_READ);
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
		conn_drop(c);
	sweep(s);
	loop_timer_free(s->sweep);
	loop_watch_free(s->watch);
	os_local_close(s->fd);
	(void)remove(s->path);
	free(s->path);
	free(s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* control_conn - one asker, and the one request it has under way; see control_inside.h. */
#include "control_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "json.h"
#include "log.h"
#include "loop.h"
#include "os.h"

static void
call_let_go(struct control_call *call)
{
	void (*fn)(void *) = call->free_fn;

	call->free_fn = NULL;
	if (fn != NULL)
		fn(call->kept);
}

void
control_conn_drop(struct conn *c)
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

void
control_conn_free(struct conn *c)
{
	loop_watch_free(c->watch);
	loop_timer_free(c->idle);
	os_local_close(c->fd);
	buf_fini(&c->in);
	buf_fini(&c->out);
	free(c);
}

void
control_conn_idle(void *arg)
{
	struct conn *c = arg;

	if (c->call != NULL && c->out.len == 0) {	/* it waits for us, not we for it */
		loop_timer_arm(c->idle, CONTROL_IDLE_MS);
		return;
	}
	control_conn_drop(c);
}

static void
conn_watch(struct conn *c)
{
	int events = c->out.len > 0 ? LOOP_WRITE : 0;

	if (!c->closing && c->in.len < CONTROL_LINE_MAX)
		events |= LOOP_READ;
	loop_watch_set(c->watch, events);
}

void
control_conn_flush(struct conn *c)
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
		control_conn_drop(c);
		return;
	}
	conn_watch(c);
}

void
control_conn_say_take(struct conn *c, struct json_object *o)
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
		control_conn_drop(c);
	}
	buf_fini(&line);
}

void
control_conn_refuse(struct conn *c, int code, const char *message)
{
	struct json_object *o = json_object_new_object();

	json_put_bool(o, "ok", false);
	json_put_str(o, "code", err_name(code));
	json_put_str(o, "message", message);
	c->closing = true;
	control_conn_say_take(c, o);
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
	control_conn_say_take(c, o);	/* when this drops it, CALL may be gone already */
	if (!c->dead && !c->serving)
		control_conn_flush(c);
}

/* The last word: swallows ANSWER, and CALL is gone. */
static void
call_end_take(struct control_call *call, struct json_object *answer)
{
	struct conn *c = call->conn;

	call->conn = NULL;
	if (c != NULL) {
		c->call = NULL;
		control_conn_say_take(c, answer);
	} else {
		json_object_put(answer);
	}
	call_let_go(call);
	free(call);
	if (c != NULL && !c->dead)
		control_serve_lines(c);
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

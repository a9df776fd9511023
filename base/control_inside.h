/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control_inside - what the files of the answering side of control.h share: the
 * server (control.c), a connection and a call (control_conn.c). Nobody else
 * includes it.
 */
#ifndef MID_CONTROL_INSIDE_H
#define MID_CONTROL_INSIDE_H

#include "buf.h"
#include "control.h"

struct door;
struct loop_timer;
struct loop_watch;

struct conn {
	struct conn *next;
	struct control_server *server;
	intptr_t fd;
	struct loop_watch *watch;
	struct loop_timer *idle;
	struct buf in, out;
	struct control_call *call;	/* under way */
	bool serving;			/* in control_serve_lines() */
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
	bool inherited;			/* the service manager's: it outlives us */
	struct door *door;
	struct loop_timer *sweep;
	const struct control_verb *verbs;
	void *ctx;
	struct conn *conns;
	unsigned n;
};

/* --- control_conn.c ----------------------------------------------------------------- */
/* Marks it dead; the server's sweep lets it go at the next turn. Its call hears of it. */
void control_conn_drop(struct conn *c);
void control_conn_free(struct conn *c);
void control_conn_idle(void *conn);
void control_conn_flush(struct conn *c);
/* Swallows O. A line that is too long is the verb's mistake: the asker is told so. */
void control_conn_say_take(struct conn *c, struct json_object *o);
/* The last word to an asker that is let go. */
void control_conn_refuse(struct conn *c, int code, const char *message);

/* --- control.c ------------------------------------------------------------------------ */
void control_serve_lines(struct conn *c);	/* requests that have come whole, one after the other */

#endif

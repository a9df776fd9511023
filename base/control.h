/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - the language between midctl and midd, over a socket in the file
 * system. One JSON object a line, CONTROL_LINE_MAX bytes at most.
 *
 *	S: {"midd":"0.1.0","control":1}
 *	C: {"verb":"status","args":{...}}
 *	S: {"row":{...}}            0..n, for verbs that list or stream
 *	S: {"ok":true,"result":{...}}   or
 *	S: {"ok":false,"code":"none","message":"there is no job 4711"}
 *
 * Only the owner of the socket and root may connect (mode 0600 and the peer's
 * credentials). A client that is silent or slow for 30 s is let go.
 */
#ifndef MID_CONTROL_H
#define MID_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct json_object;
struct loop;

#define CONTROL_VERSION 1
#define CONTROL_LINE_MAX (1u << 20)

/* --- the side that answers --------------------------------------------------- */

struct control_server;
struct control_call;	/* one request until it is answered */

/* A verb answers now or later, exactly once, with control_ok or control_no. ARGS borrowed. */
typedef void control_verb_fn(void *ctx, struct control_call *call, struct json_object *args);
struct control_verb {
	const char *name;
	control_verb_fn *fn;
	const char *help;
};

int control_serve(struct control_server **out, struct loop *loop, const char *path,
    const struct control_verb *verbs, void *ctx, struct err *err);	/* VERBS end with a NULL name */
void control_stop(struct control_server *s);
/* All swallow their object. control_row may be called any number of times before the end. */
void control_row_take(struct control_call *call, struct json_object *row);
void control_ok_take(struct control_call *call, struct json_object *result);
void control_no(struct control_call *call, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The asker has hung up: still answer, nobody listens. For verbs that stream. */
bool control_gone(const struct control_call *call);
/* CALL's own pointer for a verb that answers later; FREE (may be NULL) runs at the end or hang-up. */
void control_keep(struct control_call *call, void *p, void (*free_fn)(void *));

/* --- the side that asks (blocking; midctl has nothing else to do) -------------- */

typedef void control_row_fn(void *arg, struct json_object *row);
/*
 * 0 and *RESULT (the caller's), or -E_NONE nobody serves there, -E_AUTH not
 * allowed, or the code the server gave. TIMEOUT_MS counts from each line.
 */
int control_ask(const char *path, const char *verb, struct json_object *args, int timeout_ms,
    control_row_fn *row, void *arg, struct json_object **result, struct err *err);

#endif

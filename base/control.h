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
#include <stddef.h>
#include <stdint.h>

struct err;
struct json_object;
struct loop;

#define CONTROL_VERSION 1
#define CONTROL_LINE_MAX (1u << 20)
#define CONTROL_PENDING (1u << 20)
#define CONTROL_PENDING_MAX (16u << 20)
#define CONTROL_CLIENTS_MAX 32
#define CONTROL_IDLE_MS 30000

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

/* PATH is made, unless the service manager holds it and has handed it to us: then whoever asked while
 * nobody served is answered now, and it stays when we stop. */
int control_serve(struct control_server **out, struct loop *loop, const char *path,
    const struct control_verb *verbs, void *ctx, struct err *err);	/* VERBS end with a NULL name */
void control_stop(struct control_server *s);	/* not from a verb; calls not yet answered are gone */
/* All swallow their object. control_row may be called any number of times before the end. */
void control_row_take(struct control_call *call, struct json_object *row);
void control_ok_take(struct control_call *call, struct json_object *result);
void control_no(struct control_call *call, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The asker has hung up: still answer, nobody listens. For verbs that stream. */
bool control_gone(const struct control_call *call);
/* CALL's own pointer for a verb that answers later; FREE (may be NULL) runs once, at the answer or at
 * the hang-up; after that the verb still answers (also from within FREE). */
void control_keep(struct control_call *call, void *p, void (*free_fn)(void *));
/* Bytes of rows the asker has not taken yet; a stream holds back at CONTROL_PENDING, and FN tells
 * when all have gone (if they had to wait). Past CONTROL_PENDING_MAX the asker is let go. */
size_t control_pending(const struct control_call *call);
void control_when_drained(struct control_call *call, void (*fn)(void *arg), void *arg);

/* --- the side that asks (blocking; midctl has nothing else to do) -------------- */

typedef void control_row_fn(void *arg, struct json_object *row);
/*
 * 0 and *RESULT (the caller's). *RESULT NULL and -E_NONE nobody serves there,
 * -E_AUTH not allowed, -E_NET cut off or silent for TIMEOUT_MS (counted from
 * each line). When the server says no: its code, and *RESULT is its answer.
 * A server that restarts may cut us off: who takes its place is asked again,
 * unless the first may have begun with what is more than a question.
 */
/* FN is told once when midd, whose socket is there, has not greeted us for a while. */
void control_ask_waits(void (*fn)(int waited_ms, int more_ms));
int control_ask(const char *path, const char *verb, struct json_object *args, int timeout_ms,
    control_row_fn *row, void *arg, struct json_object **result, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discovery - a Discover job: from ranges of addresses to CIs.
 *
 *	scan ► collect, each target the first way that leads in ► relate ► tell
 *
 * It is a job that makes jobs (flow/own.h): a Scan for each part of the ranges, a job of
 * facts for each target, one Relate. So each of them is durable, limited and run again
 * like any other; what is known of each target stands in the store, written with
 * the job that has told it. After a crash it goes on with those that are left.
 * steps.c has the order; aims.c the targets; judged.c what the end of a part means for them; tell.c what people
 * and the instance hear.
 */
#ifndef MID_DISCOVERY_H
#define MID_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

struct agent;
struct buf;
struct discovery;
struct err;
struct job;
struct json_object;
struct policy;

#define DISCOVERY_TOPIC "Discover"
#define RANGES_MAX (60u << 10)		/* of text: what is asked, and what policy leaves of it */

void discovery_open(struct discovery **out, struct agent *ag);
void discovery_close(struct discovery *d);	/* NULL is fine */

/* Whether a Discover job with PARAMS can begin; ERR says which is wrong. That of the ports only the Scan can say. */
int discovery_check(struct json_object *params, struct err *err);
/* What policy leaves of RANGES without EXCLUDE, in *OUT. */
int discovery_reach(const struct policy *policy, const char *ranges, const char *exclude, struct buf *out, struct err *err);

/* --- for the road ------------------------------------------------------------------ */

bool discovery_serves(const char *topic);
/* J is the part of a discovery that asks one target. */
bool discovery_asks(const struct job *j);
/* J has begun (durably), or goes on after a crash. Its end comes as result_end(). */
void discovery_begin(struct discovery *d, struct job *j);
/* J is to end: its parts are cancelled, then it ends with WHY. */
void discovery_cancel(struct discovery *d, struct job *j, int class, const char *why);
/* It is to end, wherever on its road it is: on the disk with the next commit, so that no later life of midd goes on with it. */
void discovery_note_cancel(struct discovery *d, const struct job *j, int class, const char *why);
/* J is gone from memory. */
void discovery_forget(struct discovery *d, const struct job *j);
/* A part has ended: first what the store must know of it is posted (in the transaction that ends
 * it), then, once that is durable, the discovery goes on. */
void discovery_note(struct discovery *d, struct job *part);
void discovery_ended(struct discovery *d, struct job *part);
/* Whether discovery ID can be told of an end now; until then a part waits with it (flow/spool.c). */
bool discovery_hears(const struct discovery *d, const char *id);
/* A part leaves memory, with an end or without one. */
void discovery_gone(struct discovery *d, const struct job *part);

/*
 * Part JOB at SOURCE asks whose its serial number, UUID and name are: ABOUT is "serial=... uuid=... name=... mac=... ". FN is told "ok", or
 * "clone" where another machine has them, "clone same name" where that one's name is the same too; "namesake" where another one has but the name.
 */
typedef void discovery_self_fn(void *arg, const char *answer);
void discovery_self(struct discovery *d, const char *job, const char *source, const char *about, discovery_self_fn *fn, void *arg);

/*
 * Under which name it is kept what the instance has been sent: of a machine that says who it is that and TOPIC, so that it has its
 * own wherever it answers; else SENT, that of the job. The caller's.
 */
char *discovery_sent_key(const char *sent, const char *topic, const char *who);

/* --- for people ---------------------------------------------------------------------- */

/*
 * {id, ranges, step, addresses, scanned, found, asking, done, failed, same, age_ms, eta_ms (-1 unknown), cancelled,
 * recent: [{address, state, what, name, why, ms}] newest last}; NULL: no such discovery is under way. The caller's.
 */
struct json_object *discovery_state(const struct discovery *d, const char *id);
struct aim_row;
/* The targets among ROWS, and the clones, put into O. */
void discovery_rows(const struct aim_row *rows, size_t n, struct json_object *o);
/* Those under way, as [state, ...] without recent. The caller's. */
struct json_object *discovery_list(const struct discovery *d);

#endif

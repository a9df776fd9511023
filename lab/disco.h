/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disco - discoveries ordered by the instance: schedules make rows of
 * discovery_status when they are due, a row waits until its window is open,
 * nobody else scans its addresses and an agent can take it, and is then a
 * Discover job in the queue. Each time it is given away it gets a fence, a
 * number that only grows; work of an agent that died goes to another one under
 * a new fence, and what still comes under the old one is refused.
 */
#ifndef LAB_DISCO_H
#define LAB_DISCO_H
#include <stdbool.h>

#include "util.h"

struct db;
struct instance;
struct json_object;
struct rule_run;

/* One round: what is due, what can begin, whose agent is gone. Sets
 * disco_next_ms. */
int disco_tick(struct instance *in);

/* --- rules (rules_ecc.c) ------------------------------------------------- */

int disco_new_status(struct rule_run *run);
int disco_new_schedule(struct rule_run *run);
bool disco_is_edited(const struct rule_run *run);
int disco_edited_schedule(struct rule_run *run);
bool disco_is_answer(const struct rule_run *run);
int disco_refuse_late(struct rule_run *run);
int disco_take_answer(struct rule_run *run);
int disco_take_late_payload(struct rule_run *run);
bool disco_is_job(const struct rule_run *run);
int disco_adopt(struct rule_run *run);
int disco_note_load(struct rule_run *run);	/* queue.stats */
int disco_note_progress(struct rule_run *run);	/* queue.discovery */

/* --- before its time (disco_end.c) ----------------------------------------- */

bool disco_is_cancelled(const struct rule_run *run);
int disco_cancelled(struct rule_run *run);
/* Its job goes out of the queue; whoever has begun it is told to leave off. */
int disco_cancel_output(struct db *db, struct json_object *status,
    const char *why);
int disco_tell_to_stop(struct instance *in, struct json_object *status);
/* ROW, a schedule or a discovery, cannot be done, ever: told, and not tried
 * again. */
int disco_spoilt(struct instance *in, const char *table,
    struct json_object *row, const char *why);

/* Changes fields of the row ID: name, value, ..., NULL. */
int disco_set(struct db *db, const char *table, const char *id, ...)
    __attribute__((sentinel));

/* The count of METRIC in the text of a queue.stats or queue.discovery, as digits; "0" without. */
void disco_metric(const char *payload, const char *metric, char out[24]);

/* --- the job (disco_job.c) ------------------------------------------------- */

/* *MET (caller puts): of the discoveries that QUERY finds, the first LIMIT (0 all), the first that
 * asks some of the addresses of STATUS; NULL none. */
int disco_meets(struct db *db, struct json_object *status, const char *query,
    long limit, struct json_object **met);
/* STATUS is Queued at AGENT, under a new fence. */
int disco_give(struct instance *in, struct json_object *status,
    struct json_object *agent);

/* --- fences ---------------------------------------------------------------- */

/* FENCE as it came, "" for none: 0, DB_E_GONE or DB_E_BAD. */
int disco_check_fence(struct db *db, const char *fence);
/* What db_error() says now goes to discovery_log; WHO sent it. */
void disco_remember(struct instance *in, const char *who);
int disco_tell_refused(struct instance *in);
int disco_fence_next(struct db *db, long *fence);
/* FENCE, which disco_fence_next() gave, is for the discovery STATUS, held by AGENT (a sys_id). */
int disco_fence_give(struct db *db, struct json_object *status,
    const char *agent, const char *output, long *fence);
/* The one that STATUS has is worth nothing any more. */
int disco_fence_end(struct db *db, struct json_object *status,
    const char *state, const char *why);

/* --- agents ------------------------------------------------------------------ */

/*
 * The agent for STATUS with the least to do: *AGENT is its row (caller puts),
 * or NULL with WHY. NOT: a sys_id that is not meant, or "".
 */
int disco_choose(struct db *db, struct json_object *status, const char *not_id,
    struct json_object **agent, char why[256]);
/* For a discovery that no agent can take as it is: if each of its ranges has one, it keeps those of the first, and there are new
 * rows for the others. */
int disco_split(struct instance *in, struct json_object *status, bool *split);
bool disco_agent_up(struct db *db, const char *sys_id);
#endif

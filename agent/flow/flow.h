/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - the road of a job, from a ready row on the instance to an answer the
 * instance has confirmed. One file per stage; the order is written in flow.c.
 *
 *	intake ► claim ► accept ► dispatch ► run ► result ► sealing ► spool ► deliver
 *
 * What a crash means at each stage stands in README.md beside this file.
 */
#ifndef MID_FLOW_FLOW_H
#define MID_FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct command_wish;
struct config;
struct flow;
struct json_object;

/* Begins with what the store remembers; asks the instance for work when it has registered. */
void flow_open(struct flow **out, struct agent *ag);
/* Stops fetching and starting; DONE (once) when all that runs has been spooled and what can be
 * delivered within GRACE_MS has been. What is left goes on at the next start. */
void flow_stop(struct flow *f, int64_t grace_ms, void (*done)(void *arg), void *arg);
/* From now on no completion touches anything: call it before instance, pool and store are closed,
 * flow_close() after. */
void flow_closing(struct flow *f);
void flow_close(struct flow *f);		/* NULL is fine */
void flow_reconfigured(struct flow *f);		/* agent->config has changed */

/* Operator and instance alike; kept over restarts. */
void flow_pause(struct flow *f, const char *by);
void flow_resume(struct flow *f, const char *by);
bool flow_paused(const struct flow *f);
void flow_poll_now(struct flow *f);
void flow_room(struct flow *f);			/* a worker has room: the pool says so */

/* Cancels what waits or runs: an error answer "cancelled" goes to the instance. ID or CORRELATOR
 * may be NULL. Returns how many. */
int flow_cancel(struct flow *f, const char *id, const char *correlator, const char *why);

/* An ended job goes its road again. FN once: r < 0 and WHY, or 0. */
typedef void flow_retry_fn(void *arg, int r, const char *id, const char *why);
void flow_retry(struct flow *f, const char *id, flow_retry_fn *fn, void *arg);

/*
 * For status. {paused, stopping, validated, lanes:[{name, running, slots, waiting}],
 * waiting, oldest_waiting:{id, topic, source, age_ms, why}, running:[{id, topic, source, lane,
 * age_ms, worker_pid}], deliver:{waiting, in_flight, breaker: closed|open|half, next_try_ms,
 * last_ok_ms, failures, trouble, aside (results that the instance does not take), aside_why}, poll:{last_ms_ago, next_ms,
 * interval_ms, failures, failure, paused_why}, claim_trouble, counts:{fetched, claimed, accepted, ok, partial, failed,
 * quarantined, delivered, duplicates, refused, controls, again, ci_refused}, cis_refused, cis_refused_ms_ago, run_times}
 * The caller's.
 */
struct json_object *flow_state(const struct flow *f);
/* What memory knows of one job now: {at, lane, waits_for, age_ms, worker_pid}; NULL unknown. */
struct json_object *flow_job_state(const struct flow *f, const char *id);

/* Milliseconds until result N of the spool, which the instance does not take, is offered again; 0: it does not rest. */
int64_t flow_result_rests(struct flow *f, uint64_t n);
/* True while poll and delivery both make progress or rest with a reason: feeds the watchdog. */
bool flow_alive(const struct flow *f);

/* What policy looks at: the I-th command that a job would have run, from 0; false: no more. The address is the caller's
 * to fill in. The credential tag of a job, "" none. */
bool gate_wish(struct command_wish *w, const char *topic, const char *name, struct json_object *params, unsigned i);
const char *gate_tag(struct json_object *params);

/* Rows of the store that lead from a CI to the job that has told of it last: cis.c. */
#define CI_KIND "ci"
#define CI_KEY_MAX 200
void ci_key(char out[CI_KEY_MAX], const char *name);

#endif

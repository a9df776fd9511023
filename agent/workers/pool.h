/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - the workers: started on demand, up to a number, gone again when idle.
 *
 * Knows no probe and no job: it keeps the catalogue of topics the workers have
 * said they serve, picks a worker of the right kind for a run, and reports a
 * dead one to every run that was in it.
 */
#ifndef MID_WORKERS_POOL_H
#define MID_WORKERS_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "worker_link.h"

struct err;
struct json_object;
struct loop;
struct pool;
struct pool_run;

struct pool_config {
	struct worker_paths paths;
	unsigned workers_max;		/* 0: one per core */
	unsigned runs_max;		/* in one worker */
	int64_t idle_ms;		/* an idle worker goes after this */
	int64_t hung_ms;		/* a worker that does not answer a ping for so long is killed */
	void (*room)(void *arg);	/* a slot has come free, or a worker is ready */
	void *room_arg;
	const char *const *own_topics;	/* served without a worker; NULL at the end; NULL none */
};

/* The first worker is started at once: what it says is the catalogue. READY is called when it
 * is known (r 0) or can't be had. */
int pool_open(struct pool **out, struct loop *loop, const struct pool_config *cfg,
    void (*ready)(void *arg, int r, const struct err *err), void *arg, struct err *err);
void pool_close(struct pool *p);	/* runs get lost() */

/* TIMEOUT_MS: the probe's own deadline for a run; 0: it names none. */
struct pool_topic { bool known, repeatable, exec, local, network, has_map; int64_t timeout_ms; };
struct pool_topic pool_topic(const struct pool *p, const char *topic);
struct json_object *pool_catalogue(const struct pool *p);	/* probes[] of HELLO; borrowed, may be NULL */

/* 0 and *OUT, or -E_AGAIN (no free slot now), -E_NONE (topic unknown), -E_OS. *OUT is gone after
 * its done() or lost(). */
/* ALONE: in a worker of its own, for a job that is suspected of killing workers. */
int pool_run(struct pool *p, const struct run_request *req, bool alone, const struct run_events *ev,
    void *arg, struct pool_run **out, struct err *err);
void pool_go(struct pool_run *r);
void pool_credit(struct pool_run *r, size_t bytes);
void pool_credential(struct pool_run *r, const char *id, const char *type, struct json_object *fields);
void pool_told(struct pool_run *r, const char *text);	/* the answer to an ask */
void pool_hand(struct pool_run *r, intptr_t handed);	/* which is a descriptor; it stays the caller's */
void pool_cancel(struct pool_run *r, const char *why);
int pool_run_pid(const struct pool_run *r);	/* of its worker */
unsigned pool_workers(const struct pool *p);
/* {workers:[{pid, kind, runs, rss_bytes, started_ms}], guard:{...}, died, started,
 * refused, refused_what, refused_ms (ago; when there was one)} */
struct json_object *pool_state(const struct pool *p);	/* the caller's */

/* How many workers of a kind there may be. */
unsigned pool_workers_max(const struct pool *p);

#endif

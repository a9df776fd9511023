/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - one piece of work on its road (flow.h), as the agent holds it in memory.
 *
 * The store holds the same truth on the disk; a job is in memory from its
 * acceptance until its results are spooled.
 */
#ifndef MID_FLOW_JOB_H
#define MID_FLOW_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "store/store.h"

struct flow;
struct json_object;
struct pool_run;

/* Where it is just now; the disk's stages (store.h) are coarser. */
enum job_at {
	AT_INTAKE, AT_CLAIM, AT_ACCEPT, AT_WAITING, AT_RUNNING, AT_SEALING, AT_SPOOLING, AT_GONE
};

struct job {
	char id[33];			/* sys_id of the output */
	char *topic, *name, *source, *correlator, *sequence;
	int priority;			/* as the instance gave it: 0, 1, 2 */
	int lane;			/* where it waits now: aging moves it up */
	int attempts, deaths;
	enum job_at at;
	struct json_object *params, *xml;	/* opened payload */
	char hash[33];
	int64_t accepted_at, started_at;	/* loop time */
	int64_t accepted_ms, started_ms;	/* wall clock, for people */
	int64_t not_before;		/* loop time: a retry's back-off; 0 none */
	const char *waits_for;		/* why it is not running; static text or "" */
	bool cancelled;
	char *cancel_why;

	struct flow *flow;
	struct pool_run *run;		/* while AT_RUNNING */
	struct outcome *out;		/* while AT_RUNNING .. AT_SPOOLING: result.h */
	struct job *next, *prev;	/* in its lane's queue or the running list */
};

struct job *job_new(const char *id);
void job_free(struct job *j);		/* NULL is fine */

#endif

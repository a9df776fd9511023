/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - one piece of work on its road (flow.h), as the agent holds it in memory.
 *
 * The store holds the same truth on the disk; a job is in memory from the
 * moment it is seen until its results are spooled.
 */
#ifndef MID_FLOW_JOB_H
#define MID_FLOW_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instance/instance.h"

struct asker;
struct flow;
struct json_object;
struct outcome;
struct pool_run;

/* Where it is just now; the disk's stages (store.h) are coarser. */
enum job_at {
	AT_INTAKE, AT_CLAIM, AT_ACCEPT, AT_WAITING, AT_RUNNING, AT_SPOOLING
};
const char *job_at_name(enum job_at at);

struct job {
	char id[33];			/* sys_id of the output */
	char *topic, *name, *source, *correlator, *sequence;
	char *parent;			/* own.h: "" the instance's job */
	char *agent;			/* to whom the instance gave it; "" not known */
	int priority;			/* as the instance gave it: 0, 1, 2 */
	int lane;			/* where it waits now: aging moves it up */
	bool skip_sensor;		/* asked for in the payload; echoed in the answer */
	char fence[FENCE_MAX];		/* a number of the instance's, "" none: comes back with all that the job gives */
	int attempts, deaths;		/* runs begun; workers that died of it */
	int left_at;			/* enum stage in which an earlier life left it; 0: of this life */
	enum job_at at;
	struct json_object *params, *xml;	/* the opened payload */
	char hash[33];			/* of columns and payload: what "the same job" means */
	char *raw;			/* payload as it came, until it is durable */
	size_t raw_len;
	int64_t seen_at, started_at;	/* loop time */
	int64_t not_before;		/* loop time: a retry's back-off; 0 none */
	const char *waits_for;		/* why it is not running; "" it is */
	int64_t waits_since;		/* loop time: in its lane */
	char waited[120];		/* for what, before its run; "" not worth a word */
	char waits_text[400];		/* what waits_for may point to */
	char *address;			/* of its target, as policy allowed it; NULL not known */
	bool resolving, gate_open;	/* gate.c */
	int gate_class;			/* 0, or why it may not run */

	bool died;			/* its last run ended with its worker */
	bool not_noted;			/* its start could not be committed */
	int cancel_class;		/* 0, or why its run is being ended */
	char *cancel_why;
	unsigned epoch;			/* which outcome: pages of an earlier one are not wanted */
	int noting, sealing;		/* completions on their way that know this job */
	bool gone;			/* to be freed when the last of them has come */
	void (*stuck)(struct job *);	/* what to try again when the store is well */

	struct flow *flow;
	struct asker *asker;		/* its dealings with creds, while it runs */
	struct pool_run *run;		/* while the worker has it */
	struct outcome *out;		/* from the first run to the spool: result.h */
	struct job *next, *prev;	/* in its list */
	struct job_list *in;		/* which; NULL none */
	struct job *same_hash;		/* in the table */
};

struct job *job_new(const char *id);
void job_free(struct job *j);		/* NULL is fine; must be in no list and no table */

void job_forget_raw(struct job *j);	/* wipes the payload as it came */

/* FNV-1a; ids and targets come from the instance, which we trust not to attack a table of its own jobs. */
unsigned job_hash(const char *text);

#define JOB_SOURCES 1024u
/* BY_SOURCE: NULL, or JOB_SOURCES counts of its jobs, by the hash of the target. */
struct job_list { struct job *first, *last; int n; unsigned *by_source; };
void job_list_add(struct job_list *l, struct job *j);	/* at the end; leaves its old list */
void job_list_out(struct job *j);			/* of whatever list it is in */

/* All jobs in memory by id. */
#define JOB_BUCKETS 4096u
struct job_table { struct job *bucket[JOB_BUCKETS]; int n; };
void job_table_add(struct job_table *t, struct job *j);
void job_table_out(struct job_table *t, struct job *j);
struct job *job_table_find(const struct job_table *t, const char *id);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - what must survive: one SQLite database (WAL, synchronous=FULL),
 * owned by one writer thread.
 *
 * The loop posts operations and gets completions, in order, on the loop.
 * Everything posted within one turn of the loop is one transaction, so
 * durability costs one fsync a turn. A completion with 0 means: on the disk.
 * Arguments are copied at the call, but for blobs taken with _take.
 */
#ifndef MID_STORE_H
#define MID_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json_object;
struct loop;
struct store;

/* Where a job's road stands on the disk; numbers are stored: never change them. */
enum stage {
	STAGE_INTENT = 1,	/* we are about to claim it */
	STAGE_ACCEPTED = 2,	/* claimed and ours; not begun */
	STAGE_STARTED = 3,	/* its first step may have happened */
	STAGE_SPOOLED = 4,	/* outcome and all results are committed */
	STAGE_DONE = 5,		/* the instance has every answer */
	STAGE_CANCELLED = 6,	/* ended without an answer due (the instance took it back) */
	STAGE_QUARANTINED = 7	/* the store cannot read it any more, or it killed workers: kept for a person */
};
const char *stage_name(enum stage s);

struct job_row {
	char id[33];			/* sys_id of the output */
	enum stage stage;
	int priority, attempts, deaths;	/* runs begun; workers it has killed */
	char *agent, *topic, *name, *source, *correlator, *sequence;
	void *payload;			/* sealed at rest; NULL in listings */
	size_t payload_len;
	char hash[33];			/* of the plain payload and columns */
	/* the outcome, from STAGE_SPOOLED on */
	int class;			/* enum mid_class of the probe ABI, as a number */
	bool partial;
	char *error;			/* one sentence, "" none */
	int64_t created_ms, accepted_ms, started_ms, finished_ms, delivered_ms;	/* wall clock; 0 not yet */
	int64_t run_ms;
	int pages;			/* results that belong to it */
	int answers;			/* of them pages of its answer; the rest are CIs */
	int64_t bytes;			/* of all of them, sealed */
	char *waited;			/* for what, before the last run: "" nothing */
	char *parent;			/* "": the instance's; else our own: its parent's id, "-" the operator's */
};
void job_row_fini(struct job_row *r);		/* frees the strings inside */

struct result_row {
	uint64_t n;			/* key, in the order of spooling */
	char job[33];
	int page;			/* from 1 */
	int sink;			/* enum sink of agent/instance */
	char id[33];			/* our sys_id for it */
	bool sealed;			/* to the instance; else at rest */
	char *meta;			/* JSON: attributes of <results>, see flow/result.c */
	void *blob;
	size_t blob_len;
	int tries;
	bool unsure;			/* was sent once with no clear answer */
	struct job_row of;		/* its job: columns, outcome and pages; no payload */
};
void result_row_fini(struct result_row *r);

struct store_config {
	const char *path;		/* .../midd.db */
	int64_t size_max;		/* bytes of unsent results; 0 none */
	int64_t keep_done_ms;		/* how long ended jobs stay (30 days: dedup) */
};

/* Opens, checks (integrity_check), migrates. From a damaged file what can be read is copied into a new
 * one, and it is kept as PATH.damaged-TIME; *NOTE (may be NULL) then holds one sentence for the operator,
 * the caller's to free(). Damage found later makes every operation fail with E_DAMAGED until the next start. */
int store_open(struct store **out, struct loop *loop, const struct store_config *cfg, char **note, struct err *err);
void store_close(struct store *s);	/* commits what was posted, then stops the thread */

typedef void store_done_fn(void *arg, int r, const struct err *err);	/* FN may be NULL */

/* --- the road, in its order ------------------------------------------------------- */

/* ROW's id, columns, hash and sealed payload; -E_EXISTS by FN when the id is known (see store_seen()). */
void store_intend(struct store *s, const struct job_row *row, store_done_fn *fn, void *arg);
void store_forget(struct store *s, const char *id, store_done_fn *fn, void *arg);	/* an intent that came to nothing */
void store_accept(struct store *s, const char *id, int64_t now_ms, store_done_fn *fn, void *arg);
void store_started(struct store *s, const char *id, int64_t now_ms, const char *waited, store_done_fn *fn, void *arg);
/* Back to accepted, to run again; DIED counts a killed worker. An ended job too, while its payload is kept. */
void store_again(struct store *s, const char *id, bool died, store_done_fn *fn, void *arg);
/* A worker has died of it and it will not run again: counted, its pages dropped, the stage stays. */
void store_died(struct store *s, const char *id, store_done_fn *fn, void *arg);
/* A page of a result; not delivered before store_spooled(). BLOB is swallowed (free()). */
void store_result_take(struct store *s, const struct result_row *row, void *blob, size_t len, store_done_fn *fn, void *arg);
void store_drop_results(struct store *s, const char *id, store_done_fn *fn, void *arg);	/* of a run that did not end */
/* The outcome; from here on the answer is due. */
void store_spooled(struct store *s, const char *id, int class, bool partial, const char *error,
    int64_t run_ms, int64_t now_ms, store_done_fn *fn, void *arg);
void store_result_tried(struct store *s, uint64_t n, bool unsure, store_done_fn *fn, void *arg);
/* The instance has it. The job is STAGE_DONE when it was the last. */
void store_delivered(struct store *s, uint64_t n, const char *job, int64_t now_ms, store_done_fn *fn, void *arg);
/* The instance took the result of an ended job but refused some of it: the job is partial, WHY its error. */
void store_partial(struct store *s, const char *id, const char *why, store_done_fn *fn, void *arg);
void store_cancelled(struct store *s, const char *id, const char *why, int64_t now_ms, store_done_fn *fn, void *arg);

/* --- reading (on the writer thread; rows are handed over on the loop) ----------------- */

typedef void store_jobs_fn(void *arg, int r, struct job_row *rows, size_t n);	/* rows freed after the call */
/* All that have no outcome yet, in the order of acceptance: for recovery at start. With payload. */
void store_load(struct store *s, store_jobs_fn *fn, void *arg);
/* ID may be the beginning of one. */
struct job_filter { const char *id; int stage; bool failed; bool open; const char *correlator; int limit; bool payload; };
void store_jobs(struct store *s, const struct job_filter *f, store_jobs_fn *fn, void *arg);	/* newest first */
typedef void store_results_fn(void *arg, int r, struct result_row *rows, size_t n);
/* Spooled results of spooled jobs with n > AFTER, oldest first, at most LIMIT and about BYTES. */
void store_results(struct store *s, uint64_t after, int limit, size_t bytes, store_results_fn *fn, void *arg);
/* Which of these sys_ids are known? A row (no payload) for each: its hash and stage tell. A mere intent is
 * not known, nor is a record that was lost to damage: whose such a job is, the instance must say. */
void store_seen(struct store *s, const char *const *ids, size_t n, store_jobs_fn *fn, void *arg);
typedef void store_json_fn(void *arg, int r, struct json_object *o);	/* borrowed */
/* {jobs{stage: n}, results, result_bytes, file_bytes, today{ok, partial, failed, quarantined, jobs}} */
void store_stats(struct store *s, int64_t since_ms, store_json_fn *fn, void *arg);

/* --- what a discovery knows of its targets (agent/discovery) ----------------------------- */

struct aim_row {
	char parent[33], child[33];	/* the Discover job; the job that asks this target now, or did last */
	char *address, *ways, *topic, *what, *name, *why, *whose, *who;
	/* WHOSE: a word that tells which machine it is before it has been asked; WHO: what it says itself, at any of its addresses. */
	int state, sure, class;		/* enum aim_state of agent/discovery; percent; of the last job */
	void *links;			/* sealed at rest; NULL none */
	size_t links_len;
	int64_t ms;			/* wall clock of the last change */
};
void aim_row_fini(struct aim_row *a);
/* New, or in place of what is known of (parent, address); links that are NULL leave those that are there. */
void store_aim(struct store *s, const struct aim_row *a, store_done_fn *fn, void *arg);
typedef void store_aims_fn(void *arg, int r, struct aim_row *rows, size_t n);	/* rows freed after the call */
/* With so many bytes of LINKS in all; where they would be more a row has their links_len only. */
void store_aims(struct store *s, const char *parent, size_t links, store_aims_fn *fn, void *arg);
/* The same, and behind them machines that other discoveries have found (PARENT says which) and this one has not looked for. */
void store_around(struct store *s, const char *parent, size_t links, store_aims_fn *fn, void *arg);
/* On the writer's thread, before FN, which has the same ARG. */
typedef bool store_wanted_fn(void *arg, const char *address);
/*
 * Machines (WHO) that are done in an earlier discovery (CHILD, ADDRESS) and, missed less than MISSED times since (SURE), in
 * PARENT at no address, with what they said, where their ADDRESS is WANTED (NULL: all); and those of PARENT that had been
 * missed as often as that: NAME is where they are now.
 */
void store_gone(struct store *s, const char *parent, int missed, store_wanted_fn *wanted, store_aims_fn *fn, void *arg);
void store_present(struct store *s, const char *parent, int64_t ms);	/* those that are done in PARENT are there */
/* The instance has not taken all of the CIs of JOB, a part of a discovery: the next one sends them all. */
void store_not_taken(struct store *s, const char *job);
/* WHO, who was at ADDRESS, has been missed so often; PARENT has what it said. */
void store_missed(struct store *s, const struct aim_row *a, const char *address);

/* --- small things ------------------------------------------------------------------------ */

/* Key/value of our own: sys_id on the instance, install id, pause. VALUE NULL removes. */
void store_set(struct store *s, const char *key, const char *value, store_done_fn *fn, void *arg);
char *store_get_now(struct store *s, const char *key);	/* only before the loop runs; the caller's */
bool store_waits_now(struct store *s);	/* the same: it holds work that is sealed with our key at rest; true where it cannot be read */
/* What is known of targets, by kind ("hostkey", "affinity", "attempt", "tried") and key. VALUE NULL removes.
 * MS: wall clock of the knowledge; of each kind the oldest go beyond 200,000. */
void store_target_set(struct store *s, const char *kind, const char *key, const char *value, int64_t ms,
    store_done_fn *fn, void *arg);
/* Its value only: MS counts where there is no row yet. */
void store_target_renew(struct store *s, const char *kind, const char *key, const char *value, int64_t ms);
/* [{key, value, ms}] of the rows whose key begins with PREFIX and that are not older than SINCE_MS; LIMIT 0: 10,000 of them. */
#define STORE_ALL INT32_MAX
void store_targets(struct store *s, const char *kind, const char *prefix, int64_t since_ms, int limit,
    store_json_fn *fn, void *arg);
/* The integration log: one line an event, the oldest go beyond 20,000. */
void store_event(struct store *s, int level, const char *sub, const char *job, const char *text);
void store_events(struct store *s, const char *job, int limit, store_json_fn *fn, void *arg);	/* array, oldest first */
/* Hash-chained audit: what was run where, by whose order. */
void store_audit(struct store *s, const char *what, const char *job, const char *detail);
/* FN: it, and whatever was posted before it, is on the disk. */
void store_audit_then(struct store *s, const char *what, const char *job, const char *detail, store_done_fn *fn, void *arg);
/* [{ms, what, detail}], oldest first, of those not long ago. */
void store_audit_of(struct store *s, const char *job, store_json_fn *fn, void *arg);
void store_audit_verify(struct store *s, store_json_fn *fn, void *arg);	/* {rows, ok, broken_at} */

/* --- its own state, for status ----------------------------------------------------------- */

struct store_state {
	int64_t commit_ms;		/* the last commit took; -1 none yet */
	int64_t last_commit_at;		/* loop time */
	uint64_t commits, operations;
	int64_t result_bytes;		/* unsent, known since the last commit */
	int64_t results;
	int64_t disk_free;
	int trouble_code;		/* E_FULL, E_DAMAGED, E_OS; 0 none: cleared by the next good commit */
	char trouble[200];
};
void store_state(struct store *s, struct store_state *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the stages of the road know of each other. Only files in this
 * folder include it. Each stage is one struct below and one file beside.
 */
#ifndef MID_FLOW_INSIDE_H
#define MID_FLOW_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "config/config.h"
#include "flow/breaker.h"
#include "flow/errors.h"
#include "flow/flow.h"
#include "flow/job.h"
#include "flow/result.h"

#define PAYLOAD_MAX (64u << 20)	/* of a job, as the instance sends it */
#define CONTROL_BATCH 20	/* control rows asked for at once */

struct answer;
struct attached;
struct shipment;
struct ecc_row;
struct err;
struct job_row;
struct json_object;
struct loop_timer;
struct verdict;

struct counts {
	uint64_t fetched, claimed, accepted, ok, partial, failed, quarantined,
	    delivered, duplicates, refused, controls, again, ci_refused;
};

#define RUN_BUCKETS 10
/* How long jobs ran: in each bucket those up to its limit and above the one before; the last has no limit. */
struct run_times {
	uint64_t bucket[RUN_BUCKETS + 1];
	int64_t sum_ms;
};
extern const int64_t run_limits_ms[RUN_BUCKETS];

struct intake {
	struct loop_timer *timer;
	bool asking;			/* a poll is under way */
	int64_t interval_ms;		/* before jitter */
	int64_t next_at, last_at;	/* loop time; -1 never */
	int failures;			/* in a row */
	char failure[160];		/* the last one's sentence */
	const char *rests;		/* why no work is asked for; "" it is */
	int limit;			/* rows asked for last */
	bool full;			/* the last answer filled its batch: ask again when it is claimed */
	bool no_room;			/* no work was asked for, because too many jobs wait */
	int arriving;			/* batches the store is being asked about, and payloads on their way */
	struct attached *attached;	/* payload.txt of these rows is on its way, or could not be had just now */
	int fetches;
	bool again;			/* push came while we were asking */
	int tokens;			/* questions that push may bring forward */
	int64_t tokens_at;
};

struct claim {
	struct claim_batch *first;	/* under way */
	int batches;
	int64_t pause_ms, not_before;	/* the instance takes no claims: back-off, loop time */
	char trouble[160];		/* what it said last to one; "" all is well */
};

#define ASIDE_MAX 256
#define SUSPECTS_MAX 16
struct aside_row { uint64_t n; int64_t until, rest_ms; };	/* n 0: free; loop time */
/* A result that has failed alone. PROVED: another one has got through since; AGAIN: it has failed since. */
struct suspect { uint64_t n; int page; size_t size; char job[33], why[200]; bool proved, again; };

struct aside {
	struct loop_timer *timer;	/* when the first of them is offered again */
	struct aside_row row[ASIDE_MAX];
	char why[200];			/* what was said of the last one */
	uint64_t oldest;		/* the result that this round has begun with */
	uint64_t at;			/* a shipment that began with it has failed as a whole, TIMES in a row */
	int times;
	int alone;			/* so many results still go one by one */
	struct suspect suspect[SUSPECTS_MAX];
	int suspects;
};

struct deliver {
	struct loop_timer *timer;
	struct breaker breaker;		/* of the instance */
	bool reading;
	uint64_t after;			/* cursor: results up to here were tried in this round */
	uint64_t doubtful;		/* rows up to here may have been sent by an earlier life */
	int in_flight;
	int64_t last_ok_at;		/* loop time; -1 never */
	int64_t next_at;
	uint64_t failures;
	char trouble[200];		/* "" or what the instance said */
	bool asked_to_wait;		/* by Retry-After: then no hurry */
	bool more;			/* something was spooled while we were sending */
	bool again;			/* the next round begins with the oldest */
	struct aside aside;
	char partial[32][33];		/* jobs that the log has lately called partial */
	unsigned partial_at;
};

struct control {
	struct pending_answer *first;	/* answers of control commands not yet confirmed */
	char recent[256][33];		/* ids taken lately */
	unsigned recent_at;
	struct loop_timer *timer;
	int n;
};

struct flow {
	struct agent *ag;
	struct job_table jobs;
	struct intake intake;
	struct claim claim;
	struct job_list lane[LANES];	/* accepted, waiting */
	int running[LANES];		/* by the lane they were taken from */
	struct job_list runs;		/* in a worker */
	unsigned runs_on[JOB_SOURCES];	/* its by_source */
	struct job_list discoveries;	/* that are under way: they have no worker, and no slot */
	struct job_list early;		/* parts that have ended before their discovery could hear of it */
	struct job_list outgoing;	/* ended; on the way to the spool */
	struct page *pages_stuck;	/* sealed, and not yet on the disk: sealing.c */
	struct job_list stuck;		/* the store would not take a step of theirs */
	size_t held;			/* bytes of what runs have said that is no page: result.h */
	struct breakers *targets;
	struct loop_timer *dispatch_timer;
	bool dispatch_due;
	struct deliver deliver;
	struct control control;
	struct loop_timer *store_timer;	/* asks a store in trouble whether it is well again */
	bool recovered;			/* and the instance has told what it calls ours */
	char recovered_to[33];		/* of that, the last sys_id it has told */
	bool loaded;			/* the jobs it remembers are on their way */
	struct loop_timer *recover_timer;
	bool paused, stopping, closing;
	char *paused_by;
	struct loop_timer *stop_timer;
	void (*stop_done)(void *);
	void *stop_arg;
	struct counts counts;
	struct run_times run_times;
	int64_t cis_refused_at;		/* loop time; 0 never */
	char cis_refused[200];		/* why, the last time */
};

/* --- intake.c, attached.c, rows.c: ready rows become jobs ---------------------- */
void intake_init(struct flow *f);
void intake_fini(struct flow *f);
void intake_soon(struct flow *f);		/* ask again at once */
void intake_rest(struct flow *f);		/* ask when it is time */
const char *intake_why_not(struct flow *f);	/* why nothing but control rows is asked for now; NULL: work is */
int intake_room(struct flow *f);		/* how many rows may be asked for: 0 .. poll.batch */
void intake_pushed(struct flow *f);		/* there may be work: ask, if not too often */
void pushed_follow(struct flow *f);		/* push.c: has the instance tell, where that is wanted */
void intake_freed(struct flow *f);		/* a job has left memory */
/* ROWS have come: control rows are done, those on the road already are passed over, the others are claimed. */
void intake_rows(struct flow *f, const struct ecc_row *rows, size_t n);
void intake_refuse(struct flow *f, const struct ecc_row *row, const char *why);	/* its payload can't be had */
void attached_fetch(struct flow *f, const struct ecc_row *row);	/* then intake_rows() */
void attached_fini(struct flow *f);	/* when none is under way any more */
bool row_is_attached(const struct ecc_row *row);	/* its payload hangs on it as payload.txt */
/* A job in the table at AT_INTAKE. A malformed row gives one whose outcome has ended. */
struct job *job_from_row(struct flow *f, const struct ecc_row *row);
/* The columns and the sealed payload, for the store; job_row_fini() frees them. */
int job_to_row(struct flow *f, struct job *j, struct job_row *out, struct err *err);
/* The other way, at start. *OUT is always set; when its payload can't be opened any more (<0), its
 * outcome has ended with the reason. */
int job_from_store(struct flow *f, const struct job_row *row, struct job **out, struct err *err);

/* --- claim.c, accept.c ----------------------------------------------------------- */
/* Swallows JOBS: rows are durable as intents when claim is told to the instance. */
void claim_begin(struct flow *f, struct job **jobs, size_t n);
void claim_ask(struct flow *f, struct job **jobs, size_t n);	/* of an earlier life: whose are they? */
void claim_stopping(struct flow *f);		/* nobody waits to ask again */
void claim_closing(struct flow *f);		/* nobody asks any more */
void claim_close(struct flow *f);
void accept_job(struct job *j);			/* durable, then dispatch */
void adopt_job(struct job *j);			/* the instance calls it ours, the store has never seen it */

/* --- dispatch.c -------------------------------------------------------------------- */
void dispatch_add(struct job *j);		/* accepted: waits in its lane */
void dispatch_kick(struct flow *f);		/* soon, once */
void dispatch_room(void *flow);			/* the pool has room */
int dispatch_waiting(const struct flow *f);	/* jobs in all lanes */
const char *dispatch_why(const struct job *j);	/* what it waits for, while it is AT_WAITING */
/* All that wait have waited for midctl resume. */
void dispatch_was_paused(struct flow *f);

/* --- gate.c: names become addresses, policy says yes or no ---------------------------- */
int gate_ask(struct job *j);			/* 1 yes, 0 not yet, <0 never: gate_class, waits_text */
void gate_shut(struct job *j);			/* ask anew before the next run */

/* --- run.c --------------------------------------------------------------------------- */
int run_begin(struct job *j, bool alone);	/* 0, or -E_AGAIN no worker has room */
/* J is to end with CLASS and WHY: its worker is told; without one it ends when it comes to its lane. The first call counts. */
void run_cancel(struct job *j, int class, const char *why);
/* Back to its lane, and not begun before IN_MS; DIED: it has cost a worker, and is alone in the next one. */
void run_again(struct job *j, bool died, int64_t in_ms);
void run_requeue(struct job *j);		/* the same, as far as the store is concerned: tried again by store_stuck() */

/* --- sealing.c, spool.c ------------------------------------------------------------------- */
/* Seals PLAIN off the loop (swallowed), then spools it as a page of J. */
void seal_page(struct job *j, int sink, int page, struct buf *plain, size_t credit);
void sealing_retry(struct flow *f);		/* pages the store would not take */
void sealing_close(struct flow *f);
void spool_ended(struct job *j);		/* outcome and pages: when all have arrived, the job leaves memory */

/* --- cis.c -------------------------------------------------------------------------------------- */
void cis_named(struct job *j);			/* it has ended: of which CI it tells */
void cis_taken(struct flow *f, const char *job, const char *ids);	/* sys_ids that the CMDB said */

/* --- aside.c: results that the instance does not take while it takes others ------------------ */
int64_t aside_rests(struct aside *a, uint64_t n, int64_t now);	/* ms; 0 it does not */
void aside_refused(struct aside *a, uint64_t n, int64_t now);
void aside_taken(struct aside *a, uint64_t n);
int aside_count(const struct aside *a);
/* All of S was sent and has failed. True: go on behind it, not from the oldest. */
bool aside_failed(struct aside *a, const struct shipment *s, const char *why);
bool aside_passed(struct flow *f, const struct shipment *s);	/* some of it got through. True: now again from the oldest */
bool aside_round_over(struct aside *a, int64_t now);	/* the spool has no more. True: again from the oldest */
void aside_due(struct aside *a, int64_t now);	/* its timer */

/* --- deliver.c ------------------------------------------------------------------------------ */
void deliver_init(struct flow *f);
void deliver_fini(struct flow *f);
void deliver_kick(struct flow *f);		/* something is due */
void deliver_hurry(struct flow *f);		/* the link is back */
bool deliver_idle(const struct flow *f);	/* nothing is due, and nothing on its way */

/* --- control.c -------------------------------------------------------------------------------- */
bool control_takes(const char *topic);
void control_take(struct flow *f, const struct ecc_row *row);	/* done and answered; a row that came before is passed over */
void control_init(struct flow *f);
void control_fini(struct flow *f);

/* --- recover.c ----------------------------------------------------------------------------------- */
void recover_begin(struct flow *f);
void recover_started(struct job *j, const char *how);	/* its first step may have happened */

/* --- flow.c ---------------------------------------------------------------------------------------- */
void flow_job_gone(struct job *j);		/* out of memory: frees it, now or when its last completion has come */
void flow_job_settle(struct job *j);		/* a completion has come: frees a job that is gone */
void flow_check_stopped(struct flow *f);	/* something has ended: perhaps the last that a stop waits for */
void store_watch(struct flow *f);		/* the store is in trouble: look again soon */
/* True: the store does not know J, or not at this step, which no retry mends; J is gone. */
bool store_gave_up(struct job *j, int r, const struct err *err);
void store_stuck(struct job *j, void (*retry)(struct job *));	/* RETRY when it is well again */

#endif

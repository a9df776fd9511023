/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of this folder know of each other.
 *
 * An op is one thing asked of the store. The loop's side (queue.c) collects
 * ops and hands each turn's over; the writer's side (writer.c) runs what has
 * come together as one transaction; the answers go back in one message.
 * struct db belongs to the writer thread alone.
 */
#ifndef MID_STORE_INSIDE_H
#define MID_STORE_INSIDE_H

#include <stdarg.h>
#include <uv.h>

#include "err.h"
#include "store/db.h"
#include "store/store.h"

/* --- an op ------------------------------------------------------------------ */

struct op;

#define OP_READ 1u		/* changes nothing */
#define OP_GROW 2u		/* may be refused while the disk is full */
#define OP_PAGES 4u		/* fails when a page of the same job has failed before it */
#define OP_LAZY 8u		/* may wait a second for company */
#define OP_MORE 1		/* run() wants another turn: commits may go in between */

struct op_kind {
	const char *name;
	unsigned flags;
	int (*run)(struct db *db, struct op *op);	/* on the writer thread */
	void (*tell)(struct op *op, const struct err *err);	/* on the loop's */
};

struct op {
	struct op *next;
	const struct op_kind *kind;
	bool answered;			/* it is in the outbox: under the lock */
	bool turn_ends;			/* the last of its turn: a transaction may end here */
	uint64_t serial, heard;		/* its number; the newest the loop had an answer for when it posted this */

	/* what is asked */
	char id[33];
	int64_t num[4];
	char *text[3];
	void *blob;
	size_t blob_len;
	struct job_row *job;
	struct result_row *result;
	struct aim_row *aim;
	store_wanted_fn *wanted;	/* with ARG, on the writer thread */

	/* what is answered */
	int r;
	char *why;			/* NULL: no sentence of its own */
	void *rows;
	size_t rows_n;
	struct json_object *json;

	union {
		store_done_fn *done;
		store_jobs_fn *jobs;
		store_results_fn *results;
		store_json_fn *json;
		store_aims_fn *aims;
	} fn;
	void *arg;
};

struct op *op_new(const struct op_kind *kind, const char *id);
void op_text(struct op *op, int slot, const char *s);	/* copies */
void op_clear_answer(struct op *op);
void op_free(struct op *op);
/* An error of this op alone: decided before its first write, the rest of the transaction stands. */
int op_refuse(struct op *op, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

void tell_done(struct op *op, const struct err *err);
void tell_jobs(struct op *op, const struct err *err);
void tell_results(struct op *op, const struct err *err);
void tell_json(struct op *op, const struct err *err);
void tell_aims(struct op *op, const struct err *err);

/* --- a list of ops ----------------------------------------------------------- */

struct ops {
	struct op *first, **tail;
	size_t n;
};
void ops_init(struct ops *q);
void ops_add(struct ops *q, struct op *op);
void ops_join(struct ops *q, struct ops *more);		/* empties MORE */
struct op *ops_pop(struct ops *q);

/* --- a page that failed --------------------------------------------------------- */

/*
 * The loop may have posted "outcome of job J" before it heard that a page of
 * J's result could not be kept. Such an outcome must fail too, or the answer
 * would lack a page. So the writer remembers each page that failed until the
 * loop has heard of it.
 */
struct taint {
	struct taint *next;
	char job[33];
	uint64_t serial;
};

/* --- both sides ------------------------------------------------------------------ */

struct store {
	/* the loop's side */
	struct loop *loop;
	uv_thread_t loop_thread;
	struct ops turn;		/* posted in this turn */
	struct ops lazy;		/* may wait */
	struct loop_timer *lazy_timer;
	bool deferred;			/* hand_over() is due at the end of the turn */
	uint64_t serial, heard;
	size_t events_waiting, events_lost;
	bool closed;

	/* shared, under the lock */
	uv_mutex_t lock;
	uv_cond_t wake, news;		/* for the writer; for who waits on the writer */
	struct ops inbox, outbox;
	int64_t mono_ms, wall_ms;	/* when the inbox was last filled */
	bool posted;			/* a message to the loop is under way */
	bool stop, is_open;
	int open_r;
	struct err open_err;
	char *open_note;
	struct store_state state;

	/* the writer's side */
	uv_thread_t thread;
	struct db *db;
	struct ops again;
	int64_t mono_seen, wall_seen;	/* mono_ms, wall_ms as of this batch */
	struct taint *taints;
	bool damaged;			/* found out while running */
	intptr_t file_lock;
	char *path, *lock_path;
	struct store_config cfg;
};

void store_post(struct store *s, struct op *op);
void queue_open(struct store *s);
void queue_close(struct store *s);	/* last answers are given before it returns */
void queue_fini(struct store *s);	/* frees S, now or with the last message under way */
void queue_answer(struct store *s, struct ops *done);	/* from the writer thread */
void queue_wait(struct store *s, const struct op *op);	/* until OP is answered; it is told and freed later */
/* Waits for work. False: stop, and nothing is left. MAX_MS < 0: for ever. */
bool queue_take(struct store *s, struct ops *batch, int64_t max_ms);
void writer_main(void *arg);

#endif

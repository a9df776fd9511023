/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of the pool know of each other: worker.c (a
 * worker's life), runs.c (who gets which run), pool.c (the whole).
 */
#ifndef MID_WORKERS_INSIDE_H
#define MID_WORKERS_INSIDE_H

#include "workers/pool.h"

struct loop_timer;

#define START_PAUSE_MIN 500
#define START_PAUSE_MAX 30000

enum kind { KIND_PLAIN, KIND_LOCAL, KIND_EXEC, KINDS };
extern const char *const kind_names[KINDS];

struct worker {
	struct pool *p;
	struct worker_link *link;
	enum kind kind;
	bool ready, leaving, dead;
	bool alone;			/* holds one suspect and nothing else */
	int runs;
	char topic[64];			/* of the last run it was given */
	unsigned refused;		/* forbidden calls it has tried */
	int64_t started_ms;
	struct loop_timer *idle;
	struct worker *next;
};

struct pool_run {
	struct pool *p;
	struct worker *w;
	uint32_t id;
	bool alone;
	const struct run_events *ev;
	void *arg;
};

struct pool {
	struct loop *loop;
	struct pool_config cfg;
	struct worker *workers;
	struct json_object *catalogue, *guard;
	void (*ready)(void *, int, const struct err *);
	void *ready_arg;
	int failed_starts;		/* in a row, before hello */
	int64_t no_start_before;
	struct loop_timer *start_timer;
	unsigned died, started;
	unsigned refused;		/* forbidden calls of all workers that were */
	int64_t refused_ms;		/* the last of them, on the loop's clock */
	char refused_what[120];
	unsigned runs;
	bool closing;
	char trouble[200];
};

int worker_start(struct pool *p, enum kind kind, struct worker **out, struct err *err);
void worker_free(void *worker);
unsigned workers_living(const struct pool *p);	/* that can take runs, now or soon */
void pool_room(struct pool *p);			/* tells the owner that a slot may be free */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - one job inside the worker: its steps, what it emitted, how it ends.
 *
 *	RUN ► parameters checked ► open() ► STARTED ► GO ► step()... ► close()
 *	    ► CIs are made from its JSON, if asked ► all is drained ► DONE
 *
 * struct mid_run is what a probe holds without seeing inside. A run with the
 * id 0 stands for a module (loading, engines): it has no job, and only log,
 * now, random and wake do anything for it.
 */
#ifndef MID_RUN_H
#define MID_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "midd/probe.h"
#include "self.h"
#include "worker.h"

#define RUN_MESSAGE_MAX 400
#define RUN_NOTES_MAX 256u	/* more are dropped; so with logs and partials */
#define RUN_LOGS_MAX 2000u
#define RUN_PARTIALS_MAX 200u
#define RUN_JSON_MAX (64u << 20)	/* what a map is given at most */

struct asked;
struct cred;
struct piece;
struct topic;
struct module;

enum run_stage {
	RUN_OPENED,		/* waits for GO */
	RUN_STEPS,
	RUN_ASKS,		/* closed; midd is asked what the instance has of it already */
	RUN_MAPS,		/* closed; the map works on what it emitted */
	RUN_DRAINS		/* its end is known, and told when all is out */
};

/* What was emitted and waits for the window; outbox.c. */
struct outbox {
	struct piece *first, **last;
	size_t window;		/* bytes that may be sent now */
};

struct mid_run {
	struct mid_run *next;	/* in its bucket */
	struct worker *worker;
	uint32_t id;
	enum run_stage stage;
	struct module *module;
	const struct topic *topic;
	struct json_object *job;	/* the body of RUN */
	struct json_object *params;	/* borrowed from job */
	int64_t begun_ms, deadline_ms;
	struct loop_timer *timer;	/* of the deadline */
	struct waiter *waiter;
	void *state;
	bool opened;			/* open() was good */
	int64_t cpu_us;
	/* how it ends */
	bool failed;			/* fail() was called */
	bool ending;			/* cancel() said that it needs steps; CLASS and MESSAGE are known */
	enum mid_class class;
	char message[RUN_MESSAGE_MAX];
	unsigned notes, logs, partials;
	struct outbox out;
	bool map;			/* CIs are wanted, and the probe has a map */
	bool discover;			/* only the CIs the instance lacks, and links */
	char *known;			/* hashes of those it has; NULL not asked yet */
	struct json_object *links;	/* what relates it to others, until its CIs are made */
	struct self self;
	bool json_cut;
	struct buf json;
	struct map_job *mapping;	/* NULL, or on a thread */
	/* creds.c */
	struct cred *creds;
	char asking[256], none_for[256];	/* types, a blank, the host */
	/* asks.c */
	struct asked *asked;
	unsigned questions;
	bool ask_waits;
};

/* --- run.c ---------------------------------------------------------------------- */

struct mid_run *run_of_module(struct worker *w, struct module *m);
void run_of_module_free(struct mid_run *r);
/* FRAME_RUN. Its DONE follows in any case. JOB is swallowed. */
void run_begin_take(struct worker *w, uint32_t id, struct json_object *job);
void run_go(struct mid_run *r);
void run_cancel(struct mid_run *r, const char *why);
void run_set_failed(struct mid_run *r, enum mid_class class, const char *message);
/* When the worker goes: closes it without a word. */
void run_drop(struct mid_run *r);
struct mid_run *run_find(struct worker *w, uint32_t id);

/* --- run_end.c ------------------------------------------------------------------- */

/* As run_end(), once the probe has ended what it began elsewhere: cancel() of the ABI. */
void run_end_soon(struct mid_run *r, enum mid_class class, const char *message);
/* Closes the probe's state and sees to it that DONE is said. */
void run_end(struct mid_run *r, enum mid_class class, const char *message);
/* Out of the table, and all it holds freed. */
void run_free(struct mid_run *r);
void run_maybe_done(struct mid_run *r);
void run_drain(struct mid_run *r);		/* its end is known: told when all is out */
void run_map_partial(struct mid_run *r, const char *why);	/* the map has failed: the facts are there, CIs are missing */

/* --- run_map.c --------------------------------------------------------------------- */

void run_map(struct mid_run *r);		/* its JSON into CIs; then run_drain() */
void run_answered(struct mid_run *r, const char *what, const char *answer);	/* midd has told who it is, or what the instance has */

/* --- outbox.c ---------------------------------------------------------------------- */

void outbox_init(struct outbox *o);
void outbox_drop(struct outbox *o);
bool outbox_empty(const struct outbox *o);
/* Sends what the window allows and keeps a copy of the rest. */
void outbox_put(struct mid_run *r, int kind, const void *data, size_t len);
void outbox_credit(struct mid_run *r, size_t bytes);

/* --- creds.c ------------------------------------------------------------------------ */

/* HOST "": the target. */
int creds_get(struct mid_run *r, const char *types, const char *host, struct mid_credential *out);
void creds_verdict(struct mid_run *r, const struct mid_credential *c, enum mid_verdict v, const char *why);
/* FRAME_CRED. <0: midd makes no sense. */
int creds_came(struct mid_run *r, const char *body, size_t len);
void creds_wipe(struct mid_run *r);

/* --- asks.c ------------------------------------------------------------------------- */

int asks_ask(struct mid_run *r, const char *what, const char *about, const char **answer);
/* FRAME_TOLD. <0: nobody asked. */
int asks_told(struct mid_run *r, const char *text, size_t len);
void asks_free(struct mid_run *r);

/* --- host.c ------------------------------------------------------------------------- */

extern const struct mid_host run_host;

/* --- engine.c ----------------------------------------------------------------------- */

/* 0, or <0 with the run's fail() called. */
int engine_need(struct module *m, struct mid_run *r);
void engine_close(struct module *m);

#endif

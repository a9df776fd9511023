/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_link - one midd-worker process and the runs inside it.
 *
 * Starts the process with a socketpair as its standard input (never a
 * secret in argv or environment), speaks frames, and hands each run's events to its
 * owner. midd's pool holds several; `midctl run` without a daemon holds one.
 * When the process dies, each of its runs gets lost() once.
 */
#ifndef MID_WORKER_LINK_H
#define MID_WORKER_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json_object;
struct loop;
struct worker_link;

#define REFUSALS_MAX 200u	/* a worker that goes on trying is not ours any more */

struct worker_paths {
	const char *program;	/* midd-worker */
	const char *probe_dir;	/* NAME.so; more folders separated by ':' */
	const char *map_dir;	/* NAME.jq; more folders separated by ':', the first that has it */
	const char *exec_dir;	/* exec probes; may be absent */
	uint64_t memory_max;	/* bytes of address space, 0 none */
	const char *const *read_paths;	/* further folders it may read, such as root=DIR; NULL-ended or NULL */
};

/* All optional but done and lost. Bytes and objects are borrowed during the call. */
struct run_events {
	void (*started)(void *arg);		/* now commit, then worker_link_go() */
	void (*emit)(void *arg, int kind, const void *data, size_t len);	/* give credit when drained */
	void (*note)(void *arg, const char *name, const char *value);
	void (*partial)(void *arg, const char *message);
	void (*log)(void *arg, int level, const char *text);
	/* TYPE may be several, joined by commas; HOST "" the target. Answer with worker_link_credential(). */
	void (*want)(void *arg, const char *type, const char *host);
	void (*verdict)(void *arg, const char *id, int verdict, const char *why);
	/* Answer with worker_link_told(). */
	void (*ask)(void *arg, const char *what, const char *about);
	void (*done)(void *arg, int class, const char *message, struct json_object *detail);	/* the last */
	void (*lost)(void *arg, const char *why);	/* or this: the worker died */
};

struct run_request {
	const char *topic, *source, *name, *address;
	struct json_object *params;	/* name -> string; borrowed */
	struct json_object *xml;	/* name -> inner XML string, or NULL */
	int64_t deadline_ms;		/* from now */
	bool map;			/* make CIs too when the probe has a map */
	/* by hand only, never of a job */
	bool record;			/* what the target says is emitted too, as a recording */
	const char *replay;		/* a file with one, to be read instead of a target; NULL none */
	bool discover;			/* of them only what the instance lacks, and links: FRAME_KIND_LINKS, _SENT */
};

struct worker_events {
	void (*hello)(void *arg, struct json_object *hello);	/* borrowed */
	void (*gone)(void *arg, const char *why, bool expected);	/* the link is dead: close it later */
	/* May be NULL. The sandbox has refused CALL ("ptrace"); after REFUSALS_MAX of them the worker is killed. */
	void (*refused)(void *arg, const char *call);
};

/* KIND: "plain", "local" or "exec". *OUT is the caller's: worker_link_close(). Hello comes by event. */
int worker_link_open(struct worker_link **out, struct loop *loop, const struct worker_paths *paths,
    const char *kind, const struct worker_events *ev, void *arg, struct err *err);
/* Kills what is left; runs get lost() before it returns. Not inside its own callbacks: use loop_defer(). */
void worker_link_close(struct worker_link *w);
/* Asks it to go when its runs are done; gone(expected) follows. */
void worker_link_quit(struct worker_link *w);
/* 0 and *RUN, or -E_*. Events only come after the return. */
int worker_link_run(struct worker_link *w, const struct run_request *req,
    const struct run_events *ev, void *arg, uint32_t *run, struct err *err);
void worker_link_go(struct worker_link *w, uint32_t run);
void worker_link_credit(struct worker_link *w, uint32_t run, size_t bytes);
/* FIELDS NULL: none left. Borrowed; the copy sent is wiped. */
void worker_link_credential(struct worker_link *w, uint32_t run, const char *id, const char *type,
    struct json_object *fields);
/* TEXT "": no such question. */
void worker_link_told(struct worker_link *w, uint32_t run, const char *text);
/* The answer is a descriptor, which stays the caller's; the worker tells its number behind "ok". */
void worker_link_hand(struct worker_link *w, uint32_t run, intptr_t handed);
void worker_link_cancel(struct worker_link *w, uint32_t run, const char *why);
/*
 * Pings while there are runs; a worker that does not answer for WAIT_MS is killed, and its
 * runs are told that it hung.
 */
void worker_link_watch(struct worker_link *w, int64_t wait_ms);
/*
 * Files that were replaced in /etc since the worker closed its sandbox can't be read by it
 * any more (its rules hold files, not names): let it finish and start another one.
 */
bool worker_link_stale(const struct worker_link *w);
unsigned worker_link_runs(const struct worker_link *w);
int worker_link_pid(const struct worker_link *w);

#endif

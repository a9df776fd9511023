/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of a worker link, shared by the file that owns the process
 * (worker_link.c) and the one that owns its runs (worker_link_runs.c).
 */
#ifndef MID_WORKER_LINK_INSIDE_H
#define MID_WORKER_LINK_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "buf.h"
#include "frame.h"
#include "worker_link.h"

#define LINK_BUCKETS 128u	/* runs in one worker are some hundred at most */

enum run_stage { RUN_SENT, RUN_STARTED, RUN_GOING };

struct link_run {
	struct link_run *next;
	uint32_t id;
	enum run_stage stage;
	bool wanting, asking;	/* it waits for an answer of ours */
	unsigned said;		/* frames but EMIT, which the window bounds */
	size_t in_flight;	/* bytes emitted and not yet credited */
	const struct run_events *ev;
	void *arg;
};

struct worker_link {
	struct loop *loop;
	const struct worker_events *ev;	/* NULL once closed */
	void *arg;
	uv_process_t process;
	uv_pipe_t pipe;
	struct loop_timer *timer;	/* for HELLO, then for pings, last for the end */
	int64_t ping_ms;
	unsigned unanswered;
	struct buf in;
	unsigned unsent;		/* frames of ours that it has not read yet */
	bool greeted, quitting;
	bool gentle;			/* may have children: is given time to end them */
	bool ended;			/* the stream: nothing more comes */
	bool exited;			/* the process */
	bool gone;			/* everybody was told */
	bool closed;			/* by its owner */
	unsigned handles;		/* libuv's, not yet let go */
	char why[200];			/* first cause of the end; "" none yet */
	intptr_t refusals_from;		/* first the socket, then what came through it; -1 none */
	struct loop_watch *refusals;
	intptr_t hand;			/* that socket, for what we hand over; -1 none */
	unsigned refused;
	bool landlocked;		/* its rules hold files, not names */
	int64_t etc_was;	/* when /etc was changed, at the start */
	struct link_run *runs[LINK_BUCKETS];
	unsigned nruns;
	uint32_t last_run;
};

/* worker_link.c: queues one frame; our copy is wiped when it has left. */
void link_send(struct worker_link *w, enum frame_type type, uint32_t run, const void *body, size_t len);
/* worker_link.c: it can't be trusted any more, or is not wanted. WHY is kept if first. */
void link_kill(struct worker_link *w, const char *why);
/* worker_link.c: there is a run (pings begin); there may be none any more (pings rest, quit). */
void link_busy(struct worker_link *w);
void link_rest(struct worker_link *w);

/* worker_link_refusals.c: *FD is for the worker, -1 none; close it after the start. */
void link_refusals_open(struct worker_link *w, int *fd);
void link_refusals_close(struct worker_link *w);

/* worker_link_runs.c: acts on one frame from the worker. <0: kill it. */
int link_frame(struct worker_link *w, const struct frame *f, struct err *err);
/* worker_link_runs.c: a run with the next free number, borrowed until it ends. */
struct link_run *link_run_add(struct worker_link *w, const struct run_events *ev, void *arg);
/* worker_link_runs.c: tells each run that it is lost, and forgets it. */
void link_lose_runs(struct worker_link *w);

#endif

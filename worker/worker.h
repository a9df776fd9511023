/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - the whole: its loop, its stream to midd, its modules, its runs.
 */
#ifndef MID_WORKER_H
#define MID_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os.h"

#define WORKER_BUCKETS 128u

struct err;
struct loop;
struct mid_probe;
struct mid_run;
struct modules;
struct spawner;
struct stream;

struct worker {
	struct loop *loop;
	struct stream *stream;
	struct modules *modules;
	struct spawner *spawner;	/* NULL in workers that may not exec */
	const char *kind;
	bool exec;			/* may start programs */
	bool local;			/* sees other processes, has no network */
	struct os_guard_state guard;
	intptr_t hand;			/* where midd hands over descriptors; -1 it does not */
	struct mid_run *runs[WORKER_BUCKETS];
	bool over;			/* midd has gone, or asked us to */
	bool bad;			/* and it was not said well */
};

/*
 * KIND: "plain"; "exec", which alone may start programs; "local", which alone sees whose
 * sockets and files are open, and has no network. <0: no such kind.
 */
int worker_init(struct worker *w, struct loop *loop, const char *kind);
/* Takes FD, the socket to midd, and says HELLO. The modules are loaded. */
int worker_serve(struct worker *w, int fd, struct err *err);
/* Ends all runs, engines and children. */
void worker_fini(struct worker *w);

#endif

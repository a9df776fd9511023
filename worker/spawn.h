/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn - child processes of runs, in workers of the exec kind.
 *
 * Each child leads a group of its own and dies with the worker. When its run
 * ends, or when it exits itself, the whole group goes: politely, then by force.
 * What leaves the group comes back to the worker as an orphan, and is killed.
 */
#ifndef MID_SPAWN_H
#define MID_SPAWN_H

#include "midd/probe.h"

struct err;
struct loop;
struct mid_run;
struct spawner;

struct spawner *spawner_new(struct loop *loop);
void spawner_free(struct spawner *s);	/* kills what is left; NULL is fine */
int spawner_start(struct spawner *s, struct mid_run *run, const struct mid_spawn *what,
    struct mid_child *out, struct err *err);
/* The run is over: its children end, OUT of spawner_start() is not touched again. */
void spawner_end(struct spawner *s, struct mid_run *run);

#endif

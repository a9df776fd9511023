/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map - a jq program that turns a probe's JSON into CIs (share/map/NAME.jq).
 *
 * Read before the sandbox closes, compiled at the first use: a worker that maps
 * nothing does not pay for jq. Runs on a pool thread.
 */
#ifndef MID_MAP_H
#define MID_MAP_H

#include <stddef.h>

struct err;
struct loop;
struct map;

struct map_result {
	char **texts;		/* one JSON text each */
	size_t n;
	int code;		/* 0 or -E_* with: */
	char message[400];
};

/* NAME.jq from the first of DIRS (separated by ':') that has it. */
int map_load(struct map **out, const char *dirs, const char *name, struct err *err);
void map_free(struct map *m);
/*
 * TEXT (swallowed) through the map; DONE on the loop with the result, borrowed,
 * unless the job was abandoned before. A map that never ends keeps its thread.
 */
typedef void map_done_fn(void *arg, const struct map_result *res);
struct map_job;
struct map_job *map_run_take(struct map *m, struct loop *loop, char *text, size_t len, map_done_fn *done, void *arg);
void map_job_abandon(struct map_job *j);	/* NULL is fine */
unsigned map_jobs(void);	/* at work now, abandoned ones too */
/* The same on this thread: map_result_fini(). */
void map_now(struct map *m, const char *text, size_t len, struct map_result *out);
void map_result_fini(struct map_result *res);

#endif

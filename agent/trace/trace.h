/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace - ended jobs as spans, for a collector that speaks OTLP over HTTP (trace.otlp).
 *
 * A guest on the road: a job is read back from the store once the instance has all of it, so no
 * stage waits for the collector, and none knows of it. What it cannot take waits in a queue of
 * fixed length; when that is full, the newest are left out and counted.
 */
#ifndef MID_TRACE_TRACE_H
#define MID_TRACE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct err;
struct trace;

#define TRACE_WAITING_MAX 2048	/* jobs, of some 400 bytes each */
#define TRACE_BATCH 100		/* jobs in one request */

struct trace_state {
	bool on;
	uint64_t sent, lost;		/* jobs: taken by the collector; left out */
	unsigned waiting;
	char trouble[200];		/* "" or what the collector said last */
};

/* *OUT is NULL where nobody is to be told; every function takes that. */
int trace_open(struct trace **out, struct agent *ag, struct err *err);
/* ID may have come to its end just now: it is looked up, and told if so. */
void trace_job(struct trace *t, const char *id);
/* One last request for what waits; DONE when it has been answered, or a moment later. */
void trace_flush(struct trace *t, void (*done)(void *arg), void *arg);
void trace_closing(struct trace *t);	/* while store and loop are still there */
void trace_close(struct trace *t);
void trace_state(const struct trace *t, struct trace_state *out);

/* Where a collector of this address takes traces; the caller's. */
char *trace_url(const char *url);

#endif

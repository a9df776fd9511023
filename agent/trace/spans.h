/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spans - an ended job as OTLP traces want it: a span from its row to its last answer, and one
 * inside for each part of its road.
 *
 *	job ─ claim ─ wait ─ run ─ seal ─ deliver
 *
 * All times are those the store has, so a job that was begun by an earlier life is whole too.
 * The ids are made of the job's: the same job told twice is the same trace, and the parts of a
 * discovery are in the trace of their discovery. No text that a target, a probe or a person has
 * written is in it.
 */
#ifndef MID_TRACE_SPANS_H
#define MID_TRACE_SPANS_H

#include <stdint.h>

struct job_row;
struct json_object;

/* What is kept of a job until it is sent. */
struct traced {
	char id[33], parent[33];	/* "" none, "-" the operator's */
	char topic[64], target[128];
	int class, partial, attempts, pages;
	int64_t created_ms, accepted_ms, started_ms, run_ms, finished_ms, delivered_ms;
};
void traced_of(struct traced *out, const struct job_row *row);

/* Whose spans they are: service.instance.id and its version. */
struct traced_by { const char *name, *version; };
/* One export request, of N jobs. The caller's. */
struct json_object *spans_request(const struct traced_by *by, const struct traced *jobs, unsigned n);

#endif

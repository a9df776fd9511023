/* SPDX-License-Identifier: Apache-2.0 */
/* own - jobs of our own making; see own.c. */
#ifndef MID_FLOW_OWN_H
#define MID_FLOW_OWN_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct flow;
struct job;
struct json_object;

struct own_job {
	const char *id;			/* 32 hex digits; the same again is the same job */
	const char *parent;		/* whose part it is, "-" the operator's */
	const char *topic, *name, *source, *correlator;
	int priority;
	struct json_object *params;	/* name -> string; borrowed */
};

/* 0: it is on its way, or was already. */
int own_begin(struct flow *f, const struct own_job *o, struct err *err);
bool job_is_own(const struct job *j);
bool job_has_parent(const struct job *j);
/* The parts of a discovery that wait or run are taken back. */
void flow_cancel_parts(struct flow *f, const char *parent, const char *why);
/* Whether job ID is still on its way. */
bool flow_has(const struct flow *f, const char *id);
/* What job ID, which runs, has noted as NAME; "" nothing. Borrowed. */
const char *flow_noted(const struct flow *f, const char *id, const char *name);
/* True: J, a part, has ended before its discovery has been read from the store: it waits, until flow_early_parts(). */
bool own_is_early(struct job *j);
void flow_early_parts(struct flow *f);
/* A Discover job has ended: TEXT (JSON) is its answer. */
void flow_own_end(struct job *j, const char *text, int class, const char *why);
/* Begins a Discover job in place of a run. */
void own_discover(struct job *j);
/* A piece of an own job's result. */
void own_piece(struct job *j, int kind, const void *data, size_t len);

#endif

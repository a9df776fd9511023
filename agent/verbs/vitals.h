/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vitals - what midd knows of itself at one moment; and the judgement made of
 * it, one row a rule (health.c). Taking and judging are two things, so that a
 * test can make up any day, good or bad.
 */
#ifndef MID_VERBS_VITALS_H
#define MID_VERBS_VITALS_H

#include <stdbool.h>
#include <stdint.h>

#include "instance/instance.h"
#include "os.h"
#include "store/store.h"
#include "trace/trace.h"

struct agent;
struct config;
struct json_object;

struct vitals {
	int64_t now;			/* loop time */
	int64_t up_ms;
	const struct config *config;
	struct instance_state instance;
	struct store_state store;
	struct os_usage usage;
	struct trace_state trace;
	const char *self_trouble;	/* "" registered and validated */
	const char *renew_trouble;	/* "" the last renewal of our certificate did not fail */
	const char *store_note;		/* NULL: nothing had to be repaired */
	bool probes_known;		/* a worker has said what it can do */
	unsigned workers;
	struct json_object *flow, *pool;	/* flow_state(), pool_state() */
	struct json_object *stats;	/* store_stats(); NULL when the store was silent */
};

void vitals_take(struct vitals *v, struct agent *ag);	/* without stats */
void vitals_fini(struct vitals *v);

/* [{id, severity, what, why, since_ms, command}], the worst first; the caller's. */
struct json_object *health_problems(const struct vitals *v);
/* "problem" one of them is an error, "partial" there are warnings, "healthy". */
const char *health_word(struct json_object *problems);

/* The answer of the verb status; the caller's. */
struct json_object *status_json(const struct vitals *v, const char *queue_name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * errors - one row for each class of failure: try again or not, after how
 * long, what it does to the target's breaker, and the words people see.
 *
 * Class numbers are those of enum mid_class in the probe ABI, which the agent
 * only knows as numbers on the wire; test/unit/agent/errors.c in the suite
 * holds the two together.
 */
#ifndef MID_FLOW_ERRORS_H
#define MID_FLOW_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

enum job_class {
	CLASS_OK = 0, CLASS_BAD_PARAM = 1, CLASS_UNREACHABLE = 2, CLASS_TIMEOUT = 3,
	CLASS_AUTH = 4, CLASS_NO_CREDENTIAL = 5, CLASS_PERMISSION = 6, CLASS_TARGET = 7,
	CLASS_POLICY = 8, CLASS_UNSUPPORTED = 9, CLASS_TOO_BIG = 10, CLASS_CANCELLED = 11,
	CLASS_INTERNAL = 12,
	CLASS_INTERRUPTED = 13,	/* ours from here on: we died in the middle, and it can't be repeated */
	CLASS_POISON = 14	/* it killed its worker too often */
};

struct error_class {
	int class;
	const char *name;	/* in JSON, logs and `midctl jobs` */
	const char *word;	/* error_class of the answer: Discovery's own where it has one, else ours; NULL: no error */
	int retries;		/* further runs of a repeatable probe */
	int64_t retry_ms;	/* before the first; doubles */
	bool trips;		/* counts against the target's breaker */
	const char *advice;	/* to the operator */
};

/* Never NULL: numbers nobody knows are "internal". */
const struct error_class *error_class(int class);
/* Many a sentence of policy begins with the name of its class, which a line may have already. Borrows MESSAGE. */
const char *error_without_class(int class, const char *message);

#endif

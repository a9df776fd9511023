/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job_step - what all steps of a job have in common: find it, check that the
 * step may be taken from where it stands, count it where it goes.
 */
#ifndef MID_STORE_JOB_STEP_H
#define MID_STORE_JOB_STEP_H

#include "store/inside.h"

/* What a step needs to know of its job before it writes. */
struct job_known {
	int64_t seq;
	int stage, class, pages, sent;
	bool own;			/* of our own making: parent */
};

#define STAGE_BIT(stage) (1u << (stage))
#define STAGES_OPEN (STAGE_BIT(STAGE_INTENT) | STAGE_BIT(STAGE_ACCEPTED) | STAGE_BIT(STAGE_STARTED) | STAGE_BIT(STAGE_SPOOLED))

/* 0, or refused: OP's job is not known, or not in one of STAGES. */
int job_find(struct db *db, struct op *op, unsigned stages, struct job_known *k);
int job_move(struct db *db, const struct job_known *k, int to);	/* in the tally; 0 */
int job_drop_results(struct db *db, int64_t seq);
/* Of db_run(): how many rows does not matter, only whether it worked. */
int job_count(int r);
struct op *job_op(const struct op_kind *kind, const char *id, store_done_fn *fn, void *arg);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - what a SystemCommand may ask of us: one row each (spec 8).
 */
#ifndef MID_FLOW_COMMANDS_H
#define MID_FLOW_COMMANDS_H

#include "buf.h"

struct ecc_row;
struct flow;

#define COMMAND_OUTPUT_MAX (64u * 1024)

typedef void command_after(struct flow *f);

struct command_result {
	int class;			/* enum job_class */
	char error[300];		/* one sentence, "" none */
	struct buf output;
	command_after *after;		/* when the instance has the answer; NULL nothing */
};

void command_do(struct flow *f, const struct ecc_row *row, struct command_result *res);

#endif

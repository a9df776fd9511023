/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program - a child process that is asked one thing: a text on its standard
 * input, its answer on standard output, then its end. It gets a minimal
 * environment and a time; what it says on standard error goes nowhere.
 */
#ifndef MID_PROGRAM_H
#define MID_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct loop;
struct program;

struct program_ask {
	const char *const *argv;	/* argv[0] an absolute path; ends with NULL */
	const void *line;		/* copied, wiped at the end */
	size_t line_len;
	size_t answer_max;
	int64_t ms;
};

/* ANSWER is borrowed and wiped after the call; R < 0: not started, too slow, too much, or a bad end. */
typedef void program_done_fn(void *arg, int r, struct buf *answer, const struct err *err);

/* DONE once, later. Never NULL. */
struct program *program_start(struct loop *loop, const struct program_ask *what, program_done_fn *done, void *arg);
void program_cancel(struct program *p);		/* killed; DONE is not called any more; NULL is fine */

#endif

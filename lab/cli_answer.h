/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_answer - the opened answers of one job made one: pages in order, what
 * the probe said, and how it ended.
 */
#ifndef LAB_CLI_ANSWER_H
#define LAB_CLI_ANSWER_H
#include <stdbool.h>

#include "util.h"

struct json_object;

struct cli_answer {
	struct text output;		/* all stdout and output elements */
	struct text complaint;		/* all stderr and error elements */
	struct text raw;		/* payloads as they are */
	char error[1024];		/* results@error, or error_string */
	char warning[1024];		/* results@warning: what is missing */
	char class[64];			/* results@error_class */
	int code;			/* results@result_code */
	bool partial;			/* something is missing, the rest is good */
	bool structured;		/* output or stdout was there */
	bool unreadable;		/* a page cannot be opened */
	int pages;			/* how many there are to be */
	int seen;			/* how many different ones are here */
};

/* RESULT is what GET /api/midlab/result/ID says. False when it is no such
 * thing. CLI_ANSWER_FINI in either case. */
bool cli_answer_read(struct cli_answer *a, struct json_object *result);
bool cli_answer_complete(const struct cli_answer *a);
bool cli_answer_good(const struct cli_answer *a);
void cli_answer_fini(struct cli_answer *a);
#endif

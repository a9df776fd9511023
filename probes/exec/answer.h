/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what a program says, a JSON object a line:
 *
 *	{"output":"text"} {"stdout":"text"} {"stderr":"text"} {"json":{...}}
 *	{"note":{"name":"...","value":"..."}} {"partial":"what is missing"}
 *	{"log":{"level":"warn","text":"..."}}
 *	{"error":{"class":"timeout","message":"..."}}
 */
#ifndef EXEC_ANSWER_H
#define EXEC_ANSWER_H

#include <midd/probe.h>

struct answer {
	const struct mid_host *host;
	struct mid_run *run;
	const char *program;	/* for messages */
	unsigned lines;
	bool json;		/* came: there is one document at most */
	bool error;		/* came: the run has failed, however the program ends */
};

/*
 * One line without its end. 0; MID_AGAIN with nothing done when it must be given
 * again later; <0 after host->fail() when it is no answer.
 */
int answer_line(struct answer *a, const char *line, size_t len);

#endif

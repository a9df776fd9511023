/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_args - options as rows, in any order among the other words: the row
 * parses, complains and makes the help.
 */
#ifndef LAB_CLI_ARGS_H
#define LAB_CLI_ARGS_H
#include <stdbool.h>
#include <stddef.h>

enum cli_kind {
	CLI_FLAG,		/* bool */
	CLI_TEXT,		/* const char * */
	CLI_NUMBER,		/* long, min to max */
	CLI_MAYBE_NUMBER,	/* long; stays when no number follows, but see at_set */
};

struct cli_option {
	const char *name;	/* "--limit" */
	enum cli_kind kind;
	void *at;
	long min, max;
	bool *at_set;		/* may be NULL: the option was there */
	const char *arg, *help;
};

struct cli_usage {
	const char *words;	/* "TABLE [QUERY]" */
	const char *examples;	/* whole lines */
	const struct cli_option *options;	/* ends with a NULL name */
};

/*
 * Words that are no options are moved to the front of ARGV and counted in
 * *REST; ARGV[0] is the command's name. 0 to go on; 1 when --help was given
 * and printed; 2 after complaining.
 */
int cli_parse(int argc, char **argv, const struct cli_usage *usage,
    int *rest);
int cli_usage(const char *command, const struct cli_usage *usage, int status);
#endif

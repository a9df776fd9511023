/* SPDX-License-Identifier: Apache-2.0 */
/* command - the line that a server's login shell gets for an SSHCommand. */
#ifndef MID_SSH_COMMAND_H
#define MID_SSH_COMMAND_H

#include <stdbool.h>

struct rise;

struct command_want {
	const char *text;		/* as the job names it; with ${NAME} and ${sudo:COMMAND} */
	const char *path;		/* PATH; NULL or "": as it is there */
	const char *path_override;	/* append:DIRS, prepend:DIRS, replace:DIRS; NULL none */
	bool sudo;			/* all of it as root */
	const char *(*param)(void *arg, const char *name);	/* what ${NAME} stands for; NULL: the shell's own */
	void *arg;
};

/* Does TEXT name ${sudo:...}? How often. */
unsigned command_rises(const char *text);
/* *WHY: a sentence when it gives NULL. RISE: how root is become, for those that want it. The caller's: free(). */
char *command_line(const struct command_want *w, const struct rise *rise, const char **why);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* command - the line that a server's login shell gets for an SSHCommand. */
#ifndef MID_SSH_COMMAND_H
#define MID_SSH_COMMAND_H

#include <stdbool.h>

struct command_want {
	const char *text;		/* as the job names it */
	const char *path;		/* PATH; NULL or "": as it is there */
	const char *path_override;	/* append:DIRS, prepend:DIRS, replace:DIRS; NULL none */
	bool sudo, keep_environment;
};

/* *WHY: a sentence when it gives NULL. The caller's: free(). */
char *command_line(const struct command_want *w, const char **why);

#endif

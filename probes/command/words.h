/* SPDX-License-Identifier: Apache-2.0 */
/* words - a command line as the words of an argv, without a shell. */
#ifndef MID_COMMAND_WORDS_H
#define MID_COMMAND_WORDS_H

#define WORDS_COUNT_MAX 200

/*
 * Blanks part words; '...' and "..." hold them together, a backslash outside of '...' takes the
 * next character as it is. What only a shell understands (pipes, variables, patterns, ...) is
 * refused where it is not quoted. *OUT ends with NULL, one block, the caller's: free(). NULL and *WHY.
 */
char **words_split(const char *line, const char **why);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* shell - the one place where a text becomes a word of a shell's command line. */
#ifndef MID_PROBES_SHELL_H
#define MID_PROBES_SHELL_H

/*
 * TEXT as one word of a POSIX shell, in single quotes; the caller's: free(). NULL: no memory. csh
 * reads it the same but for ! and line breaks: have it read by /bin/sh.
 */
char *shell_quote(const char *text);

#endif

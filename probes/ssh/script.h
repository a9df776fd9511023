/* SPDX-License-Identifier: Apache-2.0 */
/* script - what a Unix host runs for UnixFacts: the files and commands that its system's sections read. */
#ifndef MID_SSH_SCRIPT_H
#define MID_SSH_SCRIPT_H

#include <stdbool.h>

/* MARK is 32 hex digits that stand before each piece (facts/source_bundle.h). SUDO: what root
 * alone may run or read is asked by sudo -n, where it lets us without a password. The caller's: free(). */
char *script_of_facts(const char *mark, bool sudo);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern - an extended regular expression of a data file, compiled where it is
 * of a size that can be: regcomp() writes a repeat out, so that "((x{99}){99}){99}"
 * is a million states, and what follows what is written down for each.
 */
#ifndef MID_PATTERN_H
#define MID_PATTERN_H

#include <regex.h>

#define PATTERN_STATES_MAX 1000u

/*
 * How many states TEXT is written out to, at most PATTERN_STATES_MAX + 1. What is
 * no expression has a size too.
 */
unsigned pattern_states(const char *text);

/* As regcomp(3), of extended expressions. REG_ESPACE: more than PATTERN_STATES_MAX states. */
int pattern_compile(regex_t *re, const char *text, int flags);

#endif

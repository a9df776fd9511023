/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8 - one character at a time, strictly: no overlong forms, no surrogates,
 * nothing above U+10FFFF. For those who write text that others will parse.
 */
#ifndef MID_UTF8_H
#define MID_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD"	/* U+FFFD */

/*
 * Length (1..4) of the character that begins at P, of which LEFT > 0 bytes are
 * there; or -N: the first N bytes are no character and N is how many to skip.
 */
int utf8_next(const char *p, size_t left);
/*
 * Whether a terminal, or whoever shows it, may take the character of N bytes at P for an order: control characters (C0, DEL, C1),
 * and those that turn the direction of what follows, so that a name looks like another.
 */
bool utf8_steers(const char *p, int n);

#endif

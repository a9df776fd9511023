/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8 - one character at a time, strictly: no overlong forms, no surrogates,
 * nothing above U+10FFFF. For those who write text that others will parse.
 */
#ifndef MID_UTF8_H
#define MID_UTF8_H

#include <stddef.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD"	/* U+FFFD */

/*
 * Length (1..4) of the character that begins at P, of which LEFT > 0 bytes are
 * there; or -N: the first N bytes are no character and N is how many to skip.
 */
int utf8_next(const char *p, size_t left);

#endif

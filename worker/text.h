/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - what a probe says, made fit for a frame: valid UTF-8 of bounded
 * length, whatever bytes of a target are in it.
 */
#ifndef MID_TEXT_H
#define MID_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#define TEXT_MAX 8000

/* Cleans S in place: what is no UTF-8 becomes '?'; a character cut at the end goes. */
void text_clean(char *s);
/* As vsnprintf(3), cleaned. */
void text_format(char *out, size_t max, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str - walks text that somebody else owns: a pointer and a length, no copy.
 *
 * Every function takes the rest of the text by pointer and moves it on, so a
 * parser reads a file once, front to back, without a NUL and without malloc.
 */
#ifndef MID_COMMON_STR_H
#define MID_COMMON_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

struct str str_of(const char *s);	/* NULL is the empty string */

/* False at the end. A line comes without its newline, and may be empty. */
bool str_line(struct str *rest, struct str *line);

/* The next run of anything but blanks; false when there is none. */
bool str_word(struct str *rest, struct str *word);

/* What stands before SEP (which is swallowed), or all; false when empty. */
bool str_part(struct str *rest, char sep, struct str *part);

/* Splits at the first SEP, both sides trimmed; false without SEP. */
bool str_pair(struct str line, char sep, struct str *key, struct str *value);

struct str str_trim(struct str s);
struct str str_unquote(struct str s);	/* "x" or 'x' becomes x */
struct str str_skip(struct str s, size_t n);
struct str str_left(struct str s, size_t n);

bool str_eq(struct str s, const char *literal);
bool str_same(struct str a, struct str b);
bool str_starts(struct str s, const char *literal);
bool str_ends(struct str s, const char *literal);

/* Where C stands, or -1. */
long str_find(struct str s, char c);

/* The whole of S must be a number (blanks around it are fine), else false. */
bool str_u64(struct str s, int base, uint64_t *out);
bool str_i64(struct str s, int64_t *out);

/* The digits S starts with, as in "16384 kB". */
bool str_leading_u64(struct str s, uint64_t *out);
bool str_leading_double(struct str s, double *out);

/* Undoes \040 and the like, as the kernel writes blanks in names; into BUF, cut to fit. */
struct str str_octal(struct str s, char *buf, size_t size);

/* Copies with a NUL, cut to fit. */
void str_copy(char *to, size_t size, struct str s);

#endif

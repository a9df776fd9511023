/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fmt - figures as people say them: ages, sizes, counts; and foreign text made
 * safe for a terminal.
 */
#ifndef MIDCTL_FMT_H
#define MIDCTL_FMT_H

#include <stddef.h>
#include <stdint.h>

struct buf;

#define FMT_MAX 64

/* Each writes to OUT and returns it. */
const char *fmt_age(char out[FMT_MAX], int64_t ms);	/* "41 ms", "1.2 s", "12 min", "12 d" */
const char *fmt_bytes(char out[FMT_MAX], int64_t n);	/* "12 kB", "7.4 MB" */
const char *fmt_count(char out[FMT_MAX], int64_t n);	/* "4,118" */
const char *fmt_clock(char out[FMT_MAX], int64_t ms);	/* wall clock: "09:12:04.120"; with the date when not today */

/* Appends LEN bytes of TEXT with what is not UTF-8, and NUL, as U+FFFD: fit for JSON. */
void put_text(struct buf *b, const char *text, size_t len);
/* Appends at most COLS characters of TEXT; control characters and broken UTF-8 become "?". */
void put_clean(struct buf *b, const char *text, size_t cols);
/* The same, filled up with blanks to COLS. */
void put_column(struct buf *b, const char *text, size_t cols);
size_t columns_of(const char *text);			/* characters, after cleaning */

#endif

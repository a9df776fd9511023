/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf - bytes that grow up to a ceiling given at birth.
 *
 * For everything whose size another party chooses. data is always followed by
 * a NUL that len does not count, so text can be read in place.
 */
#ifndef MID_BUF_H
#define MID_BUF_H

#include <stddef.h>

struct buf {
	char *data;		/* NULL while empty */
	size_t len, cap, max;
};

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);			/* frees; b may be used again */
void buf_wipe(struct buf *b);			/* the same, after zeroing */
void buf_clear(struct buf *b);			/* keeps the memory */
/* 0, or -E_FULL with nothing added when the ceiling would be passed. */
int buf_put(struct buf *b, const void *p, size_t n);
int buf_puts(struct buf *b, const char *s);
int buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for N more bytes at the end, to be counted with b->len += used. NULL at the ceiling. */
char *buf_room(struct buf *b, size_t n);
void buf_drop(struct buf *b, size_t n);		/* N bytes off the front */
const char *buf_str(const struct buf *b);	/* never NULL */
/* Swallows the bytes: the caller's to free(). Never NULL. */
char *buf_take(struct buf *b, size_t *len);

#endif

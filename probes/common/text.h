/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - an answer being written: grows up to a ceiling, then is emitted piece
 * by piece. Foreign bytes become valid UTF-8 that XML and JSON may hold.
 */
#ifndef MID_COMMON_TEXT_H
#define MID_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "midd/probe.h"

struct text {
	char *data;
	size_t n, room, max, told;
	bool full;		/* something did not fit: what is there is cut */
};

void text_init(struct text *t, size_t max);
void text_fini(struct text *t);
void text_put(struct text *t, const char *s);
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_xml(struct text *t, const char *s);		/* escaped */
void text_json(struct text *t, const char *s);		/* escaped, in quotes */
/* Room for N more bytes at the end, to be written and then text_add()ed; NULL: full. */
char *text_need(struct text *t, size_t n);
void text_add(struct text *t, size_t n);
/* The digits of V at OUT, 20 at most. Returns the end. */
char *digits_put(char *out, uint64_t v);
/* 0 all is out, and its room is free again; MID_AGAIN; <0 after fail(). */
int text_emit(struct text *t, const struct mid_host *h, struct mid_run *run, enum mid_kind kind);

/* Could all of it be text? Zeros at the end do not count. */
bool text_is(const unsigned char *p, size_t n);
/* As UTF-8 without control characters that XML refuses, cut to ROOM, with a NUL; zeros at the end are left
 * out, what is no UTF-8 is taken for Latin-1. Returns its length. */
size_t text_clean(const unsigned char *p, size_t n, char *out, size_t room);

#endif

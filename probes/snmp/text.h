/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - an answer being written: grows up to a ceiling, then is emitted piece
 * by piece. Foreign bytes become valid UTF-8 that XML and JSON may hold.
 */
#ifndef MID_SNMP_TEXT_H
#define MID_SNMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "midd/probe.h"
#include "varbind.h"

#define VALUE_TEXT_MAX 4096u	/* of one value: more is cut */

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
/* 0 all is out; MID_AGAIN; <0 after fail(). */
int text_emit(struct text *t, const struct mid_host *h, struct mid_run *run, enum mid_kind kind);

/* The value as a person reads it: text as it is, other bytes as 00:1b:..; cut to ROOM, with its NUL. Returns its length. */
size_t value_text(const struct varbind *vb, char *out, size_t room);
/* Could all of it be text? */
bool value_is_text(const unsigned char *p, size_t n);
const char *value_type(enum vb_type type);	/* "OCTET STRING" */

#endif

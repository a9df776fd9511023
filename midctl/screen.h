/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - where a command draws: how wide, whether in colour, whether with
 * signs beyond ASCII. Text goes to a buffer, so that a test sees what a
 * person would.
 */
#ifndef MIDCTL_SCREEN_H
#define MIDCTL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum paint { PAINT_NONE, PAINT_GOOD, PAINT_WARN, PAINT_BAD, PAINT_DIM, PAINT_BOLD };

struct screen {
	struct buf out;
	unsigned width, height;
	bool colour, utf8;
	size_t column;		/* characters in the line being written */
	unsigned lines;		/* whole ones */
};

void screen_init(struct screen *sc, bool colour, bool utf8);	/* 80 x 24 */
void screen_of_terminal(struct screen *sc);	/* as standard output is */
void screen_fini(struct screen *sc);
void screen_show(struct screen *sc);		/* to standard output; empties it */

void put(struct screen *sc, enum paint paint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void put_cell(struct screen *sc, enum paint paint, const char *text, size_t cols);
void put_line(struct screen *sc);		/* ends the line */
void put_to_column(struct screen *sc, size_t column);	/* blanks up to there */
/* TEXT from here on, broken between words at the right edge; further lines begin at INDENT. */
void put_wrapped(struct screen *sc, enum paint paint, const char *text, size_t indent, unsigned lines_max);
/* "-> COMMAND", on the next line at INDENT when it has no room in this one. */
void put_pointer(struct screen *sc, const char *command, size_t indent);
const char *sign_dot(const struct screen *sc);

#endif

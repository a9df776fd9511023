/* SPDX-License-Identifier: Apache-2.0 */
/* screen - see screen.h. */
#include "screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fmt.h"
#include "os.h"

#define SCREEN_MAX (4u << 20)

static const char *const paints[] = {
	[PAINT_NONE] = "", [PAINT_GOOD] = "\033[32m", [PAINT_WARN] = "\033[33m",
	[PAINT_BAD] = "\033[31m", [PAINT_DIM] = "\033[2m", [PAINT_BOLD] = "\033[1m",
};

void
screen_init(struct screen *sc, bool colour, bool utf8)
{
	memset(sc, 0, sizeof(*sc));
	buf_init(&sc->out, SCREEN_MAX);
	sc->width = 80;
	sc->height = 24;
	sc->colour = colour;
	sc->utf8 = utf8;
}

void
screen_of_terminal(struct screen *sc)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	bool tty = isatty(STDOUT_FILENO) == 1;
	unsigned columns, rows;

	screen_init(sc, tty && (no_colour == NULL || *no_colour == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0, os_term_utf8());
	if (tty && os_term_size(&columns, &rows) && columns >= 60) {
		sc->width = columns > 160 ? 160 : columns;
		sc->height = rows > 10 ? rows : 24;
	}
}

void
screen_fini(struct screen *sc)
{
	buf_fini(&sc->out);
}

void
screen_show(struct screen *sc)
{
	fwrite(buf_str(&sc->out), 1, sc->out.len, stdout);
	buf_clear(&sc->out);
	sc->column = sc->lines = 0;
}

static void
begin_paint(struct screen *sc, enum paint paint)
{
	if (sc->colour && paint != PAINT_NONE)
		(void)buf_puts(&sc->out, paints[paint]);
}

static void
end_paint(struct screen *sc, enum paint paint)
{
	if (sc->colour && paint != PAINT_NONE)
		(void)buf_puts(&sc->out, "\033[0m");
}

void
put(struct screen *sc, enum paint paint, const char *fmt, ...)
{
	char text[1024];
	size_t room = sc->width > sc->column ? sc->width - sc->column : 0;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	begin_paint(sc, paint);
	put_clean(&sc->out, text, room);
	end_paint(sc, paint);
	sc->column += columns_of(text) < room ? columns_of(text) : room;
}

void
put_cell(struct screen *sc, enum paint paint, const char *text, size_t cols)
{
	size_t room = sc->width > sc->column ? sc->width - sc->column : 0;

	if (cols > room)
		cols = room;
	begin_paint(sc, paint);
	put_column(&sc->out, text, cols);
	end_paint(sc, paint);
	sc->column += cols;
}

void
put_line(struct screen *sc)
{
	/* Blanks at the end would only break lines on narrow terminals. */
	while (sc->out.len > 0 && sc->out.data[sc->out.len - 1] == ' ')
		sc->out.data[--sc->out.len] = '\0';
	(void)buf_puts(&sc->out, "\n");
	sc->column = 0;
	sc->lines++;
}

void
put_to_column(struct screen *sc, size_t column)
{
	for (; sc->column < column; sc->column++)
		(void)buf_puts(&sc->out, " ");
}

static void
put_word(struct screen *sc, enum paint paint, const char *word, size_t n)
{
	char text[512];

	snprintf(text, sizeof(text), "%.*s", (int)(n < sizeof(text) - 1 ? n : sizeof(text) - 1), word);
	put(sc, paint, "%s", text);
}

void
put_wrapped(struct screen *sc, enum paint paint, const char *text, size_t indent, unsigned lines_max)
{
	unsigned last = sc->lines + lines_max - 1;
	bool first = true;
	size_t n, edge;

	while (*(text += strspn(text, " \n")) != '\0') {
		n = strcspn(text, " \n");
		edge = sc->width;	/* in the last line, room is kept for a sign that there is more */
		if (sc->lines >= last && sc->column + 1 + columns_of(text) > edge)
			edge -= 3;
		if (!first && sc->column + 1 + n > edge) {
			if (sc->lines >= last) {
				put(sc, paint, " ..");
				return;
			}
			put_line(sc);
			put_to_column(sc, indent);
		} else if (!first) {
			put(sc, PAINT_NONE, " ");
		}
		put_word(sc, paint, text, n);
		first = false;
		text += n;
	}
}

void
put_pointer(struct screen *sc, const char *command, size_t indent)
{
	const char *arrow = sc->utf8 ? "\xE2\x86\x92" : "->";

	if (sc->column + 2 + columns_of(arrow) + 1 + columns_of(command) > sc->width) {
		put_line(sc);
		put_to_column(sc, indent);
	} else {
		put(sc, PAINT_NONE, "  ");
	}
	put(sc, PAINT_DIM, "%s %s", arrow, command);
}

const char *
sign_dot(const struct screen *sc)
{
	return sc->utf8 ? "\xE2\x97\x8F" : "*";
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_screen - rows in columns that are as wide as they must be and together
 * no wider than the screen.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli_call.h"
#include "util.h"

#define COLUMNS_MAX 64
#define NO_SCREEN 132		/* a file or a pipe */

static size_t
screen_width(void)
{
	const char *set = getenv("COLUMNS");
	struct winsize w;

	if (isatty(STDOUT_FILENO) &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		return w.ws_col;
	return set != NULL && atoi(set) >= 20 ? (size_t)atoi(set) : NO_SCREEN;
}

/* Characters, not bytes; wide ones count as one. */
static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* The column that gives way: the widest one. */
static size_t
widest(const size_t *widths, size_t count)
{
	size_t i, at = 0;

	for (i = 1; i < count; i++)
		if (widths[i] > widths[at])
			at = i;
	return at;
}

static void
measure(struct json_object *rows, const char *const *columns, size_t count,
    size_t *widths)
{
	size_t i, k, sum = 0, w, room = screen_width();

	for (k = 0; k < count; k++) {
		widths[k] = width_of(columns[k]);
		for (i = 0; i < json_object_array_length(rows); i++) {
			w = width_of(json_str(json_object_array_get_idx(rows,
			    i), columns[k], ""));
			widths[k] = w > widths[k] ? w : widths[k];
		}
		sum += widths[k] + 2;
	}
	for (; sum > room + 2; sum--) {
		k = widest(widths, count);
		if (widths[k] <= 6)
			break;
		widths[k]--;
	}
}

/*
 * Bytes of a character at S that would steer the terminal, or turn the direction
 * of what follows: C0, DEL, C1 (U+0080 and on) and the marks of U+200E, U+202A,
 * U+2066 and on. 0: it is none.
 */
static size_t
steers(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] < 0x20 || u[0] == 0x7f)
		return 1;
	if (u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0)
		return 2;
	if (u[0] != 0xe2)
		return 0;
	return (u[1] == 0x80 && (u[2] == 0x8e || u[2] == 0x8f ||
	    (u[2] >= 0xaa && u[2] <= 0xae))) ||
	    (u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9) ? 3 : 0;
}

/* Foreign text does not steer the terminal. */
static void
print_cell(const char *s, size_t width, int last)
{
	size_t room = width, cut = width_of(s) > width, skip;

	for (; *s != '\0' && (room > cut ||
	    ((unsigned char)*s & 0xc0) == 0x80); s++) {
		room -= ((unsigned char)*s & 0xc0) != 0x80;
		skip = steers(s);
		putchar(skip > 0 ? ' ' : *s);
		s += skip > 1 ? skip - 1 : 0;
	}
	if (cut) {
		fputs("…", stdout);
		room--;
	}
	if (!last)
		printf("%*s", (int)room + 2, "");
}

void
cli_print_rows(struct json_object *rows, const char *const *columns,
    size_t count)
{
	size_t widths[COLUMNS_MAX], i, k;

	count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
	if (count == 0)
		return;
	measure(rows, columns, count, widths);
	for (k = 0; k < count; k++)
		print_cell(columns[k], widths[k], k + 1 == count);
	putchar('\n');
	for (i = 0; i < json_object_array_length(rows); i++) {
		for (k = 0; k < count; k++)
			print_cell(json_str(json_object_array_get_idx(rows, i),
			    columns[k], ""), widths[k], k + 1 == count);
		putchar('\n');
	}
}

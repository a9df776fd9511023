/* SPDX-License-Identifier: Apache-2.0 */
/* columns - see columns.h. */
#include "formats/columns.h"

#include <stdio.h>
#include <string.h>

struct word { struct str s; size_t at, end; };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next run of LINE without GAP blanks in it; *POS counts the characters before the rest. */
static bool
next_word(struct str *line, size_t *pos, size_t gap, struct word *out)
{
	size_t i = 0, blanks = 0, end = 0;
	struct word w;

	while (i < line->n && is_blank(line->p[i]))
		i++;
	if (i == line->n)
		return false;
	*pos += i;
	*line = str_skip(*line, i);
	w.at = *pos;
	for (i = 0; i < line->n && blanks < gap; i++) {
		blanks = is_blank(line->p[i]) ? blanks + 1 : 0;
		if (((unsigned char)line->p[i] & 0xc0) != 0x80)
			(*pos)++;
		if (blanks == 0)
			end = i + 1;
	}
	w.end = *pos - (i - end);
	w.s = str_left(*line, end);
	*line = str_skip(*line, i);
	*out = w;
	return true;
}

bool
columns_of(struct columns *c, struct str heading, size_t gap)
{
	struct word w;
	size_t pos = 0;

	c->n = 0;
	while (c->n < COLUMNS_MAX && next_word(&heading, &pos, gap, &w)) {
		key_of(w.s, c->at[c->n].name, PUT_KEY_MAX);
		c->at[c->n].at = w.at;
		c->at[c->n++].end = w.end;
	}
	return c->n > 0;
}

void
columns_rename(struct columns *c, const char *name, const char *key)
{
	unsigned i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->at[i].name, name) == 0)
			snprintf(c->at[i].name, PUT_KEY_MAX, "%s", key);
}

/* Below which heading: one it is flush with, else one it touches, else the one to its left. FROM are taken. */
static unsigned
column_of(const struct columns *c, const struct word *w, unsigned from)
{
	unsigned i, left = from;

	for (i = from; i < c->n; i++)
		if (w->at == c->at[i].at || w->end == c->at[i].end)
			return i;
	for (i = from; i < c->n; i++)
		if (w->at < c->at[i].end && w->end > c->at[i].at)
			return i;
	for (i = from; i < c->n; i++)
		if (c->at[i].at <= w->at)
			left = i;
	return left;
}

void
columns_cells(const struct columns *c, struct str line, struct str *cells)
{
	struct str rest = line, all = str_trim(line);
	unsigned i, now = 0;
	size_t pos = 0;
	struct word w;

	for (i = 0; i < c->n; i++)
		cells[i] = (struct str){ "", 0 };
	while (c->n > 0 && next_word(&rest, &pos, 1, &w)) {
		now = column_of(c, &w, now);
		if (now + 1 == c->n) {
			if (cells[now].n == 0)
				cells[now] = from_to(w.s.p, all.p + all.n);
			return;
		}
		cells[now] = cells[now].n == 0 ? w.s : from_to(cells[now].p, w.s.p + w.s.n);
	}
}

unsigned
columns_words(const struct columns *c, struct str line, struct str *cells)
{
	unsigned i, n = 0;

	for (i = 0; i < c->n; i++)
		cells[i] = (struct str){ "", 0 };
	while (n + 1 < c->n && str_word(&line, &cells[n]))
		n++;
	if (n + 1 == c->n) {
		cells[n] = str_trim(line);
		n += cells[n].n > 0;
	}
	return n;
}

void
columns_put(const struct columns *c, const struct str *cells, const struct field *kinds, enum field_kind other,
    struct json_object *o)
{
	unsigned i;

	for (i = 0; i < c->n; i++)
		put_value(o, str_of(c->at[i].name), kind_of(kinds, c->at[i].name, other), cells[i]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* spec - see spec.h. */
#include "spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

struct reader {
	struct spec *spec;
	const struct names *names;
	char *why;
	size_t room;
};

static int
wrong(struct reader *r, const char *what, struct str where)
{
	snprintf(r->why, r->room, "oid_spec_list: %s: %.*s", what, (int)(where.n < 100 ? where.n : 100), where.p);
	return -1;
}

static const struct { const char *word; enum spec_kind kind; } kinds[] = {
	{ "walk", SPEC_WALK }, { "get", SPEC_GET }, { "table", SPEC_TABLE },
};

static void
name_it(const struct names *names, const struct oid *oid, char out[NAME_MAX_LEN])
{
	unsigned n = names_of(names, oid->id, oid->n, out);

	if (n == 0)
		snprintf(out, NAME_MAX_LEN, "object");
	else if (n < oid->n && strlen(out) + 12 < NAME_MAX_LEN)
		snprintf(out + strlen(out), 12, ".%u", oid->id[oid->n - 1]);
}

/* "(=v)", "(!=v)", "(#v)". */
static int
read_filter(struct reader *r, struct str text, struct spec_child *c)
{
	struct str v = str_left(text, text.n - 1);

	if (str_starts(v, "!="))
		c->filter = FILTER_IS_NOT, v = str_skip(v, 2);
	else if (str_starts(v, "="))
		c->filter = FILTER_IS, v = str_skip(v, 1);
	else if (str_starts(v, "#"))
		c->filter = FILTER_HAS, v = str_skip(v, 1);
	else
		return wrong(r, "a filter is (=value), (!=value) or (#part)", text);
	str_copy(c->value, sizeof(c->value), v);
	return 0;
}

/* "ifDescr", "ifEntry.ifDescr", "ifEntry.2", "1.2", "2"; what is only a number stands below the entry. */
static int
child_oid(struct reader *r, const struct spec_line *l, struct str name, struct oid *out)
{
	const uint32_t entry = 1;
	struct oid tail;

	if (name.n > 0 && isdigit((unsigned char)name.p[0]) && !str_starts(name, "1.3.6.1.")) {
		if (oid_read(name.p, name.n, &tail) < 0)
			return wrong(r, "not a child", name);
		*out = l->oid;
		if (l->kind == SPEC_TABLE && tail.n == 1 && oid_append(out, &entry, 1) < 0)
			return wrong(r, "too long", name);
		return oid_append(out, tail.id, tail.n) < 0 ? wrong(r, "too long", name) : 0;
	}
	return names_find(r->names, name.p, name.n, out) < 0 ? wrong(r, "no such name is known", name) : 0;
}

static bool
stands_there(const struct reader *r, const struct spec_line *l, const struct oid *oid)
{
	const struct spec_child *c = r->spec->children + l->first;
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (oid_cmp(c[i].oid.id, c[i].oid.n, oid->id, oid->n) == 0)
			return true;
	return false;
}

static int
add_column(struct reader *r, struct spec_line *l, struct str name, struct str filter)
{
	struct spec_child *c = &r->spec->children[r->spec->nchildren];

	if (r->spec->nchildren == SPEC_CHILDREN_MAX)
		return wrong(r, "too many names", name);
	*c = (struct spec_child){ 0 };
	if (child_oid(r, l, name, &c->oid) < 0 || (filter.n > 0 && read_filter(r, filter, c) < 0))
		return -1;
	c->again = l->kind == SPEC_TABLE && stands_there(r, l, &c->oid);
	name_it(r->names, &c->oid, c->name);
	r->spec->nchildren++;
	l->n++;
	return 0;
}

/* Where the bracket ends that S begins with, or the first C outside of all of them. S.n: nowhere. */
static size_t
end_of(struct str s, char c)
{
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == c && depth == (c == ')' ? 1 : 0))
			break;
		if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && depth > 0)
			depth--;
	}
	return i;
}

/* "ifType", "ifType(=6)", "ifType(=6)(=117)". */
static int
add_child(struct reader *r, struct spec_line *l, struct str text)
{
	long open = str_find(text, '(');
	size_t close;
	struct str name = str_trim(open < 0 ? text : str_left(text, (size_t)open)), filter, rest;

	if (open < 0)
		return add_column(r, l, name, str_of(""));
	for (rest = str_skip(text, (size_t)open); rest.n > 0; rest = str_trim(rest)) {
		close = end_of(rest, ')');
		if (rest.p[0] != '(' || close == rest.n)
			return wrong(r, rest.p[0] == '(' ? "a filter without its end" : "a filter is (=value), (!=value) or (#part)", text);
		filter = str_skip(str_left(rest, close + 1), 1);
		if (add_column(r, l, name, str_trim(filter)) < 0)
			return -1;
		rest = str_skip(rest, close + 1);
	}
	return 0;
}

static int
read_children(struct reader *r, struct spec_line *l, struct str rest)
{
	struct str part;
	size_t i;

	while (rest.n > 0) {		/* what a filter wants may have a comma in it */
		i = end_of(rest, ',');
		part = str_trim(str_left(rest, i));
		rest = str_skip(rest, i < rest.n ? i + 1 : i);
		if (part.n > 0 && add_child(r, l, part) < 0)
			return -1;
	}
	return 0;
}

static int
read_line(struct reader *r, struct str line)
{
	struct spec_line *l = &r->spec->lines[r->spec->nlines];
	struct str rest = line, word, oid;
	size_t i;

	*l = (struct spec_line){ .first = r->spec->nchildren };
	if (!str_word(&rest, &word))
		return 0;
	for (i = 0; i < 3 && !str_eq(word, kinds[i].word); i++)
		;
	if (i == 3)
		return wrong(r, "a line begins with walk, table or get", line);
	l->kind = kinds[i].kind;
	if (l->kind == SPEC_GET) {
		if (read_children(r, l, rest) < 0)
			return -1;
	} else {
		if (!str_word(&rest, &oid) || names_find(r->names, oid.p, oid.n, &l->oid) < 0)
			return wrong(r, "no such name is known", line);
		name_it(r->names, &l->oid, l->name);
		if (read_children(r, l, rest) < 0)
			return -1;
	}
	if (l->kind != SPEC_WALK && l->n == 0)
		return wrong(r, "which children?", line);
	r->spec->nlines++;
	return 0;
}

/* One more than there are, MAX at most. */
static size_t
count(const char *text, char c, size_t max)
{
	size_t n = 1;

	for (; n < max && (text = strchr(text, c)) != NULL; text++)
		n++;
	return n;
}

int
spec_read(struct spec *s, const struct names *names, const char *text, char *why, size_t room)
{
	struct reader r = { s, names, why, room };
	struct str rest = str_of(text), line;
	size_t i;

	*s = (struct spec){ 0 };
	s->lines = calloc(count(text, '\n', SPEC_LINES_MAX), sizeof(*s->lines));
	s->children = calloc(count(text, '\n', SPEC_LINES_MAX) + count(text, ',', SPEC_CHILDREN_MAX) + count(text, '(', SPEC_CHILDREN_MAX) + 1, sizeof(*s->children));
	if (s->lines == NULL || s->children == NULL)
		return wrong(&r, "out of memory", line = str_of(""));
	while (str_line(&rest, &line)) {
		for (i = 0; i + 1 < line.n; i++)
			if (line.p[i] == '/' && line.p[i + 1] == '/')
				line.n = i;
		if (s->nlines == SPEC_LINES_MAX)
			return wrong(&r, "too many lines", line);
		if (read_line(&r, str_trim(line)) < 0)
			return -1;
	}
	return s->nlines == 0 ? wrong(&r, "there is nothing in it", str_of("")) : 0;
}

int
spec_flatten(struct spec *s)
{
	struct spec_line *lines = calloc(s->nlines + s->nchildren, sizeof(*lines));
	unsigned i, k, n = 0;

	if (lines == NULL)
		return -1;
	for (i = 0; i < s->nlines; i++) {
		if (s->lines[i].kind != SPEC_TABLE)
			lines[n++] = s->lines[i];
		for (k = 0; s->lines[i].kind == SPEC_TABLE && k < s->lines[i].n; k++)
			lines[n++] = (struct spec_line){ .kind = SPEC_WALK, .oid = s->children[s->lines[i].first + k].oid };
	}
	free(s->lines);
	s->lines = lines;
	s->nlines = n;
	return 0;
}

void
spec_free(struct spec *s)
{
	free(s->lines);
	free(s->children);
	*s = (struct spec){ 0 };
}

bool
spec_fits(const struct spec_child *c, const char *value)
{
	switch (c->filter) {
	case FILTER_IS: return strcmp(value, c->value) == 0;
	case FILTER_IS_NOT: return strcmp(value, c->value) != 0;
	case FILTER_HAS: return strstr(value, c->value) != NULL;
	default: return true;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read - see read.h. libyaml's events, one handler each. */
#include "read.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "err.h"
#include "options.h"

#define DEPTH_MAX 3
#define KEY_MAX 64

struct reader {
	const char *file;
	read_fn *fn;
	void *arg;

	int depth;			/* mappings open */
	size_t begin[DEPTH_MAX + 1];	/* length of key before each mapping's own part */
	char key[KEY_MAX * 2];		/* "poll.min" */
	int key_line;
	bool have_key;			/* the next event is its value */
	bool ended;			/* one document is over */
	struct { char key[KEY_MAX * 2]; int line; } seen[OPTIONS_MAX * 2];
	size_t nseen;
};

static int
no(struct reader *rd, const yaml_event_t *ev, struct err *err, const char *text)
{
	return err_set(err, E_BAD, "%s:%zu: %s%s%s", rd->file, ev->start_mark.line + 1,
	    rd->key, rd->key[0] ? ": " : "", text);
}

/* Each key once: of two values the reader of the file sees the one, midd takes the other. */
static int
note_seen(struct reader *rd, int line, struct err *err)
{
	size_t i;

	for (i = 0; i < rd->nseen; i++)
		if (strcmp(rd->seen[i].key, rd->key) == 0)
			return err_set(err, E_BAD, "%s:%d: %s is there twice, first in line %d: take one out",
			    rd->file, line, rd->key, rd->seen[i].line);
	if (rd->nseen == sizeof(rd->seen) / sizeof(rd->seen[0]))
		return err_set(err, E_BAD, "%s:%d: more options than there are", rd->file, line);
	memcpy(rd->seen[rd->nseen].key, rd->key, sizeof(rd->key));
	rd->seen[rd->nseen++].line = line;
	return 0;
}

static int
no_such_section(struct reader *rd, int line, struct err *err)
{
	const struct option *o;
	char list[200] = "";
	size_t n = 0, len;

	for (o = config_options; o->key != NULL; o++) {
		len = strcspn(o->key, ".");
		if (o->key[len] == '\0' || (o > config_options && strncmp(o[-1].key, o->key, len + 1) == 0))
			continue;
		n += (size_t)snprintf(list + n, n < sizeof(list) ? sizeof(list) - n : 0, "%s%.*s",
		    n ? ", " : "", (int)len, o->key);
	}
	return err_set(err, E_BAD, "%s:%d: %s is no section; there are %s", rd->file, line, rd->key, list);
}

static int
no_such_option(struct reader *rd, int line, struct err *err)
{
	const char *near = option_nearest(rd->key);

	if (near != NULL)
		return err_set(err, E_BAD, "%s:%d: %s is no option; did you mean %s?", rd->file, line, rd->key, near);
	return err_set(err, E_BAD, "%s:%d: %s is no option; midd.yaml(5) lists them all", rd->file, line, rd->key);
}

static int
take_key(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	const char *s = (const char *)ev->data.scalar.value;
	size_t n = ev->data.scalar.length, at = rd->begin[rd->depth];
	size_t i;

	rd->key[at] = '\0';
	if (n == 0 || n >= KEY_MAX)
		return no(rd, ev, err, "a key of no or more than 63 letters");
	for (i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || (unsigned char)s[i] >= 127)
			return no(rd, ev, err, "a key may hold only letters, digits and _");
	if (at + n + 2 > sizeof(rd->key))
		return no(rd, ev, err, "keys within keys: too long");
	if (at > 0)
		rd->key[at++] = '.';
	memcpy(rd->key + at, s, n);
	rd->key[at + n] = '\0';
	rd->have_key = true;
	rd->key_line = (int)ev->start_mark.line + 1;
	return note_seen(rd, rd->key_line, err);
}

static int
take_value(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	const char *s = (const char *)ev->data.scalar.value;
	const struct option *o = option_find(rd->key);
	int line = (int)ev->start_mark.line + 1;
	bool plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	rd->have_key = false;
	if (o == NULL && option_section(rd->key)) {
		if (plain && ev->data.scalar.length == 0)
			return 0;	/* a section in which all is commented out */
		return no(rd, ev, err, "is a section: its options go below it, indented");
	}
	if (o == NULL)
		return no_such_option(rd, line, err);
	if (strlen(s) != ev->data.scalar.length)
		return no(rd, ev, err, "the value holds a NUL");
	if (plain && *s == '\0')
		return no(rd, ev, err, "has no value: write one, or \"\" for none, or take the line out");
	if (rd->fn(rd->arg, o, s, line, err) < 0)
		return err_in(err, "%s:%d: %s", rd->file, line, rd->key);
	return 0;
}

static int
on_scalar(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	if (ev->data.scalar.anchor != NULL)
		return no(rd, ev, err, "anchors (&name) are not understood here");
	if (ev->data.scalar.tag != NULL)
		return no(rd, ev, err, "tags (!name) are not understood here");
	if (rd->depth == 0) {
		if (ev->data.scalar.length == 0)
			return 0;	/* a file of comments */
		return no(rd, ev, err, "expected option: value");
	}
	return rd->have_key ? take_value(rd, ev, err) : take_key(rd, ev, err);
}

static int
on_mapping(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	if (ev->data.mapping_start.anchor != NULL)
		return no(rd, ev, err, "anchors (&name) are not understood here");
	if (ev->data.mapping_start.tag != NULL)
		return no(rd, ev, err, "tags (!name) are not understood here");
	if (rd->depth > 0 && !rd->have_key)
		return no(rd, ev, err, "a mapping cannot be a key");
	if (rd->depth == DEPTH_MAX)
		return no(rd, ev, err, "nested too deep");
	if (rd->depth > 0) {
		if (option_find(rd->key) != NULL)
			return no(rd, ev, err, "takes one value, not further options");
		if (!option_section(rd->key))
			return no_such_section(rd, rd->key_line, err);
	}
	rd->have_key = false;
	rd->depth++;
	rd->begin[rd->depth] = strlen(rd->key);
	return 0;
}

static int
on_mapping_end(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	size_t at;

	(void)ev;
	(void)err;
	rd->depth--;
	at = rd->begin[rd->depth];
	rd->key[at] = '\0';
	return 0;
}

static int
on_sequence(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	return no(rd, ev, err, rd->key[0] == '\0' ? "expected option: value, not a list" : "takes one value, not a list");
}

static int
on_alias(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	return no(rd, ev, err, "aliases (*name) are not understood here");
}

static int
on_document(struct reader *rd, const yaml_event_t *ev, struct err *err)
{
	rd->key[0] = '\0';
	if (rd->ended)
		return no(rd, ev, err, "a second document begins (---): only one is read");
	rd->ended = true;
	return 0;
}

typedef int event_fn(struct reader *rd, const yaml_event_t *ev, struct err *err);
static event_fn *const handlers[YAML_MAPPING_END_EVENT + 1] = {
	[YAML_DOCUMENT_START_EVENT] = on_document,
	[YAML_SCALAR_EVENT] = on_scalar,
	[YAML_MAPPING_START_EVENT] = on_mapping,
	[YAML_MAPPING_END_EVENT] = on_mapping_end,
	[YAML_SEQUENCE_START_EVENT] = on_sequence,
	[YAML_ALIAS_EVENT] = on_alias,
};

static int
not_yaml(const struct reader *rd, const yaml_parser_t *p, struct err *err)
{
	const char *problem = p->problem ? p->problem : "cannot be read";
	const char *hint = "";
	size_t line = (p->problem_mark.line > 0 ? p->problem_mark.line : p->mark.line) + 1;

	if (strstr(problem, "end of stream") != NULL && p->context != NULL && strstr(p->context, "quoted scalar") != NULL)
		return err_set(err, E_BAD, "%s:%zu: not YAML: the quotes opened here are never closed",
		    rd->file, p->context_mark.line + 1);

	if (strstr(problem, "cannot start any token") != NULL)
		hint = " (a tab? indent with blanks)";
	else if (strstr(problem, "mapping values are not allowed") != NULL)
		hint = " (quote a value that holds a colon and a blank)";
	return err_set(err, E_BAD, "%s:%zu: not YAML: %s%s", rd->file, line, problem, hint);
}

int
read_options(const char *file, const char *text, size_t len, read_fn *fn, void *arg, struct err *err)
{
	struct reader rd = { .file = file, .fn = fn, .arg = arg };
	yaml_parser_t p;
	yaml_event_t ev;
	bool more = true;
	int r = 0;

	if (len > CONFIG_FILE_MAX)
		return err_set(err, E_FULL, "%s: larger than %u kB: not a configuration of midd",
		    file, CONFIG_FILE_MAX / 1024);
	if (!yaml_parser_initialize(&p))
		return err_set(err, E_FULL, "%s: out of memory", file);
	yaml_parser_set_input_string(&p, (const unsigned char *)text, len);
	while (r == 0 && more) {
		if (!yaml_parser_parse(&p, &ev)) {
			r = not_yaml(&rd, &p, err);
			break;
		}
		more = ev.type != YAML_STREAM_END_EVENT;
		if (handlers[ev.type] != NULL)
			r = handlers[ev.type](&rd, &ev, err);
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&p);
	return r;
}

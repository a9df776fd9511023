/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse - topic ParseOutput: a captured output of a command, or a captured file,
 * of a Unix host, as JSON. `midctl facts parse` runs it in a worker of its own,
 * which may read that file and no other.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <midd/probe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/formats.h"

#define FILE_MAX (16u << 20)
#define NOISE_MAX 4	/* lines before what the command printed: itself, a warning */

struct parse { const struct mid_host *h; struct mid_run *run; struct json_object *doc; };

static const struct mid_param params[] = {
	{ "system", MID_STRING, true, NULL, "linux, freebsd, hpux" },
	{ "command", MID_STRING, true, NULL, "df, mount, etc-passwd, ...: what it is the output of" },
	{ "file", MID_STRING, true, NULL, "where it is; the worker must be let read it" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

/* The caller's: free(). NULL after fail(). */
static char *
read_file(struct parse *p, const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text = fd < 0 ? NULL : malloc(FILE_MAX + 1);
	ssize_t r = 0;

	*n = 0;
	while (text != NULL && *n <= FILE_MAX && (r = read(fd, text + *n, FILE_MAX + 1 - *n)) > 0)
		*n += (size_t)r;
	if (fd < 0 || r < 0)
		p->h->fail(p->run, MID_BAD_PARAM, "%s cannot be read: %s", path, strerror(errno));
	else if (text == NULL || *n > FILE_MAX)
		p->h->fail(p->run, MID_TOO_BIG, "%s has more than %u MB", path, FILE_MAX >> 20);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && r >= 0 && text != NULL && *n <= FILE_MAX)
		return text;
	free(text);
	return NULL;
}

/* What there is of that system, or which systems there are, for who has asked for something else. */
static void
unknown(struct parse *p, const char *system, const char *command)
{
	const struct format *f, *last = NULL;
	char known[400] = "";
	bool here = false;
	size_t n = 0;
	unsigned i;

	for (i = 0; (f = format_at(i)) != NULL; i++)
		here |= strcmp(f->system, system) == 0;
	for (i = 0; (f = format_at(i)) != NULL && n < sizeof(known) - 60; i++) {
		if (here ? strcmp(f->system, system) == 0 && (last == NULL || strcmp(f->command, last->command) != 0) : last == NULL || strcmp(f->system, last->system) != 0)
			n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s", n > 0 ? ", " : "", here ? f->command : f->system);
		last = f;
	}
	if (f != NULL)
		snprintf(known + n, sizeof(known) - n, ", and more: doc/facts.md");
	if (here)
		p->h->fail(p->run, MID_UNSUPPORTED, "nothing here reads %.40s of %.40s; there are: %s", command, system, known);
	else
		p->h->fail(p->run, MID_UNSUPPORTED, "nothing here reads outputs of %.40s; systems are: %s", system, known);
}

/* TEXT by one form; the document holds it if it is of that form. */
static bool
parse_as(struct parse *p, const struct format *f, struct str text)
{
	struct json_object *top;

	if (f->top[0] == '\0')
		return f->read(f, text, p->doc);
	top = json_object_object_get_ex(p->doc, f->top, NULL) ? NULL : f->list ? json_object_new_array() : json_object_new_object();
	if (top != NULL && f->read(f, text, top) && json_object_object_add(p->doc, f->top, top) == 0)
		return true;
	json_object_put(top);
	return false;
}

/* TEXT by all forms of the command; true if it is of one of them. */
static bool
parse_all(struct parse *p, const char *system, const char *command, struct str text)
{
	const struct format *f = NULL;
	bool read = false;

	while (p->doc != NULL && (f = format_find(f, system, command)) != NULL)
		read |= parse_as(p, f, text);
	return read;
}

static int
parse(struct parse *p)
{
	const char *system = p->h->param(p->run, "system"), *command = p->h->param(p->run, "command");
	size_t n, from = 0;
	char *text;
	bool read = false;
	int tries;

	if (format_find(NULL, system, command) == NULL) {
		unknown(p, system, command);
		return -1;
	}
	text = read_file(p, p->h->param(p->run, "file"), &n);
	if (text == NULL)
		return -1;
	n = format_clean(text, n);
	p->doc = json_object_new_object();
	for (tries = 0; !read && from < n && tries < NOISE_MAX; tries++) {
		read = parse_all(p, system, command, (struct str){ text + from, n - from });
		from += format_next_line(text + from, n - from);
	}
	free(text);
	if (!read)
		p->h->fail(p->run, MID_TARGET, "this is not what %s prints on %s: no line of it is of that form", command, system);
	return read ? 0 : -1;
}

static int
parse_open(void **state, const struct mid_host *h, struct mid_run *run)
{
	struct parse *p = calloc(1, sizeof(*p));

	*state = p;
	if (p == NULL)
		return -1;
	p->h = h;
	p->run = run;
	return parse(p);
}

static enum mid_next
parse_step(void *state, struct mid_wait *wait)
{
	struct parse *p = state;
	size_t n;
	const char *text = json_object_to_json_string_length(p->doc, JSON_C_TO_STRING_PLAIN, &n);

	if (p->h->emit(p->run, MID_JSON, text, n) != MID_AGAIN)
		return MID_DONE;
	wait->timeout_ms = -1;
	return MID_WAIT;
}

static void
parse_close(void *state)
{
	struct parse *p = state;

	if (p != NULL)
		json_object_put(p->doc);
	free(p);
}

static const char *const topics[] = { "ParseOutput", NULL };

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "parse",
	.version = "1.0",
	.help = "captured outputs of Unix commands, as JSON",
	.topics = topics,
	.flags = MID_REPEATABLE,
	.params = params,
	.open = parse_open,
	.step = parse_step,
	.close = parse_close,
};

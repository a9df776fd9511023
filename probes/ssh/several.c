/* SPDX-License-Identifier: Apache-2.0 */
/* several - see several.h. */
#include "several.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/out.h"
#include "link.h"
#include "str.h"

#define COMMANDS_MAX 50		/* policy looks at as many: agent/flow/gate.c */
#define SAID_MAX (4u << 20)	/* bytes kept of one stream of one command */

struct said { char *p; size_t n; bool cut; };

struct several {
	const struct mid_host *h;
	struct mid_run *run;
	int at;				/* the command that runs, from 1; 0 none yet */
	const char *text;
	struct said said[2];
	struct json_object *doc, *list;
};

static const char *
command(struct several *s, int n)
{
	char name[24];

	snprintf(name, sizeof(name), "command_%d", n);
	return n > COMMANDS_MAX ? NULL : s->h->param(s->run, name);
}

struct several *
several_new(const struct mid_host *h, struct mid_run *run)
{
	struct several *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->h = h;
		s->run = run;
		s->doc = json_object_new_object();
		s->list = s->doc == NULL ? NULL : out_list(s->doc, "commands");
	}
	if (s == NULL || s->list == NULL)
		h->fail(run, MID_INTERNAL, "out of memory");
	else if (command(s, 1) == NULL)
		h->fail(run, MID_BAD_PARAM, "no command: they stand in the parameters command_1, command_2, ... up to command_%d",
		    COMMANDS_MAX);
	else
		return s;
	several_free(s);
	return NULL;
}

void
several_free(struct several *s)
{
	if (s == NULL)
		return;
	free(s->said[0].p);
	free(s->said[1].p);
	json_object_put(s->doc);
	free(s);
}

const char *
several_next(struct several *s)
{
	s->text = command(s, ++s->at);
	return s->text;
}

int
several_put(struct several *s, enum mid_kind kind, const void *data, size_t n)
{
	struct said *to = &s->said[kind == MID_STDERR];
	char *p;

	if (n > SAID_MAX - to->n) {
		to->cut = true;
		n = SAID_MAX - to->n;
	}
	if (n == 0)
		return 0;
	p = realloc(to->p, to->n + n);
	if (p == NULL) {
		s->h->fail(s->run, MID_INTERNAL, "out of memory");
		return -1;
	}
	memcpy(p + to->n, data, n);
	to->p = p;
	to->n += n;
	return 0;
}

void
several_ended(struct several *s, const struct link_exit *how)
{
	static const char *const keys[] = { "stdout", "stderr" };
	struct json_object *o = out_item(s->list);
	int i;

	out_cstr(o, "command", s->text);
	out_i64(o, "exit_status", how->status);
	out_cstr(o, "exit_signal", how->signal);
	for (i = 0; i < 2; i++) {
		out_whole(o, keys[i], (struct str){ s->said[i].p, s->said[i].n });
		if (s->said[i].cut)
			s->h->partial(s->run, "command_%d said more than %u MB: the rest is missing", s->at, SAID_MAX >> 20);
		free(s->said[i].p);
		s->said[i] = (struct said){ NULL, 0, false };
	}
}

enum mid_next
several_tell(struct several *s, struct mid_wait *wait)
{
	size_t n;
	const char *text = json_object_to_json_string_length(s->doc, JSON_C_TO_STRING_PLAIN, &n);

	if (s->h->emit(s->run, MID_JSON, text, n) != MID_AGAIN)
		return MID_DONE;
	wait->nfds = 0;
	wait->timeout_ms = -1;
	return MID_WAIT;
}

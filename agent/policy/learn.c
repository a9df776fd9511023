/* SPDX-License-Identifier: Apache-2.0 */
/*
 * learn - the rules that jobs would have needed. What is learned counts at
 * once; the file is written on a thread, and what is learned meanwhile goes
 * with the next writing. At the end nothing of it is unwritten.
 */
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "log.h"
#include "loop.h"
#include "os.h"
#include "policy/inside.h"
#include "xalloc.h"

#define LEARNED_MAX 500
#define LEARNED_BYTES (4u << 20)

/* The narrowest rule that would let W pass. NULL: none can be written for it. */
static char *
needed(const struct command_wish *w)
{
	char *judged = policy_judged(w), *line = NULL;

	if (strpbrk(judged, "\r\n*") == NULL && w->command[0] != '\0' && strlen(judged) <= COMMAND_MAX / 2
	    && strpbrk(w->tag, " \t\r\n") == NULL)
		line = xasprintf("allow %s %s %s %s", w->topic, w->address[0] == '\0' ? "local" : w->address,
		    w->tag[0] == '\0' ? "*" : w->tag, judged);
	free(judged);
	return line;
}

/* What an earlier life has learned stays in the file. */
static void
read_learned(struct policy *p)
{
	struct buf b;
	char *rest, *line;

	p->learned_read = true;
	buf_init(&b, LEARNED_BYTES);
	if (os_read_file(&b, p->learned_file, NULL) == 0 && b.len > 0) {
		rest = b.data;
		while ((line = strsep(&rest, "\n")) != NULL && p->nlearned < LEARNED_MAX)
			if (strncmp(line, "allow ", 6) == 0) {
				p->learned = xrealloc(p->learned, (p->nlearned + 1) * sizeof(*p->learned));
				p->learned[p->nlearned++] = xstrdup(line);
			}
	}
	buf_fini(&b);
}

/* --- the file ---------------------------------------------------------------------- */

struct writing {
	struct policy *policy;
	char *file;
	struct buf text;
	struct err err;
	int r;
};

static struct writing *
writing_new(struct policy *p)
{
	struct writing *w = xcalloc(1, sizeof(*w));
	size_t i;

	w->policy = p;
	w->file = xstrdup(p->learned_file);
	buf_init(&w->text, LEARNED_BYTES);
	(void)buf_puts(&w->text, "# Rules that jobs would have needed. Read them, take what is right into the rules file.\n");
	for (i = 0; i < p->nlearned; i++)
		(void)buf_printf(&w->text, "%s\n", p->learned[i]);
	p->unwritten = false;
	return w;
}

static void
write_now(void *arg)
{
	struct writing *w = arg;

	w->r = os_write_file(w->file, w->text.data, w->text.len, 0600, &w->err);
}

/* A failure is tried again with the next rule, and at the end. */
static bool
writing_end(struct writing *w)
{
	bool ok = w->r == 0;

	if (!ok) {
		log_warn("policy", "learned rules cannot be kept: %s", w->err.text);
		w->policy->unwritten = true;
	}
	buf_fini(&w->text);
	free(w->file);
	free(w);
	return ok;
}

static void begin_writing(struct policy *p);

static void
written(void *arg)
{
	struct writing *w = arg;
	struct policy *p = w->policy;

	p->writing = false;
	if (writing_end(w) && p->unwritten && !p->closing)
		begin_writing(p);
}

static void
begin_writing(struct policy *p)
{
	if (p->writing)
		return;
	p->writing = true;
	loop_work(p->loop, write_now, written, writing_new(p));
}

void
learn_finish(struct policy *p)
{
	struct writing *w;

	if (!p->unwritten)
		return;
	w = writing_new(p);
	write_now(w);
	(void)writing_end(w);
}

/* ------------------------------------------------------------------------------------ */

void
learn(struct policy *p, const struct command_wish *w)
{
	char *line = needed(w);
	size_t i;

	if (!p->learned_read)
		read_learned(p);
	if (line == NULL || p->nlearned >= LEARNED_MAX) {
		log_warn("policy", "learn mode: no rule can be written for a %s command on %s; it runs", w->topic, w->address);
		free(line);
		return;
	}
	for (i = 0; i < p->nlearned; i++)
		if (strcmp(p->learned[i], line) == 0) {
			free(line);
			return;
		}
	p->learned = xrealloc(p->learned, (p->nlearned + 1) * sizeof(*p->learned));
	p->learned[p->nlearned++] = line;
	p->unwritten = true;
	begin_writing(p);
}

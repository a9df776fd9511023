/* SPDX-License-Identifier: Apache-2.0 */
/* detached - see detached.h. */
#include "detached.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "shell.h"

#define POLL_MIN_MS 500
#define POLL_MAX_MS 20000	/* less than a connection is kept for: pool.c */

enum { STARTS, ASKS, COLLECTS, ENDS, COMMANDS };

struct detached {
	const struct mid_host *h;
	struct mid_run *run;
	int at;
	char *commands[COMMANDS];
	int64_t pause_ms;
	char said[40];
	size_t nsaid;
	bool begun, cancelled;
	size_t took[2], skip[2];	/* of its output and its errors: what the job has, what comes again */
};

/* The group of a process: of /proc where there is one, as a small system's ps may know no -p. */
#define GROUP_OF "group_of() { g=`sed 's/.*) //' /proc/$1/stat 2>/dev/null | cut -d' ' -f3`; " \
    "[ -n \"$g\" ] || g=`ps -o pgid= -p $1 2>/dev/null | tr -d ' '`; echo \"$g\"; }\n"

/* %s: the job's id; its text in quotes. The folder is made by one mkdir: only who made it starts anything. */
static const char starts[] = GROUP_OF
    "umask 077; b=${HOME:-/tmp}/.midd; d=$b/%s; mkdir -p \"$b\" || exit 1\n"
    "for o in \"$b\"/*; do [ -n \"`find \"$o/status\" -mtime +0 2>/dev/null`\" ] && rm -rf \"$o\"; done\n"
    "if mkdir \"$d\" 2>/dev/null; then\n"
    "( trap '' HUP; (eval %s) >\"$d/out\" 2>\"$d/err\" </dev/null; echo $? >\"$d/ends\"; mv \"$d/ends\" \"$d/status\" ) "
    "</dev/null >/dev/null 2>&1 &\np=$!; group_of $p >\"$d/group\"; echo $p >\"$d/pid\"; fi\n[ -d \"$d\" ]";
static const char asks[] =
    "d=${HOME:-/tmp}/.midd/%s; p=`cat \"$d/pid\" 2>/dev/null`; r=no; [ -n \"$p\" ] && kill -0 \"$p\" 2>/dev/null && r=yes\n"
    "if [ -f \"$d/status\" ]; then echo ended; elif [ $r = yes ]; then echo runs; else echo lost; fi";
static const char collects[] =
    "d=${HOME:-/tmp}/.midd/%s; cat \"$d/err\" >&2; cat \"$d/out\"; exit \"`cat \"$d/status\"`\"";

/* sshd gives each command a process group of its own. Not another's: a number may serve again after the host was started anew. */
static const char ends[] = GROUP_OF
    "d=${HOME:-/tmp}/.midd/%s; [ -d \"$d\" ] || exit 0\n"
    "p=`cat \"$d/pid\" 2>/dev/null`; g=`cat \"$d/group\" 2>/dev/null`\n"
    "if [ -n \"$p\" ] && [ -n \"$g\" ] && [ \"`group_of $p`\" = \"$g\" ]; then\n"
    "kill -TERM -\"$g\"; i=0; while kill -0 -\"$g\" 2>/dev/null && [ $i -lt 3 ]; do sleep 1; i=$((i + 1)); done\n"
    "kill -KILL -\"$g\" 2>/dev/null; fi; rm -rf \"$d\"";

static int
make(struct detached *d, const char *id, const char *text)
{
	char *quoted = shell_quote(text);
	int r = quoted == NULL ? -1 : asprintf(&d->commands[STARTS], starts, id, quoted);

	free(quoted);
	if (r >= 0)
		r = asprintf(&d->commands[ASKS], asks, id);
	if (r >= 0)
		r = asprintf(&d->commands[COLLECTS], collects, id);
	if (r >= 0)
		r = asprintf(&d->commands[ENDS], ends, id);
	return r < 0 ? -1 : 0;
}

struct detached *
detached_new(const struct mid_host *h, struct mid_run *run, const char *id, const char *text)
{
	struct detached *d;

	if (text == NULL || text[0] == '\0' || command_rises(text) > 0) {
		h->fail(run, MID_BAD_PARAM, text == NULL || text[0] == '\0' ? "no command: it stands in the column name, or in the parameter name"
		    : "${sudo:...} can't be used in a long command, which nobody is there to answer for; use must_sudo");
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d != NULL) {
		d->h = h;
		d->run = run;
		d->pause_ms = POLL_MIN_MS;
	}
	if (d != NULL && make(d, id, text) == 0)
		return d;
	h->fail(run, MID_INTERNAL, "out of memory");
	detached_free(d);
	return NULL;
}

void
detached_free(struct detached *d)
{
	int i;

	for (i = 0; d != NULL && i < COMMANDS; i++)
		free(d->commands[i]);
	free(d);
}

const char *
detached_next(const struct detached *d)
{
	return d->commands[d->at];
}

bool
detached_collects(const struct detached *d)
{
	return d->at == COLLECTS;
}

bool
detached_begun(const struct detached *d)
{
	return d->begun;
}

void
detached_begins(struct detached *d)
{
	d->begun = true;
}

void
detached_cancel(struct detached *d, bool at_once)
{
	d->cancelled = true;
	if (at_once)
		d->at = ENDS;
}

bool
detached_ending(const struct detached *d)
{
	return d->cancelled;
}

/* --- output that comes twice ------------------------------------------------------- */

void
detached_lost(struct detached *d)
{
	memcpy(d->skip, d->took, sizeof(d->skip));
	d->nsaid = 0;
	d->said[0] = '\0';
	if (d->cancelled)
		d->at = ENDS;
}

size_t
detached_skip(const struct detached *d, enum mid_kind kind, size_t n)
{
	size_t skip = d->skip[kind == MID_STDERR];

	return n < skip ? n : skip;
}

void
detached_took(struct detached *d, enum mid_kind kind, size_t n)
{
	size_t again = detached_skip(d, kind, n);

	d->skip[kind == MID_STDERR] -= again;
	d->took[kind == MID_STDERR] += n - again;
}

void
detached_put(struct detached *d, const void *data, size_t n)
{
	if (n > sizeof(d->said) - 1 - d->nsaid)
		n = sizeof(d->said) - 1 - d->nsaid;
	memcpy(d->said + d->nsaid, data, n);
	d->nsaid += n;
	d->said[d->nsaid] = '\0';
}

static int64_t
refuse(struct detached *d, const char *what)
{
	d->h->fail(d->run, MID_TARGET, "%s: %s", d->h->address(d->run), what);
	return -2;
}

int64_t
detached_ended(struct detached *d, int status)
{
	int64_t pause = d->pause_ms;
	bool silent = d->nsaid == 0, ended = strncmp(d->said, "ended", 5) == 0, runs = strncmp(d->said, "runs", 4) == 0;

	d->nsaid = 0;
	d->said[0] = '\0';
	if (d->at == COLLECTS || d->at == ENDS)
		return -1;
	if (d->cancelled) {
		d->at = ENDS;
		return 0;
	}
	if (d->at == STARTS && status != 0)
		return refuse(d, "there is no place for a long command: the folder .midd in the account's home can't be made");
	if (d->at == STARTS || ended) {
		d->at++;
		return 0;
	}
	if (silent)
		return -3;
	if (!runs)
		return refuse(d, "the command was begun there, has not ended, and runs no more: the host, or somebody, has ended it");
	d->pause_ms = pause * 2 < POLL_MAX_MS ? pause * 2 : POLL_MAX_MS;
	return pause;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local - topic LocalInventory: the machine the agent runs on, or a captured
 * tree of another one, as one JSON document of facts (doc/facts.md).
 *
 * It reads /proc, /sys and files, and runs no command. One section is
 * collected a step, so other runs of the worker get their turn in between.
 */
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"
#include "midd/probe.h"

#define PIECE (64u << 10)	/* emitted at once */

struct local {
	const struct mid_host *host;
	struct mid_run *run;
	struct facts_source *src;
	struct facts_run *facts;
	const char *text;	/* collected, not yet emitted */
	size_t left;
};

static const struct mid_param local_params[] = {
	{ "root", MID_STRING, false, "/",
	  "top of the tree to read: / or the folder of a captured one" },
	{ "sections", MID_LIST, false, NULL,
	  "which sections, as os,cpu,memory; all when left out" },
	{ NULL, MID_STRING, false, NULL, NULL },
};

static int
local_open(void **state, const struct mid_host *host, struct mid_run *run)
{
	const char *root = host->param(run, "root");
	struct facts_err err;
	struct local *l;
	int r;

	l = calloc(1, sizeof(*l));
	if (l == NULL) {
		host->fail(run, MID_INTERNAL, "local: no memory");
		return -1;
	}
	*state = l;
	l->host = host;
	l->run = run;
	r = facts_source_root(&l->src, root != NULL ? root : "/");
	if (r < 0) {
		host->fail(run, MID_BAD_PARAM,
		    "local: root %s cannot be opened (%s): give a folder that the worker may read",
		    root, strerror(-r));
		return -1;
	}
	if (facts_begin(&l->facts, l->src, host->param(run, "sections"),
		&err) < 0) {
		host->fail(run, MID_BAD_PARAM, "local: %s", err.message);
		return -1;
	}
	return 0;
}

/* What is not there is no loss; what may not be read is. */
static void
tell_partial(struct local *l)
{
	const struct facts_err *err;
	const char *section;

	err = facts_last_error(l->facts, &section);
	if (err != NULL && strcmp(err->class, "missing") != 0)
		l->host->partial(l->run, "%s: %s", section, err->message);
}

/* MID_DONE when all that was collected is handed over. */
static enum mid_next
hand_over(struct local *l)
{
	size_t n;
	int r;

	while (l->left > 0) {
		n = l->left < PIECE ? l->left : PIECE;
		r = l->host->emit(l->run, MID_JSON, l->text, n);
		if (r == MID_AGAIN)
			return MID_WAIT;
		if (r < 0)
			return MID_FAIL;
		l->text += n;
		l->left -= n;
	}
	return MID_DONE;
}

static enum mid_next
local_step(void *state, struct mid_wait *wait)
{
	struct local *l = state;
	enum mid_next next;
	int r;

	next = hand_over(l);
	if (next != MID_DONE) {
		wait->timeout_ms = -1;
		return next;
	}
	r = facts_next(l->facts, &l->text, &l->left);
	if (r == 0)
		return MID_DONE;
	if (r < 0) {
		l->host->fail(l->run, MID_INTERNAL,
		    "local: a section could not be collected: %s",
		    strerror(-r));
		return MID_FAIL;
	}
	tell_partial(l);
	wait->timeout_ms = 0;
	return MID_WAIT;
}

static void
local_close(void *state)
{
	struct local *l = state;

	if (l == NULL)
		return;
	facts_end(l->facts);
	facts_source_close(l->src);
	free(l);
}

static const char *const local_topics[] = { "LocalInventory", NULL };

MID_EXPORT extern const struct mid_probe mid_probe;
const struct mid_probe mid_probe = {
	.abi = MID_PROBE_ABI,
	.size = sizeof(mid_probe),
	.name = "local",
	.version = "1.0",
	.help = "hardware, system and software of this machine, without running a command",
	.topics = local_topics,
	.flags = MID_REPEATABLE | MID_LOCAL_READ,
	.params = local_params,
	.map = "linux",
	.open = local_open,
	.step = local_step,
	.close = local_close,
};

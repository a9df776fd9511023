/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local - topic LocalInventory: the machine the agent runs on, or a captured
 * tree of another one, as one JSON document of facts (doc/facts.md).
 *
 * It reads /proc, /sys and files (on Windows: asks the system and the registry),
 * and runs no command. One section is collected a step, so other runs of the
 * worker get their turn in between.
 */
#include <stdlib.h>
#include <string.h>

#include "facts/source.h"
#include "facts/source_over.h"
#include "facts/tell.h"
#include "helper.h"
#include "here.h"
#include "midd/probe.h"

struct local {
	const struct mid_host *host;
	struct mid_run *run;
	struct helper *helper;		/* NULL: a captured tree's, or there is none */
	struct facts_source *src;
	struct facts_tell *tell;
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
	r = here_open(&l->src, root != NULL ? root : "/");
	if (r < 0) {
		host->fail(run, MID_BAD_PARAM,
		    "local: root %s cannot be opened (%s): give a folder that the worker may read",
		    root, strerror(-r));
		return -1;
	}
	if (l->src->live)
		l->helper = helper_new(host, run);
	return 0;
}

/* True: the source is all that there is of it. */
static bool
complete(struct local *l, struct mid_wait *wait)
{
	struct facts_source *more;

	if (l->helper == NULL)
		return true;
	if (!helper_step(l->helper, wait, &more))
		return false;
	if (more != NULL)
		l->src = facts_source_over_take(l->src, more);
	return true;
}

/* False after fail(). */
static bool
begin_telling(struct local *l)
{
	if (l->src == NULL)
		l->host->fail(l->run, MID_INTERNAL, "local: no memory");
	else
		l->tell = facts_tell_new(l->host, l->run, "local", l->src, l->host->param(l->run, "sections"));
	return l->tell != NULL;
}

static enum mid_next
local_step(void *state, struct mid_wait *wait)
{
	struct local *l = state;

	if (l->tell == NULL) {
		if (!complete(l, wait))
			return MID_WAIT;
		if (!begin_telling(l))
			return MID_FAIL;
	}
	return facts_tell_step(l->tell, wait);
}

static void
local_close(void *state)
{
	struct local *l = state;

	if (l == NULL)
		return;
	facts_tell_free(l->tell);
	facts_source_close(l->src);
	helper_free(l->helper);
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

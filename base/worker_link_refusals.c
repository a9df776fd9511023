/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_link_refusals - what the worker's sandbox refuses is refused by us, so
 * that it is counted. A worker that has tried too much is ended: whoever speaks
 * through it is not our probe.
 */
#include <stdio.h>

#include "err.h"
#include "loop.h"
#include "os.h"
#include "worker_link_inside.h"

static void
watch(struct worker_link *w, intptr_t fd, loop_watch_fn *fn)
{
	loop_watch_free(w->refusals);
	if (w->refusals_from != w->hand)
		os_local_close(w->refusals_from);
	w->refusals_from = fd;
	w->refusals = fd < 0 ? NULL : loop_watch_new(w->loop, fd, fn, w);
	if (w->refusals != NULL)
		loop_watch_set(w->refusals, LOOP_READ);
}

static void
count(struct worker_link *w, const char *call)
{
	char why[80];

	w->refused++;
	if (w->ev != NULL && w->ev->refused != NULL)
		w->ev->refused(w->arg, call);
	if (w->refused != REFUSALS_MAX)
		return;
	snprintf(why, sizeof(why), "tried %u forbidden calls, the last was %s", w->refused, call);
	w->gentle = false;
	link_kill(w, why);
}

static void
on_refusal(void *arg, int events)
{
	struct worker_link *w = arg;
	char call[OS_CALL_NAME];
	int r = os_refusals_next(w->refusals_from, call);

	(void)events;
	if (r == 0)
		count(w, call);
	else if (r == -E_NONE)
		link_refusals_close(w);
}

static void
on_told(void *arg, int events)
{
	struct worker_link *w = arg;
	uint32_t tag;
	intptr_t fd;

	(void)events;
	if (os_hand_take(&fd, &tag, w->refusals_from) < 0)
		link_refusals_close(w);
	else
		watch(w, fd, on_refusal);
}

void
link_refusals_open(struct worker_link *w, int *fd)
{
	intptr_t ours;

	*fd = -1;
	if (os_refusals_pair(&ours, fd) < 0)
		return;
	w->hand = ours;
	watch(w, ours, on_told);
}

void
link_refusals_close(struct worker_link *w)
{
	watch(w, -1, NULL);
	os_local_close(w->hand);
	w->hand = -1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* door - see door.h. */
#include "door.h"

#include <stdlib.h>

#include "err.h"
#include "log.h"
#include "xalloc.h"

#define REST_MS 500

struct door {
	struct loop_watch *watch;
	struct loop_timer *rest;
	const char *name;
	loop_fn *fn;
	void *arg;
	unsigned rests;
	bool open, said;
};

static void
ready(void *arg, int events)
{
	struct door *d = arg;

	(void)events;
	d->fn(d->arg);
}

static void
watch(struct door *d)
{
	loop_watch_set(d->watch, d->open && !loop_timer_armed(d->rest) ? LOOP_READ : 0);
}

static void
rested(void *arg)
{
	watch(arg);
}

struct door *
door_new(struct loop *l, intptr_t fd, const char *name, loop_fn *fn, void *arg)
{
	struct door *d = xcalloc(1, sizeof(*d));

	d->name = name;
	d->fn = fn;
	d->arg = arg;
	d->rest = loop_timer_new(l, rested, d);
	d->watch = loop_watch_new(l, fd, ready, d);
	if (d->watch == NULL) {		/* no memory in the system: nobody can be heard */
		door_free(d);
		return NULL;
	}
	door_set(d, true);
	return d;
}

void
door_free(struct door *d)
{
	if (d == NULL)
		return;
	loop_timer_free(d->rest);
	loop_watch_free(d->watch);
	free(d);
}

void
door_set(struct door *d, bool open)
{
	d->open = open;
	watch(d);
}

void
door_heard(struct door *d, int r)
{
	if (r != -E_FULL) {
		if (d->said)
			log_info(d->name, "who asks is let in again");
		d->said = false;
		return;
	}
	if (!d->said)
		log_warn(d->name, "no descriptor is left for whoever asks (LimitNOFILE, fs.file-max): "
		    "looking again every %d ms", REST_MS);
	d->said = true;
	d->rests++;
	loop_timer_arm(d->rest, REST_MS);
	watch(d);
}

unsigned
door_rests(const struct door *d)
{
	return d->rests;
}

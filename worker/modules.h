/* SPDX-License-Identifier: Apache-2.0 */
/*
 * modules - the probes that were loaded, and the topics they serve.
 *
 * All is loaded before the sandbox closes; nothing is added afterwards.
 */
#ifndef MID_MODULES_H
#define MID_MODULES_H

#include "midd/probe.h"

struct json_object;
struct map;
struct mid_run;
struct worker;

struct module {
	struct module *next;
	const struct mid_probe *probe;
	void *library;
	struct map *map;		/* NULL: none */
	struct map *links;		/* MAP-links.jq; NULL: none */
	struct mid_run *self;		/* stands for the module in calls to the host */
	void *engine;
	bool engine_open;
};

struct topic {
	struct module *module;
	const char *name, *help;
	unsigned flags;
	int64_t timeout_ms;
	const struct mid_param *params;
	bool own;			/* from more_topics() */
};

struct modules;

/* The probes that are linked in, then NAME.so of each folder in DIRS (separated by ':'). What can't be loaded is logged and left out. */
struct modules *modules_load(struct worker *w, const char *dirs, const char *map_dir, const char *exec_dir);
/* These and no others, NULL-ended. */
struct modules *modules_of(struct worker *w, const struct mid_probe *const *probes,
    const char *map_dir, const char *exec_dir);
void modules_free(struct modules *m);
const struct topic *modules_topic(const struct modules *m, const char *name);	/* NULL unknown */
struct json_object *modules_describe(const struct modules *m);	/* probes[] of HELLO; the caller's */

#endif

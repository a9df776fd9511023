/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest - the NAME.json files of a folder of exec probes: which topic, which
 * program, which parameters. Read once, when the module is loaded.
 *
 *	{ "topic": "Uptime", "program": "uptime.sh", "help": "...",
 *	  "repeatable": true, "timeout_ms": 5000,
 *	  "params": [ { "name": "unit", "kind": "string", "required": false,
 *	                "default": "s", "help": "..." } ] }
 */
#ifndef EXEC_MANIFEST_H
#define EXEC_MANIFEST_H

#include <midd/probe.h>

struct manifest {
	char *program;			/* absolute */
	char *folder;
	struct mid_topic topic;
};

/* All of DIR that make sense; what does not is logged. Later calls give what the first one gave. */
const struct mid_topic *manifests_load(const char *dir, const struct mid_host *host, struct mid_run *run);
const struct manifest *manifest_of(const char *topic);	/* NULL: none */

#endif

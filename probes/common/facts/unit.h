/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit - what a systemd unit file says of a service.
 */
#ifndef MID_FACTS_UNIT_H
#define MID_FACTS_UNIT_H
#include <stdbool.h>

#include "str.h"

/* All borrowed from the text. */
struct unit {
	struct str description, type, exec, user;
	bool install;		/* it says what would start it */
	bool only_also;		/* it only starts together with another */
	bool remains;		/* counts as active when its program has ended */
};

void unit_parse(struct unit *u, struct str text);

#endif

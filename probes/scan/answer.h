/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what was found, as topic Shazzam tells it (XML, spec 10.4) and as
 * topic Scan does (JSON, doc/facts.md).
 */
#ifndef MID_SCAN_ANSWER_H
#define MID_SCAN_ANSWER_H

#include <stdbool.h>

struct sweep;
struct text;

struct answer_options {
	bool dead;		/* tell of addresses where nobody answered */
	bool inactive;		/* and of hosts without an open port */
	bool refused;		/* and of ports that were refused or silent */
	const char *no_ping;	/* why nobody was pinged, or NULL */
};

void answer_xml(struct text *t, struct sweep *s, const struct answer_options *o);
/* A line a host that answers: ADDRESS WAYS WHAT SURE NAME, "-" unknown; WAYS: how to ask it for facts, the likeliest first. */
void answer_targets(struct text *t, struct sweep *s);
void answer_json(struct text *t, struct sweep *s, const struct answer_options *o);

#endif

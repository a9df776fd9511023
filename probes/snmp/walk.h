/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk - all that an agent has below a list of names, several at a time.
 *
 * Up to WALK_WIDE names go forward together in one GETBULK (GETNEXT with version 1).
 * How much is asked at once grows while answers come whole, and halves when
 * one is lost or too big. A name that does not go forward, a column that fails
 * and an agent that falls silent in the middle end that part of the walk and are
 * told in words; what was found stays good.
 */
#ifndef MID_SNMP_WALK_H
#define MID_SNMP_WALK_H

#include "engine.h"
#include "session.h"

#define WALK_WIDE 4u

enum walk_end {
	WALK_DONE,
	WALK_STOPPED,		/* put() wanted no more */
	WALK_SILENT,		/* the agent answers no longer */
	WALK_BROKEN		/* refused, or could not be sent: request.error, session.why */
};

struct walk;

struct walk_asker {
	/* <0: no more. */
	int (*put)(void *arg, const struct varbind *vb);
	/* Part of it is missing; a sentence, and below which name. */
	void (*missing)(void *arg, const char *what, const struct oid_ref *below);
	void (*ended)(void *arg, enum walk_end how);
	void *arg;
};

struct walk {
	struct engine *engine;
	const struct walk_asker *asker;
	const struct oid_ref *roots;	/* borrowed to the end */
	unsigned nroots, next_root;
	struct cursor {
		const struct oid_ref *root;	/* NULL: free */
		struct oid at;
	} cursors[WALK_WIDE];
	struct oid_ref names[WALK_WIDE];
	unsigned which[WALK_WIDE];	/* the cursor of each name */
	unsigned wide;			/* how many go together */
	unsigned budget, budget_max;	/* variables asked for at once */
	unsigned silences;
	unsigned asked, got;		/* requests, variables */
	bool ended;
	struct request request;
};

/* All borrowed until ended() or walk_stop(). */
void walk_start(struct walk *w, struct engine *e, struct peer *p, struct session *s,
    const struct oid_ref *roots, unsigned n, const struct walk_asker *asker, int timeout_ms, unsigned tries);
void walk_stop(struct walk *w);		/* never begun is fine, of zeros */

#endif

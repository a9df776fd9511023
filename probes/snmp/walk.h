/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk - all that an agent has below a list of names (roots), many at a time.
 *
 * Up to WALK_OPEN roots go forward together; a GETBULK (GETNEXT with version 1)
 * asks WALK_WIDE of them at once, in turn. An agent that answers quickly is asked up to
 * WALK_FLIGHTS such questions at a time, none of them about the same root; one that loses
 * one, fails, or slows down under them, one at a time. How much is asked at once grows while
 * answers come whole, and halves when one is lost or too big. A name that does not
 * go forward, a column that fails and an agent that falls silent in the middle end that
 * part of the walk and are told in words; what was found stays good. Who asks may
 * hold roots back until what came before is out of the way.
 */
#ifndef MID_SNMP_WALK_H
#define MID_SNMP_WALK_H

#include "engine.h"
#include "session.h"

#define WALK_OPEN 64u
#define WALK_WIDE 4u
#define WALK_FLIGHTS 4u
#define WALK_WIDE_MAX 16u	/* with names, request and a row of the answer fit a small packet */

enum walk_end {
	WALK_DONE,
	WALK_STOPPED,		/* put() wanted no more */
	WALK_SILENT,		/* the agent answers no longer */
	WALK_BROKEN		/* refused, or could not be sent: error, session.why */
};

struct walk;

struct walk_root {
	struct oid_ref oid;
	bool exact;		/* this one value, not what is below */
	unsigned max;		/* variables that are taken of it; 0: all */
};

struct walk_asker {
	/* ROOT is its number in the list. <0: no more. */
	int (*put)(void *arg, unsigned root, const struct varbind *vb);
	/* All of that root was put. NULL: not asked for. */
	void (*left)(void *arg, unsigned root);
	/* May it be asked now? When none may, the walk rests until walk_resume(). NULL: all may. */
	bool (*may)(void *arg, unsigned root);
	/* Part of it is missing; a sentence, and below which name. */
	void (*missing)(void *arg, const char *what, const struct oid_ref *below);
	void (*ended)(void *arg, enum walk_end how);
	void *arg;
};

struct walk_how {
	int timeout_ms;
	unsigned tries;
	unsigned wide;		/* names in one question; 0: WALK_WIDE */
	bool one_by_one;	/* GETNEXT even where there is GETBULK */
};

struct walk {
	struct engine *engine;
	const struct walk_asker *asker;
	const struct walk_root *roots;	/* borrowed to the end */
	unsigned nroots, next_root;
	struct cursor {
		const struct walk_root *root;	/* NULL: free */
		unsigned got;
		bool out;		/* an answer about it is on its way */
		struct oid at;
	} *cursors;
	unsigned nopen, turn;		/* cursors there are; the next to be asked */
	unsigned wide;			/* how many go together */
	unsigned budget, budget_max;	/* variables asked for at once */
	unsigned silences;
	unsigned asked, got;		/* requests, variables */
	int error;			/* WALK_BROKEN: of the system, or 0 */
	bool one_by_one, resting, ended;
	unsigned most, out, good;	/* questions at a time: allowed, there are; good answers in a row */
	struct flight {
		struct walk *w;
		struct request request;
		struct oid_ref names[WALK_WIDE_MAX];
		unsigned which[WALK_WIDE_MAX];	/* the cursor of each name */
	} flights[WALK_FLIGHTS];
};

/* All borrowed until ended() or walk_stop(), but for HOW. <0: no memory. */
int walk_start(struct walk *w, struct engine *e, struct peer *p, struct session *s,
    const struct walk_root *roots, unsigned n, const struct walk_asker *asker, const struct walk_how *how);
/* Goes on if it rests and may. */
void walk_resume(struct walk *w);
void walk_stop(struct walk *w);		/* never begun is fine, of zeros */

#endif

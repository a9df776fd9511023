/* SPDX-License-Identifier: Apache-2.0 */
/* asker - its inside, for asker.c, questions.c and tried.c alone. */
#ifndef MID_CREDS_ASKER_H
#define MID_CREDS_ASKER_H

#include "creds/inside.h"

enum tried_how { TRIED_OPEN, TRIED_WORKED, TRIED_REFUSED, TRIED_NOT, TRIED_SKIPPED, TRIED_LOST };

/* One credential on one host in this run: what `creds why` and credentials_debug tell. */
struct tried {
	struct tried *next;
	char *id, *name, *type, *host, *why, *audit;
	int64_t order;
	bool affine, given, guarded;
	bool again;			/* has worked before in this run */
	uint64_t attempt;		/* of the guard; 0 not counted */
	enum tried_how how;
};

enum asker_stage {
	ASKER_RESTS,			/* nothing is wanted */
	ASKER_READS, ASKER_PARKED, ASKER_COUNTS, ASKER_OPENS
};

struct asker {
	struct asker *next;		/* in creds->askers */
	struct creds *c;
	const struct asker_events *ev;
	void *arg;
	char *job, *topic, *source, *address, *tag, *only, *sent;
	struct json_object *params;	/* ours */
	struct asker_host *hosts;
	unsigned nhosts, held, selves;	/* selves: how often it has said who it is */
	bool gone;
	enum asker_stage stage;
	char *types, *at;		/* what is wanted, and for which address */
	struct known known;
	char *known_for;
	struct tried *tried, *trying;	/* the newest first; the one on its way */
	unsigned ntried;
	struct opening *opening;
};

/* --- tried.c --------------------------------------------------------------------- */

struct tried *tried_new(struct asker *a, const struct candidate *ca);
/* One that has worked is tried again, after a lost connection perhaps: no new row for it. NULL: it has not. */
struct tried *tried_again(struct asker *a, const struct candidate *ca);
void tried_why_none(struct asker *a);		/* tells why the last want was given none */
void tried_skip(struct asker *a, const struct candidate *ca);
bool tried_has(const struct asker *a, const char *id, const char *host);
/* Its end: for the guard, the affinity and those who ask why. */
void tried_end(struct asker *a, struct tried *t, enum tried_how how, const char *why);
void tried_end_all(struct asker *a);		/* the run is over */
void tried_free(struct asker *a);

/* --- helpers.c: connections to midd-raw and midd-facts, where they are installed ------------- */

void helpers_raw(struct asker *a, const char *ranges);
void helpers_facts(struct asker *a);

#endif

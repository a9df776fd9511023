/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mend - after rows were lost to damage: what is left must be true again. A
 * job without all pages of its result must not pass for answered, and a job
 * whose row is gone must still be known.
 */
#ifndef MID_STORE_MEND_H
#define MID_STORE_MEND_H

#include <stdbool.h>
#include <stdint.h>

struct db;

struct mend {
	bool openable;			/* the damaged file was a database at all */
	int64_t rows;			/* copied */
	int64_t jobs_lost;		/* known by id alone now */
	int64_t payloads_lost;		/* can't be run any more: answered with an error */
	int64_t results_lost;		/* jobs whose result is incomplete: as if interrupted */
};

/* In the caller's transaction on TO. 0 or -E_* with TO broken. */
int mend(struct db *from, struct db *to, int64_t wall_ms, struct mend *m);
int mend_note(struct db *to, int64_t wall_ms, const char *table, const char *what);
/* One sentence for the operator; the caller's. */
char *mend_sentence(const struct mend *m, const char *aside, const char *why);

#endif

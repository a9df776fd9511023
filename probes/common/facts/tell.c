/* SPDX-License-Identifier: Apache-2.0 */
/* tell - see tell.h. */
#include "facts/tell.h"

#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"

#define PIECE (64u << 10)	/* emitted at once */

struct facts_tell {
	const struct mid_host *host;
	struct mid_run *run;
	const char *who;
	struct facts_run *facts;
	const char *text;	/* collected, not yet emitted */
	size_t left;
};

struct facts_tell *
facts_tell_new(const struct mid_host *host, struct mid_run *run, const char *who, struct facts_source *src,
    const char *sections)
{
	struct facts_tell *t = calloc(1, sizeof(*t));
	struct facts_err err;

	if (t == NULL) {
		host->fail(run, MID_INTERNAL, "%s: no memory", who);
		return NULL;
	}
	t->host = host;
	t->run = run;
	t->who = who;
	if (facts_begin(&t->facts, src, sections, &err) < 0) {
		host->fail(run, MID_BAD_PARAM, "%s: %s", who, err.message);
		free(t);
		return NULL;
	}
	return t;
}

void
facts_tell_free(struct facts_tell *t)
{
	if (t != NULL)
		facts_end(t->facts);
	free(t);
}

/* What is not there is no loss; what may not be read is. */
static void
tell_partial(struct facts_tell *t)
{
	const struct facts_err *err;
	const char *section;

	err = facts_last_error(t->facts, &section);
	if (err != NULL && strcmp(err->class, "missing") != 0)
		t->host->partial(t->run, "%s: %s", section, err->message);
}

/* MID_DONE when all that was collected is handed over. */
static enum mid_next
hand_over(struct facts_tell *t)
{
	size_t n;
	int r;

	while (t->left > 0) {
		n = t->left < PIECE ? t->left : PIECE;
		r = t->host->emit(t->run, MID_JSON, t->text, n);
		if (r == MID_AGAIN)
			return MID_WAIT;
		if (r < 0)
			return MID_FAIL;
		t->text += n;
		t->left -= n;
	}
	return MID_DONE;
}

enum mid_next
facts_tell_step(struct facts_tell *t, struct mid_wait *wait)
{
	enum mid_next next = hand_over(t);
	int r;

	if (next != MID_DONE) {
		wait->timeout_ms = -1;
		return next;
	}
	r = facts_next(t->facts, &t->text, &t->left);
	if (r == 0)
		return MID_DONE;
	if (r < 0) {
		t->host->fail(t->run, MID_INTERNAL, "%s: a section could not be collected: %s", t->who, strerror(-r));
		return MID_FAIL;
	}
	tell_partial(t);
	wait->timeout_ms = 0;
	return MID_WAIT;
}

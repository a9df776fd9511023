/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retry - an ended job goes its road again because a person wants it: the
 * store puts it back to accepted, then it is read as after a start.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "flow/inside.h"
#include "log.h"
#include "store/store.h"
#include "xalloc.h"

struct retry {
	struct flow *f;
	char id[33];
	flow_retry_fn *fn;
	void *arg;
};

/* Swallows T. */
static void
retry_end(struct retry *t, int r, const char *why)
{
	t->fn(t->arg, r, t->id, why);
	free(t);
}

static void
row_comes(void *arg, int r, struct job_row *rows, size_t n)
{
	struct retry *t = arg;
	struct err err = { 0, "" };
	struct job *j;

	if (t->f->closing) {
		retry_end(t, -E_AGAIN, "midd is stopping; the job goes on at the next start");
		return;
	}
	if (r < 0 || n != 1 || job_table_find(&t->f->jobs, t->id) != NULL) {
		retry_end(t, -E_AGAIN, "the store has it, but cannot be read just now: it goes on at the next start");
		return;
	}
	if (job_from_store(t->f, &rows[0], &j, &err) < 0)
		log_err("retry", "job %s: %s", t->id, err.text);
	log_info("retry", "job %s (%s): tried again by order of a person", t->id, j->topic);
	dispatch_add(j);
	retry_end(t, 0, "");
}

static void
put_back(void *arg, int r, const struct err *err)
{
	struct retry *t = arg;
	struct job_filter filter = { .id = t->id, .limit = 2, .payload = true };

	if (r < 0)
		retry_end(t, r, err->text);
	else if (t->f->closing)
		retry_end(t, -E_AGAIN, "midd is stopping; the job goes on at the next start");
	else
		store_jobs(t->f->ag->store, &filter, row_comes, t);
}

void
flow_retry(struct flow *f, const char *id, flow_retry_fn *fn, void *arg)
{
	struct retry *t = xcalloc(1, sizeof(*t));

	t->f = f;
	t->fn = fn;
	t->arg = arg;
	snprintf(t->id, sizeof(t->id), "%s", id);
	if (job_table_find(&f->jobs, id) != NULL)
		retry_end(t, -E_BAD, "it is on its road already: midctl job show tells where");
	else if (!f->loaded)	/* it would be put back twice, and no topic be known */
		retry_end(t, -E_AGAIN, "midd is still reading its store: try again in a moment");
	else
		store_again(f->ag->store, t->id, false, put_back, t);
}

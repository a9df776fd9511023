/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job_row - rows of the table job as struct job_row, there and back.
 */
#ifndef MID_STORE_JOB_ROW_H
#define MID_STORE_JOB_ROW_H

#include <sqlite3.h>

#include "store/store.h"

/* What job_row_read() expects, in this order, from column FIRST on. */
#define JOB_COLUMNS \
	"job.id, job.stage, job.priority, job.attempts, job.deaths, job.agent, job.topic, job.name," \
	" job.source, job.correlator, job.sequence, job.hash, job.class, job.partial, job.error," \
	" job.created_ms, job.accepted_ms, job.started_ms, job.finished_ms, job.delivered_ms, job.run_ms, job.pages, job.answers, job.parent, job.bytes, job.waited"
#define JOB_COLUMNS_N 26

/* Rows that are as good as none: an intent nobody follows, a record lost to damage (mend.c). */
#define JOB_UNKNOWN "(job.stage = 1 OR (job.stage = 7 AND job.hash IS NULL))"

void job_row_read(sqlite3_stmt *st, int first, struct job_row *out);
/* Columns only, no payload and no outcome. */
void job_row_copy(struct job_row *to, const struct job_row *from);

#endif

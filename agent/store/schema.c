/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema - what the database looks like, as the steps that lead there: step i
 * takes version i to i + 1. A step that has been released is never changed.
 *
 * Big things (payload, body) have tables of their own, so that a new stage or
 * try rewrites a few bytes and not the blob.
 */
#include "store/db.h"

static const char step_1[] =
	/* One row a job; ended ones stay for a while: they are how a job that is handed out twice is known. */
	"CREATE TABLE job("
	" seq INTEGER PRIMARY KEY, id TEXT NOT NULL, stage INTEGER NOT NULL,"
	" priority INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, deaths INTEGER NOT NULL DEFAULT 0,"
	" agent TEXT, topic TEXT, name TEXT, source TEXT, correlator TEXT, sequence TEXT, hash TEXT,"
	" class INTEGER NOT NULL DEFAULT 0, partial INTEGER NOT NULL DEFAULT 0, error TEXT,"
	" created_ms INTEGER NOT NULL DEFAULT 0, accepted_ms INTEGER NOT NULL DEFAULT 0,"
	" started_ms INTEGER NOT NULL DEFAULT 0, finished_ms INTEGER NOT NULL DEFAULT 0,"
	" delivered_ms INTEGER NOT NULL DEFAULT 0, run_ms INTEGER NOT NULL DEFAULT 0,"
	" pages INTEGER NOT NULL DEFAULT 0, answers INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0,"
	" ended INTEGER NOT NULL DEFAULT 0);"	/* store clock, see keep.c; 0 not yet */
	"CREATE UNIQUE INDEX job_id ON job(id);"
	"CREATE INDEX job_open ON job(seq) WHERE stage < 5;"
	"CREATE INDEX job_failed ON job(seq) WHERE class <> 0;"
	"CREATE INDEX job_ended ON job(ended) WHERE ended > 0;"
	"CREATE INDEX job_correlator ON job(correlator) WHERE correlator <> '';"
	"CREATE TABLE payload(job INTEGER PRIMARY KEY, data BLOB NOT NULL);"

	/* One row a page. n is given when the job is spooled: a reader that goes by n misses nothing. */
	"CREATE TABLE result("
	" k INTEGER PRIMARY KEY, n INTEGER, job INTEGER NOT NULL, page INTEGER NOT NULL, sink INTEGER NOT NULL,"
	" id TEXT NOT NULL, sealed INTEGER NOT NULL, meta TEXT, len INTEGER NOT NULL,"
	" tries INTEGER NOT NULL DEFAULT 0, unsure INTEGER NOT NULL DEFAULT 0);"
	"CREATE UNIQUE INDEX result_page ON result(job, sink, page);"
	"CREATE UNIQUE INDEX result_n ON result(n) WHERE n IS NOT NULL;"
	"CREATE TABLE body(k INTEGER PRIMARY KEY, data BLOB NOT NULL);"

	"CREATE TABLE kv(k INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT);"
	"CREATE UNIQUE INDEX kv_key ON kv(key);"
	"CREATE TABLE event(n INTEGER PRIMARY KEY, ms INTEGER NOT NULL, level INTEGER NOT NULL,"
	" sub TEXT, job TEXT, text TEXT);"
	"CREATE INDEX event_job ON event(job) WHERE job <> '';"
	"CREATE TABLE audit(n INTEGER PRIMARY KEY, ms INTEGER NOT NULL, what TEXT, job TEXT, detail TEXT,"
	" hash BLOB NOT NULL);"
	/* What could not be read when a damaged file was repaired. */
	"CREATE TABLE quarantine(n INTEGER PRIMARY KEY, ms INTEGER NOT NULL, tab TEXT, what TEXT);";

/* What is known of targets: host keys, affinity, tries of credentials. */
static const char step_2[] =
	"CREATE TABLE target(k INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT,"
	" ms INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX target_key ON target(kind, key);"
	"CREATE INDEX target_ms ON target(kind, ms);";

/* Jobs of our own making: PARENT is whose, "-" the operator's; and what discovery knows of its targets. */
static const char step_3[] =
	"ALTER TABLE job ADD COLUMN parent TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX job_parent ON job(parent) WHERE parent <> '';"
	"CREATE TABLE aim(k INTEGER PRIMARY KEY, parent TEXT NOT NULL, address TEXT NOT NULL, state INTEGER NOT NULL,"
	" ways TEXT, child TEXT, topic TEXT, what TEXT, name TEXT, sure INTEGER NOT NULL DEFAULT 0,"
	" class INTEGER NOT NULL DEFAULT 0, why TEXT, links BLOB, ms INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX aim_of ON aim(parent, address);";

/* What tells which machine a target is before it has been asked. */
static const char step_4[] = "ALTER TABLE aim ADD COLUMN whose TEXT;";

/* Targets go with their Discover job (keep.c); these have outlived theirs. */
static const char step_5[] = "DELETE FROM aim WHERE parent NOT IN (SELECT id FROM job);";

/* How much its results are, sealed: known until the job is forgotten, long after they have gone. */
static const char step_6[] = "ALTER TABLE job ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;";

/* Who a target is, wherever it answers; who is present was kept by address before. */
static const char step_7[] =
	"ALTER TABLE aim ADD COLUMN who TEXT;"
	"CREATE INDEX aim_who ON aim(parent, who) WHERE who <> '';"
	"DELETE FROM target WHERE kind = 'present';";

/* What a job waited for before its last run. */
static const char step_8[] = "ALTER TABLE job ADD COLUMN waited TEXT;";

const char *const schema_steps[] = { step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8, NULL };

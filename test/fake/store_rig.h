/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_rig - a real store on a real loop in a folder of its own, for tests:
 * post, turn the loop until the answer is there, look.
 */
#ifndef FAKE_STORE_RIG_H
#define FAKE_STORE_RIG_H

#include <stdint.h>

#include "err.h"
#include "store/store.h"

struct loop;

struct rig {
	struct loop *loop;
	struct store *store;
	struct store_config cfg;
	char dir[64], path[96];
	char *note;			/* of the last store_open() */
	int answers;			/* rig_done() calls so far */
	int failures;			/* of these, not 0 */
	int r;				/* the last one's */
	struct err err;			/* of the last failure */
	/* the last answer of rows */
	struct job_row *jobs;
	struct result_row *results;
	size_t n;
	struct json_object *json;
};

int rig_setup(void **state);		/* for cmocka: *STATE is a struct rig, its store open */
int rig_teardown(void **state);
void rig_make(struct rig *g);		/* loop and folder, no store */
void rig_free(struct rig *g);
int rig_open(struct rig *g);		/* 0 or -E_*, g->err */
void rig_close(struct rig *g);
void rig_reopen(struct rig *g);		/* asserts that it works */

void rig_done(void *rig, int r, const struct err *err);
void rig_wait(struct rig *g, int answers);	/* turns the loop until g->answers is that many */
int rig_last(struct rig *g);		/* one more answer, then g->r */

/* Ids: 32 hex made of N. */
const char *rig_id(int n);
void rig_intend(struct rig *g, int n, const char *payload);
void rig_page(struct rig *g, int n, int page, const void *data, size_t len);
void rig_accepted(struct rig *g, int n);	/* intended, accepted, on the disk */
void rig_spooled(struct rig *g, int n, const char *result);	/* from nothing to spooled, on the disk */

/* Ask and wait; rows stay valid until the next question. */
void rig_load(struct rig *g);
const struct job_row *rig_job(struct rig *g, int n);	/* NULL not known */
void rig_list(struct rig *g, const struct job_filter *f);
void rig_seen(struct rig *g, const char *const *ids, size_t n);
void rig_results(struct rig *g, uint64_t after, int limit, size_t bytes);
struct json_object *rig_stats(struct rig *g, int64_t since_ms);
struct json_object *rig_events(struct rig *g, const char *job, int limit);
struct json_object *rig_audit_verify(struct rig *g);

#endif

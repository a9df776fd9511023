/* SPDX-License-Identifier: Apache-2.0 */
/* store_rig - see store_rig.h. */
#include "store_rig.h"

#include <assert.h>
#include <ftw.h>
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "xalloc.h"

/* --- the rig itself -------------------------------------------------------------- */

static void
forget_answer(struct rig *g)
{
	for (size_t i = 0; i < g->n && g->jobs != NULL; i++)
		job_row_fini(&g->jobs[i]);
	for (size_t i = 0; i < g->n && g->results != NULL; i++)
		result_row_fini(&g->results[i]);
	free(g->jobs);
	free(g->results);
	json_object_put(g->json);
	g->jobs = NULL;
	g->results = NULL;
	g->json = NULL;
	g->n = 0;
}

void
rig_make(struct rig *g)
{
	struct err err;
	int r = loop_open(&g->loop, &err);

	assert(r == 0);
	snprintf(g->dir, sizeof(g->dir), "/tmp/midd-store-XXXXXX");
	assert(mkdtemp(g->dir) != NULL);
	snprintf(g->path, sizeof(g->path), "%s/state/midd.db", g->dir);
	g->cfg.path = g->path;
	g->cfg.keep_done_ms = 1000LL * 3600 * 24 * 30;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st, (void)flag, (void)f;
	return remove(path);
}

void
rig_free(struct rig *g)
{
	rig_close(g);
	forget_answer(g);
	loop_close(g->loop);
	nftw(g->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(g->note);
}

int
rig_setup(void **state)
{
	struct rig *g = xcalloc(1, sizeof(*g));

	rig_make(g);
	*state = g;
	return rig_open(g);
}

int
rig_teardown(void **state)
{
	rig_free(*state);
	free(*state);
	return 0;
}

int
rig_open(struct rig *g)
{
	free(g->note);
	g->note = NULL;
	return store_open(&g->store, g->loop, &g->cfg, &g->note, &g->err);
}

void
rig_close(struct rig *g)
{
	store_close(g->store);
	g->store = NULL;
}

void
rig_reopen(struct rig *g)
{
	int r;

	rig_close(g);
	r = rig_open(g);
	if (r < 0)
		fprintf(stderr, "rig_reopen: %s\n", g->err.text);
	assert(r == 0);
}

void
rig_done(void *rig, int r, const struct err *err)
{
	struct rig *g = rig;

	g->answers++;
	g->failures += r != 0;
	g->r = r;
	if (r != 0)
		g->err = *err;
}

void
rig_wait(struct rig *g, int answers)
{
	while (g->answers < answers)
		loop_turn(g->loop, true);
}

int
rig_last(struct rig *g)
{
	rig_wait(g, g->answers + 1);
	return g->r;
}

/* --- jobs --------------------------------------------------------------------------- */

const char *
rig_id(int n)
{
	static char id[8][33];
	static int at;
	char *to = id[at++ % 8];

	snprintf(to, 33, "%032x", (unsigned)n);
	return to;
}

void
rig_intend(struct rig *g, int n, const char *payload)
{
	struct job_row row;
	char text[64];

	memset(&row, 0, sizeof(row));
	snprintf(row.id, sizeof(row.id), "%s", rig_id(n));
	snprintf(row.hash, sizeof(row.hash), "%032x", (unsigned)n * 7u);
	snprintf(text, sizeof(text), "job number %d", n);
	row.priority = n % 3;
	row.agent = xstrdup("mid.server.test");
	row.topic = xstrdup("Echo");
	row.name = xstrdup(text);
	row.source = xstrdup("10.0.0.1");
	row.correlator = xstrdup(n % 2 ? "odd" : "");
	row.sequence = xstrdup("1");
	row.created_ms = 1000 + n;
	row.payload = xstrdup(payload);
	row.payload_len = payload == NULL ? 0 : strlen(payload);
	store_intend(g->store, &row, rig_done, g);
	job_row_fini(&row);
}

void
rig_page(struct rig *g, int n, int page, const void *data, size_t len)
{
	struct result_row row;
	char *blob = xcalloc(1, len + 1);

	memset(&row, 0, sizeof(row));
	memcpy(blob, data, len);
	snprintf(row.job, sizeof(row.job), "%s", rig_id(n));
	snprintf(row.id, sizeof(row.id), "%032x", 0xa0000000u + (unsigned)n * 16 + (unsigned)page);
	row.page = page;
	row.sealed = true;
	row.meta = xstrdup("{\"k\":\"v\"}");
	store_result_take(g->store, &row, blob, len, rig_done, g);
	free(row.meta);
}

void
rig_accepted(struct rig *g, int n)
{
	int before = g->answers;

	rig_intend(g, n, "payload");
	store_accept(g->store, rig_id(n), 5000, rig_done, g);
	rig_wait(g, before + 2);
}

void
rig_spooled(struct rig *g, int n, const char *result)
{
	int before;

	rig_accepted(g, n);
	before = g->answers;
	store_started(g->store, rig_id(n), 6000, NULL, rig_done, g);
	rig_page(g, n, 1, result, strlen(result));
	store_spooled(g->store, rig_id(n), 0, false, "", 10, 7000, rig_done, g);
	rig_wait(g, before + 3);
}

/* --- questions ------------------------------------------------------------------------- */

static void
got_jobs(void *arg, int r, struct job_row *rows, size_t n)
{
	struct rig *g = arg;

	g->jobs = xcalloc(n, sizeof(*rows));
	if (n > 0) {
		memcpy(g->jobs, rows, n * sizeof(*rows));
		memset(rows, 0, n * sizeof(*rows));
	}
	g->n = n;
	g->r = r;
	g->answers++;
}

static void
got_results(void *arg, int r, struct result_row *rows, size_t n)
{
	struct rig *g = arg;

	g->results = xcalloc(n, sizeof(*rows));
	if (n > 0) {
		memcpy(g->results, rows, n * sizeof(*rows));
		memset(rows, 0, n * sizeof(*rows));
	}
	g->n = n;
	g->r = r;
	g->answers++;
}

static void
got_json(void *arg, int r, struct json_object *o)
{
	struct rig *g = arg;

	g->json = json_object_get(o);
	g->r = r;
	g->answers++;
}

void
rig_load(struct rig *g)
{
	forget_answer(g);
	store_load(g->store, got_jobs, g);
	rig_last(g);
}

void
rig_list(struct rig *g, const struct job_filter *f)
{
	forget_answer(g);
	store_jobs(g->store, f, got_jobs, g);
	rig_last(g);
}

void
rig_seen(struct rig *g, const char *const *ids, size_t n)
{
	forget_answer(g);
	store_seen(g->store, ids, n, got_jobs, g);
	rig_last(g);
}

const struct job_row *
rig_job(struct rig *g, int n)
{
	struct job_filter f = { .id = rig_id(n), .payload = true };

	rig_list(g, &f);
	return g->n == 1 ? &g->jobs[0] : NULL;
}

void
rig_results(struct rig *g, uint64_t after, int limit, size_t bytes)
{
	forget_answer(g);
	store_results(g->store, after, limit, bytes, got_results, g);
	rig_last(g);
}

struct json_object *
rig_stats(struct rig *g, int64_t since_ms)
{
	forget_answer(g);
	store_stats(g->store, since_ms, got_json, g);
	rig_last(g);
	return g->json;
}

struct json_object *
rig_events(struct rig *g, const char *job, int limit)
{
	forget_answer(g);
	store_events(g->store, job, limit, got_json, g);
	rig_last(g);
	return g->json;
}

struct json_object *
rig_audit_verify(struct rig *g)
{
	forget_answer(g);
	store_audit_verify(g->store, got_json, g);
	rig_last(g);
	return g->json;
}

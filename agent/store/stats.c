/* SPDX-License-Identifier: Apache-2.0 */
/* stats - numbers for status, out of the tally: store.h. */
#include <json-c/json_object.h>

#include "json.h"
#include "store/inside.h"

static struct json_object *
jobs_json(const struct tally *t)
{
	struct json_object *o = json_object_new_object();

	for (int i = STAGE_INTENT; i <= STAGE_QUARANTINED; i++)
		json_put_int(o, stage_name((enum stage)i), t->jobs[i]);
	return o;
}

static struct json_object *
today_json(const struct tally *t)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "jobs", t->today[TODAY_JOBS]);
	json_put_int(o, "ok", t->today[TODAY_OK]);
	json_put_int(o, "partial", t->today[TODAY_PARTIAL]);
	json_put_int(o, "failed", t->today[TODAY_FAILED]);
	json_put_int(o, "quarantined", t->today[TODAY_QUARANTINED]);
	return o;
}

static int
run_stats(struct db *db, struct op *op)
{
	int64_t pages = db_number(db, "PRAGMA page_count", 0) + db->frames;
	int r = tally_today(db, op->num[0]);

	if (r < 0)
		return r;
	op->json = json_object_new_object();
	json_put_take(op->json, "jobs", jobs_json(&db->tally));
	json_put_int(op->json, "results", db->tally.results);
	json_put_int(op->json, "result_bytes", db->tally.result_bytes);
	json_put_int(op->json, "file_bytes", pages * db_number(db, "PRAGMA page_size", 4096));
	json_put_take(op->json, "today", today_json(&db->tally));
	return db->broken ? -db->err.code : 0;
}

static const struct op_kind op_stats = { "stats", OP_READ, run_stats, tell_json };

void
store_stats(struct store *s, int64_t since_ms, store_json_fn *fn, void *arg)
{
	struct op *op = op_new(&op_stats, NULL);

	op->num[0] = since_ms;
	op->fn.json = fn;
	op->arg = arg;
	store_post(s, op);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event - the integration log: the newest 20,000 lines of what happened. It
 * may lag a second behind and never makes work wait; while the disk is full,
 * or when lines come faster than they can be kept, it has gaps and says so.
 */
#include <json-c/json_object.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "os.h"
#include "store/inside.h"
#include "xalloc.h"

#define EVENTS_KEPT 20000
#define EVENTS_SWEPT 256	/* beyond that, before the oldest are removed */
#define EVENTS_WAITING_MAX 2000
#define EVENTS_READ_MAX 20000
#define TEXT_MAX 1000

static int
run_event(struct db *db, struct op *op)
{
	int64_t n = ++db->event_n;
	int r = db_run(db, "INSERT OR REPLACE INTO event(n, ms, level, sub, job, text) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	    "lldsss", n, op->num[0], (int)op->num[1], op->text[0], op->id, op->text[1]);

	if (r >= 0 && n % EVENTS_SWEPT == 0)
		r = db_run(db, "DELETE FROM event WHERE n <= ?1", "l", n - EVENTS_KEPT);
	return r < 0 ? r : 0;
}

static struct json_object *
event_json(sqlite3_stmt *st)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "n", sqlite3_column_int64(st, 0));
	json_put_int(o, "ms", sqlite3_column_int64(st, 1));
	json_put_int(o, "level", sqlite3_column_int64(st, 2));
	json_put_str(o, "sub", db_text(st, 3));
	json_put_str(o, "job", db_text(st, 4));
	json_put_str(o, "text", db_text(st, 5));
	return o;
}

/* The newest of them, given oldest first. */
static int
run_events(struct db *db, struct op *op)
{
	sqlite3_stmt *st = op->id[0] != '\0'
	    ? db_ask(db, "SELECT * FROM (SELECT n, ms, level, sub, job, text FROM event WHERE job = ?1 AND job <> ''"
		" ORDER BY n DESC LIMIT ?2) ORDER BY n", "sl", op->id, op->num[0])
	    : db_ask(db, "SELECT * FROM (SELECT n, ms, level, sub, job, text FROM event"
		" ORDER BY n DESC LIMIT ?1) ORDER BY n", "l", op->num[0]);
	int r;

	op->json = json_object_new_array();
	while ((r = db_next(db, st)) == 1)
		json_add_take(op->json, event_json(st));
	db_end(st);
	return r;
}

static const struct op_kind op_event = { "event", OP_GROW | OP_LAZY, run_event, tell_done };
static const struct op_kind op_events = { "events", OP_READ, run_events, tell_json };

static void
post_event(struct store *s, int level, const char *sub, const char *job, const char *text)
{
	struct op *op = op_new(&op_event, job);

	op->num[0] = os_time_ms();
	op->num[1] = level;
	op_text(op, 0, sub);
	op->text[1] = xstrndup(text, TEXT_MAX);
	s->events_waiting++;
	store_post(s, op);
}

/* From another thread nothing is kept: the log line itself stands in the journal. */
void
store_event(struct store *s, int level, const char *sub, const char *job, const char *text)
{
	uv_thread_t me = uv_thread_self();
	char lost[80];

	if (!uv_thread_equal(&me, &s->loop_thread) || s->closed)
		return;
	if (s->events_waiting >= EVENTS_WAITING_MAX) {
		s->events_lost++;
		return;
	}
	if (s->events_lost > 0) {
		snprintf(lost, sizeof(lost), "%zu lines came too fast to be kept here", s->events_lost);
		s->events_lost = 0;
		post_event(s, 1, "store", NULL, lost);
	}
	post_event(s, level, sub, job, text);
}

void
store_events(struct store *s, const char *job, int limit, store_json_fn *fn, void *arg)
{
	struct op *op = op_new(&op_events, job);

	op->num[0] = limit <= 0 || limit > EVENTS_READ_MAX ? EVENTS_READ_MAX : limit;
	op->fn.json = fn;
	op->arg = arg;
	store_post(s, op);
}

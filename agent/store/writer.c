/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer - the thread that owns the database: takes what has come together,
 * makes one transaction of it, and says how it went.
 *
 * A transaction that fails leaves nothing behind and each op in it gets the
 * reason; but a full disk first gets the reserve, and it is tried once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "os.h"
#include "store/inside.h"
#include "xalloc.h"

#define CHECKPOINT_FRAMES 1000
#define TROUBLE_MS 2000		/* how often the disk is tried while something is wrong */

/* --- pages that failed: see struct taint --------------------------------------------- */

static void
taint_add(struct store *s, const struct op *op)
{
	struct taint *t;

	for (t = s->taints; t != NULL; t = t->next)
		if (strcmp(t->job, op->id) == 0)
			break;
	if (t == NULL) {
		t = xcalloc(1, sizeof(*t));
		memcpy(t->job, op->id, sizeof(t->job));
		t->next = s->taints;
		s->taints = t;
	}
	if (op->serial > t->serial)
		t->serial = op->serial;
}

static bool
tainted(const struct store *s, const struct op *op)
{
	for (const struct taint *t = s->taints; t != NULL; t = t->next)
		if (op->heard < t->serial && op->serial > t->serial && strcmp(t->job, op->id) == 0)
			return true;
	return false;
}

/* The loop has heard of all up to HEARD. */
static void
taint_drop(struct store *s, uint64_t heard)
{
	struct taint **at = &s->taints, *t;

	while ((t = *at) != NULL) {
		if (t->serial > heard) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		free(t);
	}
}

/* --- one op, one transaction ------------------------------------------------------------ */

static int
run_op(struct store *s, struct op *op)
{
	unsigned flags = op->kind->flags;
	int r;

	op_clear_answer(op);
	if (s->db->tight && (flags & OP_GROW) && (op->blob_len > SMALL_BYTES || !(flags & OP_PAGES)))
		return op_refuse(op, E_FULL, "the disk that holds %s is full: make room, work goes on by itself", s->path);
	if ((flags & OP_PAGES) && tainted(s, op))
		return op_refuse(op, E_AGAIN, "a page of this result could not be kept just before");
	r = op->kind->run(s->db, op);
	if (r < 0 && (flags & OP_PAGES) && !s->db->broken)
		taint_add(s, op);
	return r;
}

static int
try_batch(struct store *s, struct ops *batch)
{
	struct db *db = s->db;
	bool write = false;
	struct op *op;
	int r;

	for (op = batch->first; op != NULL; op = op->next)
		write = write || !(op->kind->flags & OP_READ);
	r = db_begin(db, write);
	for (op = batch->first; op != NULL && !db->broken; op = op->next)
		op->r = run_op(s, op);
	if (write && !db->broken)
		keep_save(db);
	r = db_commit(db);
	if (r < 0)
		db_rollback(db);
	return r;
}

/* Is there a point in trying again? */
static bool
remedy(struct store *s, int r)
{
	bool was_tight = s->db->tight;

	if (r != -E_FULL)
		return false;
	s->db->tight = true;
	return reserve_release(s->db) || !was_tight;
}

/*
 * Damage found on the way is not repaired on the way: the jobs in memory would
 * not know which of their rows are gone. From here on all is refused, and the
 * repair is made where everything begins from the disk: at the next start.
 */
static int
run_batch(struct store *s, struct ops *batch, struct err *err)
{
	int r;

	if (s->damaged)
		return err_set(err, E_DAMAGED, "the store %s is damaged: midd must start again to repair it", s->path);
	keep_clock(s->db, s->mono_seen, s->wall_seen);
	r = try_batch(s, batch);
	if (r < 0 && remedy(s, r))
		r = try_batch(s, batch);
	if (r < 0)
		*err = s->db->err;
	s->damaged = r == -E_DAMAGED;
	return r;
}

/* --- answers and state -------------------------------------------------------------------- */

static void
fail_batch(struct store *s, struct ops *batch, const struct err *err)
{
	for (struct op *op = batch->first; op != NULL; op = op->next) {
		op_clear_answer(op);
		op->r = op_refuse(op, err->code, "%s", err->text);
		if (op->kind->flags & OP_PAGES)
			taint_add(s, op);
	}
}

/* Those that want another turn stay. */
static void
keep_going(struct store *s, struct ops *batch)
{
	struct ops done;
	struct op *op;

	ops_init(&done);
	while ((op = ops_pop(batch)) != NULL)
		ops_add(op->r == OP_MORE ? &s->again : &done, op);
	ops_join(batch, &done);
}

static void
set_trouble(struct store_state *st, int code, const char *text)
{
	st->trouble_code = code;
	snprintf(st->trouble, sizeof(st->trouble), "%.*s", (int)sizeof(st->trouble) - 1, text);
}

static void
note_state(struct store *s, int r, const struct err *err, uint64_t began, size_t ops)
{
	struct store_state *st = &s->state;

	uv_mutex_lock(&s->lock);
	st->operations += ops;
	if (r < 0) {
		set_trouble(st, err->code, err->text);
	} else {
		st->commits++;
		st->commit_ms = (int64_t)((uv_hrtime() - began) / 1000000);
		st->last_commit_at = s->mono_seen;
		set_trouble(st, 0, "");
	}
	st->results = s->db->tally.results;
	st->result_bytes = s->db->tally.result_bytes;
	if (s->db->tight && r >= 0)
		set_trouble(st, E_FULL, "the disk of the state folder is full: no new work is fetched until there is room");
	uv_mutex_unlock(&s->lock);
}

/* --- the thread ------------------------------------------------------------------------------ */

static void
transact(struct store *s, struct ops *batch)
{
	uint64_t began = uv_hrtime(), heard = 0;
	size_t n = batch->n;
	struct err err = { .code = 0 };
	int r = run_batch(s, batch, &err);

	if (r < 0)
		fail_batch(s, batch, &err);
	for (struct op *op = batch->first; op != NULL; op = op->next)
		if (op->kind->flags & OP_PAGES)
			heard = op->heard;
	if (s->taints != NULL)
		taint_drop(s, heard);
	keep_going(s, batch);
	note_state(s, r, &err, began, n);
	queue_answer(s, batch);
}

/* Something is wrong and nobody asks for anything: has it gone? */
static void
probe(struct store *s)
{
	struct err err = { .code = 0 };
	uint64_t began = uv_hrtime();
	int r = db_begin(s->db, true);

	s->db->clock_saved = 0;		/* makes keep_save() write */
	if (r == 0)
		keep_save(s->db);
	r = db_commit(s->db);
	if (r < 0) {
		err = s->db->err;
		db_rollback(s->db);
	}
	note_state(s, r, &err, began, 0);
}

/* What nobody waits for, after the answers have gone out. */
static void
afterwards(struct store *s)
{
	uint64_t began = uv_hrtime();
	int r;

	if (s->damaged)
		return;
	reserve_look(s->db);
	r = keep_house(s->db);
	if (r == 0 && s->db->frames >= CHECKPOINT_FRAMES)
		r = db_checkpoint(s->db);
	if (r < 0)
		note_state(s, r, &s->db->err, began, 0);
	s->db->tight = s->db->tight || r == -E_FULL;
	s->damaged = r == -E_DAMAGED;
}

static bool
in_trouble(const struct store *s)
{
	return !s->damaged && (s->db->tight || s->state.trouble_code != 0);
}

static bool
opened(struct store *s)
{
	uv_mutex_lock(&s->lock);
	s->open_r = db_open(&s->db, &s->cfg, os_time_ms(), &s->open_note, &s->open_err);
	if (s->open_r == 0) {
		s->state.results = s->db->tally.results;
		s->state.result_bytes = s->db->tally.result_bytes;
	}
	s->is_open = true;
	uv_cond_signal(&s->news);
	uv_mutex_unlock(&s->lock);
	return s->open_r == 0;
}

void
writer_main(void *arg)
{
	struct store *s = arg;
	struct ops batch;

	if (!opened(s))
		return;
	ops_init(&batch);
	while (queue_take(s, &batch, s->again.first != NULL ? 0 : in_trouble(s) ? TROUBLE_MS : -1)) {
		ops_join(&batch, &s->again);
		if (batch.first != NULL)
			transact(s, &batch);
		else
			probe(s);
		afterwards(s);
	}
	taint_drop(s, UINT64_MAX);
	db_close(s->db);
	s->db = NULL;
}

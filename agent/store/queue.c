/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue - the way between the loop and the writer thread, and back.
 *
 * What is posted in one turn of the loop is handed over at its end and never
 * split over two transactions. While the writer commits, further turns come
 * together and make up the next transaction. Answers come back in order, many
 * in one message.
 */
#include <stdlib.h>

#include "loop.h"
#include "os.h"
#include "store/inside.h"

#define BATCH_OPS 4000		/* whole turns are joined up to here */
#define BATCH_BYTES (16u * 1024 * 1024)
#define LAZY_MS 1000
#define LAZY_OPS 200

/* Messages under way keep the shell alive after store_close(). */
static void
free_if_last(struct store *s)
{
	if (!s->closed || s->deferred || s->posted)
		return;
	uv_mutex_destroy(&s->lock);
	uv_cond_destroy(&s->wake);
	uv_cond_destroy(&s->news);
	free(s->path);
	free(s->lock_path);
	free(s->open_note);
	free(s);
}

/* --- there ------------------------------------------------------------------------ */

static void
hand_over_now(struct store *s)
{
	if (s->turn.first == NULL && s->lazy.first == NULL)
		return;
	ops_join(&s->lazy, &s->turn);	/* the lazy ones are older */
	loop_timer_stop(s->lazy_timer);
	for (struct op *op = s->lazy.first; op != NULL; op = op->next)
		op->turn_ends = op->next == NULL;
	uv_mutex_lock(&s->lock);
	ops_join(&s->inbox, &s->lazy);
	s->mono_ms = loop_now(s->loop);
	s->wall_ms = os_time_ms();
	uv_cond_signal(&s->wake);
	uv_mutex_unlock(&s->lock);
}

static void
hand_over(void *arg)
{
	struct store *s = arg;

	s->deferred = false;
	if (!s->closed)
		hand_over_now(s);
	free_if_last(s);
}

static void
lazy_is_late(void *arg)
{
	hand_over_now(arg);
}

void
store_post(struct store *s, struct op *op)
{
	if (s->closed) {
		op_free(op);
		return;
	}
	op->serial = ++s->serial;
	op->heard = s->heard;
	if ((op->kind->flags & OP_LAZY) && s->lazy.n < LAZY_OPS) {
		ops_add(&s->lazy, op);
		if (!loop_timer_armed(s->lazy_timer))
			loop_timer_arm(s->lazy_timer, LAZY_MS);
		return;
	}
	ops_add(&s->turn, op);
	if (!s->deferred) {
		s->deferred = true;
		loop_defer(s->loop, hand_over, s);
	}
}

/* Whole turns, up to a size. */
static void
take_turns(struct store *s, struct ops *batch)
{
	size_t bytes = 0;
	bool turn_ends = true;
	struct op *op;

	while (s->inbox.first != NULL) {
		if (turn_ends && (batch->n >= BATCH_OPS || bytes >= BATCH_BYTES))
			break;
		op = ops_pop(&s->inbox);
		turn_ends = op->turn_ends;
		bytes += op->blob_len;
		ops_add(batch, op);
	}
}

bool
queue_take(struct store *s, struct ops *batch, int64_t max_ms)
{
	bool more;

	uv_mutex_lock(&s->lock);
	while (s->inbox.first == NULL && !s->stop && max_ms != 0) {
		if (max_ms < 0)
			uv_cond_wait(&s->wake, &s->lock);
		else if (uv_cond_timedwait(&s->wake, &s->lock, (uint64_t)max_ms * 1000000) != 0)
			break;
	}
	take_turns(s, batch);
	s->mono_seen = s->mono_ms;
	s->wall_seen = s->wall_ms;
	more = !s->stop || batch->first != NULL;
	uv_mutex_unlock(&s->lock);
	return more;
}

/* --- and back ----------------------------------------------------------------------- */

static void
tell_all(struct store *s, struct ops *done)
{
	struct err err;
	struct op *op;

	while ((op = ops_pop(done)) != NULL) {
		err.code = 0;
		err.text[0] = '\0';
		if (op->r < 0)
			err_set(&err, -op->r, "%s", op->why != NULL ? op->why : "store: the operation failed");
		if (op->kind->flags & OP_PAGES)
			s->heard = op->serial;
		if (op->kind->flags & OP_LAZY)
			s->events_waiting--;
		op->kind->tell(op, &err);
		op_free(op);
	}
}

static void
deliver(struct store *s)
{
	struct ops done;

	ops_init(&done);
	uv_mutex_lock(&s->lock);
	s->posted = false;
	ops_join(&done, &s->outbox);
	uv_mutex_unlock(&s->lock);
	tell_all(s, &done);
}

static void
on_answers(void *arg)
{
	struct store *s = arg;

	deliver(s);
	free_if_last(s);
}

void
queue_answer(struct store *s, struct ops *done)
{
	bool post;

	uv_mutex_lock(&s->lock);
	for (struct op *op = done->first; op != NULL; op = op->next)
		op->answered = true;
	ops_join(&s->outbox, done);
	uv_cond_signal(&s->news);
	post = !s->posted && !s->stop;
	if (post) {
		s->posted = true;
		loop_post(s->loop, on_answers, s);
	}
	uv_mutex_unlock(&s->lock);
}

void
queue_wait(struct store *s, const struct op *op)
{
	hand_over_now(s);
	uv_mutex_lock(&s->lock);
	while (!op->answered)
		uv_cond_wait(&s->news, &s->lock);
	uv_mutex_unlock(&s->lock);
}

/* --- begin and end ------------------------------------------------------------------- */

void
queue_open(struct store *s)
{
	ops_init(&s->turn);
	ops_init(&s->lazy);
	ops_init(&s->inbox);
	ops_init(&s->outbox);
	ops_init(&s->again);
	uv_mutex_init(&s->lock);
	uv_cond_init(&s->wake);
	uv_cond_init(&s->news);
	s->lazy_timer = loop_timer_new(s->loop, lazy_is_late, s);
}

/* Posted by the very last answers: too late. */
static void
cancel_turn(struct store *s)
{
	ops_join(&s->lazy, &s->turn);
	for (struct op *op = s->lazy.first; op != NULL; op = op->next) {
		op->r = op_refuse(op, E_CANCELLED, "the store is closing");
	}
	tell_all(s, &s->lazy);
}

void
queue_close(struct store *s)
{
	bool was_posted;

	hand_over_now(s);
	uv_mutex_lock(&s->lock);
	s->stop = true;
	uv_cond_signal(&s->wake);
	uv_mutex_unlock(&s->lock);
	uv_thread_join(&s->thread);
	was_posted = s->posted;
	deliver(s);
	s->posted = was_posted;		/* the message itself still comes */
	s->closed = true;		/* what is posted from now on goes nowhere */
	cancel_turn(s);
}

void
queue_fini(struct store *s)
{
	s->closed = true;
	loop_timer_free(s->lazy_timer);
	s->lazy_timer = NULL;
	free_if_last(s);
}

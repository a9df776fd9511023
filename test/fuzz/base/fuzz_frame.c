/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames from a worker that was taken over, and frames as a worker reads them:
 * whatever comes, nothing is believed beyond the tables.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "frame.h"
#include "loop.h"
#include "worker_link_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned ended;

static void
on_done(void *arg, int class, const char *message, struct json_object *detail)
{
	(void)arg;
	(void)class;
	(void)detail;
	ended += message != NULL;
}

static void
on_lost(void *arg, const char *why)
{
	(void)arg;
	ended += why != NULL;
}

static const struct run_events run_ev = { .done = on_done, .lost = on_lost };

/* As midd hears a worker: two runs are on their way, one of them is going. */
static void
hear(struct buf *in)
{
	static struct loop *loop;
	struct worker_link w;
	struct frame f;
	struct err err;
	size_t at = 0;
	unsigned i;

	if (loop == NULL && loop_open(&loop, &err) < 0)
		return;
	memset(&w, 0, sizeof(w));
	w.loop = loop;
	w.timer = loop_timer_new(loop, (loop_fn *)0, &w);
	w.greeted = true;
	w.ended = true;		/* nothing is sent */
	ended = 0;
	for (i = 0; i < 2; i++)
		link_run_add(&w, &run_ev, NULL)->stage = i == 0 ? RUN_GOING : RUN_SENT;
	while (frame_next(in, &at, 1, &f, &err) > 0)
		if (link_frame(&w, &f, &err) < 0) {
			assert(err.text[0] != '\0');
			break;
		}
	link_lose_runs(&w);
	assert(ended == 2 && w.nruns == 0);
	loop_timer_free(w.timer);
	loop_turn(loop, false);
}

/* As a worker reads midd; what was read can be written again and is the same. */
static void
read_and_write(struct buf *in)
{
	struct buf again;
	struct frame f;
	struct err err;
	size_t at = 0, was = 0;

	buf_init(&again, in->len);
	while (frame_next(in, &at, 0, &f, &err) > 0) {
		assert(at > was && at <= in->len && f.len <= FRAME_BODY_MAX);
		assert(frame_put(&again, f.type, f.detail, f.run, f.body, f.len) == 0);
		was = at;
	}
	assert(again.len == was && (was == 0 || memcmp(again.data, in->data, was) == 0));
	buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in;

	if (size < 1)
		return 0;
	buf_init(&in, size);
	(void)buf_put(&in, data + 1, size - 1);
	if (data[0] & 1)
		hear(&in);
	else
		read_and_write(&in);
	buf_fini(&in);
	return 0;
}

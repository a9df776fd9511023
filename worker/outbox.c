/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox - what a run emitted, cut to frames and sent as far as midd has given
 * credit for it. The rest waits here, in order.
 */
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "stream.h"
#include "waiter.h"
#include "xalloc.h"

struct piece {
	struct piece *next;
	int kind;
	size_t len, sent;
	char data[];
};

void
outbox_init(struct outbox *o)
{
	o->first = NULL;
	o->last = &o->first;
	o->window = FRAME_WINDOW;
}

void
outbox_drop(struct outbox *o)
{
	struct piece *p;

	while ((p = o->first) != NULL) {
		o->first = p->next;
		free(p);
	}
	o->last = &o->first;
}

bool
outbox_empty(const struct outbox *o)
{
	return o->first == NULL;
}

/* How many of LEN bytes went. Empty pieces (the end of a CI) need no credit. */
static size_t
send_some(struct mid_run *r, int kind, const char *data, size_t len)
{
	size_t sent = 0, n;

	do {
		n = len - sent < FRAME_EMIT_MAX ? len - sent : FRAME_EMIT_MAX;
		if (n > r->out.window)
			n = r->out.window;
		if (n == 0 && len > 0)
			break;
		stream_send(r->worker->stream, FRAME_EMIT, (uint8_t)kind, r->id, data + sent, n);
		r->out.window -= n;
		sent += n;
	} while (sent < len);
	return sent;
}

void
outbox_put(struct mid_run *r, int kind, const void *data, size_t len)
{
	struct piece *p;
	size_t sent = 0;

	if (outbox_empty(&r->out)) {
		sent = send_some(r, kind, data, len);
		if (sent == len)
			return;
	}
	p = xcalloc(1, sizeof(*p) + (len - sent));
	p->kind = kind;
	p->len = len - sent;
	if (p->len > 0)
		memcpy(p->data, (const char *)data + sent, p->len);
	*r->out.last = p;
	r->out.last = &p->next;
}

void
outbox_credit(struct mid_run *r, size_t bytes)
{
	struct piece *p;

	r->out.window += bytes;
	while ((p = r->out.first) != NULL) {
		p->sent += send_some(r, p->kind, p->data + p->sent, p->len - p->sent);
		if (p->sent < p->len)
			return;
		r->out.first = p->next;
		if (r->out.first == NULL)
			r->out.last = &r->out.first;
		free(p);
	}
	if (r->stage == RUN_STEPS)
		waiter_wake(r->waiter);
	else
		run_maybe_done(r);
}

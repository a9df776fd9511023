/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame - see frame.h. What a type may look like is its row in the table; the
 * reader believes nothing else.
 */
#include "frame.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "buf.h"
#include "err.h"

struct kind {
	const char *name;	/* NULL: no such type */
	bool from_worker;
	bool has_run;		/* belongs to a run; else its run is 0 */
	bool has_detail;
	uint32_t min, max;	/* bytes of body */
};

static const struct kind kinds[] = {
	[FRAME_HELLO]   = { "HELLO", true, false, false, 2, FRAME_BODY_MAX },
	[FRAME_STARTED] = { "STARTED", true, true, false, 0, 64 },
	[FRAME_EMIT]    = { "EMIT", true, true, true, 0, FRAME_EMIT_MAX },
	[FRAME_NOTE]    = { "NOTE", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_PARTIAL] = { "PARTIAL", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_LOG]     = { "LOG", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_WANT]    = { "WANT", true, true, false, 2, 1024 },
	[FRAME_VERDICT] = { "VERDICT", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_DONE]    = { "DONE", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_PONG]    = { "PONG", true, false, false, 0, 64 },
	[FRAME_ASK]     = { "ASK", true, true, false, 2, FRAME_EMIT_MAX },
	[FRAME_RUN]     = { "RUN", false, true, false, 2, FRAME_BODY_MAX },
	[FRAME_GO]      = { "GO", false, true, false, 0, 64 },
	[FRAME_CREDIT]  = { "CREDIT", false, true, false, 4, 4 },
	[FRAME_CRED]    = { "CRED", false, true, false, 0, FRAME_EMIT_MAX },
	[FRAME_CANCEL]  = { "CANCEL", false, true, false, 2, 4096 },
	[FRAME_PING]    = { "PING", false, false, false, 0, 64 },
	[FRAME_QUIT]    = { "QUIT", false, false, false, 0, 64 },
	[FRAME_TOLD]    = { "TOLD", false, true, false, 0, FRAME_EMIT_MAX },
};

static const struct kind *
kind_of(unsigned type)
{
	if (type >= sizeof(kinds) / sizeof(kinds[0]) || kinds[type].name == NULL)
		return NULL;
	return &kinds[type];
}

const char *
frame_name(enum frame_type type)
{
	const struct kind *k = kind_of((unsigned)type);

	return k == NULL ? "unknown" : k->name;
}

static void
put32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
	p[2] = (unsigned char)(v >> 16);
	p[3] = (unsigned char)(v >> 24);
}

static uint32_t
get32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int
frame_put(struct buf *out, enum frame_type type, uint8_t detail, uint32_t run, const void *body, size_t len)
{
	const struct kind *k = kind_of((unsigned)type);
	unsigned char head[FRAME_HEAD] = { 0 };

	assert(k != NULL && len <= k->max && len >= k->min && (run != 0) == k->has_run);
	if (buf_room(out, FRAME_HEAD + len) == NULL)
		return -E_FULL;
	put32(head, (uint32_t)len);
	head[4] = (unsigned char)type;
	head[5] = detail;
	put32(head + 8, run);
	(void)buf_put(out, head, sizeof(head));
	return buf_put(out, body, len);
}

static int
check(const struct kind *k, const unsigned char *head, int from_worker, struct err *err)
{
	uint32_t len = get32(head), run = get32(head + 8);

	if (k == NULL)
		return err_set(err, E_BAD, "a frame of the unknown type %u", head[4]);
	if (k->from_worker != (from_worker != 0))
		return err_set(err, E_BAD, "a %s frame from the wrong side", k->name);
	if (len < k->min || len > k->max)
		return err_set(err, E_BAD, "a %s frame of %u bytes, allowed are %u to %u", k->name,
		    (unsigned)len, (unsigned)k->min, (unsigned)k->max);
	if ((run != 0) != k->has_run)
		return err_set(err, E_BAD, "a %s frame %s a run", k->name, run != 0 ? "with" : "without");
	if (head[6] != 0 || head[7] != 0 || (head[5] != 0 && !k->has_detail))
		return err_set(err, E_BAD, "a %s frame with a head that is not ours", k->name);
	return 0;
}

int
frame_next(const struct buf *in, size_t *at, int from_worker, struct frame *out, struct err *err)
{
	const unsigned char *head;
	size_t left = in->len - *at, len;
	int r;

	if (left < FRAME_HEAD)
		return 0;
	/* The head is judged before its body is waited for. */
	head = (const unsigned char *)in->data + *at;
	r = check(kind_of(head[4]), head, from_worker, err);
	if (r < 0)
		return r;
	len = get32(head);
	if (left - FRAME_HEAD < len)
		return 0;
	out->type = (enum frame_type)head[4];
	out->detail = head[5];
	out->run = get32(head + 8);
	out->body = (const char *)head + FRAME_HEAD;
	out->len = len;
	*at += FRAME_HEAD + len;
	return 1;
}

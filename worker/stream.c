/* SPDX-License-Identifier: Apache-2.0 */
/* stream - see stream.h. */
#include "stream.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "buf.h"
#include "err.h"
#include "json.h"
#include "loop.h"
#include "xalloc.h"

#define READ_CHUNK (64u * 1024)

struct stream {
	uv_pipe_t pipe;
	struct buf in;
	stream_frame_fn *frame;
	stream_end_fn *end;
	void *arg;
	bool ended;
};

struct sending {
	uv_write_t req;
	struct buf bytes;
};

static void
end(struct stream *s, const char *why)
{
	if (s->ended)
		return;
	s->ended = true;
	uv_read_stop((uv_stream_t *)&s->pipe);
	s->end(s->arg, why);
}

static void
read_frames(struct stream *s)
{
	struct frame f;
	struct err err;
	size_t at = 0;
	int r = 0;

	while (!s->ended && (r = frame_next(&s->in, &at, 0, &f, &err)) > 0)
		if ((r = s->frame(s->arg, &f, &err)) < 0)
			break;
	/* Credentials have passed here. */
	explicit_bzero(s->in.data, at);
	buf_drop(&s->in, at);
	if (r < 0)
		end(s, err.text);
}

static void
on_room(uv_handle_t *h, size_t hint, uv_buf_t *out)
{
	struct stream *s = h->data;

	(void)hint;
	out->base = buf_room(&s->in, READ_CHUNK);
	out->len = READ_CHUNK;
}

static void
on_read(uv_stream_t *u, ssize_t n, const uv_buf_t *b)
{
	struct stream *s = u->data;

	(void)b;
	if (n < 0) {
		end(s, NULL);
		return;
	}
	s->in.len += (size_t)n;
	read_frames(s);
}

int
stream_open(struct stream **out, struct loop *loop, int fd, stream_frame_fn *frame,
    stream_end_fn *end_fn, void *arg, struct err *err)
{
	struct stream *s = xcalloc(1, sizeof(*s));
	int r;

	r = uv_pipe_init(loop_uv(loop), &s->pipe, 0);
	assert(r == 0);
	s->pipe.data = s;
	s->frame = frame;
	s->end = end_fn;
	s->arg = arg;
	buf_init(&s->in, FRAME_HEAD + FRAME_BODY_MAX + READ_CHUNK);
	r = uv_pipe_open(&s->pipe, fd);
	if (r == 0)
		r = uv_read_start((uv_stream_t *)&s->pipe, on_room, on_read);
	if (r < 0) {
		stream_close(s);
		return err_set(err, E_OS, "standard input is not the socket of midd: %s", uv_strerror(r));
	}
	*out = s;
	return 0;
}

static void
on_closed(uv_handle_t *h)
{
	struct stream *s = h->data;

	buf_wipe(&s->in);
	free(s);
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	s->ended = true;
	uv_close((uv_handle_t *)&s->pipe, on_closed);
}

static void
on_sent(uv_write_t *req, int status)
{
	struct sending *w = req->data;

	(void)status;
	buf_fini(&w->bytes);
	free(w);
}

void
stream_send(struct stream *s, enum frame_type type, uint8_t detail, uint32_t run, const void *body, size_t len)
{
	struct sending *w;
	uv_buf_t out;
	int r;

	if (s->ended)
		return;
	w = xcalloc(1, sizeof(*w));
	buf_init(&w->bytes, FRAME_HEAD + FRAME_BODY_MAX);
	r = frame_put(&w->bytes, type, detail, run, body, len);
	assert(r == 0);
	w->req.data = w;
	out = uv_buf_init(w->bytes.data, (unsigned)w->bytes.len);
	if (uv_write(&w->req, (uv_stream_t *)&s->pipe, &out, 1, on_sent) < 0)
		on_sent(&w->req, 0);
}

void
stream_send_json_take(struct stream *s, enum frame_type type, uint32_t run, struct json_object *o)
{
	struct buf b;
	int r;

	buf_init(&b, FRAME_BODY_MAX);
	r = json_write(&b, o);
	assert(r == 0);
	stream_send(s, type, 0, run, b.data, b.len);
	buf_fini(&b);
	json_object_put(o);
}

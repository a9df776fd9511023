/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - the worker's end of the socket to midd: frames in, frames out.
 *
 * What waits to be sent is bounded by the windows of the runs (run.h) and the
 * counts of their notes and logs.
 */
#ifndef MID_STREAM_H
#define MID_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct err;
struct json_object;
struct loop;
struct stream;

/* BODY bytes may be wiped by who has read them. <0: midd can't be understood, END follows. */
typedef int stream_frame_fn(void *arg, const struct frame *f, struct err *err);
/* Once: midd has gone (WHY NULL), or said what we can't understand. */
typedef void stream_end_fn(void *arg, const char *why);

int stream_open(struct stream **out, struct loop *loop, int fd, stream_frame_fn *frame,
    stream_end_fn *end, void *arg, struct err *err);	/* takes FD */
void stream_close(struct stream *s);
void stream_send(struct stream *s, enum frame_type type, uint8_t detail, uint32_t run,
    const void *body, size_t len);
/* Swallows O. What is too long for a frame is our own mistake. */
void stream_send_json_take(struct stream *s, enum frame_type type, uint32_t run, struct json_object *o);

#endif

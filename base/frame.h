/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame - the language between midd and midd-worker.
 *
 * A frame is a 12-byte head (little endian: u32 length of the body, u8 type,
 * u8 detail, u16 zero, u32 run) and a body of at most FRAME_BODY_MAX bytes:
 * JSON for everything but FRAME_EMIT (raw result bytes) and FRAME_CREDIT (u32).
 * The reader takes nothing larger, knows every type and its direction, and
 * refuses the rest: the far end may have been taken over.
 */
#ifndef MID_FRAME_H
#define MID_FRAME_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

#define FRAME_HEAD 12u
#define FRAME_BODY_MAX (1u << 20)
#define FRAME_EMIT_MAX (64u * 1024)	/* pieces of a result are cut to this */
#define FRAME_WINDOW (1u << 20)		/* bytes a run may emit before it gets credit */
#define FRAME_PROTOCOL 1

enum frame_type {
	/* worker -> midd */
	FRAME_HELLO = 1,	/* {protocol, version, pid, kind, guard{}, probes[{name, version, help, topics[], flags, map, params[]}]} */
	FRAME_STARTED,		/* {}: open() was good, the first step follows when FRAME_GO comes */
	FRAME_EMIT,		/* detail: enum mid_kind, or FRAME_KIND_CI; raw bytes */
	FRAME_NOTE,		/* {name, value} */
	FRAME_PARTIAL,		/* {message} */
	FRAME_LOG,		/* {level, text} */
	FRAME_WANT,		/* {type}: a credential */
	FRAME_VERDICT,		/* {id, verdict} */
	FRAME_DONE,		/* {class, message, ms, cpu_us, denied}: the last of a run */
	FRAME_PONG,		/* {} */
	/* midd -> worker */
	FRAME_RUN = 64,		/* {topic, source, name, address, params{}, xml{}, deadline_ms, map} */
	FRAME_GO,		/* {}: the start is durable */
	FRAME_CREDIT,		/* u32: bytes that were drained */
	FRAME_CRED,		/* {id, type, fields{}} or {} when there is none left */
	FRAME_CANCEL,		/* {why} */
	FRAME_PING,		/* {} */
	FRAME_QUIT		/* {}: finish nothing, go */
};

#define FRAME_KIND_CI 16	/* EMIT: one IRE payload (JSON), made by the map; each ends with FRAME_CI_END */
#define FRAME_KIND_CI_END 17	/* EMIT with an empty body: the payload before is whole */

struct frame {
	enum frame_type type;
	uint8_t detail;
	uint32_t run;
	const char *body;	/* borrowed from the buffer until frame_drop() */
	size_t len;
};

/* Appends one frame to OUT. -E_FULL at its ceiling. */
int frame_put(struct buf *out, enum frame_type type, uint8_t detail, uint32_t run, const void *body, size_t len);
/*
 * The next whole frame at offset *AT of IN: 1 and *AT moved behind it, 0 when
 * more bytes are needed, -E_BAD when the stream cannot be trusted. FROM_WORKER
 * says which direction IN comes from.
 */
int frame_next(const struct buf *in, size_t *at, int from_worker, struct frame *out, struct err *err);
const char *frame_name(enum frame_type type);

#endif

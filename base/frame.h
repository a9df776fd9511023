/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame - the language between midd and midd-worker.
 *
 * A frame is a 12-byte head (little endian: u32 length of the body, u8 type,
 * u8 detail, u16 zero, u32 run) and a body of at most FRAME_BODY_MAX bytes:
 * JSON for everything but FRAME_EMIT (raw result bytes), FRAME_CREDIT (u32) and
 * FRAME_CRED (strings, each with its NUL: no JSON reader leaves copies of secrets behind).
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
	/*
	 * {protocol, version, pid, kind, guard{no_new_privs, seccomp, rlimits, landlock, missing},
	 *  probes[{name, version, help, flags, map, params[{name, kind, required, default, help}],
	 *          topics[{name, help, repeatable, exec, local, network, timeout_ms, params[]}]}]}
	 * A topic's params[], where it has any, replace those of its probe. exec: runs in workers
	 * of kind exec only. local: better in one of kind local, which sees the owners of sockets.
	 */
	FRAME_HELLO = 1,
	FRAME_STARTED,		/* {}: open() was good, the first step follows when FRAME_GO comes */
	FRAME_EMIT,		/* detail: enum mid_kind, or FRAME_KIND_CI; raw bytes */
	FRAME_NOTE,		/* {name, value} */
	FRAME_PARTIAL,		/* {message} */
	FRAME_LOG,		/* {level, text} */
	FRAME_WANT,		/* {type, host}: a credential of one of the types; host "": the target */
	FRAME_VERDICT,		/* {id, verdict, why} */
	FRAME_DONE,		/* {class, message, ms, cpu_us}: the last of a run */
	FRAME_PONG,		/* {} */
	FRAME_ASK,		/* {what, about}: one question at a time */
	/* midd -> worker */
	FRAME_RUN = 64,		/* {topic, source, name, address, params{}, xml{}, deadline_ms, map} */
	FRAME_GO,		/* {}: the start is durable */
	FRAME_CREDIT,		/* u32: bytes that were drained */
	FRAME_CRED,		/* id, type, then name and value by turns; empty when there is none left */
	FRAME_CANCEL,		/* {why} */
	FRAME_PING,		/* {} */
	FRAME_QUIT,		/* {}: finish nothing, go */
	FRAME_TOLD		/* the answer to ASK: text; empty: no such question */
};

#define FRAME_KIND_CI 16	/* EMIT: one IRE payload (JSON), made by the map; each ends with FRAME_CI_END */
#define FRAME_KIND_LINKS 18	/* EMIT: what relates this host to others (JSON), for a discovery */
#define FRAME_KIND_SENT 19	/* EMIT: hashes of all its CIs, for the next time */
#define FRAME_KIND_CI_END 17	/* EMIT with an empty body: the payload before is whole */

struct frame {
	enum frame_type type;
	uint8_t detail;
	uint32_t run;
	const char *body;	/* borrowed until the buffer changes */
	size_t len;
};

/* Appends one frame to OUT. -E_FULL at its ceiling. */
int frame_put(struct buf *out, enum frame_type type, uint8_t detail, uint32_t run, const void *body, size_t len);
/*
 * The next whole frame at offset *AT of IN: 1 and *AT moved behind it, 0 when
 * more bytes are needed, -E_BAD when the stream cannot be trusted. FROM_WORKER
 * says which direction IN comes from. The caller drops what it has read.
 */
int frame_next(const struct buf *in, size_t *at, int from_worker, struct frame *out, struct err *err);
const char *frame_name(enum frame_type type);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result - words the outcome of a run as ECC payloads, page by page, as it
 * arrives: never more than a page in memory, nothing dropped.
 *
 * A page holds <result> elements, which is all the seal ever sees; the
 * <results> element around it is put on at delivery, when the number of pages
 * is known (word.h).
 */
#ifndef MID_FLOW_RESULT_H
#define MID_FLOW_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "flow/markup.h"

#define MID_KIND_XML 4		/* MID_XML of the probe ABI */

struct job;
struct json_object;

struct outcome {
	int class;
	char message[400];		/* one sentence, "" when good */
	bool partial;
	bool ended;			/* done, failed, cancelled: nothing more comes */
	struct buf page;		/* being written: XML */
	int open_kind;			/* element that is open in it; -1 none */
	struct markup markup;		/* what stands open in the XML of a probe */
	struct buf cut;			/* the first bytes of a character whose rest has not come */
	struct buf ci;			/* an IRE payload being collected */
	bool ci_lost;			/* it grew too large */
	struct json_object *notes;	/* attributes of <result>: name -> string */
	size_t emitted, replaced;	/* bytes taken in; characters XML can't hold */
	size_t owed;			/* credit not yet given: pages on their way to the disk */
	int pages, cis;			/* begun, of each sink */
	int moving;			/* pages between here and the disk */
	bool outcome_sent;		/* the outcome itself is on its way to the disk */
	int64_t run_ms;
	struct buf said, links, sent;	/* of a job of our own: own.h */
	size_t held, *held_by_all;	/* bytes of these and of CI; of all runs together, NULL not counted */
};

#define HELD_MAX ((size_t)256 << 20)	/* of all runs: a worker that was taken over has hundreds, and midd one memory */
/* DATA to the end of B, one of O's. <0: it, or all together, would be too large; B is empty then. */
int result_hold(struct outcome *o, struct buf *b, const void *data, size_t len);

struct outcome *outcome_new(size_t page_bytes);
void outcome_free(struct outcome *o);		/* NULL is fine */
/* J gets O (NULL none) in place of what it had: pages of that which are on their way are not wanted. */
void result_begin(struct job *j, struct outcome *o);

/* One piece from the worker. Credit is given as room is made. */
void result_piece(struct job *j, int kind, const void *data, size_t len);
void result_note(struct job *j, const char *name, const char *value);
void result_partial(struct job *j, const char *message);
/* Nothing more comes: the last page goes to the seal, and the job to the spool. */
void result_end(struct job *j, int class, const char *message);
/* A job that never ran, or whose pages were dropped: an outcome that has ended, with no page yet. */
void result_refuse(struct job *j, int class, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* answer_inside - what answer.c and answer_rows.c know of each other. */
#ifndef MID_SNMP_ANSWER_INSIDE_H
#define MID_SNMP_ANSWER_INSIDE_H

#include "answer.h"

#define VALUE_ROOM (3u * 65536u)	/* the largest value there can be, as hex */
#define WAITING_MAX (4u << 20)		/* of later lines, or not taken by the host */
#define ROWS_TEXT_MAX (1u << 20)	/* of whole rows, before they are told */
#define COLUMN_ROWS_MAX 1000000u	/* that wait for the other columns of their rows */
#define COLUMN_BYTES_MAX (32u << 20)
#define ALL_BYTES_MAX (48u << 20)	/* that wait */
#define LINE_TEXT_MAX (64u << 20)	/* not told yet */
#define VALUE_TEXT_MOST (1u << 20)	/* of one value, escaped */
#define KEPT_ROWS 1024u			/* told rows that may stay in memory */

/* A column of a table: what waits for the others. */
struct column {
	struct table *t;
	size_t at;		/* the next row to be told */
	bool left;		/* no more is coming */
	bool begun;
	struct oid last;	/* the index that came last */
};

struct line {
	struct text text;
	unsigned open;		/* roots that are not left yet */
	bool closed;		/* its text is whole */
	/* of a walk: how a variable with this beginning is written */
	struct oid same;
	char head[OID_TEXT_MAX + NAME_MAX_LEN], tail[NAME_MAX_LEN + 4];
	size_t head_n, tail_n;
	unsigned head_ids;	/* numbers that stand in HEAD */
};

struct answer {
	const struct spec *spec;
	const struct names *names;
	struct line *lines;
	struct column *columns;		/* one for each child of the spec */
	struct walk_root *roots;
	struct target { unsigned line, child; } *targets;	/* of each root */
	unsigned nroots, now;		/* the line that is told */
	struct table *singles;
	uint64_t values, values_max;
	size_t waiting;			/* bytes of columns and texts of lines that are not told yet */
	char *value;			/* VALUE_ROOM */
	bool cut, raw;
};

/* Escaped. */
void answer_value(struct answer *a, struct text *t, const struct varbind *vb);
/* The rows that are complete. False: more of them wait until these are told. */
bool answer_rows(struct answer *a, const struct spec_line *of, struct line *l);

#endif

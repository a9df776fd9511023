/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import - the settings of a MID Server, by name: which option of ours has
 * the same meaning, or why there is none. One row a name.
 */
#ifndef MIDCTL_IMPORT_H
#define MIDCTL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;
struct json_object;

enum import_kind {
	IMPORT_TEXT,
	IMPORT_COUNT,
	IMPORT_SECONDS,
	IMPORT_BOOL,
	IMPORT_NEGATED,		/* true there is false here */
	IMPORT_BYTES,
	IMPORT_UNITS,		/* "0.5 g": a number, and a letter of b k m g t */
	IMPORT_URL,
	IMPORT_LEVEL,
	IMPORT_PROXY,		/* part of it; put together at the end */
	IMPORT_SECRET,		/* goes to a file, never into YAML */
	IMPORT_SAME,		/* midd does so in any case: WHY tells; nothing is lost */
	IMPORT_NOT		/* WHY tells */
};

struct import_row {
	const char *name;	/* a "*" at the end: all that begin so */
	enum import_kind kind;
	const char *option;	/* of ours; NULL none */
	const char *why;
};
extern const struct import_row import_rows[];	/* ends with a NULL name */

/* What became of a config.xml; all three are the caller's, by import_fini(). */
struct imported {
	struct json_object *options;	/* {"poll.max": "40s"} */
	struct json_object *moved;	/* [{name, option, value}] */
	struct json_object *left;	/* [{name, why}]: what a person must see to */
	struct json_object *same;	/* [{name, why}]: what needs nothing */
};

const struct import_row *import_find(const char *name);
/* TEXT is the whole file; 1 MB at most is read. 0, or what is wrong with it. */
int import_xml(struct imported *im, const char *text, size_t len, struct err *err);
void import_fini(struct imported *im);
/* As a drop-in for midd: options as YAML, what was left as comments. 0 or -E_FULL. */
int import_yaml(const struct imported *im, struct buf *out);

#endif

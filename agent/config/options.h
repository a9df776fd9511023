/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options - one row an option: its place in the file, its place in struct
 * config, kind, range, default, help. The row is the truth: whatever says
 * something about options walks these rows.
 */
#ifndef MID_CONFIG_OPTIONS_H
#define MID_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

struct buf;
struct err;

enum option_kind {
	OPT_TEXT,	/* char *; MIN, MAX: length */
	OPT_FILE,	/* char *: a path, relative to the folder of the file that says it */
	OPT_KEY,	/* char *: such a path, or a URI of a key in a token */
	OPT_FILES,	/* char *: such paths, separated by colons */
	OPT_URL,	/* char *: MIN holds the schemes allowed */
	OPT_CHOICE,	/* char *: one of the words in MIN */
	OPT_COUNT,	/* int64_t */
	OPT_DURATION,	/* int64_t, milliseconds */
	OPT_SIZE,	/* int64_t, bytes */
	OPT_BOOL	/* bool */
};

struct option {
	const char *key;	/* "poll.min": mappings joined by dots */
	enum option_kind kind;
	size_t at;		/* in struct config */
	const char *min, *max;	/* as they would be written; see the kinds */
	const char *dflt;	/* as it would be written */
	int path;		/* OPTION_PATH(p): the default is path_default(p), DFLT its place when installed */
	bool restart;		/* a change takes effect at the next start only */
	const char *help;	/* one sentence */
};

#define OPTION_PATH(p) ((int)(p) + 1)
#define OPTIONS_MAX 128

extern const struct option config_options[];	/* ends with a NULL key */

const struct option *option_find(const char *key);
bool option_section(const char *key);		/* "poll": options begin with it and a dot */
/* The option or section most like KEY; NULL when none is near. */
const char *option_nearest(const char *key);
/* What is in force without a file; borrowed. */
const char *option_default(const struct option *o);

/* --- value.c ----------------------------------------------------------------- */

/*
 * Reads TEXT into C. FOLDER is where relative files are looked up. The
 * sentence says what is wrong and what may be written; not where.
 */
int option_set(struct config *c, const struct option *o, const char *text, const char *folder, struct err *err);
/* The value as one would write it, appended to B. */
void option_print(const struct config *c, const struct option *o, struct buf *b);
bool option_same(const struct config *a, const struct config *b, const struct option *o);
int duration_parse(const char *text, int64_t *ms);	/* 0, or -E_BAD */
int size_parse(const char *text, int64_t *bytes);

#endif

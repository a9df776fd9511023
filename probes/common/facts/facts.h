/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - what is known of one machine, section by section, as JSON.
 *
 * A section is a row: name, what it reads, the function that collects it. A
 * collector gets its bytes from a source and hands them to parsers, which are
 * pure functions from bytes to JSON (doc/facts.md says every field and unit).
 * A section that cannot be read carries an "error"; the others stay.
 */
#ifndef MID_FACTS_FACTS_H
#define MID_FACTS_FACTS_H
#include <stddef.h>

#include "facts/source.h"

struct json_object;

struct facts_err {
	const char *class;	/* "missing", "denied", "too_large", ... */
	char message[256];
};

struct facts_section {
	const char *name;
	const char *reads;	/* blank-separated patterns, for people and for later sources */
	const char *help;
	facts_collect_fn *collect;
};

/* Ends with a row without a name; the order is the order of the output. */
extern const struct facts_section facts_sections[];

/* A pure function: bytes in, members of OUT. 0, or -1 when it makes no sense.
 * It must stand any bytes: the fuzzer walks this table. */
typedef int facts_parse_fn(const char *data, size_t len,
    struct json_object *out);

struct facts_parser {
	const char *name;
	facts_parse_fn *parse;
};
extern const struct facts_parser facts_parsers[];

/*
 * A collection under way. It gives one JSON object piece by piece:
 * {"schema":1,"live":true,"os":{...},"cpu":{...},...}. One section at a time
 * is in memory, and between two of them the caller can do something else.
 */
struct facts_run;

/* SECTIONS is a comma-separated list of names, NULL or empty for all; negative
 * with ERR when one is unknown. SRC must outlive *OUT, which is the caller's. */
int facts_begin(struct facts_run **out, struct facts_source *src,
    const char *sections, struct facts_err *err);

/* 1 and the next piece, borrowed until the next call; 0 at the end; or negative. */
int facts_next(struct facts_run *run, const char **text, size_t *len);
void facts_end(struct facts_run *run);	/* NULL is fine */

/* The error of the section that facts_next() gave last, or NULL; and its name. */
const struct facts_err *facts_last_error(const struct facts_run *run,
    const char **section);

/* Sets ERR from a negative errno about PATH, and returns it. */
int facts_fail(struct facts_err *err, int error, const char *path);
/* The same in own words. */
int facts_say(struct facts_err *err, const char *class, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads PATH (at most MAX bytes), parses it into OUT. */
int facts_parse_file(struct facts_source *src, const char *path, size_t max,
    facts_parse_fn *parse, struct json_object *out, struct facts_err *err);

#endif

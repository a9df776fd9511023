/* SPDX-License-Identifier: Apache-2.0 */
/*
 * system - which Unix a source is of. What its commands have printed stands in
 * the folder "commands" of the source, a file for each (probes/ssh/script.c).
 */
#ifndef MID_FACTS_SYSTEM_H
#define MID_FACTS_SYSTEM_H
#include <stdbool.h>

#include "facts/facts.h"
#include "str.h"

struct facts_system {
	const char *uname;		/* as uname -s says */
	const char *formats;		/* as formats/formats.h says */
	const char *name, *id, *family;	/* for the section os */
};

/* Linux, unless the source says otherwise. */
const struct facts_system *facts_system(struct facts_source *src);
/* uname was asked and names a system that there are collectors for. */
bool facts_known(struct facts_source *src);
bool facts_is(const struct facts_system *sys, const char *formats);

/* The lines of commands/uname: uname -s, -r, -v, -m, -n, -p. */
enum { UNAME_S, UNAME_R, UNAME_V, UNAME_M, UNAME_N, UNAME_P };
/* One of them, or "". */
void facts_uname(struct facts_source *src, int which, char *buf, size_t size);

/* What command NAME printed; b is the caller's. */
#define FACTS_COMMAND_MAX (16u << 20)
int facts_command(struct facts_source *src, const char *name, struct facts_bytes *b);
/* Why it did not: sets ERR from a negative errno, and returns it. */
int facts_command_failed(struct facts_err *err, int error, const char *name);

/* identity.c: the distribution by its release files, into the fields of the section os. */
void facts_identity(struct facts_source *src, struct json_object *out);

#endif

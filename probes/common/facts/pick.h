/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pick - single values out of what commands print as "key: value", by table:
 * sysctl, kenv, lsconf, machinfo, system_profiler, smbios, prtconf, lparstat.
 */
#ifndef MID_FACTS_PICK_H
#define MID_FACTS_PICK_H
#include "facts/system.h"

enum pick_kind {
	PICK_TEXT,
	PICK_COUNT,		/* the number it begins with */
	PICK_BYTES,		/* with a unit behind it: "10240 MB", "4.3 GB"; bytes without one */
	PICK_MHZ,		/* the same of Hz: "1.6 GHz"; MHz without one */
};

struct pick {
	const char *system;	/* as formats/formats.h says */
	const char *command;	/* below commands/ */
	const char *key;
	const char *field;
	enum pick_kind kind;
};

/* The first row that finds something fills its field; ends with a row without a system. */
void pick_all(struct facts_source *src, const struct facts_system *sys, const struct pick *rows, struct json_object *out);

/* The value of KEY in TEXT, of the first line "KEY: value", "KEY=value" or "KEY.....value". */
bool pick_value(struct str text, const char *key, struct str *value);
/* "10240 MB", "1.6 GHz": the number times the unit of its first letter. False: no number, or above 1e18. */
bool pick_scaled(struct str text, double kilo, double *value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* profile_rows - what profile_read.c makes of the files and profile.c uses. */
#ifndef MID_SNMP_PROFILE_ROWS_H
#define MID_SNMP_PROFILE_ROWS_H

#include <regex.h>

#include "facts_rows.h"
#include "profile.h"

#define PROFILE_MATCH_MAX 64u
#define RULE_TAIL_MAX 16u		/* numbers behind sysObjectID */

enum rule_from { FROM_TEXT, FROM_DESCR, FROM_OBJECT, FROM_NAME, FROM_GET, FROM_FIRST, FROM_COUNT, FROM_PORTS, FROM_ENTITY };

/* A name in profiles.ids. */
struct ids_at {
	uint32_t at;
	unsigned n;
};

struct rule {
	unsigned fact;			/* FACTS: a condition of the row */
	enum rule_from from;
	struct ids_at oid;
	bool of_object;			/* OID goes on where sysObjectID ends, UP numbers less */
	unsigned up;
	uint32_t column;		/* of entPhysicalTable */
	bool has_pattern;
	regex_t pattern;
	char *source;			/* as it was written */
	const char *text;		/* itself; or what is said when the pattern fits, with \1; NULL: the groups */
};

struct profile_row {
	char *name;
	const char *file;		/* of profiles.files */
	unsigned line;
	unsigned first_match, nmatch;	/* sysObjectID begins with one of them */
	char *descr_text;		/* NULL: none */
	regex_t descr;
	unsigned first_has, nhas;	/* something must stand below each */
	unsigned unless;		/* a bit of each fact: one that is known makes the row nothing */
	unsigned first, nrules;
	bool broken;			/* left out: it has a mistake */
};

struct profiles {
	struct profile_row *rows;
	struct rule *rules;
	struct ids_at *names;		/* of match and has */
	uint32_t *ids;
	unsigned nrows, nrules, nnames, nids;
	char **files;
	unsigned nfiles;
	struct oid_ref *standard;	/* what facts.c reads */
	unsigned char *gates;		/* of each */
	unsigned nstandard;
	struct oid_ref gate[GATES];	/* facts_gates[]; what they point at is gate_ids */
	uint32_t gate_ids[GATES][16];
};

#define PROFILE_FILES_MAX 200u

struct profiles *profiles_new(void);	/* none in it; NULL: no memory */
/* The rows of one file's text. */
void profiles_read_text(struct profiles *p, const char *file, const void *text, size_t n, char *why, size_t room);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* profile_rows - what profile_read.c makes of the files and profile.c uses. */
#ifndef MID_SNMP_PROFILE_ROWS_H
#define MID_SNMP_PROFILE_ROWS_H

#include <regex.h>

#include "profile.h"

#define PROFILE_MATCH_MAX 16u

enum rule_from { FROM_TEXT, FROM_DESCR, FROM_GET, FROM_FIRST, FROM_ENTITY };

struct rule {
	enum fact fact;
	enum rule_from from;
	struct oid oid;
	uint32_t column;		/* of entPhysicalTable */
	bool has_pattern;
	regex_t pattern;
	char *source;			/* as it was written */
	const char *text;
};

struct profile_row {
	char *name;
	struct oid match[PROFILE_MATCH_MAX];	/* sysObjectID begins with one of them */
	unsigned nmatch;
	bool has_descr;
	regex_t descr;
	struct oid has;			/* .n 0: none; else something must stand below it */
	unsigned first, nrules;
};

struct profiles {
	struct profile_row *rows;
	struct rule *rules;
	unsigned nrows, nrules;
	struct oid *standard;		/* facts_roots[] */
	unsigned nstandard;
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile - what devices of a maker are called and where they say their model,
 * serial number and version: rows of share/profiles/NAME.yaml, the first that
 * matches in order of file name and of row. doc/profiles.md says how to write one.
 */
#ifndef MID_SNMP_PROFILE_H
#define MID_SNMP_PROFILE_H

#include "message.h"
#include "oid.h"
#include "table.h"

#define FACT_MAX 256u

struct profiles;

/* What a profile can say. */
enum fact { FACT_CLASS, FACT_VENDOR, FACT_OS, FACT_VERSION, FACT_MODEL, FACT_SERIAL, FACTS };

struct facts_found {
	const char *profile;			/* name of the last row that gave something; "" none */
	char value[FACTS][FACT_MAX];		/* "" not known */
	char rule[FACTS][FACT_MAX];		/* which rule gave it */
};

/* All of DIR. NULL: no memory. WHY: a file that was left out, and why; else "". */
struct profiles *profiles_load(const char *dir, char *why, size_t room);
void profiles_free(struct profiles *p);		/* NULL is fine */
/* What to walk for a device that calls itself so: *ROOTS is the caller's, what they point at PROFILES'. <0: no memory. */
int profiles_roots(const struct profiles *p, const struct oid *object, const char *descr, struct oid_ref **roots, unsigned *n);
void profiles_find(const struct profiles *p, const struct table *t, struct facts_found *out);

#endif

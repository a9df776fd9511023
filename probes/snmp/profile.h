/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile - what devices of a maker are called and where they say their model,
 * serial number and version: rows of share/profiles/NAME.yaml, in order of file
 * name and of row, all that match. doc/profiles.md says how to write one.
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
	const char *profile;			/* name of the first row that applies; "" none */
	char value[FACTS][FACT_MAX];		/* "" not known */
	char rule[FACTS][FACT_MAX];		/* which rule gave it */
};

/* A row, for who lists them. */
struct profile_said {
	const char *name, *file;
	unsigned line;
	const char *oids, *descr;		/* "" none */
	unsigned rules;
	bool broken;				/* has a mistake: left out */
};

/*
 * All files of DIR, or the one FILE. Mistakes go into WHY, a line each; a row
 * with one is left out, the others are good. NULL: no memory.
 */
struct profiles *profiles_load(const char *dir, char *why, size_t room);
struct profiles *profiles_load_file(const char *file, char *why, size_t room);
void profiles_free(struct profiles *p);		/* NULL is fine */

/*
 * The same in two steps, for a process that may not see the files later and perhaps
 * never asks a device: the texts have 180 kB, what they make 6 MB.
 */
struct profile_texts *profile_texts_read(const char *dir, char *why, size_t room);
struct profiles *profiles_make(const struct profile_texts *t, char *why, size_t room);
void profile_texts_free(struct profile_texts *t);	/* NULL is fine */
/*
 * What to walk for a device that calls itself so, of the standard MIBs only what is behind OPEN
 * gates (facts_rows.h): *ROOTS is the caller's, what they point at PROFILES' or its own. <0: no memory.
 */
int profiles_roots(const struct profiles *p, const struct oid *object, const char *descr, const bool *open, struct oid_ref **roots,
    unsigned *n);
void profiles_find(const struct profiles *p, const struct table *t, struct facts_found *out);
void profiles_list(const struct profiles *p, void (*one)(void *arg, const struct profile_said *row), void *arg);

#endif
